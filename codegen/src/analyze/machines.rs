//! Machines enter; findings about states that no edge leads to, states that none leads out of, and edges and rules that
//! decide nothing leave.

use std::collections::BTreeSet;

use super::exact::payloads;
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr::reads;
use crate::interpret::{Scope, Unanswered, evaluate, is_terminal, successors};
use crate::json::Value;
use crate::model::{Edges, Expr, Machine, MachineForm, MachineRule, Payload, Workspace};
use crate::source::Span;

/// How many moves of a machine are looked at: larger ones are left alone.
const MOST: usize = 200_000;
/// How many states are named in one finding.
const NAMED: usize = 6;

/// "Nothing recorded yet", as it is written.
pub(crate) const NONE: &str = "none";

pub(crate) fn check(workspace: &Workspace, out: &mut Diagnostics) {
    for machine in &workspace.machines {
        let reached = reached(workspace, machine);
        check_states(workspace, machine, &reached, out);
        if let MachineForm::Edges(edges) = &machine.form {
            check_rules(workspace, machine, edges, &reached, out);
        }
    }
}

/// The name of a state.
pub(crate) fn state(workspace: &Workspace, machine: &Machine, state: Option<usize>) -> String {
    state.map_or(NONE.to_owned(), |index| workspace.enums[machine.states].values[index].text.clone())
}

/// States that edges lead to. Where a condition bypasses the edges, that is all of them.
pub(crate) fn reached(workspace: &Workspace, machine: &Machine) -> BTreeSet<usize> {
    if matches!(&machine.form, MachineForm::Edges(edges) if edges.bypass.is_some()) {
        return (0..workspace.enums[machine.states].values.len()).collect();
    }
    let mut open = successors(machine, None);
    let mut found = BTreeSet::new();
    while let Some(state) = open.pop() {
        if found.insert(state) {
            open.extend(successors(machine, Some(state)));
        }
    }
    found
}

fn check_states(workspace: &Workspace, machine: &Machine, reached: &BTreeSet<usize>, out: &mut Diagnostics) {
    let item = &workspace.enums[machine.states];
    let name = &machine.meta.name;
    if reached.is_empty() {
        let message = format!("no state of `{name}` can be reached");
        out.push(
            Diagnostic::new(&rules::STATE_UNREACHABLE, machine.meta.span, message)
                .help("say under `none` which states may come first"),
        );
        return;
    }
    let bypasses = matches!(&machine.form, MachineForm::Edges(edges) if edges.bypass.is_some());
    for (index, value) in item.values.iter().enumerate() {
        let text = &value.text;
        if !reached.contains(&index) {
            let message = format!("no edges of `{name}` lead to `{text}`");
            out.push(
                Diagnostic::new(&rules::STATE_UNREACHABLE, machine.meta.span, message)
                    .related(value.span, "the state")
                    .help(format!("add an edge to `{text}`, or remove the state")),
            );
        } else if !bypasses && !is_terminal(workspace, machine, index) && successors(machine, Some(index)).is_empty() {
            let message = format!("`{name}` never leaves `{text}`, which is not terminal");
            out.push(
                Diagnostic::new(&rules::SINK_NOT_TERMINAL, machine.meta.span, message)
                    .related(value.span, "the state")
                    .help(format!("add an edge out of `{text}`, or name it in the set `terminal`")),
            );
        }
    }
}

/// Rules that refuse nothing, and edges that they always refuse.
fn check_rules(
    workspace: &Workspace,
    machine: &Machine,
    edges: &Edges,
    reached: &BTreeSet<usize>,
    out: &mut Diagnostics,
) {
    let denials: Vec<(&str, &Expr)> = edges
        .rules
        .iter()
        .filter_map(|rule| match rule {
            MachineRule::Edge => None,
            MachineRule::Deny { code, when } => Some((code.as_str(), when)),
        })
        .collect();
    let conditions: Vec<&Expr> = denials.iter().map(|(_, when)| *when).collect();
    let Some(payloads) = payloads_of(workspace, edges, &conditions) else { return };
    let states = &workspace.enums[machine.states].values;
    if states.len() * states.len() * payloads.len() > MOST {
        return;
    }
    let text = |index: usize| Value::from(states[index].text.as_str());
    let denies = |when: &Expr, from: Option<usize>, to: usize, payload: &Value| {
        let (from, to) = (from.map_or(Value::Null, text), text(to));
        // Payloads are made for conditions without hooks alone.
        let unanswered = Unanswered::default();
        *evaluate(workspace, when, &Scope::of_move(payload, &from, &to, &unanswered)) == Value::Bool(true)
    };
    let all: Vec<Option<usize>> = std::iter::once(None).chain((0..states.len()).map(Some)).collect();
    for (code, when) in &denials {
        let fires = |from: &Option<usize>| {
            (0..states.len()).any(|to| payloads.iter().any(|payload| denies(when, *from, to, payload)))
        };
        if !all.iter().any(fires) {
            let message = format!("the rule `{code}` refuses nothing");
            out.push(
                Diagnostic::new(&rules::RULE_REDUNDANT, when.span, message)
                    .help("remove the rule, or ask for what can happen"),
            );
        }
    }
    let is_refused = |row: usize, to: usize| {
        let from = row.checked_sub(1);
        let passes = |payload: &Value| !conditions.iter().any(|when| denies(when, from, to, payload));
        from.is_none_or(|from| reached.contains(&from)) && !payloads.iter().any(passes)
    };
    for (from, to, place) in failing(workspace, machine, edges, is_refused) {
        let message = format!("rules always refuse the edge from {from} to {to}");
        out.push(
            Diagnostic::new(&rules::EDGE_REFUSED, place, message).help("remove the edge, or let the rules pass it"),
        );
    }
}

/// Edges of which something holds: as they are written, the states left named together.
pub(crate) fn failing(
    workspace: &Workspace,
    machine: &Machine,
    edges: &Edges,
    fails: impl Fn(usize, usize) -> bool,
) -> Vec<(String, String, Span)> {
    let mut found = Vec::new();
    let count: usize = edges.written.iter().map(|written| written.rows.len() * written.targets.len()).sum();
    for written in edges.written.iter().filter(|_| count <= MOST) {
        for &(to, place) in &written.targets {
            let rows: Vec<usize> = written.rows.iter().copied().filter(|row| fails(*row, to)).collect();
            if !rows.is_empty() {
                let shown = |row: &usize| format!("`{}`", state(workspace, machine, row.checked_sub(1)));
                let mut names: Vec<String> = rows.iter().take(NAMED).map(shown).collect();
                if rows.len() > NAMED {
                    names.push(format!("{} others", rows.len() - NAMED));
                }
                found.push((names.join(", "), format!("`{}`", state(workspace, machine, Some(to))), place));
            }
        }
    }
    found
}

/// Every payload that the rules can tell apart; one without members where they read none.
fn payloads_of(workspace: &Workspace, edges: &Edges, conditions: &[&Expr]) -> Option<Vec<Value>> {
    let Some(event) = edges.with else { return Some(vec![Value::object([])]) };
    let Payload::Record(id) = workspace.events[event].payload else { return None };
    let record = &workspace.records[id];
    let fields = conditions.iter().flat_map(|condition| reads(condition, record)).collect();
    payloads(workspace, record, conditions, &fields)
}
