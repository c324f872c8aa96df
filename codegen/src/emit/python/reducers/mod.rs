//! Reducers and profiles enter; the classes and functions that fold events leave.

mod drafts;
mod effects;
mod fold;
mod form;
mod methods;
mod place;
mod report;
mod state;
mod steps;

pub use drafts::drafted;
pub use place::{FoldScope, place};

use super::identifiers::Offered;
use super::layout::{Code, exploded};
use super::module::Module;
use super::names::attribute;
use super::prose::doc_or;
use super::types::kind;
use super::view::{Class, Declaration, Statement};
use crate::emit::encode::python;
use crate::expr::{self, Kind};
use crate::model::{FamilyId, PartitionKey, Primitive, ProfileId, ReducerId, Type};

/// The constant that says how the events of a log are read and ordered.
pub fn profile(module: &mut Module<'_>, id: ProfileId) -> Declaration {
    let workspace = module.workspace;
    let profile = &workspace.profiles[id];
    let envelope = &workspace.records[profile.envelope];
    let class = module.record(profile.envelope);
    let parts = profile.order_by.iter().map(|&at| {
        let field = &envelope.fields[at];
        let value = format!("e.{}", attribute(&field.meta.name));
        let is_instant = matches!(expr::kind(workspace, &field.ty), Kind::Instant);
        Code::text(if is_instant { format!("_s.instant({value})") } else { value })
    });
    let order = Code::tuple(parts.collect()).after("order=lambda e: ");
    let id_of = attribute(&envelope.fields[profile.dedup_by].meta.name);
    let arguments =
        vec![Code::text(format!("_s.record({class})")), order, Code::text(format!("event_id=lambda e: e.{id_of}"))];
    let annotation = format!("{}: {}[_s.Profile[{class}]] = ", module.profile(id), module.typing("Final"));
    let code = Code::call("_s.Profile", arguments).after(&annotation).lines(0, "");
    let otherwise = format!("How events of the profile `{}` are read, ordered and told apart.", profile.meta.name);
    Declaration::Statements { lines: vec![Statement { code, doc: Some(doc_or(&profile.meta, &otherwise, 0)) }] }
}

/// Records that change as parts of the states of a family.
pub fn draft_classes(module: &mut Module<'_>, family: FamilyId) -> Vec<Declaration> {
    let records: Vec<_> =
        module.names.drafts.keys().filter(|(of, _)| *of == family).map(|(_, record)| *record).collect();
    records.into_iter().map(|record| Declaration::Class(drafts::class(module, record))).collect()
}

/// What is made of a reducer.
pub fn reducer(module: &mut Module<'_>, id: ReducerId) -> Vec<Declaration> {
    let names = &module.names.reducers[usize::from(id)];
    let mut declarations = vec![
        Declaration::Class(state::kinds(module, id)),
        Declaration::Class(state::anomaly(module, id)),
        Declaration::Class(state::state(module, id)),
        Declaration::Class(drafts::slots(module, id)),
        Declaration::Class(fold::class(module, id)),
        Declaration::Class(incremental(module, id)),
        function(module, id, &names.reduce, false),
    ];
    if let Some(partitioned) = &names.reduce_partitioned {
        declarations.push(function(module, id, partitioned, true));
    }
    declarations
}

/// The class that takes events one at a time.
fn incremental(module: &mut Module<'_>, id: ReducerId) -> Class {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let names = &module.names.reducers[usize::from(id)];
    let envelope = module.record(workspace.profiles[reducer.profile].envelope);
    let version = &module.names.families[usize::from(reducer.family)].schema_version;
    let profile = module.profile(reducer.profile);
    let mut facts = vec![
        format!("    NAME = {}", python::string(&reducer.meta.name)),
        format!("    VERSION = {version}"),
        format!("    PROFILE = {profile}"),
    ];
    facts.extend(reducer.partition_by.as_ref().map(|_| "    HAS_PARTITIONS = True".to_owned()));
    let mut body = vec![facts.into_iter().map(Statement::bare).collect()];
    let signature = format!("    @classmethod\n    def fold(cls) -> {}:\n", names.fold);
    let doc = "        \"\"\"A state that has seen nothing.\"\"\"\n";
    body.push(vec![Statement::bare(format!("{signature}{doc}        return {}()", names.fold))]);
    if let Some(key) = &reducer.partition_by {
        let value = match key {
            PartitionKey::Envelope(at) => {
                let field = &workspace.records[workspace.profiles[reducer.profile].envelope].fields[*at];
                let value = format!("e.{}", attribute(&field.meta.name));
                if is_wide(workspace.unwrapped(&field.ty), module) { format!("str({value})") } else { value }
            }
            PartitionKey::Payload(name, ty) => {
                let arguments = vec![Code::text("e.payload"), Code::text(python::string(name)), kind(module, ty)];
                Code::call("_s.key_in", arguments).flat()
            }
        };
        let signature = format!("    @classmethod\n    def partition(cls, e: {envelope}) -> str | None:\n");
        let doc = "        \"\"\"What tells the entity apart that a consumed event is about.\"\"\"\n";
        body.push(vec![Statement::bare(format!("{signature}{doc}        return {value}"))]);
    }
    let doc = format!("Takes events in their order, one at a time, and makes a `{}` of them.", names.state);
    Class {
        decorator: None,
        name: names.reducer.clone(),
        bases: vec![format!("_s.Reducer[{envelope}, {}]", names.state)],
        doc: Some(format!("    {}", python::docstring(&doc, 4))),
        body,
    }
}

fn is_wide(ty: &Type, module: &Module<'_>) -> bool {
    let primitive = match ty {
        Type::Scalar(id) => &module.workspace.scalars[*id].primitive,
        Type::Primitive(primitive) => primitive,
        _ => return false,
    };
    matches!(primitive, Primitive::Int64(_) | Primitive::Uint64(_))
}

/// `reduce` and its like.
fn function(module: &mut Module<'_>, id: ReducerId, name: &Offered, is_partitioned: bool) -> Declaration {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let names = &module.names.reducers[usize::from(id)];
    let envelope = module.record(workspace.profiles[reducer.profile].envelope);
    let events = Code::text(format!("events: {}[{envelope}]", module.iterable()));
    let (result, method, doc) = if is_partitioned {
        let doc = format!("What the reducer `{}` makes of each entity of a log, in any order.", reducer.meta.name);
        (format!("_s.Partitioned[{}]", names.state), "of_parts", doc)
    } else {
        let otherwise = format!("What the reducer `{}` makes of events, in any order.", reducer.meta.name);
        (names.state.clone(), "of", otherwise)
    };
    let signature = Code::call(&format!("def {}", name.here), vec![events]).lines(0, &format!(" -> {result}:"));
    let doc = python::docstring(&doc, 4);
    let code = format!("{signature}\n    {doc}\n    return {}.{method}(events)", names.reducer);
    Declaration::Function { lines: vec![Statement::bare(code)] }
}

/// A method: what stands between its signature and the end of its last line.
fn method(name: &str, parameters: &[String], result: &str, lines: &[String]) -> Statement {
    let parameters = parameters.iter().map(|parameter| Code::text(parameter.as_str())).collect();
    let signature = Code::call(&format!("def {name}"), parameters).lines(4, &format!(" -> {result}:"));
    Statement::bare(format!("{signature}\n{}", lines.join("\n")))
}

/// `NAME = {` rows `}`, a row a line.
fn table(name: &str, rows: &[Code]) -> Statement {
    Statement::bare(format!("    {name} = {}", exploded("{", rows, "}", 4)))
}
