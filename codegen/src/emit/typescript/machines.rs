//! Machines and constant tables enter; constants leave that answer for them.

use super::declarations::member_list;
use super::layout::{Doc, arrow, call, member, object, table, text};
use super::module::Module;
use super::names::{self, Derived};
use crate::emit::encode::typescript::string;
use crate::model::{Cell, ConstTable, Edges, EnumDef, Expr, InputTable, Machine, MachineForm, MachineRule, Variable};

impl Module<'_> {
    /// A transition table with its questions.
    pub(super) fn machine(&mut self, machine: &Machine) {
        let states = self.enum_type(machine.states);
        self.begin_with(&machine.meta, format!("Which moves between states of {states} are allowed."));
        let name = Derived::Machine.of(&machine.meta.name);
        match &machine.form {
            MachineForm::Edges(edges) => self.edge_machine(&name, machine, &states, edges),
            MachineForm::Table(table) => self.input_machine(&name, machine, &states, table),
        }
    }

    fn edge_machine(&mut self, name: &str, machine: &Machine, states: &str, edges: &Edges) {
        let workspace = self.workspace;
        let def = &workspace.enums[machine.states];
        let successors = |from: Option<usize>| member_list(def, &edges.allowed[from.map_or(0, |state| state + 1)]);
        let table = machine_table(def, successors, terminal(def, |state| edges.allowed[state + 1].is_empty()));
        let mut values = vec![table];
        values.extend(self.move_rules(edges));
        match edges.with {
            None => {
                let value = call("$.machine", values);
                self.constant(name, text(format!("$.Machine<{states}>")), value);
            }
            Some(event) => {
                let event = &workspace.events[event];
                let payload = self.type_name(event.family, &names::payload(event));
                let value = call("$.guardedMachine", values);
                self.constant(name, text(format!("$.GuardedMachine<{states}, {payload}>")), value);
            }
        }
    }

    fn move_rules(&mut self, edges: &Edges) -> Option<Doc> {
        let mut members = Vec::new();
        if edges.rules.iter().any(|rule| matches!(rule, MachineRule::Deny { .. })) {
            let rules = edges.rules.iter().map(|rule| match rule {
                MachineRule::Edge => text(string("EDGE")),
                MachineRule::Deny { code, when } => {
                    object(vec![member("code", text(string(code))), member("denies", self.condition(when))])
                }
            });
            let rules = rules.collect();
            members.push(member("rules", table(rules)));
        }
        members.extend(edges.bypass.as_ref().map(|bypass| member("bypass", self.condition(bypass))));
        (!members.is_empty()).then(|| object(members))
    }

    /// A function of a move, with the parameters that it reads and those before them.
    fn condition(&mut self, condition: &Expr) -> Doc {
        let parameters = [("from", Variable::From), ("to", Variable::To), ("p", Variable::Payload)];
        let reads = parameters.map(|(name, variable)| (name, condition.reads(&variable)));
        let count = reads.iter().rposition(|&(_, is_read)| is_read).map_or(0, |last| last + 1);
        let names: Vec<String> = reads[..count]
            .iter()
            .map(|&(name, is_read)| if is_read { name.to_owned() } else { format!("_{name}") })
            .collect();
        arrow(&names.join(", "), self.expression(condition))
    }

    fn input_machine(&mut self, name: &str, machine: &Machine, states: &str, table: &InputTable) {
        let workspace = self.workspace;
        let (def, inputs) = (&workspace.enums[machine.states], &workspace.enums[table.inputs]);
        let cells = |from: Option<usize>| {
            let row = &table.rows[from.map_or(0, |state| state + 1)];
            let cells = inputs.values.iter().zip(row);
            object(cells.map(|(input, &cell)| member(&names::key(&input.text), step(def, cell))).collect())
        };
        let leads_nowhere = |state: usize| !table.rows[state + 1].iter().any(|cell| matches!(cell, Cell::To(_)));
        let value = machine_table(def, cells, terminal(def, leads_nowhere));
        let arguments = format!("{states}, {}", self.enum_type(table.inputs));
        let all: Vec<usize> = (0..def.values.len()).collect();
        let value = call("$.inputMachine", vec![member_list(def, &all), value]);
        self.constant(name, text(format!("$.InputMachine<{arguments}>")), value);
    }

    /// A constant lookup: for each key a row.
    pub(super) fn table(&mut self, table: &ConstTable) {
        let workspace = self.workspace;
        let keys = &workspace.enums[table.key];
        self.begin(&table.meta);
        let columns = table.columns.iter().map(|(name, ty)| member(&format!("readonly {name}"), self.ty(ty)));
        let columns = columns.collect();
        let row_type = super::layout::members(columns);
        let rows = keys.values.iter().zip(&table.rows).map(|(key, row)| {
            let cells = table.columns.iter().zip(row);
            let cells = cells.map(|((column, ty), value)| member(column, self.literal(ty, value))).collect();
            member(&names::key(&key.text), object(cells))
        });
        let rows = object(rows.collect());
        let key = self.enum_type(table.key);
        let ty = super::layout::members(vec![member(&format!("readonly [key in {key}]"), row_type)]);
        let name = Derived::Table.of(&table.meta.name);
        self.data(&name, ty, rows);
    }
}

/// The states that end a life: those of the set `terminal`, where the enum has one, else those that nothing follows.
fn terminal(def: &EnumDef, leads_nowhere: impl Fn(usize) -> bool) -> Doc {
    let states: Vec<usize> = match def.set("terminal") {
        Some(set) => set.members.clone(),
        None => (0..def.values.len()).filter(|&state| leads_nowhere(state)).collect(),
    };
    member_list(def, &states)
}

/// `{ initial, next, terminal }`
fn machine_table(def: &EnumDef, row: impl Fn(Option<usize>) -> Doc, terminal: Doc) -> Doc {
    let states = def.values.iter().enumerate();
    let next = states.map(|(at, state)| member(&names::key(&state.text), row(Some(at)))).collect();
    object(vec![member("initial", row(None)), member("next", object(next)), member("terminal", terminal)])
}

fn step(states: &EnumDef, cell: Cell) -> Doc {
    match cell {
        Cell::To(state) => object(vec![member("to", text(string(&states.values[state].text)))]),
        Cell::Stay => text(string("stay")),
        Cell::Refuse => text(string("refuse")),
    }
}
