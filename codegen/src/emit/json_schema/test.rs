//! A test of one field enters; the schema of the objects that pass it leaves, absence counted as the contract counts it.

use super::node::{Node, Object};
use super::types::nullable;
use crate::expr::{Kind, kind};
use crate::json::Value;
use crate::model::{CompareOp, Field, NOT_BLANK, Presence, Workspace};

/// A field to be tested.
pub(super) struct Test<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) field: &'w Field,
}

impl Test<'_> {
    /// Whether the value is one of these JSON values, or is none of them.
    pub(super) fn equals(&self, values: &[Node], wanted: bool) -> Node {
        let one_of = match values {
            [one] => Object::of("const", one.clone()),
            several => Object::of("enum", several.to_vec()),
        };
        let has = |value: &Node| values.contains(value) == wanted;
        self.objects(if wanted { one_of } else { Object::of("not", one_of) }, has(&Node::Null), |value| {
            has(&value.into())
        })
    }

    /// Whether there is no value.
    pub(super) fn null(&self) -> Node {
        if !self.workspace.is_optional(&self.field.ty) {
            return Node::Bool(false);
        }
        self.objects(Object::of("type", "null"), true, |_| false)
    }

    /// Whether there is a value; nothing to test where there always is one.
    pub(super) fn not_null(&self) -> Option<Node> {
        let tested = Object::of("not", Object::of("type", "null"));
        self.workspace.is_optional(&self.field.ty).then(|| self.objects(tested, false, |_| true))
    }

    /// A comparison of a number with a limit.
    pub(super) fn within(&self, op: CompareOp, limit: f64) -> Node {
        let keyword = match op {
            CompareOp::Lt => "exclusiveMaximum",
            CompareOp::Le => "maximum",
            CompareOp::Gt => "exclusiveMinimum",
            CompareOp::Ge => "minimum",
            CompareOp::Eq | CompareOp::Ne => unreachable!("equality is a test of constants"),
        };
        let holds = |value: &Value| matches!(value, Value::Number(number) if compare(op, number, &limit));
        self.objects(Object::of("type", "number").with(keyword, limit), false, holds)
    }

    /// A comparison of a length or count with a limit.
    pub(super) fn size(&self, op: CompareOp, limit: i64) -> Option<Node> {
        let (ty, least, most) = match kind(self.workspace, &self.field.ty) {
            Kind::Text => ("string", "minLength", "maxLength"),
            Kind::List(_) | Kind::Set(_) => ("array", "minItems", "maxItems"),
            Kind::Map(..) => ("object", "minProperties", "maxProperties"),
            _ => return None,
        };
        let (min, max) = match op {
            CompareOp::Eq | CompareOp::Ne => (Some(limit), Some(limit)),
            CompareOp::Lt => (None, Some(limit - 1)),
            CompareOp::Le => (None, Some(limit)),
            CompareOp::Gt => (Some(limit + 1), None),
            CompareOp::Ge => (Some(limit), None),
        };
        if max.is_some_and(|max| max < 0) {
            return Some(Node::Bool(op == CompareOp::Ne));
        }
        let counted = Object::of("type", ty).with_some(least, min.filter(|min| *min > 0)).with_some(most, max);
        let schema = if op == CompareOp::Ne { Object::of("type", ty).with("not", counted) } else { counted };
        Some(self.objects(schema, false, |value| size(value).is_some_and(|size| compare(op, &size, &limit))))
    }

    /// Whether it is none, or nothing but white space.
    pub(super) fn blank(&self) -> Option<Node> {
        let blank = Object::of("type", "string").with("pattern", "^[\\t-\\r ]*$");
        self.is_text().then(|| self.objects(blank, true, |value| value.as_str().is_some_and(is_blank)))
    }

    /// Whether it holds more than white space.
    pub(super) fn not_blank(&self) -> Option<Node> {
        let filled = Object::of("type", "string").with("pattern", NOT_BLANK);
        self.is_text().then(|| self.objects(filled, false, |value| value.as_str().is_some_and(|text| !is_blank(text))))
    }

    /// Whether it begins so; only where texts are kept as received.
    pub(super) fn starts_with(&self, prefix: &str) -> Option<Node> {
        if !super::identity::keeps_text(self.workspace, &self.field.ty) {
            return None;
        }
        let pattern = format!("^{}", regex::escape(prefix));
        let schema = Object::of("type", "string").with("pattern", pattern);
        Some(self.objects(schema, false, |value| value.as_str().is_some_and(|text| text.starts_with(prefix))))
    }

    fn is_text(&self) -> bool {
        kind(self.workspace, &self.field.ty) == Kind::Text
    }

    /// Objects whose field passes: `schema` decides a value that is there, `on_null` whether none passes, `holds`
    /// whether a default does.
    fn objects(&self, schema: Object, on_null: bool, holds: impl Fn(&Value) -> bool) -> Node {
        let may_be_absent = match &self.field.presence {
            Presence::Required | Presence::Nullable => false,
            Presence::Optional => on_null,
            Presence::Default(value) => holds(value),
        };
        let optional = self.workspace.is_optional(&self.field.ty);
        let schema = if on_null && optional { with_null(schema) } else { schema };
        let name = self.field.meta.name.as_str();
        let tested = Object::of("properties", Object::of(name, schema));
        if may_be_absent { tested.into() } else { tested.with("required", vec![name]).into() }
    }
}

/// The schema with null beside its values, unless it takes null already.
fn with_null(schema: Object) -> Object {
    match schema.get("const").cloned() {
        _ if schema.get("not").is_some() || schema.get("enum").is_some() => schema,
        Some(Node::Null) => schema,
        Some(value) => Object::of("enum", vec![value, Node::Null]),
        None => nullable(schema),
    }
}

fn compare<T: PartialOrd>(op: CompareOp, left: &T, right: &T) -> bool {
    match op {
        CompareOp::Eq => left == right,
        CompareOp::Ne => left != right,
        CompareOp::Lt => left < right,
        CompareOp::Le => left <= right,
        CompareOp::Gt => left > right,
        CompareOp::Ge => left >= right,
    }
}

fn size(value: &Value) -> Option<i64> {
    let size = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => return None,
    };
    i64::try_from(size).ok()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\t'..='\r' | ' '))
}
