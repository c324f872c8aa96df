//! One YAML node enters; a text, number, list or object of the language leaves, or a located refusal.

use super::super::ambiguous;
use super::super::rules as yaml_rules;
use super::super::yaml::{Node, NodeKind, Style};
use super::{RawText, rules};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::source::characters::is_bidi_control;
use crate::source::{Span, Spanned};

/// A text; a plain scalar that YAML reads as something else must be quoted.
pub fn text(node: &Node, out: &mut Diagnostics) -> Option<RawText> {
    match &node.kind {
        NodeKind::Scalar(text, Style::Plain) if ambiguous(text) => {
            let shown = if text.is_empty() { "an empty value".to_owned() } else { format!("`{text}`") };
            out.push(
                Diagnostic::new(
                    &yaml_rules::YAML_AMBIGUOUS,
                    node.span,
                    format!("{shown} is no text in every YAML version"),
                )
                .help(format!("quote it: \"{text}\"")),
            );
            None
        }
        NodeKind::Scalar(text, _) => Some(Spanned::new(text.clone(), node.span)),
        _ => wrong_kind(node, "a text", out),
    }
}

/// An expression or template, whose text means nothing to YAML: `true` and `1` need no quotes.
pub fn expression(node: &Node, out: &mut Diagnostics) -> Option<RawText> {
    match &node.kind {
        NodeKind::Scalar(text, _) if !text.is_empty() => Some(Spanned::new(text.clone(), node.span)),
        _ => wrong_kind(node, "an expression", out),
    }
}

/// A text for people: nothing in it may reorder what a reviewer sees.
pub fn prose(node: &Node, out: &mut Diagnostics) -> Option<RawText> {
    let found = text(node, out)?;
    if let Some(control) = found.value.chars().find(|&c| is_bidi_control(c)) {
        out.push(
            Diagnostic::new(
                &rules::TEXT_BIDI,
                node.span,
                format!("a text for people holds the bidirectional control U+{:04X}", u32::from(control)),
            )
            .help("remove it: it changes the order in which a reviewer sees the text"),
        );
        return None;
    }
    Some(found)
}

/// `true` or `false`.
pub fn boolean(node: &Node, out: &mut Diagnostics) -> Option<Spanned<bool>> {
    match &node.kind {
        NodeKind::Scalar(text, Style::Plain) if text == "true" || text == "false" => {
            Some(Spanned::new(text == "true", node.span))
        }
        _ => wrong_kind(node, "`true` or `false`", out),
    }
}

/// An integer from 0 to 2^32−1.
pub fn count(node: &Node, out: &mut Diagnostics) -> Option<Spanned<u32>> {
    match &node.kind {
        NodeKind::Scalar(text, Style::Plain) if is_decimal(text) => {
            let count = text.parse().ok();
            if count.is_none() {
                out.push(
                    Diagnostic::new(&rules::INT_RANGE, node.span, format!("`{text}` is out of range"))
                        .help("give an integer from 0 to 4294967295"),
                );
            }
            count.map(|count| Spanned::new(count, node.span))
        }
        _ => wrong_kind(node, "an integer that is not negative", out),
    }
}

fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

/// The items of a list.
pub fn items<'n>(node: &'n Node, what: &str, out: &mut Diagnostics) -> Option<&'n [Node]> {
    match &node.kind {
        NodeKind::Sequence(items) => Some(items),
        _ => wrong_kind(node, what, out),
    }
}

/// A list of texts.
pub fn texts(node: &Node, what: &str, out: &mut Diagnostics) -> Vec<RawText> {
    items(node, what, out).unwrap_or_default().iter().filter_map(|item| text(item, out)).collect()
}

/// A text, or a list of texts.
pub fn one_or_more(node: &Node, what: &str, out: &mut Diagnostics) -> Vec<RawText> {
    match &node.kind {
        NodeKind::Scalar(..) => text(node, out).into_iter().collect(),
        _ => texts(node, what, out),
    }
}

/// The members of a mapping.
pub fn members<'n>(node: &'n Node, what: &str, out: &mut Diagnostics) -> Option<&'n [(RawText, Node)]> {
    match &node.kind {
        NodeKind::Mapping(members) => Some(members),
        _ => wrong_kind(node, what, out),
    }
}

/// Records that `node` is not what was wanted; an empty value could have been meant as anything.
pub fn wrong_kind<T>(node: &Node, wanted: &str, out: &mut Diagnostics) -> Option<T> {
    let found = match &node.kind {
        NodeKind::Scalar(text, Style::Plain) if text.is_empty() => {
            let message = format!("expected {wanted}, found nothing");
            let finding = Diagnostic::new(&yaml_rules::YAML_AMBIGUOUS, node.span, message);
            out.push(finding.help("write the value, or remove the key"));
            return None;
        }
        NodeKind::Scalar(text, _) if text.len() <= 40 => format!("`{text}`"),
        NodeKind::Scalar(..) => "a text".to_owned(),
        NodeKind::Sequence(_) => "a list".to_owned(),
        NodeKind::Mapping(_) => "a mapping".to_owned(),
    };
    out.push(Diagnostic::new(&rules::WRONG_KIND, node.span, format!("expected {wanted}, found {found}")));
    None
}

/// A mapping of which each key is taken at most once; what nobody took is unknown.
pub struct Object<'n> {
    what: &'static str,
    span: Span,
    members: Vec<(&'n RawText, &'n Node)>,
    known: Vec<&'static str>,
}

impl<'n> Object<'n> {
    /// The members of `node`; `what` names the construct in messages.
    pub fn new(node: &'n Node, what: &'static str, out: &mut Diagnostics) -> Option<Self> {
        let members = members(node, &format!("{what} as a mapping"), out)?;
        Some(Self::of(members, node.span, what))
    }

    /// An object of members that were looked at before.
    pub fn of(members: &'n [(RawText, Node)], span: Span, what: &'static str) -> Self {
        let members = members.iter().map(|(key, node)| (key, node)).collect();
        Self { what, span, members, known: Vec::new() }
    }

    /// The value of an optional key.
    pub fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let at = self.members.iter().position(|(name, _)| name.value == key)?;
        Some(self.members.remove(at).1)
    }

    /// The value of a required key.
    pub fn need(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<&'n Node> {
        let found = self.take(key);
        if found.is_none() {
            out.push(
                Diagnostic::new(&rules::MISSING_KEY, self.span, format!("{} has no `{key}`", self.what))
                    .help(format!("add `{key}:`")),
            );
        }
        found
    }

    /// The value of an optional key, read.
    pub fn read<T>(
        &mut self,
        key: &'static str,
        out: &mut Diagnostics,
        read: impl FnOnce(&Node, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        self.take(key).and_then(|node| read(node, out))
    }

    /// The members that nobody took so far, for objects with keys of the user's own.
    pub fn rest(&mut self) -> Vec<(&'n RawText, &'n Node)> {
        std::mem::take(&mut self.members)
    }

    /// Drops the members whose key is free for the user's own purposes.
    pub fn forget(&mut self, free: impl Fn(&str) -> bool) {
        self.members.retain(|(key, _)| !free(&key.value));
    }

    /// Refuses what nobody took.
    pub fn finish(self, out: &mut Diagnostics) {
        for (key, _) in &self.members {
            let mut finding =
                Diagnostic::new(&rules::UNKNOWN_KEY, key.span, format!("{} has no key `{}`", self.what, key.value));
            finding = match did_you_mean(&key.value, self.known.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("known keys: {}", self.known.join(", "))),
            };
            out.push(finding);
        }
    }
}
