//! A machine, a state and where to go enter; whether that is allowed leaves, what follows, and which rules are broken.

use std::collections::BTreeSet;

use super::expression::{Scope, evaluate};
use super::unanswered::Unanswered;
use crate::json::Value;
use crate::model::{Cell, Edges, InputTable, Machine, MachineForm, MachineRule, Workspace};

/// The violation of the edge test.
const EDGE: &str = "EDGE";

/// Whether the machine has the edge; rules are not asked.
pub fn is_allowed(machine: &Machine, from: Option<usize>, to: usize) -> bool {
    successors(machine, from).contains(&to)
}

/// The states that may follow, in declared order; `from` none is "nothing recorded yet". A table has the edges that its
/// cells lead along; to stay is none.
pub fn successors(machine: &Machine, from: Option<usize>) -> Vec<usize> {
    let at = from.map_or(0, |state| state + 1);
    match &machine.form {
        MachineForm::Edges(edges) => edges.allowed[at].clone(),
        MachineForm::Table(table) => {
            let leads_to = |cell: &Cell| if let Cell::To(state) = cell { Some(*state) } else { None };
            let states: BTreeSet<usize> = table.rows[at].iter().filter_map(leads_to).collect();
            states.into_iter().collect()
        }
    }
}

/// Whether the state ends a life: it stands in the set `terminal` of its enum or, where the enum has no such set, nothing
/// follows it.
pub fn is_terminal(workspace: &Workspace, machine: &Machine, state: usize) -> bool {
    match workspace.enums[machine.states].set("terminal") {
        Some(set) => set.members.contains(&state),
        None => successors(machine, Some(state)).is_empty(),
    }
}

/// What an input makes of a state.
pub fn next(table: &InputTable, state: Option<usize>, input: usize) -> Cell {
    table.rows[state.map_or(0, |state| state + 1)][input]
}

/// Codes of the rules that refuse a move, in order. Without a payload only rules that read none can be asked.
pub fn violations<'a>(
    workspace: &Workspace,
    machine: &Machine,
    edges: &'a Edges,
    from: Option<usize>,
    to: usize,
    payload: Option<&Value>,
    unanswered: &Unanswered,
) -> Vec<&'a str> {
    let state = |index: usize| workspace.enums[machine.states].values[index].text.as_str().into();
    let (from_value, to_value) = (from.map_or(Value::Null, state), state(to));
    let scope = Scope::of_move(payload.unwrap_or(&Value::Null), &from_value, &to_value, unanswered);
    let holds = |condition| *evaluate(workspace, condition, &scope) == Value::Bool(true);
    let broken = edges.rules.iter().filter_map(|rule| match rule {
        MachineRule::Edge => {
            let passes = edges.is_allowed(from, to) || edges.bypass.as_ref().is_some_and(holds);
            (!passes).then_some(EDGE)
        }
        MachineRule::Deny { code, when } => holds(when).then_some(code.as_str()),
    });
    broken.collect()
}
