//! A reducer in both versions enters; the shortest logs that fold differently leave.
//!
//! The states of each version are searched breadth first ([`explore`]), and the other version is folded along. Where the two
//! part, the log that led there is kept and not followed further: what comes behind it shows nothing new.

use std::collections::{BTreeMap, BTreeSet};

use super::super::pair::Pair;
use super::super::report::Evidence;
use super::differ::{Difference, Divergence};
use super::orders;
use super::spoken::{Neighbour, neighbours};
use super::suspect::Shows;
use crate::analyze::search::{Budget, Exploration, explore};
use crate::interpret::{Asked, Fold, check_payload, receive_value};
use crate::json::Value;
use crate::model::{Machine, Payload, Presence, Reducer, Workspace};

/// Logs that are folded at most from one side.
const MOST: usize = 20_000;

/// What a search found.
#[derive(Debug)]
pub(super) struct Divergences {
    /// Shortest logs first.
    found: Vec<Divergence>,
    /// How many logs were folded by both versions.
    tried: usize,
    /// Whether all events were tried in all states, and none was left out.
    is_complete: bool,
}

impl Default for Divergences {
    fn default() -> Self {
        Self { found: Vec::new(), tried: 0, is_complete: true }
    }
}

impl Divergences {
    pub fn first(&self) -> Option<&Divergence> {
        self.found.first()
    }

    /// The shortest log that shows this.
    pub fn shows(&self, what: &Shows) -> Option<&Divergence> {
        self.found.iter().find(|it| match what {
            Shows::Any | Shows::Order => true,
            Shows::Nothing => false,
            Shows::Events(types) => types.contains(&it.event_type),
            Shows::Machine(name) => it.asked.iter().any(|(machine, ..)| machine == name),
            Shows::Edge(machine, from, to) => {
                it.asked.iter().any(|(other, left, entered)| other == machine && left == from && entered == to)
            }
            Shows::Slot(name) => it.difference.slots.contains(name),
            Shows::Anomaly(kind) => it.difference.anomalies.contains(kind),
        })
    }

    /// The shortest log that shows this, else any that folds differently, else how far the search went.
    pub fn evidence(&self, what: &Shows) -> Evidence {
        let any = || self.found.iter().find(|it| !it.log.is_empty()).or(self.first());
        match (what, self.shows(what).or_else(any)) {
            (Shows::Nothing, _) => Evidence::NotAsked,
            (_, Some(divergence)) => Evidence::Log(divergence.clone()),
            (_, None) => Evidence::None { tried: self.tried, is_complete: self.is_complete },
        }
    }
}

/// Searches from both sides: what decides in one version need not decide in the other.
pub(super) fn divergences(pair: &Pair<'_>, old: &Reducer, new: &Reducer, asks_order: bool) -> Divergences {
    let mut all = Divergences::default();
    let profiles = (&pair.old.profiles[old.profile], &pair.new.profiles[new.profile]);
    let key = |workspace: &Workspace, record, fields: &[usize]| -> Vec<String> {
        fields.iter().map(|&at| workspace.records[record].fields[at].meta.name.clone()).collect()
    };
    let is_same_order = key(pair.old, profiles.0.envelope, &profiles.0.order_by)
        == key(pair.new, profiles.1.envelope, &profiles.1.order_by);
    all.found.extend(empty(pair, old, new));
    if is_same_order {
        along(pair, old, new, true, &mut all);
        along(pair, old, new, false, &mut all);
    }
    if asks_order && all.found.iter().all(|it| it.log.is_empty()) {
        all.found.extend(orders::divergence(pair, old, new, &mut all.tried));
        all.is_complete = false;
    }
    // Stable: of logs of one length, those that the old version leads to stand first.
    all.found.sort_by_key(|divergence| divergence.log.len());
    all
}

/// What differs before anything happened.
fn empty(pair: &Pair<'_>, old: &Reducer, new: &Reducer) -> Option<Divergence> {
    let (before, after) = (Fold::new(pair.old, old).finish(), Fold::new(pair.new, new).finish());
    let difference = Difference::between(old, &before, &after);
    let (log, event_type, asked) = (Vec::new(), String::new(), Vec::new());
    (!difference.is_empty()).then(|| Divergence { log, event_type, asked, old: before, new: after, difference })
}

/// A version that is folded along the other one.
struct Shadow<'w> {
    workspace: &'w Workspace,
    reducer: &'w Reducer,
    /// Slots that differ before anything happened.
    at_start: BTreeSet<String>,
    /// By state of the one that leads.
    folds: BTreeMap<usize, Fold<'w>>,
}

/// Follows the search over one version; `old_leads` says which.
fn along(pair: &Pair<'_>, old: &Reducer, new: &Reducer, old_leads: bool, all: &mut Divergences) {
    let (leader, led) = if old_leads { ((pair.old, old), (pair.new, new)) } else { ((pair.new, new), (pair.old, old)) };
    let Some(found) = explore(leader.0, leader.1, Budget::default()) else { return };
    all.is_complete &= found.is_complete;
    let folds = BTreeMap::from([(0, Fold::watched(led.0, led.1))]);
    let at_start = all.found.iter().find(|it| it.log.is_empty()).map(|it| it.difference.slots.clone());
    let mut shadow = Shadow { workspace: led.0, reducer: led.1, at_start: at_start.unwrap_or_default(), folds };
    for step in &found.steps {
        let log = found.log_of(step);
        let is_first = |to: &usize| found.log_to(*to) == log;
        let to = step.to.filter(|to| !shadow.folds.contains_key(to) && is_first(to));
        all.found.extend(shadow.follow(&found, step.from, found.envelopes(&log), to, pair, old, old_leads));
        all.tried += 1;
    }
    for Neighbour { letter, payload } in neighbours(pair, old, new, &found) {
        for node in 0..found.nodes.len() {
            if all.tried >= MOST {
                all.is_complete = false;
                return;
            }
            let mut log = found.log_to(node);
            log.push(vec![letter]);
            let mut log = found.envelopes(&log);
            if let Some(Value::Object(members)) = log.last_mut() {
                members.insert("payload".to_owned(), payload.clone());
            }
            all.found.extend(shadow.follow(&found, node, log, None, pair, old, old_leads));
            all.tried += 1;
        }
    }
}

impl<'w> Shadow<'w> {
    /// Folds the last event of a log in both versions, in the state `from` that the log before it leads to; what they
    /// print where they part. Where they do not, the fold is kept for the state `to`.
    #[allow(clippy::too_many_arguments)] // Both versions, who leads, and one step of the search.
    fn follow(
        &mut self,
        found: &Exploration<'_>,
        from: usize,
        mut log: Vec<Value>,
        to: Option<usize>,
        pair: &Pair<'_>,
        old: &Reducer,
        old_leads: bool,
    ) -> Option<Divergence> {
        let mut led = self.folds.get(&from)?.clone();
        log.iter_mut().for_each(|envelope| without_defaults(pair.old, envelope));
        let envelope = log.last()?;
        if !old_leads && !is_old(pair.old, envelope) {
            return None;
        }
        let mut leader = found.nodes[from].fold.clone();
        let lead = &found.workspace.profiles[found.reducer.profile];
        leader.apply(receive_value(found.workspace, lead, envelope).ok()?);
        let profile = &self.workspace.profiles[self.reducer.profile];
        led.apply(receive_value(self.workspace, profile, envelope).ok()?);
        let (asked, also) = (leader.observe().asked, led.observe().asked);
        let (leading, following) = (leader.clone().finish(), led.clone().finish());
        let (before, after) = if old_leads { (leading, following) } else { (following, leading) };
        let mut difference = Difference::between(old, &before, &after);
        // What differs from the start shows nothing about this event.
        difference.slots.retain(|slot| !self.at_start.contains(slot));
        if difference.is_empty() {
            self.folds.extend(to.map(|to| (to, led)));
            return None;
        }
        let named = asked.iter().map(|it| named(found.workspace, it));
        let asked = named.chain(also.iter().map(|it| self::named(self.workspace, it))).collect();
        let event_type = envelope.get("event_type").and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Divergence { log, event_type, asked, old: before, new: after, difference })
    }
}

/// A question to a machine in words that both versions share.
fn named(workspace: &Workspace, asked: &Asked) -> (String, Option<String>, String) {
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
