//! Enums enter; their classes and the constants beside them leave.

use super::identifiers::EnumNames;
use super::layout::Code;
use super::module::Module;
use super::names::member;
use super::prose::{doc_of, doc_of_part};
use super::view::{Class, Declaration, Statement};
use crate::emit::encode::python;
use crate::model::{EnumDef, EnumId, EnumValue};

/// The class, then its kind, aliases, sets, maps and rank.
pub fn enumeration(module: &mut Module<'_>, id: EnumId) -> Vec<Declaration> {
    let item = &module.workspace.enums[id];
    let names = &module.names.enums[usize::from(id)];
    let class = Class {
        name: names.of.class.clone(),
        bases: vec![module.str_enum().to_owned()],
        doc: doc_of(&item.meta, 4),
        body: vec![members(item), by_alias(names, item)],
        decorator: None,
    };
    vec![Declaration::Class(class), Declaration::Statements { lines: constants(module, id) }]
}

fn members(item: &EnumDef) -> Vec<Statement> {
    let statement = |value: &EnumValue| Statement {
        code: format!("    {} = {}", member(&value.name), python::string(&value.text)),
        doc: doc_of_part(value.doc.as_deref(), value.deprecated.as_ref(), 4),
    };
    item.values.iter().map(statement).collect()
}

/// Lets `Class("alias")` find the member.
fn by_alias(names: &EnumNames, item: &EnumDef) -> Vec<Statement> {
    if item.aliases.is_empty() {
        return Vec::new();
    }
    let EnumNames { of, aliases, .. } = names;
    let signature = format!("    @classmethod\n    def _missing_(cls, value: object) -> {} | None:\n", of.class);
    vec![Statement::bare(format!("{signature}        return {aliases}.get(value) if isinstance(value, str) else None"))]
}

fn constants(module: &mut Module<'_>, id: EnumId) -> Vec<Statement> {
    let item = &module.workspace.enums[id];
    let names = &module.names.enums[usize::from(id)];
    let class = &names.of.class;
    let mut lines = Vec::new();
    if !item.aliases.is_empty() {
        let rows = item.aliases.iter().map(|(text, index)| (python::string(text), module.member(id, *index)));
        let value = mapping(rows.collect());
        lines.push(constant(
            module,
            &names.aliases,
            &format!("[str, {class}]"),
            value,
            "Texts that are accepted beside those of the members.",
        ));
    }
    let mut kind = vec![Code::text(&**class)];
    if !item.aliases.is_empty() {
        kind.push(Code::text(&*names.aliases));
    }
    lines.push(Statement::bare(Code::call("_s.enum", kind).after(&format!("{} = ", names.of.kind)).lines(0, "")));
    for (set, name) in item.sets.iter().zip(&names.sets) {
        let members: Vec<Code> = set.members.iter().map(|&index| Code::text(module.member(id, index))).collect();
        let members = if members.is_empty() { Vec::new() } else { vec![Code::braces(members)] };
        let members = Code::call("frozenset", members);
        let annotation = module.typing("Final");
        let code = members.after(&format!("{name}: {annotation}[frozenset[{class}]] = ")).lines(0, "");
        lines.push(Statement::bare(code));
    }
    for (map, name) in item.maps.iter().zip(&names.maps) {
        let target = module.enumeration(map.to);
        let rows = map.targets.iter().enumerate();
        let rows = rows.map(|(from, &to)| (module.member(id, from), module.member(map.to, to))).collect();
        let value = mapping(rows);
        lines.push(constant(module, name, &format!("[{class}, {target}]"), value, ""));
    }
    if let Some(rank) = &item.rank {
        let members = Code::tuple(rank.iter().map(|&index| Code::text(module.member(id, index))).collect());
        let annotation = module.typing("Final");
        let code = members.after(&format!("{}: {annotation}[tuple[{class}, ...]] = ", names.rank)).lines(0, "");
        lines.push(Statement { code, doc: Some("\"\"\"From lowest to highest.\"\"\"".to_owned()) });
    }
    lines
}

fn mapping(rows: Vec<(String, String)>) -> Code {
    Code::braces(rows.into_iter().map(|(key, value)| Code::text(format!("{key}: {value}"))).collect())
}

fn constant(module: &mut Module<'_>, name: &str, arguments: &str, value: Code, doc: &str) -> Statement {
    let (last, of) = (module.typing("Final"), module.mapping());
    let code = value.after(&format!("{name}: {last}[{of}{arguments}] = ")).lines(0, "");
    Statement { code, doc: (!doc.is_empty()).then(|| format!("\"\"\"{doc}\"\"\"")) }
}
