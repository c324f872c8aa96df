//! What declarations do not say of a schema enters; it leaves in a list, each once and with its place.

use std::collections::BTreeSet;

use super::made::Made;
use super::parts::{child, members};
use super::shape::Shaper;
use crate::json::Value;
use crate::source::Span;

/// Keywords that say nothing about which values are accepted.
pub(super) const ANNOTATIONS: &[&str] = &[
    "$schema",
    "$id",
    "id",
    "$comment",
    "$defs",
    "definitions",
    "$anchor",
    "$vocabulary",
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
];

/// Something that a schema says and the declarations do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What becomes of it.
    pub kind: LossKind,
    /// What, in words.
    pub what: String,
    /// The schema that says it.
    pub pointer: String,
    /// Where that stands.
    pub span: Span,
}

/// What becomes of something that cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LossKind {
    /// Values are accepted that the schema refuses.
    Weaker,
    /// Something has another name here; values stay what they were.
    Renamed,
    /// A member that may be absent may be null as well.
    Null,
}

impl Shaper<'_> {
    /// Lists the keywords of a schema that nobody read and that say something.
    pub(super) fn lose_unread(&mut self, schema: &Value, pointer: &str, read: &BTreeSet<&'static str>) {
        let unread = |key: &&str| !read.contains(key) && !ANNOTATIONS.contains(key) && !key.starts_with("x-");
        for (key, value) in members(Some(schema)) {
            if !is_sound(key, value) {
                self.lose_keyword(pointer, key);
            }
        }
        for (key, value) in members(Some(schema)).filter(|(key, _)| unread(key)) {
            if !says_nothing(key, value) {
                self.lose_keyword(pointer, key);
            }
        }
    }

    pub(super) fn anything(&mut self, pointer: &str, lost: &str) -> Made {
        self.lose(pointer, lost);
        self.builtin("json")
    }

    /// Lists a keyword, at the place where it stands.
    pub(super) fn lose_keyword(&mut self, pointer: &str, keyword: &str) {
        let span = self.place(&child(pointer, keyword));
        self.push_loss(LossKind::Weaker, pointer, &format!("`{keyword}`"), span);
    }

    /// Lists something, at the schema that says it.
    pub fn lose(&mut self, pointer: &str, what: &str) {
        let span = self.place(pointer);
        self.push_loss(LossKind::Weaker, pointer, what, span);
    }

    pub(super) fn push_loss(&mut self, kind: LossKind, pointer: &str, what: &str, span: Span) {
        if self.told.insert((kind, pointer.to_owned(), what.to_owned())) {
            self.lost.push(Loss { kind, what: what.to_owned(), pointer: pointer.to_owned(), span });
        }
    }
}

/// Whether a keyword has a value by which it asks for nothing.
fn says_nothing(key: &str, value: &Value) -> bool {
    match value {
        Value::Bool(true) => {
            let kinds = ["additionalProperties", "additionalItems", "unevaluatedProperties", "unevaluatedItems"];
            kinds.contains(&key) || matches!(key, "items" | "propertyNames")
        }
        Value::Bool(false) => matches!(key, "uniqueItems" | "nullable" | "exclusiveMinimum" | "exclusiveMaximum"),
        Value::Object(members) => members.is_empty() && key != "not",
        Value::Array(items) => items.is_empty() && matches!(key, "required" | "allOf"),
        Value::Number(number) => *number == 0.0 && matches!(key, "minLength" | "minItems" | "minProperties"),
        Value::Null | Value::String(_) => false,
    }
}

/// Whether a keyword that is read has a value of the kind that it takes.
fn is_sound(key: &str, value: &Value) -> bool {
    match key {
        "type" => matches!(value, Value::String(_) | Value::Array(_)),
        "enum" | "required" | "anyOf" | "oneOf" | "allOf" | "prefixItems" => matches!(value, Value::Array(_)),
        "properties" | "dependentRequired" => matches!(value, Value::Object(_)),
        "$ref" | "pattern" | "format" | "title" | "description" => matches!(value, Value::String(_)),
        "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
        | "maxProperties" => matches!(value, Value::Number(_)),
        _ => true,
    }
}
