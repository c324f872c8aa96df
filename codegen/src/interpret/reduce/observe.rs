//! A fold that is watched enters; what its machines were asked, which events were applied and what was recorded leave.
//!
//! Nothing here changes what a fold does: those who search for logs ask it, nobody who reduces one.

use super::fold::Fold;
use crate::fault::Fault;
use crate::interpret::Unanswered;
use crate::interpret::expression::{FoldScope, Scope, evaluate};
use crate::json::Value;
use crate::model::{Expr, MachineId, Reducer, Workspace};

/// What happened since the fold was asked last.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// Every question to a machine, in order.
    pub asked: Vec<Asked>,
    /// Ids of the events that were applied, in order.
    pub applied: Vec<String>,
}

/// A question to a machine: may this move happen?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The machine.
    pub machine: MachineId,
    /// The state left; none is "nothing recorded yet".
    pub from: Option<usize>,
    /// The state entered.
    pub to: usize,
    /// The answer.
    pub is_allowed: bool,
}

impl<'w> Fold<'w> {
    /// A fold that has seen nothing and is watched.
    pub fn watched(workspace: &'w Workspace, reducer: &'w Reducer) -> Self {
        let mut fold = Self::new(workspace, reducer);
        fold.observed = Some(Observed::default());
        fold
    }

    /// Folds all groups that are still open; what happened since the last time leaves.
    pub fn observe(&mut self) -> Observed {
        self.close_groups();
        self.delegates.iter_mut().for_each(Self::close_groups);
        self.observed.replace(Observed::default()).unwrap_or_default()
    }

    /// The value of a slot that holds a value or the state of a machine.
    pub fn slot_value(&self, slot: usize) -> Value {
        self.live.slot(slot).value(self.workspace, &self.reducer.slots[slot].ty)
    }

    /// Whether a condition over the state alone holds; in place of that a call of a hook that no vector answers.
    pub fn holds(&self, condition: &Expr) -> Result<bool, Fault> {
        let unanswered = Unanswered::default();
        let holds = *evaluate(self.workspace, condition, &self.state_scope(&unanswered)) == Value::Bool(true);
        unanswered.call().map_or(Ok(holds), |call| Err(call.clone()))
    }

    /// Kind and event of every anomaly so far; those of delegates under the kind that carries them.
    pub fn recorded(&self) -> Vec<(&str, &str)> {
        let own = self.unknown.iter().chain(&self.refused).chain(&self.folded);
        let own = own.map(|anomaly| (anomaly.kind.as_str(), anomaly.event_id.as_str()));
        let inner = self.reducer.delegates.iter().zip(&self.delegates).flat_map(|(delegate, fold)| {
            let kind = self.reducer.anomalies[delegate.anomaly].kind.as_str();
            fold.recorded().into_iter().map(move |(_, event)| (kind, event))
        });
        own.chain(inner).collect()
    }
}

impl Fold<'_> {
    fn state_scope<'s>(&'s self, unanswered: &'s Unanswered) -> Scope<'s> {
        let seen = FoldScope {
            envelope: &Value::Null,
            payload: &Value::Null,
            live: &self.live,
            snapshot: self.snapshot.as_ref().unwrap_or(&self.live),
            fault: None,
            violations: &[],
        };
        Scope::of_fold(seen, unanswered)
    }
}
