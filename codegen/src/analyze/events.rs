//! Events enter; findings about those that no reducer takes, and notes about members that no handler reads, leave.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr::{Kind, kind};
use crate::model::{
    Access, Action, AnomalyField, Assignment, EventId, Expr, ExprKind, FamilyId, MachineForm, MachineRule,
    PartitionKey, Payload, Reaction, Reducer, Report, Variable, Workspace,
};

pub(crate) fn check(workspace: &Workspace, out: &mut Diagnostics) {
    let taken: BTreeSet<EventId> = workspace.reducers.iter().flat_map(|reducer| &reducer.consumes).copied().collect();
    let families: BTreeSet<FamilyId> = workspace.reducers.iter().map(|reducer| reducer.family).collect();
    for (id, event) in workspace.events.entries() {
        let is_expected = families.contains(&event.family) && !event.unreduced;
        if is_expected && !taken.contains(&id) {
            let message = format!("no reducer takes `{}`", event.meta.name);
            out.push(
                Diagnostic::new(&rules::EVENT_NOT_REDUCED, event.meta.span, message)
                    .help("name it in `consumes`, or say `reduce: none` beside its fields"),
            );
        }
    }
    check_members(workspace, out);
}

/// What a reaction reads of its payload.
#[derive(Default)]
struct Read {
    is_whole: bool,
    names: BTreeSet<String>,
}

fn check_members(workspace: &Workspace, out: &mut Diagnostics) {
    let mut read: BTreeMap<EventId, Read> = BTreeMap::new();
    for reducer in &workspace.reducers {
        for reaction in reducer.reactions.iter().filter(|reaction| !reaction.handle.is_empty()) {
            read_reaction(workspace, reducer, reaction, read.entry(reaction.event).or_default());
        }
    }
    for (id, Read { is_whole, names }) in read {
        let event = &workspace.events[id];
        let (Payload::Record(record), false) = (event.payload, is_whole) else { continue };
        let record = &workspace.records[record];
        let unread =
            record.fields.iter().filter(|field| !names.contains(&field.meta.name) && !record.is_version(field));
        let is_choice = |ty| matches!(kind(workspace, ty), Kind::Enum(_) | Kind::Bool);
        let (choices, others): (Vec<_>, Vec<_>) = unread.partition(|field| is_choice(&field.ty));
        for (rule, fields) in [(&rules::CHOICE_UNREAD, choices), (&rules::FIELD_UNREAD, others)] {
            if fields.is_empty() {
                continue;
            }
            let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.meta.name)).collect();
            let message = format!("no handler of `{}` reads {}", event.meta.name, names.join(", "));
            out.push(
                Diagnostic::new(rule, event.meta.span, message)
                    .help("nothing to do where the state is not meant to show it"),
            );
        }
    }
}

fn read_reaction(workspace: &Workspace, reducer: &Reducer, reaction: &Reaction, found: &mut Read) {
    if let Some(PartitionKey::Payload(name, _)) = &reducer.partition_by {
        found.names.insert(name.clone());
    }
    for (_, field) in &reducer.anomaly_fields {
        match field {
            AnomalyField::Text { path, .. } | AnomalyField::Enum { path, .. } => {
                found.names.extend(path.first().cloned());
            }
            AnomalyField::Expression(expr) => read(expr, found),
        }
    }
    if let Some((key, report)) = &reaction.idempotent {
        key.iter().chain(&report.params).for_each(|expr| read(expr, found));
    }
    for expr in reaction.group_by.iter().chain(&reaction.goes_last).chain(&reaction.then_by) {
        read(expr, found);
    }
    for reached in reaction.actions() {
        reached.guards.iter().for_each(|guard| read(guard, found));
        let mut read_report = |report: &Report| report.params.iter().for_each(|expr| read(expr, found));
        match reached.action {
            Action::Reject(report) | Action::Warn(report) => read_report(report),
            Action::Skip | Action::Steps(_) => {}
            Action::Move { machine, to, otherwise, .. } => {
                read_report(otherwise);
                read(to, found);
                read_machine(&workspace.machines[*machine].form, found);
            }
            Action::Check { machine, from, to, otherwise } => {
                read_report(otherwise);
                read(from, found);
                read(to, found);
                read_machine(&workspace.machines[*machine].form, found);
            }
            Action::Effect(_, target, value) => {
                for access in &target.path {
                    if let Access::Key { key, .. } = access {
                        read(key, found);
                    }
                }
                if let Some(value) = value {
                    read_value(value, found);
                }
            }
        }
    }
}

fn read_machine(form: &MachineForm, found: &mut Read) {
    let MachineForm::Edges(edges) = form else { return };
    edges.bypass.iter().for_each(|expr| read(expr, found));
    for rule in &edges.rules {
        if let MachineRule::Deny { when, .. } = rule {
            read(when, found);
        }
    }
}

fn read_value(value: &Assignment, found: &mut Read) {
    match value {
        Assignment::Value(expr) => read(expr, found),
        Assignment::List(items, _) => items.iter().for_each(|item| read_value(item, found)),
        Assignment::Record(members, _) => members.iter().for_each(|(_, member)| read_value(member, found)),
    }
}

fn read(expr: &Expr, found: &mut Read) {
    match &expr.kind {
        ExprKind::Field(owner, name) if matches!(owner.kind, ExprKind::Variable(Variable::Payload)) => {
            found.names.insert(name.clone());
        }
        ExprKind::Variable(Variable::Payload) => found.is_whole = true,
        _ => expr.parts().into_iter().for_each(|part| read(part, found)),
    }
}
