//! What shows a change in what logs fold to enters; notes for people and tools leave.

use super::replay::Divergence;
use super::report::Evidence;
use crate::json::{Value, canonical};

/// A state is printed whole up to so many bytes; of a larger one only what differs.
const WHOLE: usize = 1_000;

/// The log as `codegen replay` reads it, and the two states that it folds to; or how far the search went.
pub(super) fn notes(evidence: Evidence) -> Vec<String> {
    match evidence {
        Evidence::NotAsked => Vec::new(),
        Evidence::None { tried, is_complete } => {
            let end = if is_complete { "the search met no further state" } else { "the search ended at its bound" };
            vec![format!("none of {tried} logs that were tried folds differently, and {end}")]
        }
        Evidence::Log(divergence) => {
            let Divergence { log, old, new, difference, .. } = &divergence;
            let mut lines: Vec<String> = log.iter().map(canonical).collect();
            let head = match log.len() {
                0 => "even the empty log folds differently".to_owned(),
                1 => "shortest log found that folds differently, 1 event:".to_owned(),
                count => format!("shortest log found that folds differently, {count} events:"),
            };
            lines.insert(0, head);
            let parts = || difference.slots.iter().map(String::as_str).chain(["anomalies"]);
            let is_large = canonical(old).len().max(canonical(new).len()) > WHOLE;
            let state = |state: &Value| {
                if !is_large {
                    return canonical(state);
                }
                canonical(&Value::object(parts().filter_map(|name| Some((name, state.get(name)?.clone())))))
            };
            let part = if is_large { " (what differs)" } else { "" };
            vec![
                lines.join("\n"),
                format!("its state was{part}:\n{}", state(old)),
                format!("its state is{part}:\n{}", state(new)),
            ]
        }
    }
}
