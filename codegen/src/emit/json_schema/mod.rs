//! A workspace enters; a JSON Schema (2020-12) of each payload, of each envelope, and of all of them in one leave.
//!
//! Schemas decide as the interpreter does, but for what stands in them under `x-weaker` (and for faults of the text
//! itself, which no schema sees).

mod condition;
mod decimal;
mod declared;
mod enums;
mod identity;
mod node;
mod records;
mod scalars;
mod subject;
mod test;
mod texts;
mod types;
mod versions;
mod weaker;

pub use types::{WEAK_KEYS, WEAK_SET};
pub use weaker::{Weakness, weaknesses};

use std::collections::BTreeMap;

use super::FileSet;
use super::casing::snake;
use super::header;
use crate::config::Config;
use crate::json::{Value, digest};
use crate::model::{Event, Family, Meta, Payload, RecordKind, Workspace};
use declared::{Declared, names, needed};
use node::{Node, Object};
use texts::described;
use types::Context;

/// Name of the file that holds every schema.
pub const BUNDLE: &str = "bundle.schema.json";

/// Name of the file that holds the schema of the contract language.
pub const LANGUAGE: &str = "contract.schema.json";

const SUFFIX: &str = ".schema.json";
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// All schemas, by file name.
pub fn emit(workspace: &Workspace, config: &Config) -> FileSet {
    let roots = roots(workspace);
    let mut files = FileSet::default();
    for (name, root) in &roots {
        files.add(name, single(workspace, config, root).print());
    }
    files.add(BUNDLE, bundle(workspace, config, roots.values()).print());
    files
}

/// The `$id` of the schema of an event's payload or of an envelope: another version of its family has another one.
pub fn id(family: &Family, meta: &Meta) -> String {
    format!("urn:contract:{}:{}:{}", family.meta.name, family.version, meta.name)
}

/// What has a schema of its own: the payload of an event, or an envelope.
struct Root<'w> {
    meta: &'w Meta,
    family: &'w Family,
    body: Declared,
    /// Its event, where it is a payload.
    event: Option<&'w Event>,
}

/// Every payload and envelope, by the name of its file.
fn roots(workspace: &Workspace) -> BTreeMap<String, Root<'_>> {
    let envelopes = workspace.records.entries().filter(|(id, _)| workspace.is_envelope(*id));
    let envelopes = envelopes.map(|(id, record)| (&record.meta, record.family, Declared::Record(id), None));
    let payloads = workspace.events.iter().map(|event| (&event.meta, event.family, payload(event), Some(event)));
    let mut roots = BTreeMap::new();
    for (meta, family, body, event) in payloads.chain(envelopes) {
        let family = &workspace.families[family];
        let stem = snake(&meta.name);
        let names = [format!("{stem}{SUFFIX}"), format!("{}_{stem}{SUFFIX}", family.meta.name)];
        let is_free = |name: &String| name != BUNDLE && name != LANGUAGE && !roots.contains_key(name);
        let name = names.into_iter().find(is_free).expect("a family declares a name once");
        roots.insert(name, Root { meta, family, body, event });
    }
    roots
}

fn payload(event: &Event) -> Declared {
    match event.payload {
        Payload::Record(id) => Declared::Record(id),
        Payload::Union(id) => Declared::Union(id),
    }
}

/// The name and texts of a payload that its event only names.
fn named_payload(workspace: &Workspace, event: &Event) -> Option<Object> {
    let (meta, _) = payload(event).meta(workspace);
    let is_own = matches!(event.payload, Payload::Record(id) if workspace.records[id].kind != RecordKind::Record);
    (!is_own).then(|| described(meta, Object::of("name", meta.name.as_str())))
}

/// The schema of one payload or envelope, with everything it needs.
fn single(workspace: &Workspace, config: &Config, root: &Root<'_>) -> Node {
    let declared = needed(workspace, [root.body]);
    let context = Context { workspace, names: names(workspace, &declared) };
    let Root { meta, family, body, event } = root;
    document(&id(family, meta), &header::of_contract(config, &family.meta.name))
        .with("title", meta.title.as_ref().unwrap_or(&meta.name).as_str())
        .with_some("x-event-type", event.map(|event| event.wire.as_str()))
        .with_some("x-payload", event.and_then(|event| named_payload(workspace, event)))
        .then(described(meta, context.body(*body)))
        .with_some("$defs", definitions(&context))
        .into()
}

/// All payloads and envelopes in one schema, each to be named by its place under `$defs`.
fn bundle<'w>(workspace: &'w Workspace, config: &Config, roots: impl Iterator<Item = &'w Root<'w>>) -> Node {
    let roots: Vec<_> = roots.map(|root| root.body).collect();
    let mut declared = needed(workspace, roots.iter().copied());
    declared.extend(roots);
    let context = Context { workspace, names: names(workspace, &declared) };
    let mut payloads = Object::default();
    for event in &workspace.events {
        payloads.add(&event.wire, format!("#/$defs/{}", context.names[&payload(event)]));
    }
    let body = Object::of("x-payloads", payloads).with_some("$defs", definitions(&context));
    let digest = digest(&Value::String(Node::from(body.clone()).print()));
    document(&format!("urn:contract:bundle:{digest}"), &header::of_package(config))
        .with("title", "All payloads")
        .with("description", "Validate a payload against the schema that `x-payloads` names for its event type.")
        .then(body)
        .into()
}

fn document(id: &str, header: &str) -> Object {
    Object::of("$schema", DIALECT).with("$id", id).with("$comment", header)
}

fn definitions(context: &Context<'_>) -> Option<Object> {
    let by_name: BTreeMap<_, _> = context.names.iter().map(|(one, name)| (name, *one)).collect();
    let mut schemas = Object::default();
    for (name, one) in by_name {
        schemas.add(name, context.definition(one));
    }
    (!schemas.is_empty()).then_some(schemas)
}
