//! The search over one version of a reducer enters; the other version is folded along, and where the two part leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::differ::{Difference, Divergence};
use super::search::Divergences;
use super::spoken::Neighbour;
use crate::analyze::search::Exploration;
use crate::interpret::{Asked, Fold, check_payload, receive_value};
use crate::json::Value;
use crate::model::{Machine, Payload, Presence, Reducer, Workspace};

/// Logs that are folded at most.
const MOST: usize = 20_000;

/// A version that is folded along the other one.
pub(super) struct Shadow<'w, 'f> {
    /// The search over the version that leads.
    leader: &'f Exploration<'w>,
    /// The version that follows.
    led: (&'w Workspace, &'w Reducer),
    /// Whichever of them is the old one.
    old: (&'w Workspace, &'w Reducer),
    /// Slots that differ before anything happened.
    at_start: BTreeSet<String>,
    /// By state of the one that leads.
    folds: BTreeMap<usize, Fold<'w>>,
    /// Whether a hook was called that no vector answers: such a log shows nothing.
    is_unanswered: bool,
}

impl<'w, 'f> Shadow<'w, 'f> {
    pub fn new(
        leader: &'f Exploration<'w>,
        led: (&'w Workspace, &'w Reducer),
        old: (&'w Workspace, &'w Reducer),
        at_start: BTreeSet<String>,
    ) -> Self {
        let folds = BTreeMap::from([(0, Fold::watched(led.0, led.1))]);
        Self { leader, led, old, at_start, folds, is_unanswered: false }
    }

    /// Follows every step of the search, then tries the neighbours in every state that both versions agree on.
    pub fn follow_all(mut self, neighbours: Vec<Neighbour>, all: &mut Divergences) {
        let leader = self.leader;
        all.is_complete &= leader.is_complete;
        for step in &leader.steps {
            let log = leader.log_of(step);
            let is_first = |to: &usize| leader.log_to(*to) == log;
            let to = step.to.filter(|to| !self.folds.contains_key(to) && is_first(to));
            all.found.extend(self.follow(step.from, leader.envelopes(&log), to));
            all.tried += 1;
        }
        for Neighbour { letter, payload } in neighbours {
            for node in 0..leader.nodes.len() {
                if all.tried >= MOST {
                    all.is_complete = false;
                    return;
                }
                let mut log = leader.log_to(node);
                log.push(vec![letter]);
                let mut log = leader.envelopes(&log);
                if let Some(Value::Object(members)) = log.last_mut() {
                    members.insert("payload".to_owned(), payload.clone());
                }
                all.found.extend(self.follow(node, log, None));
                all.tried += 1;
            }
        }
        all.is_complete &= !self.is_unanswered;
    }

    /// Folds the last event of a log in both versions, in the state `from` that the log before it leads to; what they
    /// print where they part. Where they do not, the fold is kept for the state `to`.
    fn follow(&mut self, from: usize, mut log: Vec<Value>, to: Option<usize>) -> Option<Divergence> {
        let mut follows = self.folds.get(&from)?.clone();
        let mut leads = self.leader.nodes[from].fold.clone();
        let old_leads = std::ptr::eq(self.leader.workspace, self.old.0);
        if old_leads {
            for envelope in &mut log {
                without_defaults(self.old.0, envelope);
            }
        }
        let envelope = log.last()?;
        if !old_leads && !is_old(self.old.0, envelope) {
            return None;
        }
        let leader = (self.leader.workspace, self.leader.reducer);
        for (fold, (workspace, reducer)) in [(&mut leads, leader), (&mut follows, self.led)] {
            fold.apply(receive_value(workspace, &workspace.profiles[reducer.profile], envelope).ok()?);
        }
        let asked = [(leads.observe().asked, leader.0), (follows.observe().asked, self.led.0)];
        if leads.unanswered().or_else(|| follows.unanswered()).is_some() {
            self.is_unanswered = true;
            return None;
        }
        let printed = (leads.finish(), follows.clone().finish());
        let (before, after) = if old_leads { printed } else { (printed.1, printed.0) };
        let mut difference = Difference::between(self.old.1, &before, &after);
        // What differs from the start shows nothing about this event.
        difference.slots.retain(|slot| !self.at_start.contains(slot));
        if difference.is_empty() {
            self.folds.extend(to.map(|to| (to, follows)));
            return None;
        }
        let asked = asked.iter().flat_map(|(asked, workspace)| asked.iter().map(|it| in_words(workspace, it)));
        let asked = asked.collect();
        let event_type = envelope.get("event_type").and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Divergence { log, event_type, asked, old: before, new: after, difference })
    }
}

/// A question to a machine in words that both versions share.
fn in_words(workspace: &Workspace, asked: &Asked) -> (String, Option<String>, String) {
    let Machine { meta, states, .. } = &workspace.machines[asked.machine];
    let text = |state: usize| workspace.enums[*states].values[state].text.clone();
    (meta.name.clone(), asked.from.map(text), text(asked.to))
}

/// Leaves out members of the payload that the old version fills in with the same value: an old log may lack them.
fn without_defaults(old: &Workspace, envelope: &mut Value) {
    let event_type = envelope.get("event_type").and_then(Value::as_str).unwrap_or_default();
    let Some(Payload::Record(id)) = old.event_named(event_type).map(|event| old.events[event].payload) else { return };
    let Value::Object(members) = envelope else { return };
    let Some(Value::Object(payload)) = members.get_mut("payload") else { return };
    for field in &old.records[id].fields {
        if let Presence::Default(default) = &field.presence
            && payload.get(&field.meta.name) == Some(default)
        {
            payload.remove(&field.meta.name);
        }
    }
}

/// Whether an old log can hold this event: the old version accepts it, and knows every member of its payload.
fn is_old(old: &Workspace, envelope: &Value) -> bool {
    let event_type = envelope.get("event_type").and_then(Value::as_str).unwrap_or_default();
    let (Some(event), Some(payload)) = (old.event_named(event_type), envelope.get("payload")) else { return false };
    match (check_payload(old, event, payload), payload) {
        (Ok(Value::Object(known)), Value::Object(members)) => members.keys().all(|name| known.contains_key(name)),
        _ => false,
    }
}
