//! Schemas of strings, numbers and arrays enter; built-ins and lists with their bounds leave.

use std::collections::BTreeSet;

use super::losses::LossKind;
use super::made::Made;
use super::parts::{applied, child, items, named};
use super::shape::{Shaper, Style};
use crate::json::{Value, number};
use crate::load::yaml::{self, Node, NodeKind};
use crate::pattern;

/// The largest integer of the language.
pub(super) const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

impl<'s> Shaper<'s> {
    pub(super) fn string(&mut self, schema: &Value, pointer: &str, read: &mut BTreeSet<&'static str>) -> Made {
        if self.is_emitted(pointer)
            && let Some(made) = self.emitted_string(schema, read)
        {
            return made;
        }
        read.extend(["minLength", "maxLength"]);
        let mut made = self.builtin("string");
        made.constraints.min_length = self.count(schema, "minLength");
        made.constraints.max_length = self.count(schema, "maxLength");
        if let Some(source) = schema.get("pattern").and_then(Value::as_str)
            && let Some(whole) = whole(source)
            && super::annotations::is_text(source)
            && pattern::parse(whole).is_ok()
        {
            read.insert("pattern");
            made.constraints.pattern = Some(self.text(whole));
        }
        match schema.get("format").and_then(Value::as_str) {
            Some(format @ ("date-time" | "uuid")) => {
                read.insert("format");
                made.constraints.format = Some(self.text(format));
            }
            Some(format) => {
                read.insert("format");
                let span = self.place(&child(pointer, "format"));
                self.push_loss(LossKind::Weaker, pointer, &format!("the format `{format}`"), span);
            }
            None => {}
        }
        made
    }

    /// An integer has whole bounds, which belong to it; of two bounds on one side the tighter one counts.
    pub(super) fn integer(&mut self, schema: &Value, pointer: &str, read: &mut BTreeSet<&'static str>) -> Made {
        let bound = bounds(schema, read);
        let is_whole = |keyword| bound(keyword).is_some_and(|limit| limit.fract() == 0.0 && limit.abs() <= MAX_SAFE);
        let (above, below) = (is_whole("exclusiveMinimum"), is_whole("exclusiveMaximum"));
        let only = |strict: bool, keyword| strict && bound(keyword).is_none() && self.style == Style::Contract;
        let (above, below) = (only(above, "minimum"), only(below, "maximum"));
        let least = [bound("minimum").map(f64::ceil), bound("exclusiveMinimum").map(|limit| limit.floor() + 1.0)];
        let most = [bound("maximum").map(f64::floor), bound("exclusiveMaximum").map(|limit| limit.ceil() - 1.0)];
        let least = least.into_iter().flatten().reduce(f64::max);
        let most = most.into_iter().flatten().reduce(f64::min);
        if least.is_some_and(|limit| limit > MAX_SAFE) || most.is_some_and(|limit| limit < -MAX_SAFE) {
            return self.anything(pointer, "an integer beyond ±(2^53−1)");
        }
        let mut made = self.builtin("int");
        // What holds for every integer is not said again in a contract.
        let is_open = |limit: f64| limit.abs() < MAX_SAFE || limit.abs() == MAX_SAFE && self.style == Style::External;
        if above {
            made.constraints.exclusive_min = bound("exclusiveMinimum").map(|limit| self.number(limit));
        } else {
            made.constraints.min = least.filter(|limit| is_open(*limit)).map(|limit| self.number(limit));
        }
        if below {
            made.constraints.exclusive_max = bound("exclusiveMaximum").map(|limit| self.number(limit));
        } else {
            made.constraints.max = most.filter(|limit| is_open(*limit)).map(|limit| self.number(limit));
        }
        made
    }

    pub(super) fn float(&mut self, schema: &Value, read: &mut BTreeSet<&'static str>) -> Made {
        if let Some("double" | "float") = schema.get("format").and_then(Value::as_str) {
            read.insert("format");
        }
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

    pub(super) fn number(&self, limit: f64) -> Node {
        Node { kind: NodeKind::Scalar(number(limit), yaml::Style::Plain), span: self.at }
    }

    pub(super) fn array(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        let places = schema.get("prefixItems").or_else(|| schema.get("items")).and_then(items);
        let rest = schema.get(if schema.get("prefixItems").is_some() { "items" } else { "additionalItems" });
        if let Some(places) = places {
            let length = self.count(schema, "minItems").map(|count| count.value as usize);
            if rest == Some(&Value::Bool(false)) && length == Some(places.len()) && length > Some(0) {
                read.extend(["prefixItems", "items", "additionalItems", "minItems", "maxItems"]);
                let keyword = if schema.get("prefixItems").is_some() { "prefixItems" } else { "items" };
                let parts = places.iter().enumerate().map(|(at, place)| {
                    let made = self.made(place, &format!("{pointer}/{keyword}/{at}"), &format!("{name}Part{at}"));
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
        let is_set = self.is_emitted(pointer) && schema.get("uniqueItems") == Some(&Value::Bool(true));
        if is_set {
            read.insert("uniqueItems");
        }
        let mut made = Made::of(applied(if is_set { "set" } else { "list" }, vec![element]));
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

/// What stands between the anchors of a pattern that has both, so that it speaks of the whole text.
fn whole(source: &str) -> Option<&str> {
    let inside = source.strip_prefix('^')?.strip_suffix('$')?;
    let (mut depth, mut in_class, mut is_escaped) = (0_usize, false, false);
    for c in inside.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            // The anchors would belong to one alternative each.
            '|' if !in_class && depth == 0 => return None,
            _ => {}
        }
    }
    (!is_escaped).then_some(inside)
}
