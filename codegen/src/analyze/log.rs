//! What happens in a log enters, letter by letter; the envelopes of that log leave, numbered so that they are in order.

use std::collections::BTreeMap;

use super::letters::Letter;
use crate::expr::{Kind, kind};
use crate::interpret::{Received, check_payload, check_value, receive_value};
use crate::json::Value;
use crate::model::{Format, Presence, Primitive, Profile, Record, Text, Type, Workspace};
use crate::sample::{exact, sample};

/// How many events a log that is searched for may have.
pub(crate) const LONGEST: u32 = 64;

/// Where an event stands in a log: in which concurrent group, and as which event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Number of its group.
    pub group: u32,
    /// Number of the event in the whole log.
    pub serial: u32,
}

/// Makes envelopes of one profile.
#[derive(Debug)]
pub(crate) struct Numbering<'w> {
    workspace: &'w Workspace,
    profile: &'w Profile,
    record: &'w Record,
    /// What every envelope holds.
    base: BTreeMap<String, Value>,
}

impl<'w> Numbering<'w> {
    /// None where no envelope can be made, or none that can be put in order.
    pub fn new(workspace: &'w Workspace, profile: &'w Profile) -> Option<Self> {
        let record = &workspace.records[profile.envelope];
        let Value::Object(base) = sample(workspace, &Type::Record(profile.envelope), false)? else { return None };
        let numbering = Self { workspace, profile, record, base };
        let mut keys = profile.order_by.iter().chain([&profile.dedup_by]);
        keys.all(|&at| numbering.counted(at, LONGEST).is_some()).then_some(numbering)
    }

    /// Whether several events can stand in one group.
    pub fn has_groups(&self) -> bool {
        self.profile.order_by.first().is_some_and(|&first| first != self.profile.dedup_by)
    }

    /// The envelope of an event at a place.
    pub fn envelope(&self, letter: &Letter, place: Place) -> Value {
        let mut members = self.base.clone();
        members.extend(letter.envelope.iter().cloned());
        members.insert("event_type".into(), letter.event_type.as_str().into());
        members.insert("payload".into(), letter.payload(place.serial).clone());
        for (at, &field) in self.profile.order_by.iter().enumerate() {
            let is_first = at == 0 && field != self.profile.dedup_by;
            let number = if is_first { place.group } else { place.serial };
            members.extend(self.counted(field, number).map(|value| (self.name(field).to_owned(), value)));
        }
        let id = self.profile.dedup_by;
        members.extend(self.counted(id, place.serial).map(|value| (self.name(id).to_owned(), value)));
        Value::Object(members)
    }

    /// The same as it is folded; none where the envelope refuses it.
    pub fn received(&self, letter: &Letter, place: Place) -> Option<Received> {
        let mut event = receive_value(self.workspace, self.profile, &self.envelope(letter, place)).ok()?;
        if let Some(id) = letter.event.filter(|_| letter.is_valid) {
            event.judged = check_payload(self.workspace, id, event.payload()).ok();
        }
        Some(event)
    }

    /// Whether the envelope gives this field its number.
    pub fn is_numbered(&self, name: &str) -> bool {
        let keys = self.profile.order_by.iter().chain([&self.profile.dedup_by]);
        keys.into_iter().any(|&at| self.name(at) == name)
    }

    fn name(&self, field: usize) -> &'w str {
        &self.record.fields[field].meta.name
    }

    /// The value of a field that stands behind those of all smaller numbers.
    fn counted(&self, field: usize, number: u32) -> Option<Value> {
        let ty = &self.record.fields[field].ty;
        debug_assert!(self.record.fields[field].presence != Presence::Optional, "keys are always there");
        let value = counted(self.workspace, ty, number)?;
        check_value(self.workspace, ty, &value).is_ok().then_some(value)
    }
}

fn counted(workspace: &Workspace, ty: &Type, number: u32) -> Option<Value> {
    let primitive = match workspace.plain(ty) {
        Type::Primitive(primitive) => primitive,
        Type::Scalar(id) => &workspace.scalars[*id].primitive,
        _ => return None,
    };
    Some(match (kind(workspace, ty), primitive) {
        (Kind::Int, Primitive::Int(bounds)) => {
            let least = bounds.min.map_or(1, |bound| bound.limit + i64::from(bound.exclusive));
            exact(least.max(1) + i64::from(number))
        }
        (Kind::Int64 | Kind::Uint64, _) => (number + 1).to_string().into(),
        (Kind::Instant, _) => format!("2026-01-01T00:{:02}:{:02}Z", number / 60, number % 60).into(),
        (Kind::Text, Primitive::String(text)) => counted_text(text, number).into(),
        _ => return None,
    })
}

fn counted_text(text: &Text, number: u32) -> String {
    match text.format {
        Some(Format::Ulid) => format!("01J{number:023}"),
        Some(Format::Uuid) => format!("00000000-0000-4000-8000-{number:012}"),
        Some(Format::SemVer) => format!("1.0.{number}"),
        Some(Format::HttpUrl) => format!("https://example.com/{number:03}"),
        Some(Format::DateTime) | None => {
            let width = text.min_length.unwrap_or(0).max(3) as usize;
            format!("{number:0width$}")
        }
    }
}
