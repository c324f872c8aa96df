//! A reducer and a seed enter; a log leaves in which good events stand beside everything that logs may hold.

use std::collections::BTreeMap;

use codegen::json::{Value, read};
use codegen::model::{Event, EventId, Format, Primitive, Profile, Reducer, Text, Type, Workspace};

use crate::corpus::{Instances, Random, mutant};

/// Moments that are near each other, two of them twice in other words.
const MOMENTS: &[&str] = &[
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.0Z",
    "2026-01-01T00:00:00.5Z",
    "2026-01-01T01:00:00.5+01:00",
    "2026-01-01T00:00:01Z",
    "2025-12-31T23:59:59.999999999Z",
    "1969-12-31T23:59:59.5Z",
];

/// Types of events that no contract declares, reserved ones among them.
const STRANGERS: &[&str] =
    &["GateVanished", "FoldRetired", "FoldLost", "fold.lost", "FeedUnheard", "BoardShaken", "Mission", "x"];

/// Makes logs for one reducer.
#[derive(Debug)]
pub struct Logs<'a> {
    instances: Instances<'a>,
    profile: &'a Profile,
    events: Vec<&'a Event>,
    others: Vec<&'a Event>,
}

impl<'a> Logs<'a> {
    /// A log is a function of its seed.
    pub fn new(workspace: &'a Workspace, reducer: &'a Reducer, seed: u64) -> Self {
        let consumed = consumed(workspace, reducer);
        let (events, others) = workspace.events.entries().partition::<Vec<_>, _>(|(id, _)| consumed.contains(id));
        Self {
            instances: Instances { workspace, random: Random::new(seed) },
            profile: &workspace.profiles[reducer.profile],
            events: events.into_iter().map(|(_, event)| event).collect(),
            others: others.into_iter().map(|(_, event)| event).collect(),
        }
    }

    /// Envelopes: of consumed events, foreign and unknown ones; malformed, copied, spelled otherwise, divergent.
    pub fn log(&mut self, length: usize) -> Vec<Value> {
        let mut log: Vec<Value> = Vec::new();
        for number in 0..length {
            let event = if !log.is_empty() && self.instances.random.once_in(8) {
                let earlier = self.instances.random.pick(&log).clone();
                self.again(earlier)
            } else {
                self.event(number, length)
            };
            log.push(event);
        }
        log
    }

    fn event(&mut self, number: usize, length: usize) -> Value {
        let is_foreign = self.instances.random.once_in(12);
        let from = if is_foreign && !self.others.is_empty() { &self.others } else { &self.events };
        let event = *self.instances.random.pick(from.as_slice());
        let mut payload = self.instances.value(&event.payload.ty(), 0);
        if self.instances.random.once_in(10) {
            let neighbour = mutant(&payload, &mut self.instances.random);
            payload = read(&neighbour).ok().filter(|value| value.kind() == "object").unwrap_or(payload);
        }
        let is_stranger = self.instances.random.once_in(20);
        let name = if is_stranger { *self.instances.random.pick(STRANGERS) } else { event.wire.as_str() };
        let Value::Object(mut members) = self.instances.value(&Type::Record(self.profile.envelope), 0) else {
            unreachable!("an envelope is a record")
        };
        for (field, value) in self.keys(number, length) {
            members.insert(field, value);
        }
        members.insert("event_type".into(), name.into());
        members.insert("payload".into(), payload);
        Value::Object(members)
    }

    /// What orders and identifies the event: clocks and moments are few, ids are its own.
    fn keys(&mut self, number: usize, length: usize) -> Vec<(String, Value)> {
        let workspace = self.instances.workspace;
        let record = &workspace.records[self.profile.envelope];
        let fields = self.profile.order_by.iter().map(|&at| (at == self.profile.dedup_by, &record.fields[at]));
        let random = &mut self.instances.random;
        let keys = fields.map(|(is_id, field)| {
            let clock = if random.once_in(30) { 9_007_199_254_740_991 } else { random.below(1 + length / 3) };
            let value = match primitive(workspace, &field.ty) {
                Primitive::Int(_) => Value::from(clock.to_string().parse::<f64>().expect("a number")),
                Primitive::Int64(_) if random.once_in(30) => i64::MAX.to_string().into(),
                Primitive::Int64(_) | Primitive::Uint64(_) => clock.to_string().into(),
                Primitive::String(text) => match (text.format, is_id) {
                    (Some(Format::DateTime), _) => (*random.pick(MOMENTS)).into(),
                    (Some(Format::Uuid), _) => format!("00000000-0000-4000-8000-0000000000{number:02x}").into(),
                    (Some(Format::Ulid), _) => format!("01ARZ3NDEKTSV4RRFFQ69G{number:04}").into(),
                    _ => format!("e{number}").into(),
                },
                other => unreachable!("{other:?} orders no events"),
            };
            (field.meta.name.clone(), value)
        });
        keys.collect()
    }

    /// A copy, or another event under the same id.
    fn again(&mut self, mut event: Value) -> Value {
        let workspace = self.instances.workspace;
        let record = &workspace.records[self.profile.envelope];
        let id = &record.fields[self.profile.dedup_by].meta.name;
        let Value::Object(members) = &mut event else { unreachable!("an envelope is an object") };
        if let (Primitive::String(Text { format: Some(Format::Uuid), .. }), Some(Value::String(text))) =
            (primitive(workspace, &record.fields[self.profile.dedup_by].ty), members.get_mut(id))
        {
            *text = text.to_uppercase();
        }
        match self.instances.random.below(4) {
            0 => _ = members.insert("payload".into(), Value::Object(BTreeMap::new())),
            1 => {
                for (field, value) in self.keys(0, 9).into_iter().filter(|(field, _)| field != id) {
                    members.insert(field, value);
                }
            }
            2 if !record.closed => _ = members.insert("received_at".into(), 1.0.into()),
            _ => {}
        }
        event
    }
}

/// Events that a reducer or one of its delegates consumes.
fn consumed(workspace: &Workspace, reducer: &Reducer) -> Vec<EventId> {
    let own = reducer.reactions.iter().map(|reaction| reaction.event);
    let of_delegates = reducer.delegates.iter().flat_map(|it| consumed(workspace, &workspace.reducers[it.reducer]));
    own.chain(of_delegates).collect()
}

fn primitive<'w>(workspace: &'w Workspace, ty: &'w Type) -> &'w Primitive {
    match workspace.plain(ty) {
        Type::Primitive(primitive) => primitive,
        Type::Scalar(id) => &workspace.scalars[*id].primitive,
        other => unreachable!("{other:?} orders no events"),
    }
}
