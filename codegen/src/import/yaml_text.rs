//! Texts and values enter; the YAML that a person would write for them leaves.

use crate::emit::encode::yaml;
use crate::load::ambiguous;
use crate::load::raw::{RawType, RawTypeKind};
use crate::load::yaml::{Node, NodeKind, Style};

/// A name, value or version: without quotes where every reader takes it for a text.
pub(super) fn word(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && !ambiguous(text);
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A sentence, that may stand in brackets.
pub(super) fn prose(text: &str) -> String {
    let is_plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.contains(' ')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | ';' | '-' | '(' | ')' | '\''));
    if is_plain { text.to_owned() } else { word(text) }
}

/// An expression.
pub(super) fn expression(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.contains(['.', ' '])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_ .<>=&|+-()!/".contains(c))
        && !ambiguous(text);
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A text in quotes: in single ones where it holds double ones or a backslash, which are easier to read there.
pub(super) fn quoted(text: &str) -> String {
    let is_simple = text.chars().all(|c| !c.is_control() && c.is_ascii());
    if is_simple && text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    yaml::string(text)
}

/// The lines of a text that is easier to read as a block; none of one that a block would not give back.
pub(super) fn block(text: &str) -> Option<Vec<&str>> {
    let is_odd = |line: &str| line.starts_with([' ', '\t']) || line.ends_with(|c: char| c.is_whitespace());
    let lines: Vec<&str> = text.split('\n').collect();
    let is_seen =
        |c: char| c == '\n' || !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{feff}');
    let ends = lines.first().is_none_or(|line| line.is_empty()) || lines.last().is_none_or(|line| line.is_empty());
    (lines.len() > 1 && !ends && !lines.iter().any(|line| is_odd(line)) && text.chars().all(is_seen)).then_some(lines)
}

/// A value in brackets.
pub(super) fn value(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(text, Style::Plain) => text.clone(),
        NodeKind::Scalar(text, _) => word(text),
        NodeKind::Sequence(items) => format!("[{}]", list(items.iter().map(value))),
        NodeKind::Mapping(members) => {
            let members = members.iter().map(|(key, node)| format!("{}: {}", word(&key.value), value(node)));
            format!("{{{}}}", list(members))
        }
    }
}

/// A type as it is written.
pub(super) fn type_text(ty: &RawType) -> String {
    match &ty.kind {
        RawTypeKind::Name(name) => name.clone(),
        RawTypeKind::Member(item, member) => format!("{item}.{member}"),
        RawTypeKind::Apply(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(type_text).collect();
            format!("{name}<{}>", arguments.join(" "))
        }
    }
}

pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
