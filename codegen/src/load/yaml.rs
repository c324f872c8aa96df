//! The text of one YAML file enters; a tree in which every key and value has its place leaves, or located refusals.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput};

use super::budget::{DEPTH, Findings, Halt, NODES, SCALAR_BYTES};
use super::scalar::{ambiguous, not_text};
use super::{gate, rules, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::characters::is_refused_in_text;
use crate::source::{FileId, SourceMap, Span, Spanned};

/// A YAML value with its place. Anchors, aliases, tags and duplicate keys are refused before one exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands; a scalar's span includes its quotes, that of a block scalar begins below its `|`.
    pub span: Span,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar; an empty value is the plain scalar of empty text.
    Scalar(String, Style),
    /// Items in order.
    Sequence(Vec<Node>),
    /// Members as written, each key once.
    Mapping(Vec<(Spanned<String>, Node)>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: its text may mean null, a boolean or a number.
    Plain,
    /// In quotes: always text.
    Quoted,
    /// As a block below a `|` or `>`: always text.
    Block,
}

impl Node {
    /// The number of keys and values in it, itself among them.
    pub(super) fn count(&self) -> usize {
        let inner: usize = match &self.kind {
            NodeKind::Scalar(..) => 0,
            NodeKind::Sequence(items) => items.iter().map(Self::count).sum(),
            NodeKind::Mapping(members) => members.iter().map(|(_, value)| 1 + value.count()).sum(),
        };
        1 + inner
    }
}

/// The mapping that a file consists of. Where something was refused that leaves the rest as it was meant (a key given
/// twice, an anchor nobody uses), the tree is there as well, so that its readers find further problems in the same run.
pub fn parse(sources: &SourceMap, file: FileId, out: &mut Diagnostics) -> Option<Node> {
    read(sources, file, &CONTRACT, out)
}

/// The same of the list of vectors that a file consists of.
pub fn parse_vectors(sources: &SourceMap, file: FileId, out: &mut Diagnostics) -> Option<Node> {
    read(sources, file, &VECTORS, out)
}

/// What a file has to hold.
struct Form {
    is_root: fn(&NodeKind) -> bool,
    is_other: &'static str,
    is_empty: &'static str,
    help: &'static str,
}

const CONTRACT: Form = Form {
    is_root: |kind| matches!(kind, NodeKind::Mapping(_)),
    is_other: "a contract is a mapping of keys to values",
    is_empty: "this contract is empty",
    help: "begin with `language: 1`, `contract:` and `version:`",
};

const VECTORS: Form = Form {
    is_root: |kind| matches!(kind, NodeKind::Sequence(_)),
    is_other: "the vectors of a hook are a list",
    is_empty: "this file holds no vectors",
    help: "write `{args: .., returns: ..}` for each",
};

fn read(sources: &SourceMap, file: FileId, form: &Form, out: &mut Diagnostics) -> Option<Node> {
    let mut findings = Findings::new(out);
    gate::characters(sources, file, &mut findings).ok()?;
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    let text = sources.text(file);
    let events = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { events, text, file, findings, nodes: 0, as_meant: true };
    let root = reader.document(form).ok()?;
    reader.as_meant.then_some(root)
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    text: &'a str,
    file: FileId,
    findings: Findings<'a>,
    nodes: usize,
    /// Whether the tree still says what its author meant.
    as_meant: bool,
}

impl<'a> Reader<'a> {
    fn document(&mut self, form: &Form) -> Result<Node, Halt> {
        let (mut event, mut place) = self.next()?;
        while matches!(event, Event::StreamStart | Event::DocumentStart(..)) {
            (event, place) = self.next()?;
        }
        let root = if event == Event::StreamEnd { None } else { Some(self.node(event, place, 1)?) };
        let root = match root {
            Some(root) if (form.is_root)(&root.kind) => root,
            Some(root) if root.span.start < root.span.end => {
                let finding = Diagnostic::new(&rules::YAML_ROOT, root.span, form.is_other);
                return Err(self.findings.halt(finding.help(form.help)));
            }
            _ => {
                let finding = Diagnostic::new(&rules::YAML_EMPTY, self.span(&(0..0)), form.is_empty);
                return Err(self.findings.halt(finding.help(form.help)));
            }
        };
        loop {
            match self.next()? {
                (Event::DocumentEnd, _) => {}
                (Event::StreamEnd, _) => return Ok(root),
                (_, place) => {
                    let finding =
                        Diagnostic::new(&rules::YAML_DOCUMENTS, self.span(&place), "a second document begins here");
                    return Err(self.findings.halt(finding.help("put each contract into a file of its own")));
                }
            }
        }
    }

    /// The next event that is a part of the tree.
    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), Halt> {
        loop {
            let next = self.events.next_event().expect("nothing is asked behind the end");
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => return Err(self.syntax(&error)),
            };
            let range = span.byte_range().expect("a text in memory has byte offsets");
            if let Some(tag) = span.tag_span().and_then(|tag| tag.byte_range()) {
                self.tag(&tag)?;
            }
            if matches!(event, Event::Anchor(..)) {
                self.anchor(&range)?;
            } else {
                return Ok((event, range));
            }
        }
    }

    fn node(&mut self, event: Event<'a>, place: Range<usize>, depth: usize) -> Result<Node, Halt> {
        self.nodes += 1;
        if self.nodes > NODES {
            let message = format!("more than {NODES} keys and values in one file");
            let finding = Diagnostic::new(&rules::YAML_NODES, self.span(&place), message);
            return Err(self.findings.halt(finding.help("split the family into several contracts")));
        }
        if depth > DEPTH && !matches!(event, Event::Scalar(..)) {
            return Err(self.too_deep(&place));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let (text, span) = self.scalar(text, style, place)?;
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                Ok(Node { kind: NodeKind::Scalar(text.into_owned(), style), span })
            }
            Event::SequenceStart(..) => self.sequence(&place, depth),
            Event::MappingStart(..) => self.mapping(&place, depth),
            _ => {
                self.as_meant = false;
                self.anchor(&place)?;
                Ok(Node { kind: NodeKind::Scalar(String::new(), Style::Plain), span: self.span(&place) })
            }
        }
    }

    fn sequence(&mut self, start: &Range<usize>, depth: usize) -> Result<Node, Halt> {
        let mut items = Vec::new();
        loop {
            let (event, place) = self.next()?;
            if event == Event::SequenceEnd {
                let span = self.collection(start, &place, items.last());
                return Ok(Node { kind: NodeKind::Sequence(items), span });
            }
            items.push(self.node(event, place, depth + 1)?);
        }
    }

    fn mapping(&mut self, start: &Range<usize>, depth: usize) -> Result<Node, Halt> {
        let mut members: Vec<(Spanned<String>, Node)> = Vec::new();
        let mut first = BTreeMap::new();
        loop {
            let (event, place) = self.next()?;
            if event == Event::MappingEnd {
                let span = self.collection(start, &place, members.last().map(|(_, value)| value));
                return Ok(Node { kind: NodeKind::Mapping(members), span });
            }
            let key = self.key(event, place, depth)?;
            let (event, place) = self.next()?;
            let value = self.node(event, place, depth + 1)?;
            let Some((key, span)) = key else { continue };
            if let Some(&before) = first.get(&key) {
                let finding =
                    Diagnostic::new(&rules::YAML_DUPLICATE_KEY, span, format!("the key `{key}` stands here twice"));
                self.findings.push(finding.related(before, "first here").help("keep one of the two"))?;
            } else {
                first.insert(key.clone(), span);
                members.push((Spanned::new(key.into_owned(), span), value));
            }
        }
    }

    /// A key that is a text, or none where it had to be refused.
    fn key(
        &mut self,
        event: Event<'a>,
        place: Range<usize>,
        depth: usize,
    ) -> Result<Option<(Cow<'a, str>, Span)>, Halt> {
        let Event::Scalar(text, style, ..) = event else {
            let alias = matches!(event, Event::Alias(_) | Event::UnresolvedAlias(_));
            let span = self.node(event, place, depth + 1)?.span;
            if !alias {
                self.refuse_key(span, "a list or a mapping")?;
            }
            return Ok(None);
        };
        self.nodes += 1;
        let (key, span) = self.scalar(text, style, place)?;
        if style != ScalarStyle::Plain {
            return Ok(Some((key, span)));
        }
        if key == "<<" {
            self.as_meant = false;
            let finding = Diagnostic::new(&rules::YAML_MERGE, span, "a merge key is not allowed in a contract");
            self.findings.push(finding.help("declare a mixin, or write the members out"))?;
            return Ok(None);
        }
        if not_text(&key) {
            self.refuse_key(span, if key.is_empty() { "nothing" } else { "no text" })?;
            return Ok(None);
        }
        if ambiguous(&key) {
            let finding =
                Diagnostic::new(&rules::YAML_AMBIGUOUS, span, format!("some readers of YAML take `{key}` for no text"));
            self.findings.push(finding.help(format!("quote it: `\"{key}\"`")))?;
        }
        Ok(Some((key, span)))
    }

    fn refuse_key(&mut self, span: Span, what: &str) -> Result<(), Halt> {
        self.as_meant = false;
        let finding =
            Diagnostic::new(&rules::YAML_KEY_NOT_STRING, span, format!("a key is a text, but this is {what}"));
        self.findings.push(finding.help("quote the key if it is meant as a text"))
    }

    /// The text of a scalar, `~` for nothing undone, and its place.
    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        mut place: Range<usize>,
    ) -> Result<(Cow<'a, str>, Span), Halt> {
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            place.end = place.start + self.text[place.clone()].trim_end().len();
        }
        let text = if style == ScalarStyle::Plain && place.is_empty() { Cow::Borrowed("") } else { text };
        let span = self.span(&place);
        let quotes = if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) { 2 } else { 0 };
        if place.len() > SCALAR_BYTES + quotes {
            let message = format!("this scalar is longer than {SCALAR_BYTES} bytes");
            let finding = Diagnostic::new(&rules::YAML_SCALAR_SIZE, self.span(&(place.start..place.start)), message);
            self.findings.push(finding.help("shorten it"))?;
        }
        if text.len() > SCALAR_BYTES {
            let message = format!("this text is longer than {SCALAR_BYTES} bytes");
            let finding = Diagnostic::new(&rules::TEXT_TOO_LONG, self.span(&(place.start..place.start)), message);
            self.findings.push(finding.help("shorten it"))?;
        }
        if let Some(c) = text.chars().find(|&c| is_refused_in_text(c)) {
            let message = format!("the character U+{:04X} is not allowed in a text", u32::from(c));
            let finding = Diagnostic::new(&rules::TEXT_CONTROL, span, message);
            self.findings.push(finding.help("leave it out; no output could show it safely"))?;
        }
        Ok((text, span))
    }

    fn anchor(&mut self, place: &Range<usize>) -> Result<(), Halt> {
        let finding =
            Diagnostic::new(&rules::YAML_ANCHOR, self.span(place), "anchors and aliases are not allowed in a contract");
        self.findings.push(finding.help("declare a type or a mixin and name it, or quote the text"))
    }

    fn tag(&mut self, place: &Range<usize>) -> Result<(), Halt> {
        self.as_meant = false;
        let finding = Diagnostic::new(&rules::YAML_TAG, self.span(place), "tags are not allowed in a contract");
        self.findings.push(finding.help("quote the value if it is a text that begins with `!`"))
    }

    fn too_deep(&mut self, place: &Range<usize>) -> Halt {
        let message = format!("more than {DEPTH} lists and mappings inside each other");
        let finding = Diagnostic::new(&rules::YAML_DEPTH, self.span(place), message);
        self.findings.halt(finding.help("declare inner types by name"))
    }

    fn syntax(&mut self, error: &ScanError) -> Halt {
        let at = error.marker().byte_offset().unwrap_or_default().min(self.text.len());
        let place = at..at + self.text[at..].chars().next().map_or(0, char::len_utf8);
        let finding = match error.kind() {
            ErrorKind::RecursionLimitExceeded => return self.too_deep(&place),
            ErrorKind::DirectiveDisallowed => {
                let what = "directives are not allowed in a contract";
                Diagnostic::new(&rules::YAML_DIRECTIVE, self.span(&place), what)
                    .help("delete the line; contracts are YAML 1.2")
            }
            kind => {
                let (what, help) = syntax::words(kind);
                Diagnostic::new(&rules::YAML_SYNTAX, self.span(&place), what).help(help)
            }
        };
        self.findings.halt(finding)
    }

    /// From the first byte of a collection to its closing bracket or, in block style, the end of its last value.
    fn collection(&self, start: &Range<usize>, end: &Range<usize>, last: Option<&Node>) -> Span {
        let end = if end.is_empty() { last.map_or(start.end, |last| last.span.end as usize) } else { end.end };
        self.span(&(start.start..end))
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}
