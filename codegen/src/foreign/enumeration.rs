//! The values that a schema lists enter; an enum, or the narrowest type that accepts them, leaves.

use std::collections::BTreeSet;

use super::annotations::is_text;
use super::losses::LossKind;
use super::made::Made;
use super::parts::{child, kinds};
use super::shape::{KINDS, Shaper, Style};
use crate::json::Value;
use crate::load::raw::{RawConstraints, RawEnum, RawEnumValue};
use crate::model::names::collision_key;

impl<'s> Shaper<'s> {
    pub(super) fn enumeration(
        &mut self,
        values: &[&'s Value],
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        let is_nullable = values.contains(&&Value::Null);
        let others = values.iter().filter(|value| ***value != Value::Null);
        let texts: Option<Vec<&str>> = others.map(|value| value.as_str()).collect();
        let mut texts = texts.unwrap_or_default();
        if self.is_emitted(pointer) {
            texts.retain(|text| schema.get("x-aliases").is_none_or(|aliases| aliases.get(text).is_none()));
        }
        let distinct: BTreeSet<&str> = texts.iter().copied().collect();
        if self.style == Style::Contract && distinct.len() < texts.len() {
            let mut met = BTreeSet::new();
            texts.retain(|text| met.insert(*text));
        }
        let keys: BTreeSet<String> = texts.iter().map(|text| collision_key(text)).collect();
        let are_names = keys.len() == texts.len() && !keys.contains("");
        let is_contract = self.style == Style::Contract;
        let can_be_held = !is_contract || texts.iter().all(|text| is_text(text));
        let is_enum = !texts.is_empty() && distinct.len() == texts.len() && (are_names || is_contract) && can_be_held;
        let Some(name) = is_enum.then(|| self.claim(name, pointer)).flatten() else {
            return self.listed(values, schema, pointer, name, read);
        };
        let meta = self.meta(&name, schema, pointer);
        let values = self.named_values(&texts, schema, pointer);
        let (aliases, sets, maps) = (Vec::new(), Vec::new(), Vec::new());
        let mut made = RawEnum { meta, values, aliases, sets, maps, rank: None };
        if self.is_emitted(pointer) {
            self.parts_of_enum(schema, pointer, &mut made);
        }
        self.enums.push(made);
        read.extend(["minLength", "maxLength", "pattern", "format"]);
        Made { is_nullable, is_declared: true, ..self.builtin(&name) }
    }

    /// Values; where no identifier can be made of some, or the same of two, these are given names.
    fn named_values(&mut self, texts: &[&str], schema: &Value, pointer: &str) -> Vec<RawEnumValue> {
        let mut keys = BTreeSet::new();
        let mut values = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let mut value = RawEnumValue { value: self.text(text), name: None, doc: None, deprecated: None };
            if self.is_emitted(pointer) {
                self.parts_of_value(schema, &mut value);
            }
            let key = collision_key(value.name.as_ref().map_or(*text, |name| &name.value));
            if key.is_empty() || !keys.insert(key) {
                let name = (at + 1..).map(|number| format!("value_{number}"));
                let name = name.into_iter().find(|name| keys.insert(collision_key(name)));
                let name = name.expect("some number is free");
                let span = self.place(&child(&child(pointer, "enum"), &at.to_string()));
                let what = format!("no name can be made of the value `{}`: it is called `{name}`", text.escape_debug());
                self.push_loss(LossKind::Renamed, pointer, &what, span);
                value.name = Some(self.text(&name));
            }
            values.push(value);
        }
        values
    }

    /// Values that are no enum: those of their kind are accepted, within the bounds of the least and the greatest.
    fn listed(
        &mut self,
        values: &[&Value],
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        let is_nullable = values.contains(&&Value::Null);
        let said = kinds(schema).0;
        let kinds: BTreeSet<&str> = values.iter().filter(|value| ***value != Value::Null).map(|v| kind(v)).collect();
        let kind = match (said.as_slice(), kinds.iter().copied().collect::<Vec<_>>().as_slice()) {
            (["integer" | "number"] | [], ["integer"]) => "integer",
            ([kind], _) | ([], [kind]) if self.style == Style::Contract && KINDS.contains(kind) => *kind,
            _ => {
                return Made { is_nullable, ..self.anything(pointer, "`enum` or `const`") };
            }
        };
        if self.style == Style::External {
            return Made { is_nullable, ..self.anything(pointer, "`enum` or `const`") };
        }
        let mut made = self.of_kind(kind, schema, pointer, name, read);
        let numbers: BTreeSet<i64> = values.iter().filter_map(|value| safe_integer(value)).collect();
        let whole = numbers.len() == values.iter().filter(|value| ***value != Value::Null).count();
        if let (true, "integer", Some(least), Some(most)) = (whole, kind, numbers.first(), numbers.last()) {
            #[expect(clippy::cast_precision_loss, reason = "they lie within ±(2^53−1)")]
            let (min, max) = (self.number(*least as f64), self.number(*most as f64));
            made.constraints = RawConstraints { min: Some(min), max: Some(max), ..RawConstraints::default() };
            if usize::try_from(most - least).is_ok_and(|between| between + 1 == numbers.len()) {
                return Made { is_nullable, ..made };
            }
        }
        let both = kind == "boolean" && values.contains(&&Value::Bool(true)) && values.contains(&&Value::Bool(false));
        if !both {
            self.lose_keyword(pointer, if schema.get("const").is_some() { "const" } else { "enum" });
        }
        Made { is_nullable, ..made }
    }
}

/// The kind of a value as `type` names it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if safe_integer(value).is_some() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn safe_integer(value: &Value) -> Option<i64> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and within ±(2^53−1)")]
        Value::Number(number) if number.fract() == 0.0 && number.abs() <= super::bounded::MAX_SAFE => {
            Some(*number as i64)
        }
        _ => None,
    }
}
