//! Parts of a JSON Schema enter, what they are called in the language leaves.

use crate::json::Value;
use crate::load::raw::{RawMeta, RawText, RawType, RawTypeKind};
use crate::source::Span;

/// A name as names of types are written: words joined, each with a capital.
pub fn pascal(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::new(), |all, word| all + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// The name for a part of a named type.
pub(super) fn part_name(whole: &str, part: &str) -> String {
    format!("{whole}{}", pascal(part))
}

/// The pointer of a member of what a pointer leads to.
pub(super) fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", escaped(key))
}

/// A key as a segment of a JSON Pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The values that `enum` or `const` names.
pub(super) fn values(schema: &Value) -> Option<Vec<&Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => Some(vec![value]),
        (None, Some(Value::Array(values))) => Some(values.iter().collect()),
        _ => None,
    }
}

/// The kinds that `type` names, but null, and whether it names null.
pub(super) fn kinds(schema: &Value) -> (Vec<&str>, bool) {
    let named: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is_nullable = named.contains(&"null");
    (named.into_iter().filter(|kind| *kind != "null").collect(), is_nullable)
}

pub(super) fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(items) => Some(items),
        _ => None,
    }
}

pub(super) fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = match value {
        Some(Value::Object(members)) => Some(members),
        _ => None,
    };
    members.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// A segment of a JSON Pointer as the key that it means.
pub(super) fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

pub(super) fn named(name: &str, span: Span) -> RawType {
    RawType { kind: RawTypeKind::Name(name.to_owned()), span }
}

/// `constructor<arguments>`, where its arguments stand.
pub(super) fn applied(constructor: &str, arguments: Vec<RawType>) -> RawType {
    let span = arguments[0].span;
    RawType { kind: RawTypeKind::Apply(constructor.to_owned(), arguments), span }
}

/// A name of which nothing else is said.
pub fn bare(name: &RawText) -> RawMeta {
    RawMeta { name: name.clone(), title: None, doc: None, since: None, deprecated: None, examples: Vec::new() }
}
