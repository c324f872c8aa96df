//! A machine enters; its states and arrows leave, as every drawing needs them.

use std::collections::BTreeMap;

use crate::expr;
use crate::model::{Cell, Machine, MachineForm, Workspace};

/// What is drawn. State 0 is "nothing recorded yet", state n + 1 the nth of the enum.
pub(super) struct Graph<'w> {
    /// The machine's name.
    pub name: &'w str,
    /// What it means.
    pub doc: Option<&'w str>,
    pub states: Vec<State<'w>>,
    /// By their two ends, in order.
    pub arrows: Vec<Arrow<'w>>,
    /// Allowed from every state where a condition holds.
    pub bypass: Option<String>,
}

pub(super) struct State<'w> {
    pub label: &'w str,
    pub is_terminal: bool,
}

pub(super) struct Arrow<'w> {
    pub from: usize,
    pub to: usize,
    /// The inputs that lead this way; none in a machine without inputs.
    pub inputs: Vec<&'w str>,
}

/// The text of "nothing recorded yet" in drawings.
pub(super) const NONE: &str = "none";

impl<'w> Graph<'w> {
    pub fn new(workspace: &'w Workspace, machine: &'w Machine) -> Self {
        let definition = &workspace.enums[machine.states];
        let terminal = definition.set("terminal").map_or(&[][..], |set| &set.members);
        let declared = definition.values.iter().enumerate();
        let declared = declared.map(|(at, value)| State { label: &value.text, is_terminal: terminal.contains(&at) });
        let none = State { label: NONE, is_terminal: false };
        let mut arrows: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
        let mut bypass = None;
        match &machine.form {
            MachineForm::Edges(edges) => {
                for (from, targets) in edges.allowed.iter().enumerate() {
                    arrows.extend(targets.iter().map(|to| ((from, to + 1), Vec::new())));
                }
                bypass = edges.bypass.as_ref().map(|expr| expr::text(expr, workspace));
            }
            MachineForm::Table(table) => {
                let inputs = &workspace.enums[table.inputs].values;
                for (from, row) in table.rows.iter().enumerate() {
                    for (cell, input) in row.iter().zip(inputs) {
                        if let Cell::To(to) = cell {
                            arrows.entry((from, to + 1)).or_default().push(&input.text);
                        }
                    }
                }
            }
        }
        let arrows = arrows.into_iter().map(|((from, to), inputs)| Arrow { from, to, inputs });
        Self {
            name: &machine.meta.name,
            doc: machine.meta.doc.as_deref(),
            states: std::iter::once(none).chain(declared).collect(),
            arrows: arrows.collect(),
            bypass,
        }
    }
}
