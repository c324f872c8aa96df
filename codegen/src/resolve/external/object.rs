//! Schemas of objects enter; records, maps and plain objects leave.

use std::collections::BTreeSet;

use super::parts::{applied, bare, items, members, named, part_name};
use super::shape::{Made, Shaper};
use crate::json::Value;
use crate::load::raw::{RawField, RawRecord, RawTypeSource};
use crate::model::names::{check_field_name, collision_key};
use crate::source::Spanned;

impl Shaper<'_> {
    pub fn object(&mut self, schema: &Value, pointer: &str, name: &str, read: &mut BTreeSet<&'static str>) -> Made {
        read.extend(["properties", "required", "additionalProperties"]);
        let rest = schema.get("additionalProperties");
        if schema.get("properties").is_some() {
            return self.record(schema, pointer, name, None);
        }
        let required = schema.get("required").and_then(items).is_some_and(|required| !required.is_empty());
        if required {
            self.lose(pointer, "`required` without `properties`");
        }
        match rest {
            Some(Value::Object(_)) => {
                read.extend(["minProperties", "maxProperties"]);
                let item = part_name(name, "value");
                let made = self.made(rest.unwrap_or(&Value::Null), &format!("{pointer}/additionalProperties"), &item);
                let value = self.element(made, &item);
                let mut made = Made::of(applied("map", vec![named("string", self.at), value]));
                made.constraints.min_items = self.count(schema, "minProperties");
                made.constraints.max_items = self.count(schema, "maxProperties");
                made
            }
            Some(Value::Bool(false)) => self.record(schema, pointer, name, None),
            _ => self.builtin("object"),
        }
    }

    /// A record of the properties that have a name in the language, but `tag`, which belongs to a union.
    pub fn record(&mut self, schema: &Value, pointer: &str, name: &str, tag: Option<&str>) -> Made {
        if !self.takes(name) {
            return self.anything(pointer, "an object whose name is taken");
        }
        let required: Vec<&str> = schema
            .get("required")
            .and_then(items)
            .map_or(Vec::new(), |required| required.iter().filter_map(Value::as_str).collect());
        let mut keys = BTreeSet::new();
        let mut fields = Vec::new();
        let mut is_complete = true;
        for (key, property) in members(schema.get("properties")).filter(|(key, _)| Some(*key) != tag) {
            if check_field_name(key).is_err() || !keys.insert(collision_key(key)) {
                is_complete = false;
                self.lose(pointer, &format!("the member `{key}`"));
                continue;
            }
            let place = format!("{pointer}/properties/{key}");
            let made = self.made(property, &place, &part_name(name, key));
            fields.push(self.field(key, made, required.contains(&key)));
        }
        for key in required.iter().filter(|key| schema.get("properties").and_then(|all| all.get(key)).is_none()) {
            self.lose(pointer, &format!("that `{key}` is required"));
        }
        let closed = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) if is_complete => true,
            Some(Value::Bool(false) | Value::Object(_)) => {
                self.lose(pointer, "`additionalProperties`");
                false
            }
            _ => false,
        };
        let (meta, closed) = (bare(&self.text(name)), Some(closed));
        self.records.push(RawRecord { meta, mixins: Vec::new(), closed, fields, rules: Vec::new(), versions: None });
        self.builtin(name)
    }

    /// Where a key may be absent, null means the same.
    fn field(&self, key: &str, made: Made, is_required: bool) -> RawField {
        let is_open = made.ty.is_json();
        let must_stand = made.is_nullable && is_required;
        let is_nullable = !is_required || made.is_nullable && !is_open;
        let (ty, constraints) = Made { is_nullable, ..made }.optional();
        RawField {
            meta: bare(&self.text(key)),
            ty: RawTypeSource::Type(ty),
            constraints,
            required: (must_stand && is_nullable).then(|| Spanned::new(true, self.at)),
            default: None,
            required_when: None,
            forbidden_when: None,
        }
    }
}
