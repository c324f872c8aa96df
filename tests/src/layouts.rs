//! The tree of a contract and chance enter; the same contract leaves, laid out as nobody would, with comments anywhere.

use std::fmt::Write;

use codegen::emit::encode::yaml;
use codegen::load::ambiguous;
use codegen::load::yaml::{Node, NodeKind, Style};

use crate::random::Random;

/// A file that means what the tree does.
pub fn another_layout(root: &Node, random: &mut Random) -> String {
    let mut layout = Layout { random, text: String::new(), comments: 0 };
    if layout.random.one_in(4) {
        layout.text += "# head\n\n---\n";
    }
    layout.block(root, 0);
    if layout.random.one_in(3) { layout.text.replace('\n', "\r\n") } else { layout.text }
}

struct Layout<'a> {
    random: &'a mut Random,
    text: String,
    comments: usize,
}

impl Layout<'_> {
    /// A collection as lines, each indented; the text ends with a line end.
    fn block(&mut self, node: &Node, indent: usize) {
        let entries: Vec<(Option<&str>, &Node)> = match &node.kind {
            NodeKind::Mapping(members) => {
                members.iter().map(|(key, value)| (Some(key.value.as_str()), value)).collect()
            }
            NodeKind::Sequence(items) => items.iter().map(|item| (None, item)).collect(),
            NodeKind::Scalar(..) => unreachable!("a scalar is no block"),
        };
        for (at, (key, value)) in entries.into_iter().enumerate() {
            // The first line of a block may stand behind a dash.
            if at > 0 {
                self.between(indent);
            }
            self.spaces(indent);
            match key {
                Some(key) => {
                    let key = self.key(key);
                    self.text += &key;
                    self.text.push(':');
                }
                None => self.text.push('-'),
            }
            self.value(value, indent, key.is_some());
        }
        if self.random.one_in(6) {
            self.between(indent);
        }
    }

    /// What stands behind `key:` or `-`, to the end of its last line.
    fn value(&mut self, node: &Node, indent: usize, has_key: bool) {
        let is_empty = is_empty(node);
        let inner = indent + 1 + self.random.below(4);
        match &node.kind {
            NodeKind::Scalar(text, style) => self.scalar(text, *style, inner),
            _ if is_empty || self.random.one_in(2) && can_flow(node) => {
                self.gap(inner);
                self.flow(node, inner);
                self.remark();
                self.text.push('\n');
            }
            _ if !has_key && self.random.one_in(2) => {
                // Beside its dash: the columns of all its lines are one.
                let mut beside = String::new();
                std::mem::swap(&mut beside, &mut self.text);
                self.block(node, indent + 2);
                let block = std::mem::replace(&mut self.text, beside);
                self.text.push(' ');
                self.text += block.trim_start_matches(' ');
            }
            NodeKind::Sequence(_) if has_key && self.random.one_in(3) => {
                self.remark();
                self.text.push('\n');
                self.block(node, indent);
            }
            _ => {
                self.remark();
                self.text.push('\n');
                self.between(inner);
                self.block(node, inner);
            }
        }
    }

    fn scalar(&mut self, text: &str, style: Style, inner: usize) {
        let is_block =
            style != Style::Plain && !text.is_empty() && !text.starts_with([' ', '\n']) && !text.contains('\t');
        let is_block = is_block && text.chars().all(|c| c == '\n' || !c.is_control()) && !text.ends_with("\n\n");
        if is_block && self.random.one_in(3) {
            let chomp = if text.ends_with('\n') { "" } else { "-" };
            let words = !text.contains('\n') && !text.contains("  ") && !text.ends_with(' ');
            let style = if words && self.random.one_in(2) { '>' } else { '|' };
            write!(self.text, " {style}{chomp}").expect("a string takes everything");
            self.remark();
            let content = if style == '>' { self.broken(text, inner) } else { text.trim_end_matches('\n').to_owned() };
            for line in content.split('\n') {
                self.text.push('\n');
                if style == '|' && !line.is_empty() {
                    self.spaces(inner);
                }
                self.text += line;
            }
            self.text.push('\n');
            return;
        }
        if style == Style::Plain && text.is_empty() {
            self.remark();
            self.text.push('\n');
            return;
        }
        self.gap(inner);
        let is_words = !text.contains([':', '#', '-', '?']) && !text.contains("  ");
        if style == Style::Plain && is_words && self.random.one_in(2) {
            let broken = self.broken(text, inner);
            self.text += broken.trim_start();
        } else {
            let text = self.on_a_line(text, style, false);
            self.text += &text;
        }
        self.remark();
        self.text.push('\n');
    }

    /// The words of a text over several lines, each indented.
    fn broken(&mut self, text: &str, indent: usize) -> String {
        let mut broken = " ".repeat(indent);
        for (at, word) in text.split(' ').enumerate() {
            if at > 0 && self.random.one_in(4) {
                write!(broken, "\n{}", " ".repeat(indent)).expect("a string takes everything");
            } else if at > 0 {
                broken.push(' ');
            }
            broken += word;
        }
        broken
    }

    fn on_a_line(&mut self, text: &str, style: Style, in_flow: bool) -> String {
        let is_plain = style == Style::Plain && !(in_flow && text.contains([',', '[', ']', '{', '}']));
        let is_printable = text.chars().all(|c| !c.is_control() && !('\u{200b}'..='\u{206f}').contains(&c));
        match self.random.below(3) {
            _ if is_plain => text.to_owned(),
            0 if is_printable && !text.contains('\u{feff}') => format!("'{}'", text.replace('\'', "''")),
            _ => yaml::string(text),
        }
    }

    fn key(&mut self, key: &str) -> String {
        let is_word = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !ambiguous(key);
        if is_word && !self.random.one_in(5) { key.to_owned() } else { yaml::string(key) }
    }

    fn flow(&mut self, node: &Node, indent: usize) {
        let (open, close) = if matches!(node.kind, NodeKind::Mapping(_)) { ('{', '}') } else { ('[', ']') };
        self.text.push(open);
        self.flow_gap(indent);
        match &node.kind {
            NodeKind::Scalar(..) => unreachable!("a scalar has no brackets"),
            NodeKind::Mapping(members) => {
                for (at, (key, value)) in members.iter().enumerate() {
                    self.comma(at, indent);
                    let key = self.key(&key.value);
                    self.text += &key;
                    self.text += ": ";
                    self.flow_value(value, indent);
                }
            }
            NodeKind::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.comma(at, indent);
                    self.flow_value(item, indent);
                }
            }
        }
        if !is_empty(node) && self.random.one_in(5) {
            self.text.push(',');
        }
        self.flow_gap(indent);
        self.text.push(close);
    }

    fn flow_value(&mut self, node: &Node, indent: usize) {
        match &node.kind {
            NodeKind::Scalar(text, style) => {
                let text = self.on_a_line(text, *style, true);
                self.text += &text;
            }
            _ => self.flow(node, indent),
        }
    }

    fn comma(&mut self, at: usize, indent: usize) {
        if at > 0 {
            self.text.push(',');
            self.flow_gap(indent);
            self.text.push(' ');
        }
    }

    /// Between the marks of a collection in brackets.
    fn flow_gap(&mut self, indent: usize) {
        match self.random.below(12) {
            0 => self.text.push(' '),
            1 => {
                self.text.push('\n');
                self.spaces(indent);
            }
            2 => {
                self.text.push(' ');
                self.comment();
                self.text.push('\n');
                self.spaces(indent);
            }
            _ => {}
        }
    }

    /// Between a key and its value.
    fn gap(&mut self, inner: usize) {
        if self.random.one_in(12) {
            self.remark();
            self.text.push('\n');
            self.spaces(inner);
        } else {
            let wide = 1 + self.random.below(3);
            self.spaces(wide);
        }
    }

    /// Lines between two entries.
    fn between(&mut self, indent: usize) {
        for _ in 0..self.random.below(2) {
            self.text.push('\n');
        }
        if self.random.one_in(6) {
            // Further right it would be a part of a block scalar.
            let column = self.random.below(indent + 1);
            self.spaces(column);
            self.comment();
            self.text.push('\n');
        }
    }

    /// Perhaps a comment behind what stands on the line.
    fn remark(&mut self) {
        if self.random.one_in(8) {
            self.text.push(' ');
            self.comment();
        }
    }

    fn comment(&mut self) {
        self.comments += 1;
        write!(self.text, "# {} > | \"", self.comments).expect("a string takes everything");
    }

    fn spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar(..) => false,
        NodeKind::Sequence(items) => items.is_empty(),
        NodeKind::Mapping(members) => members.is_empty(),
    }
}

/// Whether nothing in it is an empty scalar, which brackets have no room for.
fn can_flow(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar(text, style) => !text.is_empty() || *style != Style::Plain,
        NodeKind::Sequence(items) => items.iter().all(can_flow),
        NodeKind::Mapping(members) => members.iter().all(|(_, value)| can_flow(value)),
    }
}
