//! The bundle of emitted JSON Schemas and payloads enter; the verdict of another validator on each leaves.

use std::collections::BTreeMap;

use codegen::emit::json_schema::{WEAK_KEYS, WEAK_SET};
use codegen::fault::{Code, Fault};
use codegen::json::{Value, canonical};
use jsonschema::Validator;

/// A validator for each event that was asked for.
#[derive(Debug)]
pub struct SchemaVerdicts {
    bundle: serde_json::Value,
    validators: BTreeMap<String, Validator>,
}

impl SchemaVerdicts {
    /// Reads the text of the bundle.
    pub fn new(bundle: &[u8]) -> Self {
        Self { bundle: serde_json::from_slice(bundle).expect("a schema is JSON"), validators: BTreeMap::new() }
    }

    /// Whether the schema of the event accepts the payload. Numbers are handed over as they were read.
    pub fn accepts(&mut self, event_type: &str, payload: &Value) -> bool {
        let bundle = &self.bundle;
        let validator = self.validators.entry(event_type.to_owned()).or_insert_with(|| {
            let mut schema = bundle.clone();
            schema["$ref"] = bundle["x-payloads"][event_type].clone();
            jsonschema::draft202012::options().build(&schema).unwrap_or_else(|error| panic!("{event_type}: {error}"))
        });
        validator.is_valid(&serde_json::from_str(&canonical(payload)).expect("canonical text is JSON"))
    }

    /// Whether the schemas say that they do not see such an error.
    pub fn overlooks(&self, fault: &Fault) -> bool {
        let said = match fault.code {
            Code::Rule => format!("rule `{}` is not checked", fault.params["rule"].as_str().unwrap_or_default()),
            Code::UniqueItems => WEAK_SET.to_owned(),
            Code::MapKey => WEAK_KEYS.to_owned(),
            _ => return false,
        };
        is_said(&self.bundle, &said)
    }
}

/// Whether a text stands under `x-weaker` anywhere in a schema.
fn is_said(schema: &serde_json::Value, text: &str) -> bool {
    match schema {
        serde_json::Value::Array(items) => items.iter().any(|item| is_said(item, text)),
        serde_json::Value::Object(members) => members.iter().any(|(key, member)| {
            let here = key == "x-weaker" && member.as_array().into_iter().flatten().any(|said| said == text);
            here || is_said(member, text)
        }),
        _ => false,
    }
}
