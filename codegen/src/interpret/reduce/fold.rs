//! Events in order enter, one at a time; the state they add up to and the anomalies on the way leave.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::anomaly::{Recorded, field_value, recorded};
use super::group::{Group, Pending};
use super::observe::Observed;
use super::received::Received;
use super::state::{Effect, State, Undo};
use crate::fault::Fault;
use crate::interpret::expression::{FoldScope, Scope, evaluate};
use crate::interpret::{Unanswered, check_payload, is_reserved_event, unanswered};
use crate::json::Value;
use crate::model::{
    AnomalyField, AssignmentKind, EventId, Expr, Reaction, Reducer, Report, SlotKind, Step, Type, Workspace,
};

/// A change of the state that the snapshot of a group has still to see.
#[derive(Clone)]
pub(super) enum Logged<'w> {
    Effect(Effect<'w>),
    Fill(usize, Value),
}

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It goes on.
    On,
    /// It was refused, or its end was declared: nothing behind it happens.
    Ended,
}

/// One state that grows.
#[derive(Clone)]
pub struct Fold<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) reducer: &'w Reducer,
    pub(super) live: State,
    /// The state at the start of the concurrent group, where guards read it.
    pub(super) snapshot: Option<State>,
    /// What the snapshot has not seen yet.
    pub(super) log: Vec<Logged<'w>>,
    pub(super) undo: Vec<Undo>,
    /// Groups that may still grow, in the order of their first events.
    pub(super) open: Vec<Group<'w>>,
    pub(super) open_by_key: HashMap<String, usize>,
    pub(super) folded: Vec<Recorded>,
    divergent: BTreeMap<u64, Divergent>,
    pub(super) unknown: Vec<Recorded>,
    pub(super) refused: Vec<Recorded>,
    pub(super) delegates: Vec<Fold<'w>>,
    /// What happened, where somebody watches.
    pub(super) observed: Option<Observed>,
    consumed: Arc<HashMap<&'w str, Consumer>>,
    pub(super) unanswered: Unanswered,
    deduped_count: u64,
    consumed_count: u64,
    last_deduped: Option<String>,
    last_consumed: Option<String>,
}

/// Who takes an event type.
#[derive(Debug, Clone, Copy)]
enum Consumer {
    Reaction(usize),
    Delegate(usize),
}

/// Contents that came under one id.
#[derive(Clone)]
struct Divergent {
    id: String,
    kept: String,
    dropped: BTreeSet<String>,
}

impl<'w> Fold<'w> {
    /// A fold that has seen nothing.
    pub fn new(workspace: &'w Workspace, reducer: &'w Reducer) -> Self {
        let wire = |event: EventId| workspace.events[event].wire.as_str();
        let mut consumed = HashMap::new();
        let delegates: Vec<Self> = reducer
            .delegates
            .iter()
            .map(|delegate| Self::new(workspace, &workspace.reducers[delegate.reducer]))
            .collect();
        for (at, delegate) in delegates.iter().enumerate() {
            consumed.extend(delegate.consumed.keys().map(|name| (*name, Consumer::Delegate(at))));
        }
        let reactions = reducer.reactions.iter().enumerate();
        consumed.extend(reactions.map(|(at, reaction)| (wire(reaction.event), Consumer::Reaction(at))));
        let live = State::new(workspace, reducer);
        let reads_group_start = reducer.concurrent.as_ref().is_some_and(|concurrent| concurrent.reads_group_start);
        Self {
            snapshot: reads_group_start.then(|| live.clone()),
            workspace,
            reducer,
            live,
            log: Vec::new(),
            undo: Vec::new(),
            open: Vec::new(),
            open_by_key: HashMap::new(),
            folded: Vec::new(),
            divergent: BTreeMap::new(),
            unknown: Vec::new(),
            refused: Vec::new(),
            delegates,
            observed: None,
            consumed: Arc::new(consumed),
            unanswered: Unanswered::default(),
            deduped_count: 0,
            consumed_count: 0,
            last_deduped: None,
            last_consumed: None,
        }
    }

    /// Whether events of this type are folded here or by a delegate.
    pub fn consumes(&self, event_type: &str) -> bool {
        self.consumed.contains_key(event_type)
    }

    /// Notes that another content came under the id of an event that was applied as the `ordinal`th.
    pub fn diverge(&mut self, ordinal: u64, id: &str, kept: &str, dropped: &str) {
        let new = || Divergent { id: id.to_owned(), kept: kept.to_owned(), dropped: BTreeSet::new() };
        self.divergent.entry(ordinal).or_insert_with(new).dropped.insert(dropped.to_owned());
    }

    /// Folds the next event of the order.
    pub fn apply(&mut self, event: Received) {
        self.deduped_count += 1;
        self.last_deduped = Some(event.id.clone());
        self.close_groups_before(&event);
        match self.consumed.get(event.event_type.as_str()) {
            Some(Consumer::Delegate(at)) => self.delegates[*at].apply(event),
            Some(Consumer::Reaction(at)) => {
                let reaction = &self.reducer.reactions[*at];
                self.consumed_count += 1;
                self.last_consumed = Some(event.id.clone());
                self.take(reaction, event);
            }
            None => self.note_unknown(&event),
        }
    }

    fn note_unknown(&mut self, event: &Received) {
        let Some(unknown) = &self.reducer.unknown else { return };
        let name = event.event_type.as_str();
        let is_ours = unknown.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()));
        if is_ours && self.workspace.event_named(name).is_none() && !is_reserved_event(self.workspace, name) {
            let anomaly = self.record(&unknown.report, event, &Value::Null, None, &[]);
            self.unknown.push(anomaly);
        }
    }

    /// Parses first where that is asked for, then waits for the group or folds at once.
    fn take(&mut self, reaction: &'w Reaction, event: Received) {
        let mut pending = Pending { reaction, event, payload: None };
        if self.reducer.parses_eagerly {
            match self.parse(&pending) {
                Ok(payload) => pending.payload = Some(payload),
                Err(faults) => {
                    let anomaly = self.malformed(&pending, &faults);
                    self.refused.extend(anomaly);
                    return;
                }
            }
        }
        if self.reducer.concurrent.is_some() {
            self.enqueue(pending);
        } else {
            self.fold(&pending);
            self.settle();
        }
    }

    fn parse(&self, pending: &Pending<'w>) -> Result<Value, Vec<Fault>> {
        let parsed = match &pending.event.judged {
            Some(payload) => Ok(payload.clone()),
            None => check_payload(self.workspace, pending.reaction.event, pending.event.payload()),
        };
        if let Some(call) = parsed.as_ref().err().and_then(|faults| unanswered(faults)) {
            self.unanswered.note(call.clone());
        }
        parsed
    }

    fn malformed(&self, pending: &Pending<'w>, faults: &[Fault]) -> Option<Recorded> {
        let report = self.reducer.malformed.as_ref()?;
        Some(self.record(report, &pending.event, &Value::Null, faults.first(), &[]))
    }

    /// Folds one event; whether it was applied.
    pub(super) fn fold(&mut self, pending: &Pending<'w>) -> bool {
        let is_applied = self.fold_event(pending);
        if let Some(observed) = self.observed.as_mut().filter(|_| is_applied) {
            observed.applied.push(pending.event.id.clone());
        }
        is_applied
    }

    fn fold_event(&mut self, pending: &Pending<'w>) -> bool {
        let reaction = pending.reaction;
        if self.run(&reaction.before_parse, &pending.event, &Value::Null) == Flow::Ended {
            return false;
        }
        let payload = match &pending.payload {
            Some(payload) => payload.clone(),
            None => match self.parse(pending) {
                Ok(payload) => payload,
                Err(faults) => {
                    let anomaly = self.malformed(pending, &faults);
                    self.folded.extend(anomaly);
                    return false;
                }
            },
        };
        let key = reaction
            .idempotent
            .as_ref()
            .map(|(key, _)| Value::Array(key.iter().map(|part| self.value(part, &pending.event, &payload)).collect()));
        if let (Some(key), Some(idempotent), Some((_, report))) = (&key, &self.reducer.idempotent, &reaction.idempotent)
            && self.live.slot(idempotent.seen).contains(key)
        {
            let anomaly = self.record(report, &pending.event, &payload, None, &[]);
            self.folded.push(anomaly);
            return false;
        }
        for steps in [&reaction.before, &reaction.handle, &reaction.after] {
            if self.run(steps, &pending.event, &payload) == Flow::Ended {
                return false;
            }
        }
        if let (Some(key), Some(idempotent)) = (key, &self.reducer.idempotent) {
            self.remember(idempotent.seen, key);
        }
        true
    }

    fn remember(&mut self, slot: usize, key: Value) {
        let ty: &'w Type = &self.reducer.slots[slot].ty;
        self.change(Effect { slot, path: Vec::new(), kind: AssignmentKind::Add, ty, start: None, value: key });
    }

    /// Applies an effect to the live state.
    pub(super) fn change(&mut self, effect: Effect<'w>) {
        self.live.apply(self.workspace, &effect, &mut self.undo);
        if self.snapshot.is_some() {
            self.log.push(Logged::Effect(effect));
        }
    }

    /// Fills a machine slot of the live state.
    pub(super) fn fill(&mut self, slot: usize, value: Value) {
        self.undo.push(self.live.fill(slot, value.clone()));
        if self.snapshot.is_some() {
            self.log.push(Logged::Fill(slot, value));
        }
    }

    /// What was done stays: the next event, or group, starts from here.
    pub(super) fn settle(&mut self) {
        self.undo.clear();
        let Some(snapshot) = &mut self.snapshot else { return };
        for logged in self.log.drain(..) {
            match logged {
                Logged::Effect(effect) => snapshot.apply(self.workspace, &effect, &mut Vec::new()),
                Logged::Fill(slot, value) => _ = snapshot.fill(slot, value),
            }
        }
    }

    fn run(&mut self, steps: &'w [Step], event: &Received, payload: &Value) -> Flow {
        for step in steps {
            let holds = step.when.as_ref().is_none_or(|when| self.value(when, event, payload) == Value::Bool(true));
            if holds && self.act(step, event, payload) == Flow::Ended {
                return Flow::Ended;
            }
        }
        Flow::On
    }

    /// The steps of a named list.
    pub(super) fn run_nested(&mut self, steps: &'w [Step], event: &Received, payload: &Value) -> Flow {
        self.run(steps, event, payload)
    }

    /// The value of an expression where an event stands.
    pub(super) fn value(&self, expr: &Expr, event: &Received, payload: &Value) -> Value {
        evaluate(self.workspace, expr, &self.scope(event, payload)).into_owned()
    }

    pub(super) fn scope<'s>(&'s self, event: &'s Received, payload: &'s Value) -> Scope<'s> {
        let seen = FoldScope {
            envelope: &event.envelope,
            payload,
            live: &self.live,
            snapshot: self.snapshot.as_ref().unwrap_or(&self.live),
            fault: None,
            violations: &[],
        };
        Scope::of_fold(seen, &self.unanswered)
    }

    /// An anomaly with the values of its parameters here.
    pub(super) fn record(
        &self,
        report: &Report,
        event: &Received,
        payload: &Value,
        fault: Option<&Fault>,
        refusal: &[(Value, Value, Vec<String>)],
    ) -> Recorded {
        let none = Value::Null;
        let (from, to, violations) =
            refusal.first().map_or((&none, &none, &[][..]), |(from, to, codes)| (from, to, codes));
        let seen = FoldScope { fault, violations, ..self.scope(event, payload).into_fold() };
        let scope = Scope::of_fold(seen, &self.unanswered).moving(from, to);
        let params = report.params.iter().map(|param| evaluate(self.workspace, param, &scope).into_owned());
        let params = params.collect();
        let fields: Vec<(String, Value)> = self
            .reducer
            .anomaly_fields
            .iter()
            .map(|(name, field)| {
                let value = match field {
                    AnomalyField::Expression(expr) => evaluate(self.workspace, expr, &scope).into_owned(),
                    raw => field_value(self.workspace, raw, event.payload()).unwrap_or(Value::Null),
                };
                (name.clone(), value)
            })
            .collect();
        recorded(&self.reducer.anomalies[report.anomaly], &event.id, &fields, params, None)
    }

    /// The first call of a hook here or in a delegate that no vector answers: the state is worth nothing then.
    pub fn unanswered(&self) -> Option<&Fault> {
        self.unanswered.call().or_else(|| self.delegates.iter().find_map(Self::unanswered))
    }

    /// The printed state: slots and anomalies. Groups that are still open are folded first.
    pub fn finish(mut self) -> Value {
        self.close_groups();
        let mut members = BTreeMap::new();
        for (at, slot) in self.reducer.slots.iter().enumerate() {
            let value = match &slot.kind {
                SlotKind::Count { deduped } => count(if *deduped { self.deduped_count } else { self.consumed_count }),
                SlotKind::Last { deduped } => {
                    let last = if *deduped { &self.last_deduped } else { &self.last_consumed };
                    last.as_deref().map_or(Value::Null, Value::from)
                }
                SlotKind::From { delegate, slot } => {
                    let inner = &mut self.delegates[*delegate];
                    inner.close_groups();
                    super::print::slot(self.workspace, &inner.reducer.slots[*slot], inner.live.slot(*slot))
                }
                SlotKind::Value(_) | SlotKind::Machine(_) => {
                    super::print::slot(self.workspace, slot, self.live.slot(at))
                }
            };
            if slot.output != crate::model::SlotOutput::Hidden && value != Value::Null {
                members.insert(slot.name.clone(), value);
            }
        }
        let anomalies = self.anomalies();
        members.insert("anomalies".into(), Value::Array(anomalies.iter().map(Recorded::value).collect()));
        Value::Object(members)
    }

    /// All anomalies in their order, each identity once.
    fn anomalies(&mut self) -> Vec<Recorded> {
        let divergent = std::mem::take(&mut self.divergent).into_values().map(|found| Recorded {
            kind: "divergent_duplicate".into(),
            event_id: found.id.clone(),
            params: BTreeMap::from([
                ("dropped".to_owned(), Value::Array(found.dropped.iter().map(|d| d.as_str().into()).collect())),
                ("kept".to_owned(), found.kept.as_str().into()),
            ]),
            message: format!("event {} came with {} contents", found.id, found.dropped.len() + 1),
        });
        let mut all: Vec<Recorded> = divergent.collect();
        all.append(&mut self.unknown);
        all.append(&mut self.refused);
        all.append(&mut self.folded);
        for (at, delegate) in self.reducer.delegates.iter().enumerate() {
            let anomaly = &self.reducer.anomalies[delegate.anomaly];
            self.delegates[at].close_groups();
            for inner in self.delegates[at].anomalies() {
                all.push(recorded(anomaly, &inner.event_id, &[], Vec::new(), Some(&inner)));
            }
        }
        let mut seen = BTreeSet::new();
        all.retain(|anomaly| seen.insert(anomaly.identity()));
        all
    }
}

#[expect(clippy::cast_precision_loss, reason = "no log has 2^53 events")]
fn count(events: u64) -> Value {
    Value::Number(events as f64)
}
