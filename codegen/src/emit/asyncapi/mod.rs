//! A workspace enters; an `AsyncAPI` 3.1 document of its events leaves: a channel for each family, a message for each event.
//!
//! A message is the whole envelope where the contracts declare one, else the payload. Who sends and who receives is not in
//! a contract, so there are no operations and no servers: whoever publishes the document adds them.

mod draft_07;

use serde_json::{Map, Value, json};

use super::{header, json_schema};
use crate::config::Config;
use crate::model::{Event, Workspace};
use draft_07::{SCHEMAS, draft_07};

/// The document, as JSON with an end of line.
pub fn document(workspace: &Workspace, config: &Config) -> String {
    let schemas = json_schema::emit(workspace, config);
    let bundle = schemas.get(json_schema::BUNDLE).expect("the schemas have a bundle");
    let bundle: Value = serde_json::from_slice(bundle).expect("a schema is JSON");
    let definitions = bundle["$defs"].as_object().cloned().unwrap_or_default();
    let schemas: Map<String, Value> = definitions.into_iter().map(|(name, schema)| (name, draft_07(schema))).collect();
    let document = json!({
        "asyncapi": "3.1.0",
        "info": {
            "title": config.rust.crate_name,
            "version": version(workspace),
            "description": header::of_package(config),
        },
        "defaultContentType": "application/json",
        "channels": channels(workspace),
        "components": {"messages": messages(workspace, &bundle["x-payloads"]), "schemas": schemas},
    });
    format!("{document:#}\n")
}

/// The version of the envelope where there is one, else of the first contract; each channel tells that of its own.
fn version(workspace: &Workspace) -> &str {
    let of_envelope = workspace.families.entries().find_map(|(id, _)| workspace.envelope_version(id));
    let first = workspace.families.iter().next().map(|family| family.version.0.as_str());
    of_envelope.or(first).unwrap_or("1.0.0")
}

fn channels(workspace: &Workspace) -> Map<String, Value> {
    let mut channels = Map::new();
    for (id, family) in workspace.families.entries() {
        let events = workspace.events.iter().filter(|event| event.family == id);
        let messages: Map<String, Value> = events
            .map(|event| {
                let place = format!("#/components/messages/{}", event.meta.name);
                (event.meta.name.clone(), json!({"$ref": place}))
            })
            .collect();
        if messages.is_empty() {
            continue;
        }
        let mut channel = json!({"address": null, "messages": messages, "x-version": family.version.0});
        channel["title"] = family.meta.title.as_deref().unwrap_or(&family.meta.name).into();
        if let Some(doc) = &family.meta.doc {
            channel["description"] = doc.as_str().into();
        }
        channels.insert(family.meta.name.clone(), channel);
    }
    channels
}

fn messages(workspace: &Workspace, payloads: &Value) -> Map<String, Value> {
    let envelopes = workspace.records.entries().filter(|(id, _)| workspace.is_envelope(*id));
    let envelopes: Vec<_> = envelopes.map(|(_, record)| record.meta.name.as_str()).collect();
    let envelope = if let [only] = envelopes[..] { Some(only) } else { None };
    workspace
        .events
        .iter()
        .map(|event| (event.meta.name.clone(), message(event, envelope, &payloads[&event.wire])))
        .collect()
}

fn message(event: &Event, envelope: Option<&str>, payload: &Value) -> Value {
    let payload = payload.as_str().expect("every event has its place in the bundle").replace("#/$defs/", SCHEMAS);
    let payload = json!({"$ref": payload});
    let payload = match envelope {
        Some(envelope) => json!({"allOf": [
            {"$ref": format!("{SCHEMAS}{envelope}")},
            {"type": "object", "required": ["payload"], "properties": {"event_type": {"const": event.wire}, "payload": payload}},
        ]}),
        None => payload,
    };
    let mut message = json!({"name": event.wire, "payload": payload});
    message["title"] = event.meta.title.as_deref().unwrap_or(&event.meta.name).into();
    if let Some(doc) = &event.meta.doc {
        message["description"] = doc.as_str().into();
    }
    if let Some(deprecated) = &event.meta.deprecated {
        message["tags"] = json!([{"name": "deprecated", "description": deprecated.reason}]);
    }
    message
}
