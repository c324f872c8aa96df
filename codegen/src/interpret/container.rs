//! A composed type and a value enter; the container in canonical form leaves, or the faults of all its parts.

use std::collections::BTreeMap;

use super::{Judge, check_value, params};
use crate::fault::{Code, Params, Step};
use crate::json::{Value, canonical};
use crate::model::{Items, Primitive, Type};

const JSON: &Type = &Type::Primitive(Primitive::Json);

impl<'a> Judge<'a> {
    pub(super) fn list(&mut self, item: &'a Type, limits: Items, value: &Value) -> Option<Value> {
        let Value::Array(items) = value else { return self.wrong_type("array", value) };
        self.count(limits, items.len());
        Some(Value::Array(self.items(items, |_| item)))
    }

    /// Members in canonical form, sorted by their text; one that stands twice is a fault where it comes again.
    pub(super) fn set(&mut self, item: &'a Type, limits: Items, value: &Value) -> Option<Value> {
        let Value::Array(items) = value else { return self.wrong_type("array", value) };
        self.count(limits, items.len());
        let start = self.faults.len();
        let mut members = BTreeMap::new();
        for (index, value) in items.iter().enumerate() {
            let before = self.faults.len();
            if let Some(member) = self.below(Step::Index(index), item, value).filter(|_| before == self.faults.len())
                && members.insert(canonical(&member), member).is_some()
            {
                self.fault_below(Step::Index(index), Code::UniqueItems, Params::new());
            }
            if self.has_enough_since(start) {
                break;
            }
        }
        Some(Value::Array(members.into_values().collect()))
    }

    pub(super) fn tuple(&mut self, types: &'a [Type], value: &Value) -> Option<Value> {
        let Value::Array(items) = value else { return self.wrong_type("array", value) };
        if items.len() != types.len() {
            return self.fault(Code::TupleLength, params([("limit", length(types.len()))]));
        }
        Some(Value::Array(self.items(items, |index| &types[index])))
    }

    /// Typed keys in canonical form. A key that is refused, or that an earlier one already stands for, hides its value.
    pub(super) fn map(&mut self, key: &'a Type, item: &'a Type, limits: Items, value: &Value) -> Option<Value> {
        let Value::Object(entries) = value else { return self.wrong_type("object", value) };
        self.count(limits, entries.len());
        let start = self.faults.len();
        let mut members = BTreeMap::new();
        for (text, value) in entries {
            let step = Step::Key(text.clone());
            let reason = match check_value(self.workspace, key, &text.as_str().into()) {
                Ok(Value::String(key)) if !members.contains_key(&key) => {
                    members.insert(key, self.below(step, item, value).unwrap_or(Value::Null));
                    continue;
                }
                Ok(_) => Code::UniqueItems,
                Err(faults) => faults[0].code,
            };
            self.fault_below(step, Code::MapKey, params([("reason", reason.as_str().into())]));
            if self.has_enough_since(start) {
                break;
            }
        }
        Some(Value::Object(members))
    }

    /// Any JSON value, kept as received: only what a host can break is looked at.
    pub(super) fn json(&mut self, value: &Value) -> Option<Value> {
        match value {
            Value::Number(number) if !number.is_finite() => return self.fault(Code::NumberNotFinite, Params::new()),
            Value::Array(items) => _ = self.items(items, |_| JSON),
            Value::Object(members) => {
                for (key, member) in members {
                    self.below(Step::Key(key.clone()), JSON, member);
                }
            }
            _ => {}
        }
        Some(value.clone())
    }

    /// What remains of an array whose items are judged one by one.
    fn items(&mut self, items: &[Value], ty: impl Fn(usize) -> &'a Type) -> Vec<Value> {
        let start = self.faults.len();
        let mut judged = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            judged.extend(self.below(Step::Index(index), ty(index), item));
            if self.has_enough_since(start) {
                break;
            }
        }
        judged
    }

    fn count(&mut self, limits: Items, count: usize) {
        let (code, limit) = match limits {
            Items { min: Some(min), .. } if count < min as usize => (Code::MinItems, min),
            Items { max: Some(max), .. } if count > max as usize => (Code::MaxItems, max),
            _ => return,
        };
        self.fault::<()>(code, params([("limit", limit.into())]));
    }
}

fn length(count: usize) -> Value {
    u32::try_from(count).expect("a tuple has few types").into()
}
