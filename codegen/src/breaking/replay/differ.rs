//! Two printed states enter; the slots and kinds of anomalies in which they differ leave.

use std::collections::BTreeSet;

use crate::json::{Value, canonical};
use crate::model::Reducer;

/// A log that folds differently, and how.
#[derive(Debug, Clone)]
pub(in crate::breaking) struct Divergence {
    /// Its envelopes, in order.
    pub log: Vec<Value>,
    /// The type of its last event, as written.
    pub event_type: String,
    /// What machines were asked by it: machine, state left, state entered.
    pub asked: Vec<(String, Option<String>, String)>,
    /// The state that it folded to.
    pub old: Value,
    /// The state that it folds to now.
    pub new: Value,
    /// How they differ.
    pub difference: Difference,
}

/// Where two states differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::breaking) struct Difference {
    pub slots: BTreeSet<String>,
    pub anomalies: BTreeSet<String>,
}

impl Difference {
    /// Compares what both versions print. A slot that is new is no difference, and neither is the text of an anomaly.
    pub fn between(reducer: &Reducer, old: &Value, new: &Value) -> Self {
        let slots = reducer.slots.iter().map(|slot| slot.name.as_str());
        let slots = slots.filter(|name| old.get(name) != new.get(name)).map(str::to_owned).collect();
        let (before, after) = (identities(old), identities(new));
        let is_in = |all: &[(String, String)], identity: &String| all.iter().any(|(other, _)| other == identity);
        let missing = before.iter().filter(|(it, _)| !is_in(&after, it));
        let added = after.iter().filter(|(it, _)| !is_in(&before, it));
        let mut anomalies: BTreeSet<String> = missing.chain(added).map(|(_, kind)| kind.clone()).collect();
        if anomalies.is_empty() {
            // The same anomalies in another order.
            let moved = before.iter().zip(&after).filter(|(a, b)| a != b);
            anomalies.extend(moved.map(|((_, kind), _)| kind.clone()));
        }
        Self { slots, anomalies }
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.anomalies.is_empty()
    }
}

/// The identity of each anomaly, with its kind.
fn identities(state: &Value) -> Vec<(String, String)> {
    let Some(Value::Array(anomalies)) = state.get("anomalies") else { return Vec::new() };
    let identity = |anomaly: &Value| {
        let kind = anomaly.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let parts = ["kind", "event_id", "params"].map(|name| anomaly.get(name).map(canonical));
        (format!("{parts:?}"), kind)
    };
    anomalies.iter().map(identity).collect()
}
