//! What logs reach enters; findings about anomalies, edges and events that none of them shows leave.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::shortest_pair;
use super::machines::{failing, reached, state};
use super::rules;
use super::search::Exploration;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::interpret::Asked;
use crate::json::Value;
use crate::model::{Action, EventId, Machine, MachineForm, MachineId, Reducer, Report, SlotKind, Workspace};

/// Anomalies that nothing produces, and events that some states never take.
pub(crate) fn check(found: &Exploration<'_>, out: &mut Diagnostics) {
    check_anomalies(found, out);
    if found.is_complete {
        check_events(found, out);
    }
}

fn check_anomalies(found: &Exploration<'_>, out: &mut Diagnostics) {
    let reducer = found.reducer;
    let named = named(reducer);
    for (at, anomaly) in reducer.anomalies.iter().enumerate() {
        let kind = &anomaly.kind;
        let is_named = named.contains(&at);
        // These two have to be declared, whether or not they can come up.
        let is_demanded = is_named && matches!(kind.as_str(), "malformed_payload" | "invalid_transition");
        let is_shown = || {
            found.recording(kind).is_some()
                || (reducer.concurrent.is_some()
                    && shortest_pair(found, |followed| followed.anomalies.contains(kind)).is_some())
        };
        if is_demanded || (is_named && (!found.is_complete || is_shown())) {
            continue;
        }
        let message = format!("nothing produces the anomaly `{kind}`");
        let finding = Diagnostic::new(&rules::ANOMALY_NOT_PRODUCED, anomaly.span, message);
        out.push(if is_named {
            finding
                .label(format!("no log gets there: {} states were tried", found.nodes.len()))
                .help("let the steps that record it be reached, or remove it")
        } else {
            finding.help("record it in a step, or remove it")
        });
    }
}

/// Kinds that some step, or the reducer itself, records.
fn named(reducer: &Reducer) -> BTreeSet<usize> {
    let mut named: BTreeSet<usize> = reducer.delegates.iter().map(|delegate| delegate.anomaly).collect();
    let mut name = |report: &Report| _ = named.insert(report.anomaly);
    reducer.unknown.iter().for_each(|unknown| name(&unknown.report));
    reducer.malformed.iter().for_each(&mut name);
    for reaction in &reducer.reactions {
        reaction.idempotent.iter().for_each(|(_, report)| name(report));
        reaction.overridden.iter().for_each(&mut name);
        for reached in reaction.actions() {
            match reached.action {
                Action::Reject(report) | Action::Warn(report) => name(report),
                Action::Move { otherwise, .. } | Action::Check { otherwise, .. } => name(otherwise),
                Action::Skip | Action::Effect(..) | Action::Steps(_) => {}
            }
        }
    }
    named
}

/// Events that are never applied in some state of the machine they are about.
fn check_events(found: &Exploration<'_>, out: &mut Diagnostics) {
    let reducer = found.reducer;
    let machines = reducer.slots.iter().enumerate().filter(|(_, slot)| matches!(slot.kind, SlotKind::Machine(_)));
    for (at, slot) in machines {
        let here: Vec<Value> = found.nodes.iter().map(|node| node.fold.slot_value(at)).collect();
        let shown = |value: &Value| value.as_str().unwrap_or(super::machines::NONE).to_owned();
        let mut states: Vec<String> = Vec::new();
        let mut applied: BTreeSet<(EventId, String)> = BTreeSet::new();
        for value in &here {
            if !states.contains(&shown(value)) {
                states.push(shown(value));
            }
        }
        for step in found.steps.iter().filter(|step| step.is_applied) {
            applied.extend(found.letters[step.letter].event.map(|event| (event, shown(&here[step.from]))));
        }
        let refused = reducer.reactions.iter().filter_map(|reaction| {
            let never = states.iter().filter(|state| !applied.contains(&(reaction.event, (*state).clone())));
            let never: Vec<String> = never.map(|state| format!("`{state}`")).collect();
            let name = &found.workspace.events[reaction.event].meta.name;
            (!never.is_empty()).then(|| format!("`{name}` in {}", never.join(", ")))
        });
        let refused: Vec<String> = refused.collect();
        if !refused.is_empty() {
            let message = format!("never applied, by `{}`: {}", slot.name, refused.join("; "));
            out.push(
                Diagnostic::new(&rules::EVENT_NEVER_APPLIED, slot.span, message)
                    .help("nothing to do where these are mistakes of whoever sends them"),
            );
        }
    }
}

/// Edges that no step takes, and states that refuse to be entered again.
pub(crate) fn check_machines(workspace: &Workspace, explored: &[Option<Exploration<'_>>], out: &mut Diagnostics) {
    let mut users: BTreeMap<MachineId, Vec<usize>> = BTreeMap::new();
    for (at, reducer) in workspace.reducers.iter().enumerate() {
        for machine in machines_of(reducer) {
            users.entry(machine).or_default().push(at);
        }
    }
    for (id, users) in users {
        let known: Option<Vec<&Exploration<'_>>> =
            users.iter().map(|&at| explored[at].as_ref().filter(|found| found.is_complete)).collect();
        let Some(known) = known else { continue };
        let machine = &workspace.machines[id];
        let asked = || known.iter().flat_map(|found| &found.steps).flat_map(|step| &step.asked);
        let asked: Vec<&Asked> = asked().filter(|asked| asked.machine == id).collect();
        let names: Vec<String> = known.iter().map(|found| format!("`{}`", found.reducer.meta.name)).collect();
        check_edges(workspace, machine, &asked, &names.join(", "), out);
        check_self_edges(workspace, machine, &asked, out);
    }
}

fn machines_of(reducer: &Reducer) -> BTreeSet<MachineId> {
    let reached = reducer.actions();
    let machine = reached.filter_map(|found| match found.action {
        Action::Move { machine, .. } | Action::Check { machine, .. } => Some(*machine),
        _ => None,
    });
    machine.collect()
}

fn check_edges(workspace: &Workspace, machine: &Machine, asked: &[&Asked], users: &str, out: &mut Diagnostics) {
    let MachineForm::Edges(edges) = &machine.form else { return };
    let reached = reached(workspace, machine);
    let taken: BTreeSet<(usize, usize)> = asked
        .iter()
        .filter(|asked| asked.is_allowed)
        .map(|asked| (asked.from.map_or(0, |from| from + 1), asked.to))
        .collect();
    // Out of a state that no edges lead to nothing leads: that is a finding of its own.
    let is_dead = |row: usize, to: usize| !taken.contains(&(row, to)) && (row == 0 || reached.contains(&(row - 1)));
    for (from, to, place) in failing(workspace, machine, edges, is_dead) {
        let message = format!("no step takes the edge from {from} to {to}");
        out.push(
            Diagnostic::new(&rules::EDGE_DEAD, place, message)
                .label(format!("no log of {users} gets there"))
                .help("move there in a step, or remove the edge"),
        );
    }
}

fn check_self_edges(workspace: &Workspace, machine: &Machine, asked: &[&Asked], out: &mut Diagnostics) {
    let refused: BTreeSet<usize> =
        asked.iter().filter(|asked| !asked.is_allowed && asked.from == Some(asked.to)).map(|asked| asked.to).collect();
    let accepted: BTreeSet<usize> =
        asked.iter().filter(|asked| asked.is_allowed && asked.from == Some(asked.to)).map(|asked| asked.to).collect();
    let states: Vec<String> =
        refused.difference(&accepted).map(|index| format!("`{}`", state(workspace, machine, Some(*index)))).collect();
    if !states.is_empty() {
        let message =
            format!("an event that finds `{}` where it leads is refused: {}", machine.meta.name, states.join(", "));
        out.push(
            Diagnostic::new(&rules::SELF_EDGE_MISSING, machine.meta.span, message)
                .help("add the edge from the state to itself where such an event is no mistake"),
        );
    }
}
