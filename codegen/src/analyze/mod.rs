//! A workspace enters; what its machines and reducers can never do, or must not do, leaves as findings.
//!
//! What can be told by looking is told by looking; the rest is found by [`search`]ing the logs of each reducer.

mod atoms;
mod claims;
mod coverage;
mod events;
mod exact;
mod groups;
mod hooks;
mod letters;
mod log;
mod machines;
mod partition;
mod payloads;
mod precedence;
mod reading;
mod record_rules;
pub mod rules;
pub mod search;
mod slots;

pub use letters::Letter;

use crate::diagnostic::Diagnostics;
use crate::model::Workspace;
use search::{Budget, Exploration, explore};

/// Adds what is found in a workspace that stands, even where errors were found in it.
pub fn analyze(workspace: &Workspace, out: &mut Diagnostics) {
    machines::check(workspace, out);
    record_rules::check(workspace, out);
    events::check(workspace, out);
    let mut explored: Vec<Option<Exploration<'_>>> = Vec::new();
    for reducer in &workspace.reducers {
        slots::check(workspace, reducer, out);
        partition::check(workspace, reducer, out);
        // A claim may fail in the states that are looked at, even where there are more.
        let whole = Budget::default();
        let brief = Budget { steps_in_vain: whole.steps_in_vain / 8, ..whole };
        let found = explore(workspace, reducer, if reducer.claims.is_empty() { brief } else { whole });
        claims::check(workspace, reducer, found.as_ref(), out);
        if let Some(found) = &found {
            coverage::check(found, out);
            precedence::check(found, out);
        }
        explored.push(found);
    }
    coverage::check_machines(workspace, &explored, out);
}
