//! A family enters; what its page says about machines leaves: a drawing, the moves, the rules, and what each event can do.

use super::events::about;
use super::page::{Block, Inline, Page, code, codes, text};
use super::types;
use crate::emit::diagram;
use crate::expr;
use crate::model::{
    Action, Cell, Edges, EnumDef, Expr, ExprKind, FamilyId, Machine, MachineForm, MachineId, MachineRule, Reducer,
    Step, Workspace,
};

pub(super) fn write(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let machines: Vec<_> = workspace.machines.entries().filter(|(_, machine)| machine.family == family).collect();
    if machines.is_empty() {
        return;
    }
    page.heading(2, "", "State machines");
    for (id, machine) in machines {
        page.heading(3, "machine", &machine.meta.name);
        about(&machine.meta, page);
        let states = &workspace.enums[machine.states];
        page.words(vec![text("States of "), types::link(workspace, states.family, "enum", &states.meta)]);
        let (svg, mermaid) = (diagram::svg(workspace, machine), diagram::mermaid(workspace, machine));
        page.blocks.push(Block::Drawing { svg, mermaid });
        match &machine.form {
            MachineForm::Edges(edges) => moves(workspace, states, edges, page),
            MachineForm::Table(table) => {
                let inputs = &workspace.enums[table.inputs].values;
                let rows = table.rows.iter().enumerate().map(|(from, row)| {
                    let cells = row.iter().zip(inputs).flat_map(|(cell, input)| {
                        let target = match cell {
                            Cell::To(to) => vec![text(" to "), code(&*states.values[*to].text)],
                            Cell::Stay => vec![text(" stays")],
                            Cell::Refuse => vec![text(" is refused")],
                        };
                        [vec![code(&*input.text)], target, vec![text("; ")]].concat()
                    });
                    let mut cells: Vec<Inline> = cells.collect();
                    cells.pop();
                    vec![vec![state(states, from)], cells]
                });
                page.table(&["state", "inputs"], rows.collect());
            }
        }
        for reducer in &workspace.reducers {
            matrix(workspace, id, machine, reducer, page);
        }
    }
}

/// A state by its row: "nothing recorded yet", then the values of the enum.
fn state(states: &EnumDef, row: usize) -> Inline {
    if row == 0 { text("nothing yet") } else { code(&*states.values[row - 1].text) }
}

fn moves(workspace: &Workspace, states: &EnumDef, edges: &Edges, page: &mut Page) {
    let rows = edges.allowed.iter().enumerate().map(|(from, targets)| {
        let targets = codes(targets.iter().map(|&to| states.values[to].text.as_str()));
        vec![vec![state(states, from)], if targets.is_empty() { vec![text("none")] } else { targets }]
    });
    page.table(&["from", "to"], rows.collect());
    let mut points = Vec::new();
    if let Some(bypass) = &edges.bypass {
        points.push(vec![text("Any move is allowed where "), code(expr::text(bypass, workspace))]);
    }
    if !edges.reopen_to.is_empty() {
        let mut words = vec![text("An end can be left to ")];
        words.extend(codes(edges.reopen_to.iter().map(|&to| states.values[to].text.as_str())));
        points.push(words);
    }
    for rule in &edges.rules {
        if let MachineRule::Deny { code: name, when } = rule {
            points.push(vec![text("Refused as "), code(&**name), text(" where "), code(expr::text(when, workspace))]);
        }
    }
    page.list(points);
}

/// What each event that a reducer takes can make of each state, as far as the moves of the table go.
fn matrix(workspace: &Workspace, id: MachineId, machine: &Machine, reducer: &Reducer, page: &mut Page) {
    let states = &workspace.enums[machine.states];
    let mut head = vec![vec![text("state")]];
    let mut rows: Vec<Vec<Vec<Inline>>> =
        (0..=states.values.len()).map(|from| vec![vec![state(states, from)]]).collect();
    for reaction in &reducer.reactions {
        let mut targets = Vec::new();
        for steps in [&reaction.before, &reaction.handle, &reaction.after] {
            collect(steps, id, states, &mut targets);
        }
        targets.sort_unstable();
        targets.dedup();
        if targets.is_empty() {
            continue;
        }
        let event = &workspace.events[reaction.event];
        head.push(vec![types::link(workspace, event.family, "event", &event.meta)]);
        for (from, row) in rows.iter_mut().enumerate() {
            let reached = targets.iter().filter(|&&to| allows(&machine.form, from, to));
            let reached = codes(reached.map(|&to| states.values[to].text.as_str()));
            row.push(if reached.is_empty() { vec![text("\u{2013}")] } else { reached });
        }
    }
    if head.len() > 1 {
        let link = types::link(workspace, reducer.family, "reducer", &reducer.meta);
        page.words(vec![text("Where the events of the reducer "), link, text(" may lead from each state:")]);
        page.blocks.push(Block::Table { head, rows });
    }
}

fn allows(form: &MachineForm, from: usize, to: usize) -> bool {
    match form {
        MachineForm::Edges(edges) => edges.is_allowed(from.checked_sub(1), to),
        MachineForm::Table(table) => table.rows[from].contains(&Cell::To(to)),
    }
}

/// The states that moves of a machine name; all of them where a payload decides.
fn collect(steps: &[Step], id: MachineId, states: &EnumDef, targets: &mut Vec<usize>) {
    for action in steps.iter().flat_map(|step| &step.actions) {
        match action {
            Action::Move { machine, to, .. } if *machine == id => named(to, states, targets),
            Action::Steps(steps) => collect(steps, id, states, targets),
            _ => {}
        }
    }
}

fn named(to: &Expr, states: &EnumDef, targets: &mut Vec<usize>) {
    match &to.kind {
        ExprKind::EnumValue(_, at) => targets.push(*at),
        ExprKind::Conditional(_, yes, no) => {
            named(yes, states, targets);
            named(no, states, targets);
        }
        _ => targets.extend(0..states.values.len()),
    }
}
