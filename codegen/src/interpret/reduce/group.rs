//! Events that happened together enter; they are folded in their order, with what overrides them.

use std::cmp::Ordering;

use super::fold::Fold;
use super::received::{Key, Received, key_of};
use crate::json::{self, Value};
use crate::model::{Expr, ExprType, Reaction};

/// An event that waits for its turn.
#[derive(Clone)]
pub(super) struct Pending<'w> {
    pub reaction: &'w Reaction,
    pub event: Received,
    /// The payload, where it was parsed already.
    pub payload: Option<Value>,
}

/// Events with equal keys.
#[derive(Clone)]
pub(super) struct Group<'w> {
    events: Vec<Pending<'w>>,
}

impl<'w> Fold<'w> {
    /// Puts an event into its group.
    pub(super) fn enqueue(&mut self, pending: Pending<'w>) {
        let parts = pending.reaction.group_by.iter().map(|part| self.key_value(part, &pending));
        let key = json::canonical(&Value::Array(parts.collect()));
        if let Some(&at) = self.open_by_key.get(&key) {
            self.open[at].events.push(pending);
        } else {
            self.open_by_key.insert(key, self.open.len());
            self.open.push(Group { events: vec![pending] });
        }
    }

    fn key_value(&self, expr: &Expr, pending: &Pending<'w>) -> Value {
        self.value(expr, &pending.event, pending.payload.as_ref().unwrap_or(&Value::Null))
    }

    /// Every group is complete when the first key of the order changes.
    pub(super) fn close_groups_before(&mut self, event: &Received) {
        let last = self.open.last().and_then(|group| group.events.first());
        if last.is_some_and(|last| !last.event.shares_first_key(event)) {
            self.close_groups();
        }
    }

    /// Folds all open groups, in the order of their first events.
    pub(super) fn close_groups(&mut self) {
        self.open_by_key.clear();
        for group in std::mem::take(&mut self.open) {
            self.fold_group(group);
            self.settle();
        }
    }

    /// Folds what is open here and in delegates: nothing follows.
    pub(super) fn close(&mut self) {
        self.close_groups();
        self.delegates.iter_mut().for_each(Self::close);
    }

    fn fold_group(&mut self, group: Group<'w>) {
        let events = self.in_group_order(group.events);
        let concurrent = self.reducer.concurrent.as_ref().expect("only concurrent reducers have groups");
        let Some(rule) = &concurrent.override_rule else {
            for pending in &events {
                self.fold(pending);
            }
            return;
        };
        let overrides = |pending: &Pending<'_>| rule.by.contains(&pending.reaction.event);
        let yields = |pending: &Pending<'_>| rule.over.contains(&pending.reaction.event);
        if !events.iter().any(overrides) || !events.iter().any(yields) {
            for pending in &events {
                self.fold(pending);
            }
            return;
        }
        let (recorded, observed) = (self.folded.len(), self.observed.clone());
        let mut has_won = false;
        for pending in events.iter().filter(|pending| !yields(pending)) {
            has_won |= self.fold(pending) && overrides(pending);
        }
        if has_won {
            for pending in events.iter().filter(|pending| yields(pending)) {
                let report = pending.reaction.overridden.as_ref().expect("what yields has a report");
                let anomaly = self.record(report, &pending.event, &Value::Null, None, &[]);
                self.folded.push(anomaly);
            }
            return;
        }
        // What was refused overrides nothing: the group is folded again, whole.
        let undo = std::mem::take(&mut self.undo);
        self.live.revert(undo);
        self.log.clear();
        self.folded.truncate(recorded);
        self.observed = observed;
        for pending in &events {
            self.fold(pending);
        }
    }

    /// Those that go last behind the others; within both the order of the log, or that of `then_by`.
    fn in_group_order(&self, events: Vec<Pending<'w>>) -> Vec<Pending<'w>> {
        let mut keyed: Vec<(bool, Vec<Key>, Pending<'w>)> = events
            .into_iter()
            .map(|pending| {
                let goes_last = pending.reaction.goes_last.as_ref();
                let goes_last = goes_last.is_some_and(|last| self.key_value(last, &pending) == Value::Bool(true));
                let keys = pending.reaction.then_by.iter().map(|part| self.order_key(part, &pending)).collect();
                (goes_last, keys, pending)
            })
            .collect();
        // The sort is stable, so that where keys are equal the order of the log stays.
        keyed.sort_by(|(last, keys, _), (other_last, other_keys, _)| {
            last.cmp(other_last).then(keys.partial_cmp(other_keys).unwrap_or(Ordering::Equal))
        });
        keyed.into_iter().map(|(_, _, pending)| pending).collect()
    }

    fn order_key(&self, expr: &Expr, pending: &Pending<'w>) -> Key {
        let ExprType::Of(ty) = &expr.ty else { unreachable!("keys of an order were checked to be values") };
        key_of(self.workspace, ty, &self.key_value(expr, pending))
    }
}
