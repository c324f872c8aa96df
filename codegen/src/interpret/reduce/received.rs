//! The text of an envelope enters; an event that can be ordered and told from others leaves, or everything wrong with it.

use std::cmp::Ordering;

use super::super::check_value;
use super::super::instant::{Instant, instant};
use crate::expr::{Kind, kind};
use crate::fault::Fault;
use crate::json::{self, Value};
use crate::model::{Profile, Type, Workspace};

/// An event as it stands in a log.
#[derive(Debug, Clone)]
pub struct Received {
    /// The envelope as decoded; its payload is as received.
    pub envelope: Value,
    /// Its type.
    pub event_type: String,
    /// Its id in canonical form.
    pub id: String,
    /// SHA-256 over the declared fields of the envelope and the payload as received.
    pub digest: String,
    /// The payload in canonical form, where whoever made the event judged it already.
    pub judged: Option<Value>,
    key: Vec<Key>,
}

/// A part of the sort key.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(super) enum Key {
    Number(f64),
    Wide(i128),
    Moment(Instant),
    Text(String),
}

impl Received {
    /// The payload as received.
    pub fn payload(&self) -> &Value {
        self.envelope.get("payload").unwrap_or(&Value::Null)
    }

    /// The total order: the keys of the profile, then the content digest.
    pub fn order(&self, other: &Self) -> Ordering {
        self.key_order(other).then_with(|| self.digest.cmp(&other.digest))
    }

    /// The order by the keys of the profile alone.
    pub fn key_order(&self, other: &Self) -> Ordering {
        let parts = self.key.iter().zip(&other.key);
        parts
            .map(|(a, b)| a.partial_cmp(b).unwrap_or(Ordering::Equal))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Whether the first key of the order is the same.
    pub fn shares_first_key(&self, other: &Self) -> bool {
        self.key.first() == other.key.first()
    }
}

/// Decodes an envelope from text.
pub fn receive(workspace: &Workspace, profile: &Profile, text: &[u8], limit: usize) -> Result<Received, Vec<Fault>> {
    let value = json::read_within(text, limit).map_err(|code| vec![Fault::whole(code)])?;
    receive_value(workspace, profile, &value)
}

/// Decodes an envelope that a program built.
pub fn receive_value(workspace: &Workspace, profile: &Profile, value: &Value) -> Result<Received, Vec<Fault>> {
    let envelope = check_value(workspace, &Type::Record(profile.envelope), value)?;
    let record = &workspace.records[profile.envelope];
    let text = |name: &str| envelope.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = profile.order_by.iter().map(|&at| {
        let field = &record.fields[at];
        let value = envelope.get(&field.meta.name).expect("keys of the order are always there");
        key_of(workspace, &field.ty, value)
    });
    let key = key.collect();
    let id = text(&record.fields[profile.dedup_by].meta.name);
    Ok(Received { event_type: text("event_type"), id, digest: json::digest(&envelope), judged: None, key, envelope })
}

/// The part of a sort key that a value is.
pub(super) fn key_of(workspace: &Workspace, ty: &Type, value: &Value) -> Key {
    match (kind(workspace, ty), value) {
        (Kind::Instant, Value::String(text)) => Key::Moment(instant(text).expect("its format was checked")),
        (Kind::Int64 | Kind::Uint64, Value::String(text)) => Key::Wide(text.parse().expect("its format was checked")),
        (_, Value::Number(number)) => Key::Number(*number),
        (_, Value::String(text)) => Key::Text(text.clone()),
        (_, other) => unreachable!("{} was checked to have an order", other.kind()),
    }
}
