//! What a reducer does with an event enters, in both versions; conditions and effects that differ leave.

use std::collections::{BTreeMap, BTreeSet};

use super::super::meaning::meaning;
use super::super::pair::{Pair, Place};
use super::super::rules;
use super::slots::kind;
use super::suspect::{Shows, Suspect};
use crate::diagnostic::Rule;
use crate::model::{Access, Action, Assignment, AssignmentKind, Reaction, Reducer, Report, Target, Workspace};
use crate::source::Span;

/// A reducer of one version.
pub(super) struct Version<'a> {
    pub workspace: &'a Workspace,
    pub reducer: &'a Reducer,
    slots: Vec<String>,
    /// Kinds of anomalies that the other version lacks: that is told about them, not about every step.
    own_kinds: BTreeSet<&'a str>,
}

/// One action of a step: what it does, when, and where the step stands.
struct Act {
    what: String,
    when: String,
    /// The slot that it changes and does nothing else.
    slot: Option<String>,
    span: Span,
}

impl<'a> Version<'a> {
    pub fn new(workspace: &'a Workspace, reducer: &'a Reducer, other: &Reducer) -> Self {
        let slots = reducer.slots.iter().map(|slot| slot.name.clone()).collect();
        let kinds = reducer.anomalies.iter().map(|anomaly| anomaly.kind.as_str());
        let own_kinds = kinds.filter(|kind| other.anomalies.iter().all(|it| it.kind != **kind)).collect();
        Self { workspace, reducer, slots, own_kinds }
    }

    /// What a slot holds; none where there is no such slot.
    fn holds(&self, name: &str) -> Option<String> {
        let slot = self.reducer.slots.iter().find(|slot| slot.name == name)?;
        Some(kind(self.workspace, self.reducer, slot))
    }

    /// The meaning of an expression over the state.
    pub fn meaning(&self, expr: &crate::model::Expr) -> String {
        meaning(self.workspace, &self.slots, expr)
    }

    pub fn report(&self, report: &Report) -> String {
        let anomaly = &self.reducer.anomalies[report.anomaly];
        let params = anomaly.params.iter().zip(&report.params);
        let mut params: Vec<String> = params.map(|(name, expr)| format!("{name}: {}", self.meaning(expr))).collect();
        params.sort();
        let kind = if self.own_kinds.contains(anomaly.kind.as_str()) { "an anomaly" } else { &anomaly.kind };
        format!("{kind} {{{}}}", params.join(", "))
    }

    fn acts(&self, reaction: &Reaction) -> Vec<Act> {
        let act = |reached: crate::model::Reached<'_>| {
            let mut when: Vec<String> = reached.guards.iter().map(|guard| self.meaning(guard)).collect();
            when.sort();
            when.dedup();
            let slot = match reached.action {
                Action::Effect(_, target, _) => Some(self.slots[target.slot].clone()),
                _ => None,
            };
            Act { what: self.act(reached.action), when: when.join(" && "), slot, span: reached.span }
        };
        reaction.actions().into_iter().map(act).collect()
    }

    fn act(&self, action: &Action) -> String {
        let machine = |id: crate::model::MachineId| &self.workspace.machines[id].meta.name;
        match action {
            Action::Reject(report) => format!("reject {}", self.report(report)),
            Action::Warn(report) => format!("warn {}", self.report(report)),
            Action::Skip => "skip".to_owned(),
            Action::Move { slot, machine: id, to, otherwise } => {
                format!(
                    "move {} of {} to {} else {}",
                    self.slots[*slot],
                    machine(*id),
                    self.meaning(to),
                    self.report(otherwise)
                )
            }
            Action::Check { machine: id, from, to, otherwise } => {
                let (from, to) = (self.meaning(from), self.meaning(to));
                format!("check {} from {from} to {to} else {}", machine(*id), self.report(otherwise))
            }
            Action::Effect(kind, target, value) => {
                let value = value.as_ref().map_or_else(String::new, |value| self.assignment(value));
                format!("{} {} {value}", word(*kind), self.target(target))
            }
            Action::Steps(_) => unreachable!("actions are given with those of named steps in their place"),
        }
    }

    fn target(&self, target: &Target) -> String {
        let path = target.path.iter().map(|access| match access {
            Access::Field(name) => format!(".{name}"),
            Access::Key { key, .. } => format!("[{}]", self.meaning(key)),
        });
        format!("{}{}", self.slots[target.slot], path.collect::<String>())
    }

    fn assignment(&self, value: &Assignment) -> String {
        match value {
            Assignment::Value(expr) => self.meaning(expr),
            Assignment::List(parts, _) => {
                format!("[{}]", parts.iter().map(|part| self.assignment(part)).collect::<Vec<_>>().join(", "))
            }
            Assignment::Record(members, _) => {
                let mut members: Vec<String> =
                    members.iter().map(|(name, value)| format!("{name}: {}", self.assignment(value))).collect();
                members.sort();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

fn word(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Set => "set",
        AssignmentKind::Init => "init",
        AssignmentKind::Increment => "inc",
        AssignmentKind::Append => "append",
        AssignmentKind::AppendUnique => "append_unique",
        AssignmentKind::Add => "add",
        AssignmentKind::Put => "put",
        AssignmentKind::Drop => "drop",
        AssignmentKind::Clear => "clear",
    }
}

/// A change of a step: one for all events that it is instantiated for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Changed {
    Guard(Span, Span),
    Effect(Span, Span),
    Gone(Span),
    Come(Span),
    Order(Span, Span),
}

/// Compares the steps of every event that both versions consume.
pub(super) fn suspects(pair: &Pair<'_>, whole: &Place, old: &Version<'_>, new: &Version<'_>, found: &mut Vec<Suspect>) {
    let mut changed: BTreeMap<Changed, Vec<String>> = BTreeMap::new();
    for before in &old.reducer.reactions {
        let Some(after) = pair.new_event(before.event).and_then(|event| new.reducer.reaction(event)) else { continue };
        // What happens to a slot that only one version has, or that holds something else, is told about the slot.
        let is_shared = |act: &Act| act.slot.as_ref().is_none_or(|slot| old.holds(slot) == new.holds(slot));
        let shared = |acts: Vec<Act>| acts.into_iter().filter(is_shared).collect::<Vec<Act>>();
        let (then, now) = (shared(old.acts(before)), shared(new.acts(after)));
        for change in changes(&then, &now, whole) {
            changed.entry(change).or_default().push(pair.old.events[before.event].wire.clone());
        }
    }
    for (change, events) in changed {
        let steps = format!("`{}`", events.join("`, `"));
        let name = &whole.name;
        let (rule, old, new, message, help): (&'static Rule, _, _, _, _) = match change {
            Changed::Guard(a, b) => (
                &rules::REPLAY_GUARD_SAME,
                Some(a),
                Some(b),
                format!("`{name}` takes a step for {steps} on another condition"),
                "keep the condition; let new behaviour ask for something that old events lack, such as a new field",
            ),
            Changed::Effect(a, b) => (
                &rules::REPLAY_EFFECT_SAME,
                Some(a),
                Some(b),
                format!("`{name}` does something else for {steps}"),
                "keep the step for events that old logs hold, and give the new behaviour an event of its own",
            ),
            Changed::Gone(a) => (
                &rules::REPLAY_EFFECT_SAME,
                Some(a),
                whole.new,
                format!("`{name}` does something else for {steps}: a step is gone"),
                "keep the step for events that old logs hold, and give the new behaviour an event of its own",
            ),
            Changed::Come(b) => (
                &rules::REPLAY_EFFECT_SAME,
                whole.old,
                Some(b),
                format!("`{name}` does something else for {steps}: a step is new"),
                "let the step ask for something that old events lack, or give it an event of its own",
            ),
            Changed::Order(a, b) => (
                &rules::REPLAY_EFFECT_SAME,
                Some(a),
                Some(b),
                format!("`{name}` takes the steps for {steps} in another order"),
                "keep the order: the first refusal ends an event",
            ),
        };
        let place = Place { name: format!("{name}.{}", events[0]), old, new };
        found.push(Suspect::new(rule, place, message, help, Shows::Events(events)));
    }
}

/// How two lists of actions differ.
fn changes(old: &[Act], new: &[Act], whole: &Place) -> Vec<Changed> {
    let mut rest: Vec<&Act> = new.iter().collect();
    let (mut changed, mut paired, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for act in old {
        let same = |other: &&Act| other.what == act.what;
        let at =
            rest.iter().position(|other| same(other) && other.when == act.when).or_else(|| rest.iter().position(same));
        match at {
            Some(at) => paired.push((act, rest.remove(at))),
            None => gone.push(act),
        }
    }
    for act in gone {
        // What takes its place is done on the same condition.
        changed.push(match rest.iter().position(|other| other.when == act.when) {
            Some(at) => Changed::Effect(act.span, rest.remove(at).span),
            None => Changed::Gone(act.span),
        });
    }
    changed.extend(rest.iter().map(|act| Changed::Come(act.span)));
    let guards = paired.iter().filter(|(a, b)| a.when != b.when);
    changed.extend(guards.map(|(a, b)| Changed::Guard(a.span, b.span)));
    if changed.is_empty() && old.iter().zip(new).any(|(a, b)| a.what != b.what || a.when != b.when) {
        let first = paired.first().map(|(a, b)| (a.span, b.span));
        changed.extend(first.or(whole.old.zip(whole.new)).map(|(a, b)| Changed::Order(a, b)));
    }
    changed
}
