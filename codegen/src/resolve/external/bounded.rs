//! Schemas of strings, numbers and arrays enter; built-ins and lists with their bounds leave.

use std::collections::BTreeSet;

use super::parts::{applied, items, named};
use super::shape::{Made, Shaper};
use crate::json::{Value, number};
use crate::load::yaml::{Node, NodeKind, Style};
use crate::pattern;

/// The largest integer of the language.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

impl Shaper<'_> {
    pub fn string(&mut self, schema: &Value, pointer: &str, read: &mut BTreeSet<&'static str>) -> Made {
        read.extend(["minLength", "maxLength"]);
        let mut made = self.builtin("string");
        made.constraints.min_length = self.count(schema, "minLength");
        made.constraints.max_length = self.count(schema, "maxLength");
        if let Some(source) = schema.get("pattern").and_then(Value::as_str)
            && source.starts_with('^')
            && source.ends_with('$')
            && pattern::parse(source).is_ok()
        {
            read.insert("pattern");
            made.constraints.pattern = Some(self.text(source));
        }
        match schema.get("format").and_then(Value::as_str) {
            Some(format @ ("date-time" | "uuid")) => {
                read.insert("format");
                made.constraints.format = Some(self.text(format));
            }
            Some(format) => {
                read.insert("format");
                self.lose(pointer, &format!("the format `{format}`"));
            }
            None => {}
        }
        made
    }

    /// An integer has whole bounds, which belong to it; of two bounds on one side the tighter one counts.
    pub fn integer(&mut self, schema: &Value, pointer: &str, read: &mut BTreeSet<&'static str>) -> Made {
        let bound = bounds(schema, read);
        let least = [bound("minimum").map(f64::ceil), bound("exclusiveMinimum").map(|limit| limit.floor() + 1.0)];
        let most = [bound("maximum").map(f64::floor), bound("exclusiveMaximum").map(|limit| limit.ceil() - 1.0)];
        let least = least.into_iter().flatten().reduce(f64::max);
        let most = most.into_iter().flatten().reduce(f64::min);
        if least.is_some_and(|limit| limit > MAX_SAFE) || most.is_some_and(|limit| limit < -MAX_SAFE) {
            return self.anything(pointer, "an integer beyond ±(2^53−1)");
        }
        let mut made = self.builtin("int");
        made.constraints.min = least.filter(|limit| *limit >= -MAX_SAFE).map(|limit| self.number(limit));
        made.constraints.max = most.filter(|limit| *limit <= MAX_SAFE).map(|limit| self.number(limit));
        made
    }

    pub fn float(&mut self, schema: &Value, read: &mut BTreeSet<&'static str>) -> Made {
        let bound = bounds(schema, read);
        let (least, above) = (bound("minimum"), bound("exclusiveMinimum"));
        let (most, below) = (bound("maximum"), bound("exclusiveMaximum"));
        let mut made = self.builtin("float");
        if above.is_some_and(|above| least.is_none_or(|least| above >= least)) {
            made.constraints.exclusive_min = above.map(|limit| self.number(limit));
        } else {
            made.constraints.min = least.map(|limit| self.number(limit));
        }
        if below.is_some_and(|below| most.is_none_or(|most| below <= most)) {
            made.constraints.exclusive_max = below.map(|limit| self.number(limit));
        } else {
            made.constraints.max = most.map(|limit| self.number(limit));
        }
        made
    }

    fn number(&self, limit: f64) -> Node {
        Node { kind: NodeKind::Scalar(number(limit), Style::Plain), span: self.at }
    }

    pub fn array(&mut self, schema: &Value, pointer: &str, name: &str, read: &mut BTreeSet<&'static str>) -> Made {
        let places = schema.get("prefixItems").or_else(|| schema.get("items")).and_then(items);
        let rest = schema.get(if schema.get("prefixItems").is_some() { "items" } else { "additionalItems" });
        if let Some(places) = places {
            let length = self.count(schema, "minItems").map(|count| count.value as usize);
            if rest == Some(&Value::Bool(false)) && length == Some(places.len()) && length > Some(0) {
                read.extend(["prefixItems", "items", "additionalItems", "minItems", "maxItems"]);
                let parts = places.iter().enumerate().map(|(at, place)| {
                    let made = self.made(place, &format!("{pointer}/prefixItems/{at}"), &format!("{name}Part{at}"));
                    self.element(made, &format!("{name}Part{at}"))
                });
                let parts = parts.collect();
                return Made::of(applied("tuple", parts));
            }
            return self.anything(pointer, "a tuple with places that may be absent");
        }
        read.extend(["items", "minItems", "maxItems"]);
        let item = format!("{name}Item");
        let element = match schema.get("items") {
            Some(items) => {
                let made = self.made(items, &format!("{pointer}/items"), &item);
                self.element(made, &item)
            }
            None => named("json", self.at),
        };
        let mut made = Made::of(applied("list", vec![element]));
        made.constraints.min_items = self.count(schema, "minItems");
        made.constraints.max_items = self.count(schema, "maxItems");
        made
    }
}

/// Looks up numeric bounds; those in the boolean form of draft 4 stay unread.
fn bounds<'s>(schema: &'s Value, read: &mut BTreeSet<&'static str>) -> impl Fn(&'static str) -> Option<f64> + use<'s> {
    for keyword in ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"] {
        if matches!(schema.get(keyword), Some(Value::Number(_))) {
            read.insert(keyword);
        }
    }
    |keyword| match schema.get(keyword) {
        Some(Value::Number(limit)) => Some(*limit),
        _ => None,
    }
}
