//! What happened enters; an anomaly with typed parameters and a text for people leaves.

use std::collections::BTreeMap;

use crate::json::{self, Value};
use crate::model::{Anomaly, AnomalyField, EnumId, TemplatePart, Workspace};

/// An anomaly as it is recorded and printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its kind.
    pub kind: String,
    /// The event it is about.
    pub event_id: String,
    /// Typed facts.
    pub params: BTreeMap<String, Value>,
    /// For people.
    pub message: String,
}

impl Recorded {
    /// As it is printed.
    pub fn value(&self) -> Value {
        Value::object([
            ("event_id", self.event_id.as_str().into()),
            ("kind", self.kind.as_str().into()),
            ("message", self.message.as_str().into()),
            ("params", Value::Object(self.params.clone())),
        ])
    }

    /// What makes two of them one: kind, event and parameters.
    pub fn identity(&self) -> String {
        json::canonical(&Value::Array(vec![
            self.kind.as_str().into(),
            self.event_id.as_str().into(),
            Value::Object(self.params.clone()),
        ]))
    }
}

/// An anomaly of a kind, with a value for each of its own parameters and of the reducer's fields.
pub fn recorded(
    anomaly: &Anomaly,
    event_id: &str,
    fields: &[(String, Value)],
    params: Vec<Value>,
    inner: Option<&Recorded>,
) -> Recorded {
    let message = anomaly.template.iter().map(|part| match part {
        TemplatePart::Text(text) => text.clone(),
        TemplatePart::Param(at) => rendered(&params[*at]),
        TemplatePart::Field(at) => rendered(&fields[*at].1),
        TemplatePart::Inner(name) => inner.map(|inner| inner_part(inner, name)).unwrap_or_default(),
    });
    let message = message.collect();
    let mut all: BTreeMap<String, Value> = anomaly.params.iter().cloned().zip(params).collect();
    all.extend(fields.iter().cloned());
    if let Some(inner) = inner {
        all.insert("kind".into(), inner.kind.as_str().into());
        all.insert("params".into(), Value::Object(inner.params.clone()));
    }
    Recorded { kind: anomaly.kind.clone(), event_id: event_id.to_owned(), params: all, message }
}

fn inner_part(inner: &Recorded, name: &str) -> String {
    match name {
        "message" => inner.message.clone(),
        "kind" => inner.kind.clone(),
        "event_id" => inner.event_id.clone(),
        param => rendered(inner.params.get(param).unwrap_or(&Value::Null)),
    }
}

/// A value in a text: strings as they are, a list joined, none as `null`.
pub fn rendered(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(rendered).collect::<Vec<_>>().join(", "),
        other => json::canonical(other),
    }
}

/// The value of a field that every anomaly carries; expressions are the caller's.
pub fn field_value(workspace: &Workspace, field: &AnomalyField, payload: &Value) -> Option<Value> {
    match field {
        AnomalyField::Text { path, default } => {
            Some(at_path(payload, path).and_then(Value::as_str).unwrap_or(default).into())
        }
        AnomalyField::Enum { id, path } => Some(member(workspace, *id, at_path(payload, path))),
        AnomalyField::Expression(_) => None,
    }
}

fn at_path<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn member(workspace: &Workspace, id: EnumId, value: Option<&Value>) -> Value {
    let item = &workspace.enums[id];
    let index = value.and_then(Value::as_str).and_then(|text| item.accepts(text));
    index.map_or(Value::Null, |index| item.values[index].text.as_str().into())
}
