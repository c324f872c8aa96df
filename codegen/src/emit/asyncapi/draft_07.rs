//! A schema of JSON Schema 2020-12 enters; the same in draft-07 leaves, which is what `AsyncAPI` builds on.

use serde_json::{Map, Value, json};

/// Where the document keeps its schemas.
pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// Only what our own schemas say is known here: references, tuples, and the rest that both drafts share.
pub(super) fn draft_07(schema: Value) -> Value {
    match schema {
        Value::Object(members) => object(members),
        Value::Array(items) => items.into_iter().map(draft_07).collect(),
        other => other,
    }
}

/// Members whose values are data, not schemas.
const DATA: &[&str] = &["const", "enum", "default", "examples"];

fn object(members: Map<String, Value>) -> Value {
    let mut out = Map::new();
    let mut reference = None;
    // In 2020-12 `items` speaks of what comes behind a tuple.
    let is_tuple = members.contains_key("prefixItems");
    for (key, value) in members {
        match key.as_str() {
            "$ref" => reference = value.as_str().map(|place| json!({"$ref": place.replace("#/$defs/", SCHEMAS)})),
            "prefixItems" => _ = out.insert("items".into(), draft_07(value)),
            "items" if is_tuple => _ = out.insert("additionalItems".into(), draft_07(value)),
            _ if DATA.contains(&key.as_str()) => _ = out.insert(key, value),
            _ => _ = out.insert(key, draft_07(value)),
        }
    }
    match reference {
        // Draft-07 does not look at what stands beside a reference.
        Some(reference) if !out.is_empty() => {
            let mut all = vec![reference];
            if let Some(Value::Array(others)) = out.remove("allOf") {
                all.extend(others);
            }
            out.insert("allOf".into(), Value::Array(all));
            Value::Object(out)
        }
        Some(reference) => reference,
        None => Value::Object(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_a_reference_keeps_its_meaning() {
        let schema = json!({"$ref": "#/$defs/Id", "description": "x", "allOf": [{"minLength": 2}]});
        let expected = json!({"description": "x", "allOf": [{"$ref": "#/components/schemas/Id"}, {"minLength": 2}]});
        assert_eq!(draft_07(schema), expected);
    }

    #[test]
    fn a_tuple_keeps_its_length() {
        let schema = json!({"prefixItems": [{"type": "number"}], "items": false, "minItems": 1});
        let expected = json!({"items": [{"type": "number"}], "additionalItems": false, "minItems": 1});
        assert_eq!(draft_07(schema), expected);
    }

    #[test]
    fn data_stays_data() {
        let schema = json!({"const": {"$ref": "#/$defs/Id"}, "examples": [{"prefixItems": 1}]});
        assert_eq!(draft_07(schema.clone()), schema);
    }
}
