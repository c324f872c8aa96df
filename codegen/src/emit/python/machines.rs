//! Machines and constant tables enter; the classes and constants that hold their rows leave.

use super::expression;
use super::layout::{Code, exploded};
use super::literal::read;
use super::module::Module;
use super::names::variable;
use super::prose::{doc_of, doc_or};
use super::types::annotation;
use super::view::{Class, Declaration, Statement};
use crate::emit::encode::python;
use crate::model::{Cell, Edges, EnumId, InputTable, Machine, MachineForm, MachineId, MachineRule, TableId};

/// The class of a machine; it is never instantiated.
pub fn machine(module: &mut Module<'_>, id: MachineId) -> Class {
    let machine = &module.workspace.machines[id];
    let states = module.enumeration(machine.states);
    let (base, otherwise, table) = match &machine.form {
        MachineForm::Edges(edges) => {
            let base = match edges.with {
                Some(event) => format!("_s.GuardedMachine[{states}, {}]", module.payload(event)),
                None => format!("_s.EdgeMachine[{states}]"),
            };
            (base, format!("Which `{states}` may follow which."), edge_table(module, machine, edges))
        }
        MachineForm::Table(inputs) => {
            let input = module.enumeration(inputs.inputs);
            let base = format!("_s.InputMachine[{states}, {input}]");
            (base, format!("Where each `{input}` leads from each `{states}`."), input_table(module, machine, inputs))
        }
    };
    Class {
        name: module.names.machines[usize::from(id)].clone(),
        bases: vec![base],
        doc: Some(doc_or(&machine.meta, &otherwise, 4)),
        body: vec![table],
        decorator: None,
    }
}

/// The class of a table's rows and the table.
pub fn table(module: &mut Module<'_>, id: TableId) -> Vec<Declaration> {
    let table = &module.workspace.tables[id];
    let names = &module.names.tables[usize::from(id)];
    let key = module.enumeration(table.key);
    module.hide(table.columns.iter().map(|(name, _)| variable(name)));
    let columns = table.columns.iter();
    let columns =
        columns.map(|(name, ty)| Statement::bare(format!("    {}: {}", variable(name), annotation(module, ty))));
    let columns = columns.collect();
    module.hide([]);
    let row = Class {
        decorator: Some(format!("@{}(frozen=True, slots=True)", module.dataclass())),
        name: names.row.clone(),
        bases: Vec::new(),
        doc: Some(format!("    {}", python::docstring(&format!("A row of `{}`.", names.constant), 4))),
        body: vec![columns],
    };
    let rows = table.rows.iter().enumerate().map(|(at, cells)| {
        let cells = table.columns.iter().zip(cells);
        let cells = cells.map(|((name, ty), cell)| read(module, ty, cell).after(&format!("{}=", variable(name))));
        let row = Code::call(&names.row, cells.collect());
        row.after(&format!("{}: ", module.member(table.key, at)))
    });
    let rows = Code::braces(rows.collect());
    let annotated =
        format!("{}: {}[{}[{key}, {}]] = ", names.constant, module.typing("Final"), module.mapping(), names.row);
    let constant = Statement { code: rows.after(&annotated).lines(0, ""), doc: doc_of(&table.meta, 0) };
    vec![Declaration::Class(row), Declaration::Statements { lines: vec![constant] }]
}

fn edge_table(module: &mut Module<'_>, machine: &Machine, edges: &Edges) -> Vec<Statement> {
    let states = module.enumeration(machine.states);
    let rows = edges.allowed.iter().enumerate();
    let rows = rows.map(|(at, next)| members(module, machine.states, next).after(&row_key(module, machine.states, at)));
    let rows = exploded("{", &rows.collect::<Vec<_>>(), "}", 4);
    let annotation =
        format!("{}[{}[{states} | None, tuple[{states}, ...]]]", module.typing("ClassVar"), module.mapping());
    let mut body = vec![Statement::bare(format!("    EDGES: {annotation} = {rows}"))];
    body.push(terminal(module, machine.states, |state| edges.allowed[state + 1].is_empty()));
    if edges.bypass.is_some() || edges.rules.len() > 1 {
        let rules: Vec<Code> = edges.rules.iter().map(|rule| move_rule(module, edges, rule)).collect();
        body.push(Statement::bare(format!("    RULES = {}", exploded("(", &rules, ")", 4))));
    }
    body
}

fn move_rule(module: &mut Module<'_>, edges: &Edges, rule: &MachineRule) -> Code {
    let lambda = |argument: &str| format!("{argument}=lambda from_, to, p: ");
    let arguments = match rule {
        MachineRule::Edge => {
            let unless = edges.bypass.as_ref().map(|bypass| expression::code(module, &lambda("unless"), bypass));
            [Some(Code::text("\"EDGE\"")), unless]
        }
        MachineRule::Deny { code, when } => {
            [Some(Code::text(python::string(code))), Some(expression::code(module, &lambda("denies"), when))]
        }
    };
    Code::call("_s.MoveRule", arguments.into_iter().flatten().collect())
}

fn input_table(module: &mut Module<'_>, machine: &Machine, table: &InputTable) -> Vec<Statement> {
    let (states, inputs) = (module.enumeration(machine.states), module.enumeration(table.inputs));
    let rows = table.rows.iter().enumerate().map(|(at, cells)| {
        let cells = cells.iter().enumerate().map(|(input, cell)| {
            let step = match cell {
                Cell::To(state) => module.member(machine.states, *state),
                Cell::Stay => "_s.Step.STAY".to_owned(),
                Cell::Refuse => "_s.Step.REFUSE".to_owned(),
            };
            Code::text(format!("{}: {step}", module.member(table.inputs, input)))
        });
        Code::braces(cells.collect()).after(&row_key(module, machine.states, at))
    });
    let rows = exploded("{", &rows.collect::<Vec<_>>(), "}", 4);
    let (class_var, mapping) = (module.typing("ClassVar"), module.mapping());
    let annotation = format!("{class_var}[{mapping}[{states} | None, {mapping}[{inputs}, {states} | _s.Step]]]");
    let leads_nowhere = |state: usize| !table.rows[state + 1].iter().any(|cell| matches!(cell, Cell::To(_)));
    vec![Statement::bare(format!("    TABLE: {annotation} = {rows}")), terminal(module, machine.states, leads_nowhere)]
}

/// States that end a life: those of the set `terminal` or, where the enum has none, those that nothing follows.
fn terminal(module: &mut Module<'_>, states: EnumId, is_last: impl Fn(usize) -> bool) -> Statement {
    let item = &module.workspace.enums[states];
    let found: Vec<usize> = match item.set("terminal") {
        Some(set) => set.members.clone(),
        None => (0..item.values.len()).filter(|&state| is_last(state)).collect(),
    };
    Statement::bare(members(module, states, &found).after("TERMINAL = ").lines(4, ""))
}

fn members(module: &mut Module<'_>, of: EnumId, indices: &[usize]) -> Code {
    Code::tuple(indices.iter().map(|&index| Code::text(module.member(of, index))).collect())
}

/// `None: ` for the first row, then `State.MEMBER: `.
fn row_key(module: &mut Module<'_>, states: EnumId, at: usize) -> String {
    match at.checked_sub(1) {
        None => "None: ".to_owned(),
        Some(state) => format!("{}: ", module.member(states, state)),
    }
}
