//! Machines and tables of both versions enter; functions and columns that code calls otherwise leave.

use super::super::pair::{Pair, Place, by_name};
use super::super::report::Report;
use super::super::{rules, written};
use crate::model::{ConstTable, Machine, MachineForm, Workspace};

pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    for old in &pair.old.machines {
        let Some(new) = by_name(&pair.new.machines, &old.meta.name, |machine| &machine.meta) else { continue };
        let (was, is) = (shape(pair.old, old), shape(pair.new, new));
        if was != is {
            let place = Place::of(new.meta.name.clone(), &old.meta, &new.meta);
            let message = format!("the machine `{}` goes {is} now, and went {was}", place.name);
            let help = "keep the machine, and declare another one beside it";
            report.change(&rules::SOURCE_MACHINE_SAME_SHAPE, place, message, help);
        }
    }
    for old in &pair.old.tables {
        if let Some(new) = by_name(&pair.new.tables, &old.meta.name, |table| &table.meta) {
            columns(pair, old, new, report);
        }
    }
}

/// What the functions of a machine take and give.
fn shape(workspace: &Workspace, machine: &Machine) -> String {
    let states = &workspace.enums[machine.states].meta.name;
    match &machine.form {
        MachineForm::Edges(edges) => match edges.with {
            Some(event) => format!("along edges of `{states}` with `{}`", workspace.events[event].meta.name),
            None => format!("along edges of `{states}`"),
        },
        MachineForm::Table(table) => {
            format!("by a table of `{states}` and `{}`", workspace.enums[table.inputs].meta.name)
        }
    }
}

fn columns(pair: &Pair<'_>, old: &ConstTable, new: &ConstTable, report: &mut Report<'_>) {
    let place = || Place::of(new.meta.name.clone(), &old.meta, &new.meta);
    let (was, is) = (&pair.old.enums[old.key].meta.name, &pair.new.enums[new.key].meta.name);
    if was != is {
        let message = format!("the table `{}` is read by `{is}` now, and was by `{was}`", new.meta.name);
        report.change(&rules::SOURCE_TABLE_SAME_COLUMNS, place(), message, format!("keep `key: {was}`"));
    }
    for (name, ty) in &old.columns {
        let was = written::ty(pair.old, ty);
        let is = new.columns.iter().find(|(other, _)| other == name).map(|(_, ty)| written::ty(pair.new, ty));
        let message = match is {
            Some(is) if is == was => continue,
            Some(is) => format!("the column `{name}` of `{}` holds `{is}` now, and held `{was}`", new.meta.name),
            None => format!("the column `{name}` of `{}` is gone", new.meta.name),
        };
        report.change(&rules::SOURCE_TABLE_SAME_COLUMNS, place(), message, format!("keep the column `{name}: {was}`"));
    }
}
