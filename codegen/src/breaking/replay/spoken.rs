//! A reducer in both versions enters; payloads that hold what only one version speaks of leave.
//!
//! The events that [`explore`](crate::analyze::search::explore) tries differ in what decides in one version. What the other
//! version asks for may make no difference there, so it is tried besides.

use std::collections::BTreeMap;

use super::super::pair::Pair;
use crate::analyze::search::Exploration;
use crate::interpret::check_payload;
use crate::json::{Value, canonical};
use crate::model::{Action, EventId, Expr, ExprKind, MachineForm, MachineRule, Payload, Reaction, Reducer, Workspace};

/// A payload and the letter that it is a neighbour of.
pub(super) struct Neighbour {
    pub letter: usize,
    pub payload: Value,
}

/// For each event that both versions consume, its plainest payload with one member that only one version speaks of.
pub(super) fn neighbours(pair: &Pair<'_>, old: &Reducer, new: &Reducer, found: &Exploration<'_>) -> Vec<Neighbour> {
    let mut all = Vec::new();
    for before in &old.reactions {
        let Some(after) = pair.new_event(before.event).and_then(|event| new.reaction(event)) else { continue };
        let (was, is) = (literals(pair.old, before), literals(pair.new, after));
        let only = was
            .iter()
            .filter(|(key, _)| !is.contains_key(*key))
            .chain(is.iter().filter(|(key, _)| !was.contains_key(*key)));
        let only: Vec<&Value> = only.map(|(_, value)| value).collect();
        let wire = &pair.old.events[before.event].wire;
        if let Some(letter) = found.letters.iter().position(|letter| letter.event_type == *wire && letter.is_valid) {
            let base = found.letters[letter].payload(0);
            let changed = only.into_iter().flat_map(|value| changed(pair.old, before.event, base, value));
            all.extend(changed.map(|payload| Neighbour { letter, payload }));
        }
    }
    all
}

/// The payload with each member in turn that may be this value.
fn changed(workspace: &Workspace, event: EventId, base: &Value, value: &Value) -> Vec<Value> {
    let (Payload::Record(id), Value::Object(members)) = (workspace.events[event].payload, base) else {
        return Vec::new();
    };
    let with = |name: &String| {
        let mut members = members.clone();
        members.insert(name.clone(), value.clone());
        Value::Object(members)
    };
    let fields = workspace.records[id].fields.iter().map(|field| with(&field.meta.name));
    fields.filter(|payload| payload != base && check_payload(workspace, event, payload).is_ok()).collect()
}

/// Texts and numbers that the conditions of an event speak of, those of the machines that it asks included.
fn literals(workspace: &Workspace, reaction: &Reaction) -> BTreeMap<String, Value> {
    let mut open: Vec<&Expr> = Vec::new();
    for reached in reaction.actions() {
        open.extend(&reached.guards);
        let (Action::Move { machine, .. } | Action::Check { machine, .. }) = reached.action else { continue };
        if let MachineForm::Edges(edges) = &workspace.machines[*machine].form {
            open.extend(&edges.bypass);
            open.extend(edges.rules.iter().filter_map(|rule| match rule {
                MachineRule::Edge => None,
                MachineRule::Deny { when, .. } => Some(when),
            }));
        }
    }
    let mut found = BTreeMap::new();
    while let Some(expr) = open.pop() {
        let spoken: Option<Value> = match &expr.kind {
            ExprKind::Text(text) => Some(text.as_str().into()),
            ExprKind::Int(number) => number.to_string().parse::<f64>().ok().map(Value::from),
            ExprKind::Float(number) => Some((*number).into()),
            ExprKind::EnumValue(id, value) => Some(workspace.enums[*id].values[*value].text.as_str().into()),
            _ => None,
        };
        found.extend(spoken.map(|value| (canonical(&value), value)));
        open.extend(expr.parts());
    }
    found
}
