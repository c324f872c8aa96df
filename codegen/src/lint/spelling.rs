//! The tree of a contract enters; what is written longer than it has to be leaves, with the short form.

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::yaml::{Node, NodeKind};
use crate::source::{SourceMap, Span, Spanned};

/// Everything in one contract that says what is so without it.
pub fn spelling(sources: &SourceMap, root: &Node, out: &mut Diagnostics) {
    let is_closed = member(root, "closed").is_some_and(|closed| text(closed) == Some("true"));
    let mut checked = Checked { sources, is_closed, out };
    for (section, declarations) in members(root) {
        for (name, declaration) in members(declarations) {
            checked.declaration(&section.value, &name.value, declaration);
        }
    }
}

struct Checked<'a> {
    sources: &'a SourceMap,
    /// Whether records and events of the file are closed unless they say otherwise.
    is_closed: bool,
    out: &'a mut Diagnostics,
}

impl Checked<'_> {
    fn declaration(&mut self, section: &str, name: &str, node: &Node) {
        match section {
            "types" => self.alone(node, "type"),
            "groups" => self.alone(node, "events"),
            "enums" => {
                self.alone(node, "values");
                let values = member(node, "values").unwrap_or(node);
                for value in items(values) {
                    self.alone(value, "value");
                }
            }
            "records" | "mixins" | "events" => {
                for (_, field) in member(node, "fields").map(members).unwrap_or_default() {
                    self.alone(field, "type");
                }
                self.repeated(node, "wire", name, "the event is called so anyway");
                if section != "mixins" {
                    let usual = if self.is_closed { "true" } else { "false" };
                    self.repeated(node, "closed", usual, "it is so without it");
                }
            }
            _ => {}
        }
    }

    /// A mapping whose only member could stand in its place.
    fn alone(&mut self, node: &Node, key: &str) {
        let [(only, value)] = members(node) else { return };
        if only.value != key || matches!(value.kind, NodeKind::Mapping(_)) {
            return;
        }
        let message = format!("`{key}:` is not needed where it stands alone");
        let finding = Diagnostic::new(&rules::REDUNDANT_SPELLING, only.span, message);
        let finding = finding.help("write its value in place of the mapping");
        let short = self.sources.snippet(value.span);
        let can_move = !short.contains('\n') && !self.sources.snippet(node.span).contains('#');
        self.out.push(if can_move { finding.fix(node.span, short) } else { finding });
    }

    /// A member that says what is so without it.
    fn repeated(&mut self, node: &Node, key: &str, usual: &str, why: &str) {
        let Some((key, value)) = members(node).iter().find(|(name, _)| name.value == key) else { return };
        if text(value) == Some(usual) {
            let place = Span { end: value.span.end, ..key.span };
            let message = format!("`{}: {usual}` says nothing new: {why}", key.value);
            self.out.push(Diagnostic::new(&rules::REDUNDANT_SPELLING, place, message).help("remove it").fix(place, ""));
        }
    }
}

fn members(node: &Node) -> &[(Spanned<String>, Node)] {
    match &node.kind {
        NodeKind::Mapping(members) => members,
        _ => &[],
    }
}

fn items(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::Sequence(items) => items,
        _ => &[],
    }
}

fn member<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    members(node).iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(text, _) => Some(text),
        _ => None,
    }
}
