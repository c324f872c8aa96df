//! What a schema tells people enters; the texts, history, examples and defaults of a declaration leave.

use super::bare;
use super::parts::{child, items};
use super::shape::{Shaper, Style};
use crate::json::{Value, number};
use crate::load::raw::{RawDeprecated, RawMeta, RawText};
use crate::load::yaml::{Node, NodeKind, Style as Written};
use crate::source::Spanned;
use crate::source::characters::{is_bidi_control, is_refused_in_text};

/// The longest text of a contract.
const LONGEST: usize = 60 << 10;

impl Shaper<'_> {
    /// The name of a declaration, and what its schema tells people about it.
    pub fn texts(&mut self, name: &str, schema: &Value, pointer: &str) -> RawMeta {
        self.at = self.place(pointer);
        self.meta(name, schema, pointer)
    }

    /// The same where the schema is being read.
    pub(super) fn meta(&mut self, name: &str, schema: &Value, pointer: &str) -> RawMeta {
        let mut meta = bare(&self.text(name));
        if self.style == Style::External {
            return meta;
        }
        meta.title = self.prose(schema, pointer, "title").filter(|title| title.value != name);
        meta.doc = self.prose(schema, pointer, "description");
        if self.is_emitted(pointer) {
            meta.since = self.plain(schema, "x-since");
            meta.deprecated = schema.get("x-deprecated").and_then(|deprecated| self.deprecation(deprecated));
        } else if schema.get("deprecated") == Some(&Value::Bool(true)) {
            let span = self.place(&child(pointer, "deprecated"));
            let reason = Spanned::new("The schema calls it deprecated.".to_owned(), span);
            let since = Spanned::new(super::FIRST_VERSION.to_owned(), span);
            meta.deprecated = Some(RawDeprecated { since, reason, replacement: None });
        }
        if let Some(examples) = schema.get("examples").and_then(items) {
            let place = child(pointer, "examples");
            let examples = examples.iter().enumerate();
            meta.examples = examples.filter_map(|(at, example)| self.node(example, &format!("{place}/{at}"))).collect();
        }
        meta
    }

    /// A value as a contract would write it; none where a contract cannot hold one of its texts.
    pub(super) fn node(&mut self, value: &Value, pointer: &str) -> Option<Node> {
        let span = self.place(pointer);
        let scalar = |text: &str, style| Node { kind: NodeKind::Scalar(text.to_owned(), style), span };
        if !can_be_held(value) {
            self.lose(pointer, "a value with a text that no contract can hold");
            return None;
        }
        Some(written(value, &scalar))
    }

    /// `{since, reason, use}`
    pub(super) fn deprecation(&self, deprecated: &Value) -> Option<RawDeprecated> {
        let replacement = self.plain(deprecated, "use");
        Some(RawDeprecated {
            since: self.plain(deprecated, "since")?,
            reason: self.plain(deprecated, "reason")?,
            replacement,
        })
    }

    /// A text as it stands.
    pub(super) fn plain(&self, schema: &Value, key: &str) -> Option<RawText> {
        schema.get(key).and_then(Value::as_str).map(|text| self.text(text))
    }

    /// A text for people; none where a contract cannot hold it.
    fn prose(&mut self, schema: &Value, pointer: &str, key: &str) -> Option<RawText> {
        let text = schema.get(key).and_then(Value::as_str)?;
        let is_sound = is_text(text) && !text.contains(is_bidi_control);
        if !is_sound {
            let span = self.place(&child(pointer, key));
            let what = format!("`{key}`, a text that no contract can hold");
            self.push_loss(super::LossKind::Weaker, pointer, &what, span);
        }
        (is_sound && !text.is_empty()).then(|| self.text(text))
    }
}

/// Whether a contract can hold a text.
pub(super) fn is_text(text: &str) -> bool {
    text.len() <= LONGEST && !text.contains(is_refused_in_text)
}

fn can_be_held(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => is_text(text),
        Value::Array(items) => items.iter().all(can_be_held),
        Value::Object(members) => members.iter().all(|(key, value)| is_text(key) && can_be_held(value)),
    }
}

/// A value as a contract would write it, of scalars as they are made.
fn written(value: &Value, scalar: &impl Fn(&str, Written) -> Node) -> Node {
    match value {
        Value::Null => scalar("null", Written::Plain),
        Value::Bool(value) => scalar(if *value { "true" } else { "false" }, Written::Plain),
        Value::Number(value) => scalar(&number(*value), Written::Plain),
        Value::String(text) => scalar(text, Written::Quoted),
        Value::Array(items) => {
            let items = items.iter().map(|item| written(item, scalar)).collect();
            Node { kind: NodeKind::Sequence(items), ..scalar("", Written::Plain) }
        }
        Value::Object(members) => {
            let span = scalar("", Written::Plain).span;
            let members = members.iter();
            let members = members.map(|(key, value)| (Spanned::new(key.clone(), span), written(value, scalar)));
            Node { kind: NodeKind::Mapping(members.collect()), span }
        }
    }
}
