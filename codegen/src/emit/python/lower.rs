//! A family enters; its module leaves, with every name and type settled.

use std::collections::BTreeMap;

use super::enums::enumeration;
use super::identifiers::{Identifiers, TypeName};
use super::layout::Code;
use super::machines::{machine, table};
use super::module::Module;
use super::names::place_in_import;
use super::order::{Declared, in_order};
use super::prose::{doc_of, doc_or};
use super::records::{mixin, record, variants};
use super::reducers;
use super::types::{annotation, kind, union_kind};
use super::view::{Declaration, FamilyView, Part, Statement};
use crate::config::Config;
use crate::emit::encode::python;
use crate::emit::header;
use crate::model::{EventId, FamilyId, Meta, Payload, RecordKind, Type, UnionForm, UnionId, Workspace};

/// The module of a family.
pub fn family(workspace: &Workspace, config: &Config, names: &Identifiers, id: FamilyId) -> FamilyView {
    let family = &workspace.families[id];
    let mut module = Module::new(workspace, names, id);
    let mut declarations = constants(&mut module, id);
    for declared in in_order(workspace, id) {
        declarations.extend(declaration(&mut module, declared));
    }
    let machines = workspace.machines.entries().filter(|(_, item)| item.family == id);
    for (at, _) in machines {
        declarations.push(Declaration::Class(machine(&mut module, at)));
    }
    let tables = workspace.tables.entries().filter(|(_, item)| item.family == id);
    for (at, _) in tables {
        declarations.extend(table(&mut module, at));
    }
    declarations.extend(payloads(&mut module, id));
    for (at, _) in workspace.profiles.entries().filter(|(_, item)| item.family == id) {
        declarations.push(reducers::profile(&mut module, at));
    }
    declarations.extend(reducers::draft_classes(&mut module, id));
    for (at, _) in workspace.reducers.entries().filter(|(_, item)| item.family == id) {
        declarations.extend(reducers::reducer(&mut module, at));
    }
    FamilyView {
        header: header::of_contract(config, &family.meta.name),
        doc: doc_or(&family.meta, &format!("The contract `{}`.", family.meta.name), 0),
        imports: imports(&module),
        parts: spaced(declarations),
    }
}

/// Two blank lines stand around classes, one between statements.
fn spaced(declarations: Vec<Declaration>) -> Vec<Part> {
    let mut after_class = false;
    let spaced = declarations.into_iter().map(|declaration| {
        let is_class = matches!(declaration, Declaration::Class(_) | Declaration::Function { .. });
        let space = if is_class || after_class { "\n\n" } else { "\n" };
        after_class = is_class;
        let declaration = match declaration {
            Declaration::Class(class) => Declaration::Class(class.filled()),
            other => other,
        };
        Part { space, declaration }
    });
    spaced.collect()
}

/// The version, the event types, and the groups of them.
fn constants(module: &mut Module<'_>, id: FamilyId) -> Vec<Declaration> {
    let workspace = module.workspace;
    let names = &module.names.families[usize::from(id)];
    let last = module.typing("Final");
    let version = python::string(&workspace.families[id].version.0);
    let mut sections = vec![vec![Statement::bare(format!("{}: {last} = {version}", names.schema_version))]];
    if let (Some(name), Some(version)) = (&names.envelope_version, workspace.envelope_version(id)) {
        sections[0].push(Statement::bare(format!("{name}: {last} = {}", python::string(version))));
    }
    let events: Vec<EventId> =
        workspace.events.entries().filter(|(_, event)| event.family == id).map(|(id, _)| id).collect();
    let types = events.iter().map(|&event| {
        let constant = module.event(event);
        Statement::bare(format!("{constant}: {last} = {}", python::string(&workspace.events[event].wire)))
    });
    sections.push(types.collect());
    let mut sets = Vec::new();
    if let Some(name) = &names.event_types {
        sets.push(event_set(module, name, &events));
    }
    for (at, group) in workspace.groups.entries().filter(|(_, group)| group.family == id) {
        let mut set = event_set(module, &module.names.groups[usize::from(at)], &group.events);
        set.doc = doc_of(&group.meta, 0);
        sets.push(set);
    }
    sections.push(sets);
    sections.into_iter().filter(|lines| !lines.is_empty()).map(|lines| Declaration::Statements { lines }).collect()
}

fn event_set(module: &mut Module<'_>, name: &str, events: &[EventId]) -> Statement {
    let members: Vec<Code> = events.iter().map(|&event| Code::text(module.event(event))).collect();
    let members = if members.is_empty() { Vec::new() } else { vec![Code::braces(members)] };
    let annotation = module.typing("Final");
    let code = Code::call("frozenset", members).after(&format!("{name}: {annotation}[frozenset[str]] = "));
    Statement::bare(code.lines(0, ""))
}

fn declaration(module: &mut Module<'_>, declared: Declared) -> Vec<Declaration> {
    let workspace = module.workspace;
    match declared {
        Declared::Scalar(id) => {
            let scalar = &workspace.scalars[id];
            let names = &module.names.scalars[usize::from(id)];
            let ty = Type::Primitive(scalar.primitive.clone());
            vec![alias(module, names, &ty, &scalar.meta)]
        }
        Declared::Named(id) => {
            let item = &workspace.types[id];
            let names = &module.names.types[usize::from(id)];
            vec![alias(module, names, &item.ty, &item.meta)]
        }
        Declared::Enum(id) => enumeration(module, id),
        Declared::Union(id) => union(module, id),
        Declared::Mixin(id) => vec![Declaration::Class(mixin(module, id))],
        Declared::Record(id) => vec![Declaration::Class(record(module, id))],
    }
}

/// A type's alias and kind.
fn alias(module: &mut Module<'_>, names: &TypeName, ty: &Type, meta: &Meta) -> Declaration {
    let alias_type = module.typing("TypeAlias");
    let written = format!("{}: {alias_type} = {}", names.class, annotation(module, ty));
    let kind = kind(module, ty).after(&format!("{} = ", names.kind));
    let lines = vec![Statement { code: written, doc: doc_of(meta, 0) }, Statement::bare(kind.lines(0, ""))];
    Declaration::Statements { lines }
}

fn union(module: &mut Module<'_>, id: UnionId) -> Vec<Declaration> {
    let union = &module.workspace.unions[id];
    let names = &module.names.unions[usize::from(id)];
    let mut declarations: Vec<Declaration> = variants(module, id).into_iter().map(Declaration::Class).collect();
    let types: Vec<String> = match &union.form {
        UnionForm::Tagged { variants, .. } => {
            variants.iter().map(|variant| names.variants[variant.value].clone()).collect()
        }
        UnionForm::Untagged(types) => types.iter().map(|ty| annotation(module, ty)).collect(),
    };
    let parts = types.into_iter().enumerate();
    let parts = parts.map(|(at, name)| if at == 0 { name } else { format!("| {name}") }).collect();
    let open = format!("{}: {} = ", names.of.class, module.typing("TypeAlias"));
    let written = Code::Chain { open, parts };
    let kind = union_kind(module, id).after(&format!("{} = ", names.of.kind));
    let lines =
        vec![Statement { code: written.lines(0, ""), doc: doc_of(&union.meta, 0) }, Statement::bare(kind.lines(0, ""))];
    declarations.push(Declaration::Statements { lines });
    declarations
}

/// Other names of payloads that events share, and the kind of each payload by event type.
fn payloads(module: &mut Module<'_>, id: FamilyId) -> Vec<Declaration> {
    let workspace = module.workspace;
    let mut declarations = Vec::new();
    let mut rows = Vec::new();
    for (at, event) in workspace.events.entries().filter(|(_, event)| event.family == id) {
        let ty = event.payload.ty();
        let named = match event.payload {
            Payload::Record(record) => workspace.records[record].kind == RecordKind::Record,
            Payload::Union(_) => true,
        };
        if named {
            let code = format!("{}: {} = {}", module.payload(at), module.typing("TypeAlias"), annotation(module, &ty));
            let doc = doc_or(&event.meta, &format!("Payload of a `{}` event.", event.wire), 0);
            declarations.push(Declaration::Statements { lines: vec![Statement { code, doc: Some(doc) }] });
        }
        rows.push(kind(module, &ty).after(&format!("{}: ", module.event(at))));
    }
    if !rows.is_empty() {
        let (last, any) = (module.typing("Final"), module.typing("Any"));
        let open = format!("_PAYLOADS: {last}[{}[str, _s.Kind[{any}]]] = ", module.mapping());
        let code = Code::braces(rows).after(&open).lines(0, "");
        let doc = "\"\"\"What decides the payload of each event, by event type.\"\"\"";
        let lines = vec![Statement { code, doc: Some(doc.to_owned()) }];
        declarations.push(Declaration::Statements { lines });
    }
    declarations
}

fn imports(module: &Module<'_>) -> Vec<Vec<String>> {
    let standard: Vec<String> = module.standard_imports().into_iter().map(str::to_owned).collect();
    let mut own = Vec::new();
    own.extend(module.calls_hooks.then(|| "from . import hooks as _h".to_owned()));
    own.push("from . import support as _s".to_owned());
    own.extend(module.asks_for_events.then(|| "from ._events import is_known as _is_known".to_owned()));
    own.extend(imports_of_families(module, ".", 0));
    [standard, own].into_iter().filter(|lines| !lines.is_empty()).collect()
}

/// The lines that import from families, which stand behind `prefix`, for a block at column `indent`.
pub fn imports_of_families(module: &Module<'_>, prefix: &str, indent: usize) -> Vec<String> {
    let lines = module.imported().iter().map(|(from, names)| import(&format!("{prefix}{from}"), names, indent));
    lines.collect()
}

fn import(from: &str, names: &BTreeMap<&str, String>, indent: usize) -> String {
    let mut names: Vec<(&str, &str)> = names.iter().map(|(there, here)| (*there, here.as_str())).collect();
    names.sort_by_cached_key(|(there, _)| place_in_import(there));
    let names = names
        .into_iter()
        .map(|(there, here)| Code::text(if there == here { there.to_owned() } else { format!("{there} as {here}") }));
    let names: Vec<Code> = names.collect();
    let flat: Vec<String> = names.iter().map(Code::flat).collect();
    let line = format!("{:indent$}from {from} import {}", "", flat.join(", "));
    if line.len() <= super::layout::WIDTH {
        line
    } else {
        Code::tuple(names).after(&format!("from {from} import ")).lines(indent, "")
    }
}
