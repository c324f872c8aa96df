//! Schemas of objects enter; records, maps and plain objects leave.

use std::collections::{BTreeMap, BTreeSet};

use super::losses::LossKind;
use super::made::Made;
use super::parts::{applied, child, items, named, part_name};
use super::shape::{Shaper, Style};
use crate::json::Value;
use crate::load::raw::{RawField, RawMeta, RawRecord, RawTypeSource};
use crate::model::names::{check_field_name, collision_key};
use crate::source::Spanned;

/// How far schemas of objects may be put together of others.
const DEEPEST: usize = 16;

/// Keywords of a part of an object that are read with the whole.
const OF_PARTS: [&str; 6] =
    ["type", "properties", "required", "additionalProperties", "unevaluatedProperties", "dependentRequired"];

impl<'s> Shaper<'s> {
    pub(super) fn object(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        read.extend(["properties", "required", "additionalProperties"]);
        let rest = schema.get("additionalProperties");
        let is_whole = self.parts_of(schema, pointer).is_some_and(|parts| parts.len() > 1);
        if schema.get("properties").is_some() || is_whole || self.is_emitted(pointer) && rest == Some(&false.into()) {
            return self.record(schema, pointer, name, read);
        }
        let required = schema.get("required").and_then(items).is_some_and(|required| !required.is_empty());
        if required {
            self.lose(pointer, "`required` without `properties`");
        }
        match rest {
            Some(rest @ Value::Object(_)) => {
                read.extend(["minProperties", "maxProperties"]);
                let key = self.map_key(schema, pointer, name, read);
                let item = part_name(name, "value");
                let made = self.made(rest, &child(pointer, "additionalProperties"), &item);
                let value = self.element(made, &item);
                let mut made = Made::of(applied("map", vec![key, value]));
                made.constraints.min_items = self.count(schema, "minProperties");
                made.constraints.max_items = self.count(schema, "maxProperties");
                made
            }
            Some(Value::Bool(false)) => self.record(schema, pointer, name, read),
            _ => self.builtin("object"),
        }
    }

    /// The type of the keys of a map: texts, unless the schema names an enum or a scalar for them.
    fn map_key(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> crate::load::raw::RawType {
        let Some(keys) = schema.get("propertyNames").filter(|_| self.style == Style::Contract) else {
            return named("string", self.at);
        };
        let place = child(pointer, "propertyNames");
        let (target, at) = self.target(keys, &place);
        let is_text = super::parts::values(target).is_some_and(|values| values.iter().all(|v| v.as_str().is_some()))
            || super::parts::kinds(target) == (vec!["string"], false);
        let is_emitted = self.is_emitted(&at);
        if !is_text && !is_emitted {
            return named("string", self.at);
        }
        read.insert("propertyNames");
        let item = part_name(name, "key");
        let made = self.made(keys, &place, &item);
        self.element(Made { is_nullable: false, ..made }, &item)
    }

    fn record(&mut self, schema: &'s Value, pointer: &str, name: &str, read: &mut BTreeSet<&'static str>) -> Made {
        self.record_named(schema, pointer, pointer, name, None, read)
    }

    /// A record of the properties that have a name in the language, but `tag`, which belongs to a union. `name_of` is the
    /// pointer that its name was given to.
    pub(super) fn record_named(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        name_of: &str,
        name: &str,
        tag: Option<&str>,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        let Some(name) = self.claim(name, name_of) else {
            return self.anything(pointer, "an object whose name is taken");
        };
        let meta = self.meta(&name, schema, pointer);
        read.extend(OF_PARTS);
        let parts = match self.parts_of(schema, pointer) {
            Some(parts) => {
                read.insert("allOf");
                parts
            }
            None => vec![(schema, pointer.to_owned())],
        };
        let required: BTreeSet<&str> = parts.iter().flat_map(|(part, _)| required(part)).collect();
        let mut fields: Vec<RawField> = Vec::new();
        let (mut keys, mut known, mut nulls) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        let mut is_complete = true;
        for (part, place) in &parts {
            let properties = child(place, "properties");
            for (key, property) in self.ordered(part.get("properties"), &properties) {
                if Some(key) == tag {
                    continue;
                }
                let place = child(&properties, key);
                if let Some(first) = known.insert(key, property) {
                    if first != property {
                        self.lose(&place, "a member that is described twice");
                    }
                    continue;
                }
                if check_field_name(key).is_err() || !keys.insert(collision_key(key)) {
                    is_complete = false;
                    let span = self.place(&place);
                    let what = format!("the member `{}`", key.escape_debug());
                    self.push_loss(LossKind::Weaker, pointer, &what, span);
                    continue;
                }
                let made = self.made(property, &place, &part_name(&name, key));
                let field = self.field(key, made, required.contains(key), property, &place);
                nulls.extend(field.1.then_some(key));
                fields.push(field.0);
            }
            if place != pointer {
                let conditions: &[_] = if self.style == Style::Contract { &["if", "then", "else"] } else { &[] };
                let read = OF_PARTS.iter().chain(&["allOf", "$ref"]).chain(conditions);
                self.lose_unread(part, place, &read.copied().collect());
            }
        }
        for key in required.iter().filter(|key| !known.contains_key(*key) && Some(**key) != tag) {
            self.lose(pointer, &format!("that `{}` is required", key.escape_debug()));
        }
        if !nulls.is_empty() && self.style == Style::Contract && !self.is_emitted(pointer) {
            let names: Vec<String> = nulls.iter().map(|key| format!("`{key}`")).collect();
            let span = self.place(pointer);
            self.push_loss(LossKind::Null, pointer, &names.join(", "), span);
        }
        let closed = Some(self.is_closed(schema, pointer, &parts, is_complete));
        let rules = self.rules(schema, pointer, &parts, &mut fields, read);
        self.records.push(RawRecord { meta, mixins: Vec::new(), closed, fields, rules, versions: None });
        Made { is_declared: true, ..self.builtin(&name) }
    }

    /// Whether a record takes no other members.
    fn is_closed(&mut self, schema: &Value, pointer: &str, parts: &[(&Value, String)], is_complete: bool) -> bool {
        let is_false = |schema: &Value, key: &str| schema.get(key) == Some(&Value::Bool(false));
        let mut closed = is_false(schema, "unevaluatedProperties") && is_complete;
        for (part, place) in parts {
            match part.get("additionalProperties") {
                Some(Value::Bool(false)) if is_complete && parts.len() == 1 => closed = true,
                Some(Value::Bool(false)) => self.lose_keyword(place, "additionalProperties"),
                Some(Value::Object(members)) if !members.is_empty() => {
                    self.lose_keyword(place, "additionalProperties");
                }
                _ => {}
            }
        }
        if is_false(schema, "unevaluatedProperties") && !closed {
            self.lose_keyword(pointer, "unevaluatedProperties");
        }
        closed
    }

    /// The schemas of objects that a schema is put together of by `allOf`, itself among them; none where one of them is
    /// something else.
    pub(super) fn parts_of(&self, schema: &'s Value, pointer: &str) -> Option<Vec<(&'s Value, String)>> {
        let mut parts = Vec::new();
        self.collect_parts(schema, pointer, 0, &mut parts).then_some(parts)
    }

    fn collect_parts(
        &self,
        schema: &'s Value,
        pointer: &str,
        depth: usize,
        parts: &mut Vec<(&'s Value, String)>,
    ) -> bool {
        if depth > DEEPEST || parts.len() > 1000 {
            return false;
        }
        if self.is_emitted(pointer) {
            // There `allOf` holds rules.
            parts.push((schema, pointer.to_owned()));
            return true;
        }
        for (at, part) in schema.get("allOf").and_then(items).unwrap_or_default().iter().enumerate() {
            let place = child(&child(pointer, "allOf"), &at.to_string());
            let (part, place) = self.target(part, &place);
            let is_condition = self.style == Style::Contract && part.get("if").is_some();
            let is_object = match super::parts::kinds(part) {
                (kinds, false) if kinds == ["object"] => true,
                (kinds, false) if kinds.is_empty() => {
                    is_condition || ["properties", "required", "allOf"].iter().any(|key| part.get(key).is_some())
                }
                _ => false,
            };
            let is_other = ["$ref", "oneOf", "anyOf", "enum", "const"].iter().any(|key| part.get(key).is_some());
            if !is_object || is_other || !self.collect_parts(part, &place, depth + 1, parts) {
                return false;
            }
        }
        parts.push((schema, pointer.to_owned()));
        true
    }

    /// A field, and whether null is accepted where the schema refuses it: where a key may be absent, null means the same.
    fn field(&mut self, key: &str, made: Made, is_required: bool, schema: &Value, pointer: &str) -> (RawField, bool) {
        let place = self.place(pointer);
        let before = std::mem::replace(&mut self.at, place);
        let is_open = made.ty.is_json();
        let default = self.default(&made, is_required, schema, pointer);
        let must_stand = (made.is_nullable || made.takes_none) && is_required;
        let is_widened = !is_required && default.is_none() && !made.is_nullable && !made.takes_none && !is_open;
        let is_nullable = !is_required && default.is_none() || made.is_nullable && !is_open;
        let meta = if made.is_declared { self.bare(key) } else { self.meta(key, schema, pointer) };
        let takes_none = made.takes_none;
        let (ty, constraints) = Made { is_nullable, ..made }.optional();
        let field = RawField {
            meta,
            ty: RawTypeSource::Type(ty),
            constraints,
            required: (must_stand && (is_nullable || takes_none)).then(|| Spanned::new(true, self.at)),
            default,
            required_when: None,
            forbidden_when: None,
        };
        self.at = before;
        (field, is_widened)
    }

    fn bare(&self, name: &str) -> RawMeta {
        super::bare(&self.text(name))
    }

    /// The default of a member that may be absent. Where null is accepted, absence means that.
    fn default(
        &mut self,
        made: &Made,
        is_required: bool,
        schema: &Value,
        pointer: &str,
    ) -> Option<crate::load::yaml::Node> {
        let value = schema.get("default").filter(|_| self.style == Style::Contract)?;
        let place = child(pointer, "default");
        let is_none = made.is_nullable || made.takes_none;
        match value {
            Value::Null if made.ty.is_json() && !is_required => self.node(value, &place),
            Value::Null if is_none || !is_required => None,
            _ if is_none || is_required => {
                let why = if is_required { "that is required" } else { "that may be null" };
                let span = self.place(&place);
                self.push_loss(LossKind::Weaker, pointer, &format!("the default of a member {why}"), span);
                None
            }
            _ => self.node(value, &place),
        }
    }
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(items).unwrap_or_default().iter().filter_map(Value::as_str)
}
