//! A reducer enters; the events that its logs are made of leave: few, and different in something that decides.
//!
//! Payloads are samples of their types. Fields that decide are varied together, and of those payloads that no
//! condition tells apart one is kept.

use std::collections::{BTreeMap, BTreeSet};

use super::atoms::{Atoms, expressions};
use super::log::Numbering;
use super::reading::Readings;
use crate::expr::{Kind, kind};
use crate::interpret::{check_payload, check_value};
use crate::json::{Value, canonical};
use crate::model::{
    EventId, Expr, ExprKind, Payload, Presence, Reaction, Record, RecordId, Reducer, RuleKind, Type, Workspace,
};
use crate::sample::{distinct, exact, sample, variations, with_member};

/// How many combinations of members are tried for an event.
const COMBINATIONS: usize = 4_000;
/// How many letters an event gets.
const LETTERS: usize = 600;
/// How many values a member gets besides those that conditions speak of.
const VALUES: usize = 4;
/// How many payloads differ in what does not decide.
const SHADES: usize = 3;

/// A field, by index, and what it may be; none where it is away.
type Choice = (usize, Vec<Option<Value>>);

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
            found.all.extend(plain(workspace, event));
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
    let refused = tried.into_iter().find(|value| check_payload(workspace, event, value).is_err())?;
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
    let Payload::Record(id) = workspace.events[reaction.event].payload else {
        let shown = variations(workspace, &workspace.events[reaction.event].payload.ty());
        let all: Vec<Letter> =
            shown.into_iter().map(|value| letter(workspace, reaction.event, vec![value], true)).collect();
        *is_complete &= all.len() <= LETTERS;
        return all.into_iter().take(LETTERS).collect();
    };
    let record = &workspace.records[id];
    let atoms = Atoms::of(workspace, reaction, readings);
    let deciding = with_rules(record, &readings.payload(reaction.event));
    let literals = literals(workspace, reducer, reaction, record);
    let choices: Vec<Choice> =
        deciding.iter().map(|&at| (at, options(workspace, record, at, reaction.event, readings, &literals))).collect();
    let shades = shades(workspace, id, &deciding);
    let mut found: Vec<Letter> = Vec::new();
    let mut met = BTreeSet::new();
    for combination in combinations(&choices, is_complete) {
        let changed = |base: &Value| {
            combination.iter().fold(base.clone(), |value, (at, member)| with(record, value, *at, member))
        };
        let Some(first) = shades.first().map(changed) else { break };
        let signature = atoms.signature(&first);
        if met.contains(&signature) || check_payload(workspace, reaction.event, &first).is_err() {
            continue;
        }
        met.insert(signature);
        if found.len() == LETTERS {
            *is_complete = false;
            break;
        }
        let others = shades.iter().skip(1).map(changed);
        let others = others.filter(|value| check_payload(workspace, reaction.event, value).is_ok());
        let payloads = std::iter::once(first.clone()).chain(others).collect();
        let mut made = letter(workspace, reaction.event, payloads, true);
        made.told = told(&combination, &choices, record);
        found.push(made);
    }
    let envelopes = envelopes(workspace, reducer, readings, numbering);
    let varied = envelopes.iter().skip(1).flat_map(|envelope| {
        found.iter().map(|letter| Letter { envelope: envelope.clone(), ..letter.clone() }).collect::<Vec<_>>()
    });
    let varied: Vec<Letter> = varied.collect();
    found.extend(varied);
    found
}

/// The members that tell a payload from the plainest.
fn told(combination: &[(usize, Option<Value>)], choices: &[Choice], record: &Record) -> Vec<(String, Value)> {
    let plainest = |at: usize| choices.iter().find(|(other, _)| *other == at).and_then(|(_, options)| options.first());
    let differs = combination.iter().filter(|(at, value)| plainest(*at) != Some(value));
    let shown = |value: &Option<Value>| value.clone().unwrap_or(Value::Null);
    differs.map(|(at, value)| (record.fields[*at].meta.name.clone(), shown(value))).collect()
}

/// The fields, and those that rules tie to one of them.
fn with_rules(record: &Record, names: &BTreeSet<String>) -> Vec<usize> {
    let mut found: BTreeSet<usize> = names.iter().filter_map(|name| record.field(name)).collect();
    let rules = record.rules.iter().filter(|rule| rule.reads.iter().any(|at| found.contains(at)));
    let tied: Vec<usize> = rules.flat_map(|rule| rule.reads.iter().copied()).collect();
    found.extend(tied);
    found.into_iter().collect()
}

/// What a member may be: away or null, every member of an enum, what conditions compare it with, and a few others.
fn options(
    workspace: &Workspace,
    record: &Record,
    at: usize,
    event: EventId,
    readings: &Readings,
    literals: &[Value],
) -> Vec<Option<Value>> {
    let field = &record.fields[at];
    let none = match &field.presence {
        Presence::Required => None,
        Presence::Nullable => Some(Some(Value::Null)),
        Presence::Optional | Presence::Default(_) => Some(None),
    };
    let mut values = match workspace.unwrapped(&field.ty) {
        Type::Enum(ty) => {
            let item = &workspace.enums[ty.id];
            let members =
                (0..item.values.len()).filter(|index| ty.only.as_ref().is_none_or(|only| only.contains(index)));
            members.map(|index| item.values[index].text.as_str().into()).collect()
        }
        ty if readings.payload(event).contains(&field.meta.name) => {
            several(workspace, ty, readings.tells_apart(event, &field.meta.name))
        }
        ty => several(workspace, ty, false).into_iter().take(1).collect(),
    };
    values.extend(literals.iter().cloned());
    let default = if let Presence::Default(default) = &field.presence { Some(canonical(default)) } else { None };
    let mut met: BTreeSet<String> = default.into_iter().collect();
    values.retain(|value| {
        check_value(workspace, &field.ty, value).is_ok_and(|canonical_value| met.insert(canonical(&canonical_value)))
    });
    none.into_iter().chain(values.into_iter().map(Some)).collect()
}

/// Some values of a type: where they are told apart two texts, else one; and what shows a composed type.
fn several(workspace: &Workspace, ty: &Type, are_told_apart: bool) -> Vec<Value> {
    let least = sample(workspace, ty, false);
    let is_plain = |value: &Value| value.as_str().is_some_and(|text| text.is_ascii() && !text.trim().is_empty());
    match kind(workspace, ty) {
        Kind::Bool => vec![false.into(), true.into()],
        Kind::Text if are_told_apart => {
            let other =
                distinct(workspace, ty).into_iter().find(|value| is_plain(value) && Some(value) != least.as_ref());
            least.into_iter().chain(other).collect()
        }
        Kind::Text | Kind::Int => least.into_iter().collect(),
        Kind::Instant => vec!["2026-01-01T00:00:10Z".into(), "2026-01-01T00:00:20Z".into()],
        _ => variations(workspace, ty).into_iter().take(VALUES).collect(),
    }
}

/// Payloads that differ in members that nothing decides by.
fn shades(workspace: &Workspace, id: RecordId, deciding: &[usize]) -> Vec<Value> {
    let record = &workspace.records[id];
    let Some(base) = sample(workspace, &Type::Record(id), false) else { return Vec::new() };
    let mut found = vec![base.clone()];
    for shade in 1..SHADES {
        let mut value = base.clone();
        for (at, field) in record.fields.iter().enumerate() {
            let is_free = !deciding.contains(&at) && field.presence == Presence::Required;
            if is_free && let Some(other) = distinct(workspace, &field.ty).get(shade) {
                value = with_member(value, &field.meta.name, other.clone());
            }
        }
        found.push(value);
    }
    found
}

/// Every combination, those that differ least from the plainest first.
fn combinations(choices: &[Choice], is_complete: &mut bool) -> Vec<Vec<(usize, Option<Value>)>> {
    let count = choices.iter().map(|(_, options)| options.len().max(1)).try_fold(1_usize, usize::checked_mul);
    *is_complete &= count.is_some_and(|count| count <= COMBINATIONS);
    let mut found: Vec<Vec<(usize, Option<Value>)>> = vec![Vec::new()];
    for (at, options) in choices {
        let Some((_, others)) = options.split_first() else { continue };
        let first = options[0].clone();
        let before = found.clone();
        for combination in &mut found {
            combination.push((*at, first.clone()));
        }
        for option in others {
            let room = COMBINATIONS.saturating_sub(found.len());
            found.extend(before.iter().take(room).map(|combination| {
                let mut combination = combination.clone();
                combination.push((*at, option.clone()));
                combination
            }));
        }
    }
    found
}

fn with(record: &Record, value: Value, at: usize, member: &Option<Value>) -> Value {
    let name = &record.fields[at].meta.name;
    match (member, value) {
        (Some(member), value) => with_member(value, name, member.clone()),
        (None, Value::Object(mut members)) => {
            members.remove(name);
            Value::Object(members)
        }
        (None, value) => value,
    }
}

/// Members of the envelope that decide, in all combinations; the first is the plain one.
fn envelopes(
    workspace: &Workspace,
    reducer: &Reducer,
    readings: &Readings,
    numbering: &Numbering<'_>,
) -> Vec<Vec<(String, Value)>> {
    let record = &workspace.records[workspace.profiles[reducer.profile].envelope];
    let mut found: Vec<Vec<(String, Value)>> = vec![Vec::new()];
    for name in readings.envelope.iter().filter(|name| !numbering.is_numbered(name)) {
        let Some(at) = record.field(name).filter(|_| name != "payload" && name != "event_type") else { continue };
        let before = found.clone();
        for option in several(workspace, workspace.unwrapped(&record.fields[at].ty), true).into_iter().take(2) {
            found.extend(before.iter().map(|known| {
                let mut known = known.clone();
                known.push((name.clone(), option.clone()));
                known
            }));
        }
    }
    found.truncate(8);
    found
}

/// Texts and numbers that conditions of an event, or rules of its payload, speak of.
fn literals(workspace: &Workspace, reducer: &Reducer, reaction: &Reaction, record: &Record) -> Vec<Value> {
    let mut open: Vec<&Expr> = expressions(workspace, reaction);
    for claim in &reducer.claims {
        open.extend(claim.given.iter().chain([&claim.then]));
    }
    for rule in &record.rules {
        match &rule.kind {
            RuleKind::Conditional { when, .. } => open.extend(when),
            RuleKind::Check { check, .. } => open.push(check),
        }
    }
    let mut found = BTreeMap::new();
    while let Some(expr) = open.pop() {
        let spoken: Vec<Value> = match &expr.kind {
            ExprKind::Text(text) => vec![text.as_str().into()],
            ExprKind::Int(number) => [-1, 0, 1].map(|step| exact(number.saturating_add(step))).into(),
            ExprKind::Float(number) => [number.next_down(), *number, number.next_up()].map(Value::from).into(),
            _ => Vec::new(),
        };
        found.extend(spoken.into_iter().map(|value| (canonical(&value), value)));
        open.extend(expr.parts());
    }
    found.into_values().collect()
}
