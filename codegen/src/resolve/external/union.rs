//! Alternatives of a JSON Schema enter; an `opt`, a tagged or an untagged union leaves.

use std::collections::BTreeSet;

use super::parts::{bare, items, kinds, members, part_name, values};
use super::shape::{Made, Shaper};
use crate::json::Value;
use crate::load::raw::{RawText, RawUnion, RawUnionForm};

/// What a value can be told apart by.
const KINDS: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

impl Shaper<'_> {
    pub fn variants(&mut self, variants: &[Value], pointer: &str, name: &str) -> Made {
        let is_null = |variant: &&Value| variant.get("type").and_then(Value::as_str) == Some("null");
        let real: Vec<&Value> = variants.iter().filter(|variant| !is_null(variant)).collect();
        let is_nullable = real.len() < variants.len();
        let made = match real.as_slice() {
            [] => self.anything(pointer, "a choice of nothing"),
            [one] => self.made(one, pointer, name),
            _ => match self.tag(&real) {
                Some(tag) => self.tagged(&real, &tag, pointer, name),
                None => self.untagged(&real, pointer, name),
            },
        };
        Made { is_nullable: is_nullable || made.is_nullable, ..made }
    }

    /// The member that every variant demands, each with a text of its own.
    fn tag(&self, variants: &[&Value]) -> Option<String> {
        let first = self.target(variants[0]);
        members(first.get("properties")).map(|(key, _)| key.to_owned()).find(|key| {
            let texts: Option<BTreeSet<&str>> = variants.iter().map(|variant| self.tag_text(variant, key)).collect();
            texts.is_some_and(|texts| texts.len() == variants.len())
        })
    }

    fn tag_text<'v>(&'v self, variant: &'v Value, key: &str) -> Option<&'v str> {
        let variant = self.target(variant);
        let is_required = variant.get("required").and_then(items)?.iter().any(|name| name.as_str() == Some(key));
        match values(variant.get("properties")?.get(key)?)?.as_slice() {
            [text] if is_required => text.as_str(),
            _ => None,
        }
    }

    fn tagged(&mut self, variants: &[&Value], tag: &str, pointer: &str, name: &str) -> Made {
        if !self.takes(name) {
            return self.anything(pointer, "a choice whose name is taken");
        }
        let mut named: Vec<(RawText, RawText)> = Vec::new();
        for (at, variant) in variants.iter().enumerate() {
            let text = self.tag_text(variant, tag).unwrap_or_default().to_owned();
            let record = part_name(name, &text);
            let target = self.target(variant).clone();
            self.record(&target, &format!("{pointer}/{at}"), &record, Some(tag));
            named.push((self.text(&text), self.text(&record)));
        }
        let form = RawUnionForm::Tagged { tag: self.text(tag), tag_type: None, default_tag: None, variants: named };
        self.unions.push(RawUnion { meta: bare(&self.text(name)), form });
        self.builtin(name)
    }

    /// Variants of different kinds are told apart by their kind; of others the language could take another one.
    fn untagged(&mut self, variants: &[&Value], pointer: &str, name: &str) -> Made {
        let mut met = BTreeSet::new();
        let kinds_differ = variants.iter().all(|variant| match kinds(self.target(variant)) {
            (kinds, false) => {
                matches!(kinds[..], [kind] if KINDS.contains(&kind) && met.insert(kind.replace("integer", "number")))
            }
            _ => false,
        });
        if !kinds_differ || !self.takes(name) {
            return self.anything(pointer, "`anyOf` or `oneOf`");
        }
        let types = variants.iter().enumerate().map(|(at, variant)| {
            let part = format!("{name}Variant{at}");
            let made = self.made(variant, &format!("{pointer}/{at}"), &part);
            self.element(made, &part)
        });
        let types = types.collect();
        self.unions.push(RawUnion { meta: bare(&self.text(name)), form: RawUnionForm::Untagged(types) });
        self.builtin(name)
    }
}
