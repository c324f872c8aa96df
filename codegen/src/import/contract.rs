//! Schemas enter; a contract as written, each of its parts at the place of what it was made of, leaves with the losses.

use std::collections::{BTreeMap, BTreeSet};

use super::read::stem;
use super::{Diagnostic, Diagnostics, Wanted, rules};
use crate::foreign::{Document, Documents, Loss, Shaper, Style, bare, definitions, pascal};
use crate::json::Value;
use crate::load::raw::{RawContract, RawEvent, RawMeta, RawRecord, RawReserved, RawText};
use crate::source::{Span, Spanned};

/// What a schema of a file is to become.
struct Root<'s> {
    pointer: String,
    schema: &'s Value,
    name: String,
    /// Its text on the wire, where it is an event.
    wire: Option<String>,
    /// What is said of its payload, where that has a name of its own.
    payload: Option<&'s Value>,
    /// What is made of it; another name than its own where it is an event that names its payload.
    made: String,
}

impl Root<'_> {
    fn payload_name(&self) -> Option<&str> {
        self.payload?.get("name")?.as_str()
    }
}

pub(super) fn shaped(
    order: &[String],
    documents: &Documents,
    (family, version): (&str, &str),
    wanted: &Wanted<'_>,
    out: &mut Diagnostics,
) -> (RawContract, Vec<Loss>) {
    let at = documents[&order[0]].at;
    let mut shaper = Shaper::new(documents, Style::Contract, at, None);
    let mut roots: Vec<Root> = order.iter().filter_map(|path| root(path, &documents[path])).collect();
    name_roots(&mut shaper, &mut roots, wanted, out);
    let defined = name_definitions(&mut shaper, order, documents, &roots);
    for root in &roots {
        shaper.defined_here(root.schema, &root.pointer);
    }
    for (pointer, schema) in defined {
        shaper.defined_here(schema, &pointer);
    }
    let metas: Vec<_> = roots.iter().map(|root| event_meta(&mut shaper, root)).collect();
    let mut lost = std::mem::take(&mut shaper.lost);
    let mut contract = empty(family, version, at);
    shaper.give(&mut contract);
    for (root, (meta, payload)) in roots.iter().zip(metas) {
        if let Some(wire) = &root.wire
            && !become_event(&mut contract, root, wire, meta, payload)
        {
            let message = format!("`{}` is no object, and so no payload of an event", root.name);
            out.push(Diagnostic::new(&rules::IMPORT_NAME, documents[root.pointer.trim_end_matches('#')].at, message));
        }
    }
    lost.sort_by_key(|loss| loss.span);
    (contract, lost)
}

/// The texts of an event, and those of the payload that it names.
fn event_meta(shaper: &mut Shaper<'_>, root: &Root<'_>) -> (RawMeta, Option<RawMeta>) {
    let meta = shaper.texts(&root.name, root.schema, &root.pointer);
    let payload = root.payload.map(|payload| shaper.texts(&root.made, payload, &root.pointer));
    (meta, payload)
}

/// The schema of a whole file; none where it only holds definitions.
fn root<'s>(path: &str, document: &'s Document) -> Option<Root<'s>> {
    let schema = &document.schema;
    let says = ["type", "properties", "enum", "const", "oneOf", "anyOf", "allOf", "items", "$ref"];
    let says_something = says.iter().any(|key| schema.get(key).is_some());
    let only_names = schema.get("$ref").and_then(Value::as_str).is_some_and(|target| target.starts_with('#'));
    if !says_something || only_names {
        return None;
    }
    let pointer = format!("{path}#");
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let made = String::new();
    if let Some(origin) = &document.origin {
        let wire = text("x-event-type").map(str::to_owned);
        let (name, payload) = (origin.name.clone(), schema.get("x-payload"));
        return Some(Root { pointer, schema, name, wire, payload, made });
    }
    let name = text("title").filter(|title| !pascal(title).is_empty() && title.len() <= 64);
    let name = name.map_or_else(|| stem(path), str::to_owned);
    Some(Root { pointer, schema, name, wire: None, payload: None, made })
}

/// Gives each root its name, and makes events of those that are wanted as such.
fn name_roots<'s>(shaper: &mut Shaper<'s>, roots: &mut [Root<'s>], wanted: &Wanted<'_>, out: &mut Diagnostics) {
    let mut events: BTreeSet<&str> = wanted.events.iter().map(String::as_str).collect();
    // One event of one file: it is that, whatever the schema is called.
    if let ([root], [event]) = (&mut *roots, wanted.events)
        && root.wire.is_none()
    {
        root.name.clone_from(event);
    }
    let mut payloads: BTreeMap<String, (String, String)> = BTreeMap::new();
    for root in roots {
        let name = shaper.fresh(&root.name, &root.name, &root.pointer);
        if events.remove(name.as_str()) && root.wire.is_none() {
            root.wire = Some(name.clone());
        }
        if root.wire.is_some() {
            shaper.reserve(&format!("{name}Payload"));
        }
        root.made = match root.payload_name() {
            Some(payload) => {
                if let Some((first, made)) = payloads.get(payload) {
                    // Another event has it too.
                    shaper.alias(&root.pointer, first);
                    String::clone(made)
                } else {
                    let made = shaper.fresh(payload, payload, &root.pointer);
                    payloads.insert(payload.to_owned(), (root.pointer.clone(), made.clone()));
                    made
                }
            }
            None if root.wire.is_some() && is_choice(root.schema) => {
                let name = format!("{name}Choice");
                shaper.fresh(&name, &name, &root.pointer)
            }
            None => name.clone(),
        };
        shaper.give_name(&root.pointer, &root.made);
        root.name = name;
    }
    for event in events {
        let message = format!("no file has an object `{}` that could be an event", event.escape_debug());
        let help = "the name is the `title` of a schema, or that of its file; of one file it may be any";
        out.push(Diagnostic::global(&rules::IMPORT_NAME, message).help(help));
    }
}

/// Gives each definition its name; those that say what another one of that name says are that one.
fn name_definitions<'s>(
    shaper: &mut Shaper<'s>,
    order: &[String],
    documents: &'s Documents,
    roots: &[Root<'_>],
) -> Vec<(String, &'s Value)> {
    let mut all: Vec<(String, &str, &Value)> = Vec::new();
    let mut of_key: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in order {
        let mut here: Vec<_> = definitions(&documents[path].schema).collect();
        here.sort_by_key(|(pointer, ..)| shaper.place(&format!("{path}{pointer}")).start);
        for (pointer, key, schema) in here {
            let pointer = format!("{path}{pointer}");
            let event =
                roots.iter().find(|root| documents[path].origin.is_some() && root.wire.is_some() && root.name == key);
            if let Some(event) = event.filter(|event| event.payload.is_none()) {
                // The name of an event is the type of its payload.
                shaper.alias(&pointer, &event.pointer);
                continue;
            }
            let is_payload = |root: &&Root| documents[path].origin.is_some() && root.payload_name() == Some(key);
            let payload = roots.iter().find(is_payload);
            if let Some(payload) = payload {
                shaper.alias(&pointer, &payload.pointer);
                continue;
            }
            let known = of_key.entry(key).or_default();
            if let Some(first) = known.iter().find(|first| shaper.say_the_same(first, &pointer)) {
                shaper.alias(&pointer, first);
            } else {
                known.push(pointer.clone());
                all.push((pointer, key, schema));
            }
        }
    }
    for (pointer, key, _) in &all {
        let name = shaper.fresh(key, key, pointer);
        shaper.give_name(pointer, &name);
    }
    all.into_iter().map(|(pointer, _, schema)| (pointer, schema)).collect()
}

/// Makes an event of a root, whose payload is what was made of it; false where that is no object.
fn become_event(
    contract: &mut RawContract,
    root: &Root<'_>,
    wire: &str,
    meta: RawMeta,
    payload: Option<RawMeta>,
) -> bool {
    let is_made = |name: &RawText| name.value == root.made;
    let record = contract.records.iter().position(|record| is_made(&record.meta.name));
    let wire = (wire != root.name).then(|| Spanned::new(wire.to_owned(), meta.name.span));
    let is_inline = root.made == root.name;
    if let Some(at) = record.filter(|_| is_inline) {
        let payload = contract.records.remove(at);
        contract.events.push(RawEvent { payload, named_payload: None, wire, unreduced: false });
        return true;
    }
    let union = contract.unions.iter_mut().find(|union| is_made(&union.meta.name));
    let made = match record {
        Some(at) => Some(&mut contract.records[at].meta),
        None => union.map(|union| &mut union.meta),
    };
    let Some(made) = made else { return false };
    let name = made.name.clone();
    *made = payload.unwrap_or_else(|| bare(&name));
    let record = RawRecord { meta, mixins: Vec::new(), closed: None, fields: Vec::new(), rules: Vec::new(), versions: None };
    contract.events.push(RawEvent { payload: record, named_payload: Some(name), wire, unreduced: false });
    true
}

/// Whether a schema is a choice between others.
fn is_choice(schema: &Value) -> bool {
    schema.get("properties").is_none() && ["oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some())
}

fn empty(family: &str, version: &str, span: Span) -> RawContract {
    let text = |text: &str| Spanned::new(text.to_owned(), span);
    RawContract {
        span,
        name: text(family),
        version: text(version),
        meta: bare(&text(family)),
        imports: Vec::new(),
        closed: false,
        reserved: RawReserved::default(),
        scalars: Vec::new(),
        types: Vec::new(),
        enums: Vec::new(),
        records: Vec::new(),
        unions: Vec::new(),
        mixins: Vec::new(),
        events: Vec::new(),
        groups: Vec::new(),
        machines: Vec::new(),
        tables: Vec::new(),
        profiles: Vec::new(),
        reducers: Vec::new(),
        hooks: Vec::new(),
    }
}
