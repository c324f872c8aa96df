//! A reducer enters; the events that its logs are made of leave: few, and different in something that decides.
//!
//! Payloads are samples of their types. Fields that decide are varied together, and of those payloads that no
//! condition tells apart one is kept.

use super::log::Numbering;
use super::payloads::{Made, of_union, payloads, several};
use super::reading::Readings;
use crate::expr::{Kind, kind};
use crate::fault::Fault;
use crate::interpret::{check_payload, unanswered};
use crate::json::{Value, canonical};
use crate::model::{EventId, Payload, Reaction, Reducer, Workspace};
use crate::sample::sample;

/// How many ways an envelope is varied.
const ENVELOPES: usize = 8;
/// How many letters the events of a reducer get together, and how many each gets at least.
const LETTERS: usize = 200;
const LEAST: usize = 12;

/// An event that may happen, wherever it stands.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The event; none where nobody declares its type.
    pub event: Option<EventId>,
    /// Its type on the wire.
    pub event_type: String,
    /// Whether its payload is accepted.
    pub is_valid: bool,
    /// What its envelope holds besides.
    pub envelope: Vec<(String, Value)>,
    /// The payload, the first; the others differ in members that nothing decides by.
    payloads: Vec<Value>,
    /// Members of the payload that tell it from the plainest.
    told: Vec<(String, Value)>,
}

/// The letters of a reducer.
#[derive(Debug)]
pub(crate) struct Letters {
    /// In the order of the events, the plainest of each first.
    pub all: Vec<Letter>,
    /// Whether nothing was left out for want of room.
    pub is_complete: bool,
}

impl Letter {
    /// The payload of the event that stands there: neighbours differ where they may.
    pub fn payload(&self, serial: u32) -> &Value {
        &self.payloads[serial as usize % self.payloads.len()]
    }

    /// The same event with one payload wherever it stands.
    #[must_use]
    pub fn with_payload(&self, payload: Value) -> Self {
        Self { payloads: vec![payload], told: Vec::new(), ..self.clone() }
    }

    /// For people: the event, and what tells its payload from a plain one.
    pub fn describe(&self, workspace: &Workspace) -> String {
        let name = self.event.map_or(self.event_type.as_str(), |event| &workspace.events[event].meta.name);
        if !self.is_valid && self.event.is_some() {
            return format!("a malformed {name}");
        }
        let told: Vec<String> = self.told.iter().map(|(name, value)| format!("{name}: {}", canonical(value))).collect();
        if told.is_empty() { name.to_owned() } else { format!("{name} ({})", told.join(", ")) }
    }
}

/// The letters of everything that a reducer takes; what delegates take stands plain.
pub(crate) fn letters(
    workspace: &Workspace,
    reducer: &Reducer,
    readings: &Readings,
    numbering: &Numbering<'_>,
) -> Letters {
    let mut found = Letters { all: Vec::new(), is_complete: true };
    for reaction in &reducer.reactions {
        let made = of_reaction(workspace, reducer, reaction, readings, numbering, &mut found.is_complete);
        found.all.extend(made);
        found.all.extend(malformed(workspace, reaction.event));
    }
    for delegate in &reducer.delegates {
        let inner = &workspace.reducers[delegate.reducer];
        for event in inner.reactions.iter().map(|reaction| reaction.event) {
            let plain = plain(workspace, event);
            found.is_complete &= plain.is_some();
            found.all.extend(plain);
            found.all.extend(malformed(workspace, event));
        }
    }
    found.all.extend(unheard(workspace, reducer));
    found
}

fn letter(workspace: &Workspace, event: EventId, payloads: Vec<Value>, is_valid: bool) -> Letter {
    let event_type = workspace.events[event].wire.clone();
    Letter { event: Some(event), event_type, is_valid, envelope: Vec::new(), payloads, told: Vec::new() }
}

fn plain(workspace: &Workspace, event: EventId) -> Option<Letter> {
    let payload = sample(workspace, &workspace.events[event].payload.ty(), false)?;
    Some(letter(workspace, event, vec![payload], true))
}

/// An event whose payload is refused, where one can be told: without members, or with members of another kind.
fn malformed(workspace: &Workspace, event: EventId) -> Option<Letter> {
    let mut tried = vec![Value::object([])];
    if let Payload::Record(id) = workspace.events[event].payload {
        let fields = workspace.records[id].fields.iter();
        tried.extend(fields.map(|field| Value::object([(field.meta.name.as_str(), Value::Array(vec![Value::Null]))])));
    }
    let is_refused = |faults: Vec<Fault>| unanswered(&faults).is_none();
    let refused = tried.into_iter().find(|value| check_payload(workspace, event, value).is_err_and(is_refused))?;
    Some(letter(workspace, event, vec![refused], false))
}

/// An event of a type that nobody declares and that this reducer records.
fn unheard(workspace: &Workspace, reducer: &Reducer) -> Option<Letter> {
    let prefix = reducer.unknown.as_ref()?.prefixes.first()?;
    let mut event_type = format!("{prefix}Unheard");
    while workspace.event_named(&event_type).is_some() {
        event_type.push('X');
    }
    let payloads = vec![Value::object([])];
    Some(Letter { event: None, event_type, is_valid: false, envelope: Vec::new(), payloads, told: Vec::new() })
}

fn of_reaction(
    workspace: &Workspace,
    reducer: &Reducer,
    reaction: &Reaction,
    readings: &Readings,
    numbering: &Numbering<'_>,
    is_complete: &mut bool,
) -> Vec<Letter> {
    let (envelopes, are_all) = envelopes(workspace, reducer, readings, numbering);
    *is_complete &= are_all;
    let room = (LETTERS / reducer.reactions.len() / envelopes.len()).max(LEAST);
    let made = match workspace.events[reaction.event].payload {
        Payload::Record(id) => payloads(workspace, reducer, reaction, id, readings, room),
        Payload::Union(id) => of_union(workspace, id, room),
    };
    *is_complete &= made.is_complete;
    let valid = |Made { values, told }: Made| Letter { told, ..letter(workspace, reaction.event, values, true) };
    let mut found: Vec<Letter> = made.all.into_iter().map(valid).collect();
    let varied = envelopes.iter().skip(1).flat_map(|envelope| {
        found.iter().map(|letter| Letter { envelope: envelope.clone(), ..letter.clone() }).collect::<Vec<_>>()
    });
    let varied: Vec<Letter> = varied.collect();
    found.extend(varied);
    found
}

/// Members of the envelope that decide, in all combinations, the plain one first; and whether these are all there are.
fn envelopes(
    workspace: &Workspace,
    reducer: &Reducer,
    readings: &Readings,
    numbering: &Numbering<'_>,
) -> (Vec<Vec<(String, Value)>>, bool) {
    let record = &workspace.records[workspace.profiles[reducer.profile].envelope];
    let (mut found, mut is_complete) = (vec![Vec::new()], true);
    for name in readings.envelope.iter().filter(|name| !numbering.is_numbered(name)) {
        let Some(at) = record.field(name).filter(|_| name != "payload" && name != "event_type") else { continue };
        let ty = workspace.unwrapped(&record.fields[at].ty);
        // Of all but truth values two are shown, beside the plain one.
        is_complete &= matches!(kind(workspace, ty), Kind::Bool);
        let options: Vec<Value> = several(workspace, ty, true).into_iter().take(2).collect();
        if found.len() * (options.len() + 1) > ENVELOPES {
            return (found, false);
        }
        let before = found.clone();
        for option in options {
            let with = |known: &Vec<(String, Value)>| [known.as_slice(), &[(name.clone(), option.clone())]].concat();
            found.extend(before.iter().map(with));
        }
    }
    (found, is_complete)
}
