//! The names of `names.json` enter; a contract leaves in which every accepted one stands where its kind may stand.

use serde_json::{Value, json};

use crate::vectors;

/// A contract in which every name that the vectors accept stands where its kind may stand.
pub fn names() -> Value {
    let members = |names: &[String], value: &dyn Fn(&str) -> Value| -> Value {
        names.iter().map(|name| (name.clone(), value(name))).collect::<serde_json::Map<_, _>>().into()
    };
    let (fields, values, types) = (accepted("field"), accepted("enum_value"), accepted("type"));
    let shapes =
        [json!({"fields": {"text": "string"}}), json!({"fields": {"next": "opt<Values>", "map": "map<string Map>"}})];
    let records: serde_json::Map<String, Value> =
        types.iter().enumerate().map(|(at, name)| (name.clone(), shapes[at % shapes.len()].clone())).collect();
    let mut holder = serde_json::Map::new();
    for (at, name) in types.iter().enumerate() {
        holder.insert(format!("member{at}"), format!("list<{name}>").into());
    }
    json!({
        "language": 1,
        "contract": "names",
        "version": "1.0.0",
        "enums": {"Values": {"values": values, "sets": {"all": values}, "rank": values}},
        "records": records,
        "events": {
            "Named": {"fields": members(&fields, &|_| "opt<Values>".into()), "rules": rules(&fields)},
            "Held": {"fields": holder},
        },
        "machines": {"flow": {"states": "Values", "edges": {"none": values}}},
    })
}

/// Rules that read every field whose name may stand behind a dot.
fn rules(fields: &[String]) -> Value {
    let readable = |field: &&String| !["false", "in", "null", "true"].contains(&field.as_str());
    let readable: Vec<&String> = fields.iter().filter(readable).collect();
    let rule = |(at, fields): (usize, &[&String])| {
        let tests: Vec<String> = fields.iter().map(|field| format!("p.{field} == Values.done")).collect();
        json!({"code": format!("rule{at}"), "check": format!("!({})", tests.join(" && "))})
    };
    readable.chunks(50).enumerate().map(rule).collect::<Vec<_>>().into()
}

/// The names of a kind that the vectors accept beside each other.
pub fn accepted(kind: &str) -> Vec<String> {
    let mut keys = std::collections::BTreeSet::new();
    let cases = vectors("names.json").into_iter().filter(|case| case["kind"] == kind && case["expect"] == "emit");
    let names = cases.map(|case| case["name"].as_str().unwrap().to_owned());
    names.filter(|name| keys.insert(codegen::model::names::collision_key(name))).collect()
}
