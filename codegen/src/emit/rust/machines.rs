//! Machines enter; a module each leaves, in which every transition is a constant.

use super::expressions::local;
use super::layout::{Doc, laid_out};
use super::module::Module;
use super::records::field_path;
use super::text::put;
use super::types::spell;
use super::{conditions, docs, names};
use crate::emit::encode::rust;
use crate::model::{
    Cell, Edges, EnumId, EnumType, InputTable, Machine, MachineForm, MachineId, MachineRule, Payload, Type,
};

/// Writes a machine.
pub(super) fn declare(module: &mut Module<'_>, id: MachineId) {
    let machine = &module.workspace().machines[id];
    let states = &module.workspace().enums[machine.states];
    let state = spell_enum(module, machine.states);
    let name = names::value(&machine.meta.name);
    let rows = match &machine.form {
        MachineForm::Edges(edges) => edges.allowed.clone(),
        MachineForm::Table(table) => table.rows.iter().map(|row| targets(row)).collect(),
    };
    let members: Vec<String> = states.values.iter().map(|value| names::variant(&value.name)).collect();
    module.out.push_str(&docs::of(&machine.meta, None, "A machine: which state may follow which.", 0));
    put!(module.out, "pub mod {name} {{\n");
    let mut imports = vec![names::path(module.workspace(), states.family, &states.meta.name)];
    let body = match &machine.form {
        MachineForm::Edges(edges) => violations(module, machine, edges, &mut imports),
        MachineForm::Table(table) => next(module, &state, table, &members, &mut imports),
    };
    imports.extend(body.contains("support::").then(|| names::in_crate("support")));
    imports.sort();
    imports.dedup();
    for import in imports {
        put!(module.out, "    use {import};\n");
    }
    module.out.push('\n');
    tables(module, &states.meta.name, &rows, &members, &terminal(module, machine, &rows));
    module.out.push_str(&body);
    module.out.push_str("}\n\n");
}

fn spell_enum(module: &mut Module<'_>, id: EnumId) -> String {
    spell(module, &Type::Enum(EnumType { id, only: None }), "").ty
}

/// States that a row of a table leads to, ascending, each once.
fn targets(row: &[Cell]) -> Vec<usize> {
    let mut targets: Vec<usize> =
        row.iter().filter_map(|cell| if let Cell::To(state) = cell { Some(*state) } else { None }).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// Which states end it: the set `terminal` of its enum, or without one those that nothing follows.
fn terminal(module: &Module<'_>, machine: &Machine, rows: &[Vec<usize>]) -> Vec<bool> {
    match module.workspace().enums[machine.states].set("terminal") {
        Some(set) => (0..rows.len() - 1).map(|state| set.members.contains(&state)).collect(),
        None => rows[1..].iter().map(Vec::is_empty).collect(),
    }
}

fn tables(module: &mut Module<'_>, state: &str, rows: &[Vec<usize>], members: &[String], terminal: &[bool]) {
    let option = module.prelude("Option");
    let out = &mut module.out;
    let row = |row: &Vec<usize>| Doc::array_of(row.iter().map(|&to| format!("{state}::{}", members[to])));
    out.push_str("    /// What may follow none, then each state in declared order.\n");
    let successors = Doc::Array("", rows.iter().map(row).collect());
    out.push_str(&successors.line(4, &format!("const SUCCESSORS: [&[{state}]; {}] = ", rows.len()), ";"));
    out.push_str("\n    /// Row by row which states may follow.\n");
    let bits = |row: &Vec<usize>| Doc::Row("", (0..members.len()).map(|to| row.contains(&to).to_string()).collect());
    let edges = Doc::Array("", rows.iter().map(bits).collect());
    out.push_str(&edges.line(4, &format!("const EDGES: [[bool; {}]; {}] = ", members.len(), rows.len()), ";"));
    let bits = terminal.iter().map(bool::to_string).collect::<Vec<_>>().join(", ");
    let functions = [
        format!(
            "const fn row(from: {option}<{state}>) -> usize {{
                match from {{
                    {option}::None => 0,
                    {option}::Some(state) => state as usize + 1,
                }}
            }}"
        ),
        format!(
            "/// Whether the table leads from a state, or from none, to another. Rules are not asked.
            pub const fn is_allowed(from: {option}<{state}>, to: {state}) -> bool {{
                EDGES[row(from)][to as usize]
            }}"
        ),
        format!(
            "/// States that the table leads to, in declared order.
            pub const fn successors(from: {option}<{state}>) -> &'static [{state}] {{
                SUCCESSORS[row(from)]
            }}"
        ),
        format!(
            "/// Whether the state ends it.
            pub const fn is_terminal(state: {state}) -> bool {{
                [{bits}][state as usize]
            }}"
        ),
    ];
    out.push_str(&laid_out(&functions, 4));
}

/// The labelled form: what each input makes of each state.
fn next(
    module: &mut Module<'_>,
    state: &str,
    table: &InputTable,
    members: &[String],
    imports: &mut Vec<String>,
) -> String {
    let option = module.prelude("Option");
    let declared = &module.workspace().enums[table.inputs];
    let input = declared.meta.name.clone();
    imports.push(names::path(module.workspace(), declared.family, &input));
    let cell = |cell: &Cell| match cell {
        Cell::To(to) => Doc::text(format!("support::Next::To({state}::{})", members[*to])),
        Cell::Stay => Doc::text("support::Next::Stay"),
        Cell::Refuse => Doc::text("support::Next::Refuse"),
    };
    let rows = Doc::Array("", table.rows.iter().map(|row| Doc::Array("", row.iter().map(cell).collect())).collect());
    let ty = format!("[[support::Next<{state}>; {}]; {}]", declared.values.len(), table.rows.len());
    let mut out = "\n    /// What each input makes of none, then of each state in declared order.\n".to_owned();
    out.push_str(&rows.line(4, &format!("const CELLS: {ty} = "), ";"));
    let function = format!(
        "/// What an input makes of a state, or of none.
        pub const fn next(state: {option}<{state}>, input: {input}) -> support::Next<{state}> {{
            CELLS[row(state)][input as usize]
        }}"
    );
    out + &laid_out(&[function], 4)
}

/// The rules of a move, all asked, in order.
fn violations(module: &mut Module<'_>, machine: &Machine, edges: &Edges, imports: &mut Vec<String>) -> String {
    let workspace = module.workspace();
    let payload = edges.with.map(|event| workspace.events[event].payload);
    let mut reads: Vec<usize> = Vec::new();
    let mut pushes = String::new();
    let mut states = [false; 2];
    let mut condition = |module: &mut Module<'_>, expr| {
        let (body, fields, uses) = conditions::of_machine(module, payload, expr);
        reads.extend(fields);
        states = [states[0] || uses[0], states[1] || uses[1]];
        body
    };
    for rule in &edges.rules {
        let (test, code) = match rule {
            MachineRule::Edge => match &edges.bypass {
                None => ("!is_allowed(from, to)".to_owned(), "EDGE"),
                Some(bypass) => (format!("!(is_allowed(from, to) || {})", braced(condition(module, bypass))), "EDGE"),
            },
            MachineRule::Deny { code, when } => (condition(module, when), code.as_str()),
        };
        put!(pushes, "if {test} {{ broken.push({}); }}\n", rust::string(code));
    }
    reads.sort_unstable();
    reads.dedup();
    let state = &workspace.enums[machine.states].meta.name;
    let (option, vector) = (module.prelude("Option"), module.prelude("Vec"));
    let mut lets = String::new();
    if states[0] {
        lets.push_str("let from_slot = &support::Value::to_slot(&from);\n");
    }
    if states[1] {
        lets.push_str("let to_slot = &support::Value::to_slot(&to);\n");
    }
    let mut parameter = String::new();
    if let Some(payload) = payload {
        let ty = spell(module, &payload.ty(), "").ty;
        let (family, name) = match payload {
            Payload::Record(id) => (workspace.records[id].family, names::record(&workspace.records[id])),
            Payload::Union(id) => (workspace.unions[id].family, workspace.unions[id].meta.name.clone()),
        };
        if ty == name {
            imports.push(names::path(workspace, family, &name));
        }
        let is_read = !reads.is_empty() || matches!(payload, Payload::Union(_)) && pushes.contains("p.");
        parameter = format!(", {}: &{ty}", if is_read { "payload" } else { "_payload" });
        match payload {
            Payload::Record(id) if is_read => {
                for &place in &reads {
                    let field = &workspace.records[id].fields[place].meta.name;
                    let (local, path) = (local(field), field_path(workspace, id, field));
                    put!(lets, "let {local} = &support::Value::to_slot(&payload.{path});\n");
                }
            }
            Payload::Union(_) if is_read => lets.push_str("let p = &support::Value::to_slot(payload);\n"),
            _ => {}
        }
    }
    let function = format!(
        "/// Codes of the rules that refuse a move from a state, or from none, to another; in declared order.
        #[allow(clippy::nonminimal_bool, clippy::needless_bool)]
        pub fn violations(from: {option}<{state}>, to: {state}{parameter}) -> {vector}<&'static str> {{
            {lets} let mut broken = {vector}::new(); {pushes} broken }}"
    );
    laid_out(&[function], 4)
}

/// A condition that begins with `if` stands in parentheses inside another.
fn braced(condition: String) -> String {
    if condition.starts_with("if ") { format!("({condition})") } else { condition }
}
