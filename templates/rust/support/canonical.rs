//! Checked values enter; canonical JSON leaves: no spaces, members by code point, shortest numbers.

use std::borrow::Cow;
use std::fmt::Write;

use super::json::{Json, Object};
use super::number::write_float;
use super::scan::plain_until;
use super::shape::{Absent, Kind, Shape};
use super::slots::{Slot, Value, Written, broken};

/// Writes a JSON value.
pub(super) fn json(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => write_float(number.get(), out),
        Json::String(text) => string(text, out),
        Json::Array(items) => list(items, out, json),
        Json::Object(members) => object(members, out),
    }
}

/// Writes a JSON object.
pub(super) fn object(members: &Object, out: &mut String) {
    let mut braces = Braces::open(out);
    for (key, value) in members.iter() {
        json(value, braces.member(key));
    }
    braces.close();
}

/// Writes the value in a slot.
pub(super) fn slot(kind: &Kind, value: &Slot<'_>, out: &mut String) {
    match (kind, value) {
        (_, Slot::None) => out.push_str("null"),
        (_, Slot::Bool(value)) => out.push_str(if *value { "true" } else { "false" }),
        (Kind::Int(_), Slot::Int(value)) => {
            let _ = write!(out, "{value}");
        }
        (_, Slot::Float(value)) => write_float(*value, out),
        (_, Slot::Json(value)) => json(value, out),
        (_, Slot::Object(members)) => object(members, out),
        (_, Slot::Raw(text)) => json(&Json::of_checked(text), out),
        (Kind::Opt(kind), value) => slot(kind, value, out),
        (Kind::List(item, _) | Kind::Set(item, _), Slot::List(items)) => {
            list(items, out, |value, out| slot(item, value, out));
        }
        (Kind::Tuple(kinds), Slot::List(items)) => {
            list(kinds.iter().zip(items), out, |(kind, value), out| slot(kind, value, out));
        }
        (Kind::Map(key_kind, value_kind, _), Slot::Map(members)) => {
            let mut sorted: Vec<_> = members.iter().map(|(name, value)| (key(key_kind, name), value)).collect();
            sorted.sort_by(|(name, _), (other, _)| name.cmp(other));
            let mut braces = Braces::open(out);
            for (name, value) in sorted {
                slot(value_kind, value, braces.member(&name));
            }
            braces.close();
        }
        (Kind::Record(shape), Slot::List(slots)) => record(shape(), slots, None, out),
        (Kind::Tagged(union), Slot::Variant(index, fields)) => {
            let variant = usize::from(*index);
            let tag = (union.tag, union.values.values[variant]);
            record(union.variants[variant](), fields.items(), Some(tag), out);
        }
        (Kind::Untagged(kinds), Slot::Variant(index, value)) => slot(kinds[usize::from(*index)], value, out),
        (kind, value) => string(&key(kind, value), out),
    }
}

/// The text of a value that is a string on the wire, as a key of a map is.
pub(super) fn key<'a>(kind: &Kind, value: &'a Slot<'_>) -> Cow<'a, str> {
    match (kind, value) {
        (_, Slot::Text(text)) => Cow::Borrowed(text),
        (Kind::Choice(choice) | Kind::Narrowed(choice, _), Slot::Member(index)) => {
            Cow::Borrowed(choice.values[usize::from(*index)])
        }
        (Kind::Int64(_), Slot::Int(value)) => Cow::Owned(value.to_string()),
        (Kind::Uint64(_), Slot::Uint(value)) => Cow::Owned(value.to_string()),
        (Kind::Untagged(kinds), Slot::Variant(index, value)) => key(kinds[usize::from(*index)], value),
        _ => broken(),
    }
}

/// Writes the slots of a record, and the tag of the union around it where its key belongs.
pub(super) fn record(shape: &Shape, slots: &[Slot<'_>], mut tag: Option<(&str, &str)>, out: &mut String) {
    let mut braces = Braces::open(out);
    for &place in shape.by_key() {
        let (Some(field), value) = (shape.field(place), &slots[place]) else { broken() };
        if value.is_none() && field.absent == Absent::None {
            continue;
        }
        if let Some((name, text)) = tag.take_if(|(name, _)| *name < field.name) {
            string(text, braces.member(name));
        }
        slot(field.kind, value, braces.member(field.name));
    }
    if let Some((name, text)) = tag {
        string(text, braces.member(name));
    }
    braces.close();
}

/// Writes the fields of a record.
pub(super) fn fields(shape: &Shape, values: &[&dyn Written], out: &mut String) {
    let mut braces = Braces::open(out);
    for &place in shape.by_key() {
        let (Some(field), value) = (shape.field(place), values[place]) else { broken() };
        if !value.is_absent() {
            value.write(braces.member(field.name));
        } else if field.absent != Absent::None {
            braces.member(field.name).push_str("null");
        }
    }
    braces.close();
}

/// Writes a map of typed values.
pub(super) fn map<'m, K: Value, V: Value>(members: impl Iterator<Item = (&'m K, &'m V)>, out: &mut String) {
    let members: Vec<_> = members.map(|(name, value)| (name.to_slot(), value)).collect();
    let mut sorted: Vec<_> = members.iter().map(|(name, value)| (key(K::KIND, name), *value)).collect();
    sorted.sort_by(|(name, _), (other, _)| name.cmp(other));
    let mut braces = Braces::open(out);
    for (name, value) in sorted {
        value.write(braces.member(&name));
    }
    braces.close();
}

/// Writes items between brackets.
pub(super) fn list<T>(items: impl IntoIterator<Item = T>, out: &mut String, mut write: impl FnMut(T, &mut String)) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

/// An object being written.
pub(super) struct Braces<'o> {
    out: &'o mut String,
    first: bool,
}

impl<'o> Braces<'o> {
    pub(super) fn open(out: &'o mut String) -> Self {
        out.push('{');
        Braces { out, first: true }
    }

    /// Writes a key; its value is written to what this gives.
    pub(super) fn member(&mut self, key: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        string(key, self.out);
        self.out.push(':');
        self.out
    }

    pub(super) fn close(self) {
        self.out.push('}');
    }
}

/// Writes a string. What needs no escape is copied as a whole.
pub(super) fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    loop {
        let at = plain_until(text.as_bytes(), plain);
        out.push_str(&text[plain..at]);
        let Some(byte) = text.as_bytes().get(at) else { break };
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0x0c => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            control => {
                let _ = write!(out, "\\u{control:04x}");
            }
        }
    }
    out.push('"');
}
