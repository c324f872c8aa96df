//! The tree, text and comments of a file enter; the lines of its canonical layout leave.

use super::align::{self, Entry, Inline, width};
use super::lines::Line;
use super::{WIDTH, names, scalar};
use crate::load::Comment;
use crate::load::yaml::{Node, NodeKind, Style};
use crate::source::{Span, Spanned};

/// Spaces that a block stands further right than what it belongs to.
const STEP: usize = 2;

/// The layout of a whole file.
pub(super) fn lines(text: &str, comments: &[Comment], root: &Node) -> Vec<Line> {
    let mut printer = Printer { text, comments, next: 0, lines: Vec::new(), path: Vec::new() };
    printer.block(root, 0, text.len());
    printer.comments_before(text.len(), 0);
    if let Some(first) = printer.lines.first_mut() {
        first.blank_before = false;
    }
    printer.lines
}

struct Printer<'a> {
    text: &'a str,
    comments: &'a [Comment],
    /// The first comment that is not printed yet.
    next: usize,
    lines: Vec<Line>,
    /// Keys from the root to where the printer is; empty for an item of a list.
    path: Vec<&'a str>,
}

impl<'a> Printer<'a> {
    /// A collection as a block. `limit` is where what follows it begins.
    fn block(&mut self, node: &'a Node, indent: usize, limit: usize) {
        let children = children(node);
        let limit = if self.is_flow(node) { node.span.end as usize } else { limit };
        let mut entries: Vec<Entry> = children.iter().map(|child| self.entry(child, indent)).collect();
        if names::are_keys(&self.path) {
            align::values(&mut entries, indent);
        }
        align::members(&mut entries, indent);
        let starts: Vec<usize> = children.iter().map(Child::start).chain([limit]).collect();
        for (at, (child, entry)) in children.iter().zip(entries).enumerate() {
            let first = self.lines.len();
            self.comments_before(child.start(), indent);
            let has_comments = self.lines.len() > first;
            let mut blank_before = entry.is_apart && (at > 0 || has_comments);
            if self.is_section(child) && !blank_before && !self.lines[first..].iter().any(|line| line.blank_before) {
                // Sections stand apart, with the comments above them.
                match self.lines.get_mut(first) {
                    Some(comment) => comment.blank_before = true,
                    None => blank_before = true,
                }
            }
            self.path.push(child.key.map_or("", |key| &key.value));
            match entry.inline {
                Some(inline) => self.line(child, &entry.head, &inline.text, indent, blank_before, starts[at + 1]),
                None => self.tall(child, &entry.head, indent, blank_before, starts[at + 1]),
            }
            self.path.pop();
        }
        self.comments_of(node, indent, limit);
    }

    /// What is known of an entry before it is printed.
    fn entry(&mut self, child: &Child<'a>, indent: usize) -> Entry {
        let head = match child.key {
            Some(key) => format!("{}:", scalar::key(&key.value, self.source(key.span))),
            None => "-".to_owned(),
        };
        self.path.push(child.key.map_or("", |key| &key.value));
        let inline = self.inline(child.value).filter(|inline| {
            let fits = indent + width(&head) + 1 + width(&inline.text) <= WIDTH;
            fits || !inline.can_break
        });
        self.path.pop();
        Entry { head, inline, is_apart: self.is_apart(child.start()) }
    }

    /// An entry whose value stands beside its head.
    fn line(&mut self, child: &Child<'a>, head: &str, value: &str, indent: usize, blank_before: bool, limit: usize) {
        let comment = self.comment_between(child, indent);
        let code = format!("{head} {value}").trim_end().to_owned();
        self.lines.push(Line { blank_before, indent, code, comment });
        self.remark_on(self.lines.len() - 1, child.end(), limit);
    }

    /// An entry whose value stands below its head.
    fn tall(&mut self, child: &Child<'a>, head: &str, indent: usize, blank_before: bool, limit: usize) {
        let (value, inner) = (child.value, indent + STEP);
        if let NodeKind::Scalar(text, style) = &value.kind {
            let source = (*style == Style::Block).then(|| self.block_source(child));
            let folded = if source.is_none() { scalar::folded(text, inner) } else { None };
            let (header, content) = folded.unwrap_or_else(|| scalar::as_block(text, source.as_ref()));
            let comment = self.comment_between(child, indent);
            self.lines.push(Line { blank_before, indent, code: format!("{head} {header}"), comment });
            self.remark_on(self.lines.len() - 1, child.end(), limit);
            let lines = content.into_iter().map(|code| Line { indent: inner, code, ..Line::default() });
            self.lines.extend(lines);
            return;
        }
        let (at, comments) = if let Some(key) = child.key {
            let at = self.lines.len();
            self.lines.push(Line { blank_before, indent, code: head.to_owned(), comment: None });
            self.remark_on(at, key.span.end as usize, first_leaf(value));
            let comments = self.next;
            self.block(value, inner, limit);
            (at, comments)
        } else {
            self.comments_before(first_leaf(value), indent);
            let (at, comments) = (self.lines.len(), self.next);
            self.block(value, inner, limit);
            let first = &mut self.lines[at];
            (first.blank_before, first.indent) = (blank_before, indent);
            first.code.insert_str(0, "- ");
            (at, comments)
        };
        // Behind a closing bracket that is gone; with comments inside, it stays behind them.
        if comments == self.next {
            self.remark_on(at, child.end(), limit);
        }
    }

    /// A value on one line; none where it cannot or should not be.
    fn inline(&self, node: &'a Node) -> Option<Inline> {
        if let NodeKind::Scalar(text, style) = &node.kind {
            let source = self.source(node.span);
            let can_break = source.contains('\n') && scalar::folded(text, 0).is_some();
            let text = scalar::on_a_line(text, *style, source)?;
            return Some(Inline { text, first: None, can_break });
        }
        let children = children(node);
        if children.is_empty() {
            let text = self.source(node.span)[..1].replace('{', "{}").replace('[', "[]");
            return Some(Inline { text, first: None, can_break: false });
        }
        let has_comment = self.comment_from(node.span.start).is_some_and(|one| one.span.start < node.span.end);
        if !self.is_flow(node) || has_comment || names::is_section(&self.path) {
            return None;
        }
        self.flow(node)
    }

    /// A collection in brackets.
    fn flow(&self, node: &'a Node) -> Option<Inline> {
        let mut members = Vec::new();
        let children = children(node);
        for child in &children {
            let value = match &child.value.kind {
                NodeKind::Scalar(text, style) => scalar::on_a_line(text, *style, self.source(child.value.span))?,
                _ if child.value_is_empty() => self.inline(child.value)?.text,
                _ => self.flow(child.value)?.text,
            };
            // Nothing at all is clearer as a block.
            if value.is_empty() {
                return None;
            }
            members.push(match child.key {
                Some(key) => format!("{}: {value}", scalar::key(&key.value, self.source(key.span))),
                None => value,
            });
        }
        let is_object = matches!(node.kind, NodeKind::Mapping(_));
        let text = if is_object { format!("{{{}}}", members.join(", ")) } else { format!("[{}]", members.join(", ")) };
        let first = children[0].key.map(|key| {
            let end = 1 + members[0].len() + usize::from(members.len() > 1);
            (key.value.clone(), if members.len() > 1 { end } else { text.len() })
        });
        Some(Inline { text, first, can_break: true })
    }

    /// Comments that stand before an offset, each on a line of its own.
    fn comments_before(&mut self, offset: usize, indent: usize) {
        while let Some(comment) = self.peek().filter(|comment| (comment.span.start as usize) < offset) {
            self.comment_line(comment, indent);
        }
    }

    /// The last comment between a key and its scalar, which may stand behind both; those above it are printed.
    fn comment_between(&mut self, child: &Child<'a>, indent: usize) -> Option<String> {
        let until = child.value.span.start as usize;
        let is_between = |comment: &&Comment| (comment.span.start as usize) < until;
        let between = self.comments[self.next..].iter().take_while(is_between).count();
        let last = *self.comments.get(self.next + between.checked_sub(1)?)?;
        self.comments_before(if last.is_alone { until } else { last.span.start as usize }, indent);
        if last.is_alone {
            return None;
        }
        self.next += 1;
        Some(self.source(last.span).to_owned())
    }

    /// Comments below the last entry of a collection that stand as far right as the entries did.
    fn comments_of(&mut self, node: &Node, indent: usize, limit: usize) {
        let column = self.column(node.span.start as usize);
        let is_flow = self.is_flow(node);
        while let Some(comment) = self.peek().filter(|comment| (comment.span.start as usize) < limit) {
            let belongs = is_flow || comment.is_alone && self.column(comment.span.start as usize) >= column;
            if !belongs {
                break;
            }
            self.comment_line(comment, indent);
        }
    }

    fn comment_line(&mut self, comment: Comment, indent: usize) {
        self.next += 1;
        let blank_before = self.is_apart(comment.span.start as usize);
        // The first line of a block stands close to its key.
        let is_first = self.lines.last().is_some_and(|line| line.indent < indent && !line.code.is_empty());
        let comment = Some(self.source(comment.span).to_owned());
        let blank_before = blank_before && !is_first;
        self.lines.push(Line { blank_before, indent, code: String::new(), comment });
    }

    /// Puts the comment behind `end`, if there is one on the same line, behind a line.
    fn remark_on(&mut self, line: usize, end: usize, limit: usize) {
        let Some(comment) = self.peek() else { return };
        let start = comment.span.start as usize;
        let is_here =
            !comment.is_alone && end <= start && start < limit && !self.text[end..start].contains(['\r', '\n']);
        if is_here && self.lines[line].comment.is_none() {
            self.next += 1;
            self.lines[line].comment = Some(self.source(comment.span).to_owned());
        }
    }

    /// The first comment from an offset on.
    fn comment_from(&self, offset: u32) -> Option<&Comment> {
        self.comments.get(self.comments.partition_point(|comment| comment.span.start < offset))
    }

    fn peek(&self) -> Option<Comment> {
        self.comments.get(self.next).copied()
    }

    /// The block scalar of an entry. Behind its key stand marks, spaces, comments and its header only.
    fn block_source(&self, child: &Child<'a>) -> scalar::Source<'a> {
        let value = child.value.span;
        let before = &self.text[..value.start as usize];
        let hides = |at: usize| {
            let behind = self.comments.partition_point(|comment| comment.span.start as usize <= at);
            behind > 0 && at < self.comments[behind - 1].span.end as usize
        };
        let start = before.rmatch_indices(['|', '>']).map(|(at, _)| at).find(|at| !hides(*at));
        let header = before[start.unwrap_or_default()..].split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
        scalar::Source { header, text: self.source(value), column: self.column(value.start as usize) }
    }

    fn is_section(&self, child: &Child<'a>) -> bool {
        self.path.is_empty() && child.key.is_some_and(|key| names::is_section(&[&key.value]))
    }

    fn is_flow(&self, node: &Node) -> bool {
        self.text[node.span.start as usize..].starts_with(['{', '[']) && !matches!(node.kind, NodeKind::Scalar(..))
    }

    /// Whether an empty line stands above the one that `offset` begins.
    fn is_apart(&self, offset: usize) -> bool {
        let before = &self.text[..offset];
        let line = before.rfind(['\r', '\n']).map_or(0, |end| end + 1);
        let begins_line = before[line..].chars().all(|c| c == ' ' || c == '-');
        let above = before[..line].strip_suffix('\n').unwrap_or(&before[..line]);
        let above = above.strip_suffix('\r').unwrap_or(above);
        let above = &above[above.rfind(['\r', '\n']).map_or(0, |end| end + 1)..];
        begins_line && line > 0 && above.trim().is_empty()
    }

    fn column(&self, offset: usize) -> usize {
        let before = &self.text[..offset];
        before[before.rfind(['\r', '\n']).map_or(0, |end| end + 1)..].chars().count()
    }

    fn source(&self, span: Span) -> &'a str {
        &self.text[span.start as usize..span.end as usize]
    }
}

/// A member of a mapping, or an item of a list.
struct Child<'a> {
    key: Option<&'a Spanned<String>>,
    value: &'a Node,
}

impl Child<'_> {
    fn start(&self) -> usize {
        self.key.map_or(self.value.span.start, |key| key.span.start) as usize
    }

    fn end(&self) -> usize {
        self.key.map_or(0, |key| key.span.end).max(self.value.span.end) as usize
    }

    fn value_is_empty(&self) -> bool {
        children(self.value).is_empty()
    }
}

fn children(node: &Node) -> Vec<Child<'_>> {
    match &node.kind {
        NodeKind::Scalar(..) => Vec::new(),
        NodeKind::Sequence(items) => items.iter().map(|value| Child { key: None, value }).collect(),
        NodeKind::Mapping(members) => members.iter().map(|(key, value)| Child { key: Some(key), value }).collect(),
    }
}

/// Where the first key or scalar in a value begins.
fn first_leaf(node: &Node) -> usize {
    match children(node).first() {
        Some(Child { key: Some(key), .. }) => key.span.start as usize,
        Some(Child { key: None, value }) => first_leaf(value),
        None => node.span.start as usize,
    }
}
