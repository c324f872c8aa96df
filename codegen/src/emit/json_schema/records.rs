//! Records and their rules enter; schemas of objects leave.

use super::condition::Conditions;
use super::node::{Node, Object};
use super::scalars::of_type;
use super::texts::described;
use super::types::Context;
use super::weaker::unchecked_rule;
use crate::model::{Field, Presence, Record, RecordId, Rule};

impl Context<'_> {
    /// The schema of a record's values.
    pub(super) fn record(&self, id: RecordId) -> Object {
        let record = &self.workspace.records[id];
        match &record.versions {
            None => self.object(record, None),
            Some(versions) => self.of_any_version(id, versions),
        }
    }

    /// The same with the tag that a union adds: its key, its schema, and whether it may be absent.
    pub(super) fn object(&self, record: &Record, tag: Option<(&str, Object, bool)>) -> Object {
        let mut properties = Object::default();
        let mut required = Vec::new();
        if let Some((key, schema, may_be_absent)) = tag {
            properties.put(key, schema);
            if !may_be_absent {
                required.push(key);
            }
        }
        for field in &record.fields {
            properties.put(&field.meta.name, self.field(field));
            if matches!(field.presence, Presence::Required | Presence::Nullable) {
                required.push(&field.meta.name);
            }
        }
        let mut schema = of_type("object").with("properties", properties);
        if !required.is_empty() {
            schema.put("required", required);
        }
        if record.closed {
            schema.put("additionalProperties", false);
        }
        self.with_rules(record, schema)
    }

    fn field(&self, field: &Field) -> Object {
        let mut schema = self.of(&field.ty);
        if let Presence::Default(value) = &field.presence {
            schema.put("default", value);
        }
        described(&field.meta, schema)
    }

    /// Adds what rules demand: all of them as they are written, and as schemas where these can say it exactly.
    fn with_rules(&self, record: &Record, schema: Object) -> Object {
        let conditions = Conditions { workspace: self.workspace, record };
        let (mut exact, mut rest): (Vec<Node>, Vec<&Rule>) = (Vec::new(), Vec::new());
        for rule in &record.rules {
            match conditions.rule(rule) {
                Some(demand) => exact.extend(demand),
                None => rest.push(rule),
            }
        }
        let mut schema = schema;
        if !exact.is_empty() {
            schema.put("allOf", exact);
        }
        if !record.rules.is_empty() {
            schema.put("x-rules", record.rules.iter().map(|rule| conditions.as_written(rule)).collect::<Vec<_>>());
        }
        if !rest.is_empty() {
            schema.put("x-weaker", rest.iter().map(|rule| unchecked_rule(&rule.code)).collect::<Vec<_>>());
        }
        schema
    }
}
