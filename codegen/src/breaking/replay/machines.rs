//! Machines of both versions enter; moves that are decided otherwise leave.

use std::collections::BTreeSet;

use super::super::meaning::meaning;
use super::super::pair::{Pair, Place, by_name};
use super::super::rules;
use super::suspect::{Shows, Suspect};
use crate::interpret::{is_terminal, next, successors};
use crate::model::{Action, Cell, Edges, InputTable, Machine, MachineForm, MachineRule, Reducer, SlotKind, Workspace};

/// A machine of one version.
#[derive(Clone, Copy)]
struct Version<'a> {
    workspace: &'a Workspace,
    machine: &'a Machine,
}

impl<'a> Version<'a> {
    fn states(self) -> impl Iterator<Item = &'a str> {
        self.workspace.enums[self.machine.states].values.iter().map(|value| value.text.as_str())
    }

    fn index(self, state: &str) -> Option<usize> {
        self.workspace.enums[self.machine.states].index_of(state)
    }

    /// Whether it has the state; "nothing recorded yet" is one.
    fn has(self, state: Option<&str>) -> bool {
        state.is_none_or(|state| self.index(state).is_some())
    }

    fn successors(self, from: Option<&str>) -> BTreeSet<&'a str> {
        let values = &self.workspace.enums[self.machine.states].values;
        if !self.has(from) {
            return BTreeSet::new();
        }
        let next = successors(self.machine, from.and_then(|from| self.index(from)));
        next.into_iter().map(|to| values[to].text.as_str()).collect()
    }

    fn is_terminal(self, state: &str) -> bool {
        self.index(state).is_some_and(|at| is_terminal(self.workspace, self.machine, at))
    }
}

/// Every change of a machine that both versions have.
pub(super) fn suspects(pair: &Pair<'_>) -> Vec<Suspect> {
    let mut found = Vec::new();
    for old in &pair.old.machines {
        let Some(new) = by_name(&pair.new.machines, &old.meta.name, |machine| &machine.meta) else { continue };
        let (before, after) =
            (Version { workspace: pair.old, machine: old }, Version { workspace: pair.new, machine: new });
        match (&old.form, &new.form) {
            (MachineForm::Edges(a), MachineForm::Edges(b)) => {
                edges(before, after, &mut found);
                rules_of((before, a), (after, b), &mut found);
            }
            (MachineForm::Table(a), MachineForm::Table(b)) => table((before, a), (after, b), &mut found),
            // Another form is another machine: the findings about generated code say so.
            _ => {}
        }
    }
    found
}

/// Whether the reducer asks the machine that this is about.
pub(super) fn is_asked_by(workspace: &Workspace, reducer: &Reducer, shows: &Shows) -> bool {
    let (Shows::Machine(name) | Shows::Edge(name, ..)) = shows else { return false };
    let is_it = |id| workspace.machines[id].meta.name == *name;
    reducer.slots.iter().any(|slot| matches!(slot.kind, SlotKind::Machine(id) if is_it(id)))
        || reducer.reactions.iter().flat_map(crate::model::Reaction::actions).any(|reached| {
            matches!(reached.action, Action::Check { machine, .. } | Action::Move { machine, .. } if is_it(*machine))
        })
}

fn place(old: Version<'_>, new: Version<'_>) -> Place {
    Place::of(new.machine.meta.name.clone(), &old.machine.meta, &new.machine.meta)
}

fn edges(old: Version<'_>, new: Version<'_>, found: &mut Vec<Suspect>) {
    let name = &new.machine.meta.name;
    for from in std::iter::once(None).chain(old.states().map(Some)) {
        let (before, after) = (old.successors(from), new.successors(from));
        let left = from.unwrap_or("none");
        let shows = |to: &str| Shows::Edge(name.clone(), from.map(str::to_owned), to.to_owned());
        for to in before.difference(&after) {
            let message = format!("the machine `{name}` has no edge from `{left}` to `{to}` any more");
            let help = format!("keep the edge `{left}: [{to}]`, and do not ask for it in new code");
            found.push(Suspect::new(&rules::REPLAY_EDGE_KEPT, place(old, new), message, help, shows(to)));
        }
        // Old logs cannot name a state that was not there.
        let is_known = |to: &&&str| old.states().any(|state| state == **to);
        let added: Vec<&str> = after.difference(&before).filter(is_known).copied().collect();
        if let Some(state) = from.filter(|state| old.is_terminal(state) && !added.is_empty()) {
            let message =
                format!("`{state}` was terminal in the machine `{name}`, and leads to `{}` now", added.join("`, `"));
            let help = "keep it terminal; a life that goes on is another entity, or needs an event of its own";
            found.push(Suspect::new(&rules::REPLAY_TERMINAL_KEPT, place(old, new), message, help, shows(added[0])));
            continue;
        }
        for to in added {
            let message =
                format!("the machine `{name}` has a new edge from `{left}` to `{to}`: old logs were refused it");
            let help = "harmless where no log holds the refused move; else give the new move an event of its own";
            found.push(Suspect::new(&rules::REPLAY_EDGE_NOT_ADDED, place(old, new), message, help, shows(to)));
        }
    }
}

fn rules_of((old, before): (Version<'_>, &Edges), (new, after): (Version<'_>, &Edges), found: &mut Vec<Suspect>) {
    let name = &new.machine.meta.name;
    let shows = || Shows::Machine(name.clone());
    let bypass =
        |version: Version<'_>, edges: &Edges| edges.bypass.as_ref().map(|it| meaning(version.workspace, &[], it));
    if bypass(old, before) != bypass(new, after) {
        let message = format!("the edge test of the machine `{name}` is bypassed by another condition");
        let help = "keep `bypass_edges_when`";
        found.push(Suspect::new(&rules::REPLAY_MACHINE_RULE_SAME, place(old, new), message, help, shows()));
    }
    let rules = |version: Version<'_>, edges: &Edges| {
        let rule = |rule: &MachineRule| match rule {
            MachineRule::Edge => ("EDGE".to_owned(), String::new()),
            MachineRule::Deny { code, when } => (code.clone(), meaning(version.workspace, &[], when)),
        };
        edges.rules.iter().map(rule).collect::<Vec<_>>()
    };
    let (was, is) = (rules(old, before), rules(new, after));
    let codes: BTreeSet<&String> = was.iter().chain(&is).map(|(code, _)| code).collect();
    let at = |all: &[(String, String)], code: &str| all.iter().find(|(other, _)| other == code).cloned();
    let mut told = false;
    for code in codes {
        let message = match (at(&was, code), at(&is, code)) {
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => format!("the rule `{code}` of the machine `{name}` refuses other moves"),
            (Some(_), None) => format!("the machine `{name}` has no rule `{code}` any more"),
            _ => format!("the machine `{name}` has the new rule `{code}`"),
        };
        told = true;
        let help = "keep the rules; a stricter one can read a new field that old events lack";
        found.push(Suspect::new(&rules::REPLAY_MACHINE_RULE_SAME, place(old, new), message, help, shows()));
    }
    if !told && was != is {
        let message = format!("the rules of the machine `{name}` stand in another order");
        let help = "keep their order: it is that of the violations";
        found.push(Suspect::new(&rules::REPLAY_MACHINE_RULE_SAME, place(old, new), message, help, shows()));
    }
}

fn table(
    (old, before): (Version<'_>, &InputTable),
    (new, after): (Version<'_>, &InputTable),
    found: &mut Vec<Suspect>,
) {
    let name = &new.machine.meta.name;
    let inputs = |workspace: &Workspace, table: &InputTable| -> Vec<String> {
        workspace.enums[table.inputs].values.iter().map(|value| value.text.clone()).collect()
    };
    let (was, is) = (inputs(old.workspace, before), inputs(new.workspace, after));
    for from in std::iter::once(None).chain(old.states().map(Some)) {
        if !new.has(from) {
            continue;
        }
        let (a, b) = (from.and_then(|from| old.index(from)), from.and_then(|from| new.index(from)));
        for (at, input) in was.iter().enumerate() {
            let Some(also) = is.iter().position(|other| other == input) else { continue };
            let text = |version: Version<'_>, cell: Cell| match cell {
                Cell::To(state) => version.workspace.enums[version.machine.states].values[state].text.clone(),
                Cell::Stay => "stay".to_owned(),
                Cell::Refuse => "refuse".to_owned(),
            };
            let (then, now) = (text(old, next(before, a, at)), text(new, next(after, b, also)));
            if then != now {
                let shown = from.unwrap_or("none");
                let message =
                    format!("in the machine `{name}`, `{input}` makes `{now}` of `{shown}` now, and made `{then}`");
                let help = format!("keep `{shown}: {{{input}: {then}}}`, or give the new meaning an input of its own");
                found.push(Suspect::new(&rules::REPLAY_TABLE_SAME, place(old, new), message, help, Shows::Nothing));
            }
        }
    }
}
