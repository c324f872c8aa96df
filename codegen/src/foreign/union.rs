//! Alternatives of a JSON Schema enter; an `opt`, a tagged or an untagged union leaves.

use std::collections::BTreeSet;

use super::made::Made;
use super::parts::{items, kinds, members, part_name, values};
use super::shape::{KINDS, Shaper, Style};
use crate::json::Value;
use crate::load::raw::{RawText, RawType, RawUnion, RawUnionForm};

impl<'s> Shaper<'s> {
    /// What a list of alternatives stands for; `pointer` is that of the list, `whole` the schema around it.
    pub(super) fn variants(&mut self, variants: &'s [Value], whole: &'s Value, pointer: &str, name: &str) -> Made {
        let is_null = |variant: &Value| variant.get("type").and_then(Value::as_str) == Some("null");
        let all = variants.iter().enumerate().map(|(at, variant)| (variant, format!("{pointer}/{at}")));
        let real: Vec<(&Value, String)> = all.filter(|(variant, _)| !is_null(variant)).collect();
        let is_nullable = real.len() < variants.len();
        let outer = &pointer[..pointer.rfind('/').unwrap_or_default()];
        let made = match real.as_slice() {
            [] => self.anything(outer, "a choice of nothing"),
            [(one, place)] => {
                self.pass_name(outer, place);
                self.made(one, place, name)
            }
            _ => match self.tag(&real, whole) {
                Some(tag) => self.tagged(&real, &tag, whole, outer, name),
                None => self.untagged(&real, whole, outer, name),
            },
        };
        Made { is_nullable: is_nullable || made.is_nullable, ..made }
    }

    /// A union of what each of several kinds stands for.
    pub(super) fn several(
        &mut self,
        kinds: &[&str],
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        // A number may be an integer: one word covers both.
        let numbers = kinds.contains(&"integer") && kinds.contains(&"number");
        let kinds: Vec<&str> = kinds.iter().copied().filter(|kind| !(numbers && *kind == "integer")).collect();
        let distinct: BTreeSet<&str> = kinds.iter().copied().collect();
        let is_known = distinct.len() == kinds.len() && kinds.iter().all(|kind| KINDS.contains(kind));
        if let (true, [kind]) = (is_known, kinds.as_slice()) {
            return self.of_kind(kind, schema, pointer, name, read);
        }
        if kinds.len() == KINDS.len() - 1 && numbers && is_known {
            return self.builtin("json");
        }
        let Some(name) = is_known.then(|| self.claim(name, pointer)).flatten() else {
            return self.anything(pointer, "a choice of kinds");
        };
        let types = kinds.iter().map(|kind| {
            let part = part_name(&name, kind);
            let made = self.of_kind(kind, schema, pointer, &part, read);
            self.element(made, &part)
        });
        let types = types.collect();
        self.union(&name, RawUnionForm::Untagged(types), schema, pointer)
    }

    /// The member that every variant demands, each with a text of its own.
    fn tag(&self, variants: &[(&'s Value, String)], whole: &Value) -> Option<String> {
        let said = whole.get("x-tag").and_then(|tag| tag.get("name")).and_then(Value::as_str);
        if let Some(said) = said.filter(|_| self.is_emitted(&variants[0].1)) {
            return Some(said.to_owned());
        }
        let first = self.target(variants[0].0, &variants[0].1).0;
        members(first.get("properties")).map(|(key, _)| key.to_owned()).find(|key| {
            let texts: Option<BTreeSet<&str>> =
                variants.iter().map(|(variant, place)| self.tag_text(variant, place, key)).collect();
            texts.is_some_and(|texts| texts.len() == variants.len())
        })
    }

    fn tag_text(&self, variant: &'s Value, pointer: &str, key: &str) -> Option<&'s str> {
        let (variant, place) = self.target(variant, pointer);
        let property = variant.get("properties")?.get(key)?;
        let is_required = || variant.get("required").and_then(items)?.iter().find(|name| name.as_str() == Some(key));
        if self.is_emitted(&place) {
            let texts = values(property)?;
            let aliases = property.get("x-aliases");
            return texts
                .into_iter()
                .filter_map(Value::as_str)
                .find(|text| aliases.is_none_or(|a| a.get(text).is_none()));
        }
        match values(property)?.as_slice() {
            [text] if is_required().is_some() => text.as_str(),
            _ => None,
        }
    }

    fn tagged(
        &mut self,
        variants: &[(&'s Value, String)],
        tag: &str,
        whole: &'s Value,
        pointer: &str,
        name: &str,
    ) -> Made {
        let Some(name) = self.claim(name, pointer) else {
            return self.anything(pointer, "a choice whose name is taken");
        };
        self.reserve(&format!("{name}Tag"));
        let (mut named, mut default_tag): (Vec<(RawText, RawText)>, _) = (Vec::new(), None);
        for (variant, place) in variants {
            let text = self.tag_text(variant, place, tag).unwrap_or_default().to_owned();
            let (target, at) = self.target(variant, place);
            let place = self.place(&at);
            let before = std::mem::replace(&mut self.at, place);
            let record = self.variant(target, &at, &name, &text, tag);
            if let Some(property) = target.get("properties").and_then(|all| all.get(tag))
                && property.get("default").is_some()
                && self.is_emitted(&at)
            {
                default_tag = Some(self.text(&text));
            }
            named.push((self.text(&text), self.text(&record)));
            self.at = before;
        }
        let tag_type = self.tag_type(whole, pointer);
        let form = RawUnionForm::Tagged { tag: self.text(tag), tag_type, default_tag, variants: named };
        self.union(&name, form, whole, pointer)
    }

    /// The record of a variant, and its name.
    fn variant(&mut self, target: &'s Value, pointer: &str, union: &str, text: &str, tag: &str) -> String {
        if let Some(known) = self.emitted_variant(target, pointer, tag) {
            return known;
        }
        let record = target.get("x-record").and_then(Value::as_str).filter(|_| self.is_emitted(pointer));
        let wanted = record.map_or_else(|| part_name(union, text), str::to_owned);
        let wanted = match self.style {
            Style::External => wanted,
            Style::Contract => self.variant_name(pointer, &wanted),
        };
        let mut read = BTreeSet::from(["type"]);
        // Its name is that of the variant, not that of the definition.
        let made = self.record_named(target, pointer, &format!("{pointer}#"), &wanted, Some(tag), &mut read);
        self.lose_unread(target, pointer, &read);
        let name = match made.ty.kind {
            crate::load::raw::RawTypeKind::Name(name) => name,
            _ => wanted,
        };
        self.keep_variant(target, tag, &name);
        name
    }

    /// Variants of different kinds are told apart by their kind; of others the language could take another one.
    fn untagged(&mut self, variants: &[(&'s Value, String)], whole: &'s Value, pointer: &str, name: &str) -> Made {
        let mut met = BTreeSet::new();
        let kinds_differ = self.is_emitted(pointer)
            || variants.iter().all(|(variant, place)| match kinds(self.target(variant, place).0) {
                (kinds, false) => {
                    matches!(kinds[..], [kind] if KINDS.contains(&kind) && met.insert(kind.replace("integer", "number")))
                }
                _ => false,
            });
        let Some(name) = kinds_differ.then(|| self.claim(name, pointer)).flatten() else {
            return self.anything(pointer, "`anyOf` or `oneOf`");
        };
        let types: Vec<RawType> = variants
            .iter()
            .enumerate()
            .map(|(at, (variant, place))| {
                let part = format!("{name}Variant{at}");
                let made = self.made(variant, place, &part);
                self.element(made, &part)
            })
            .collect();
        self.union(&name, RawUnionForm::Untagged(types), whole, pointer)
    }

    fn union(&mut self, name: &str, form: RawUnionForm, schema: &Value, pointer: &str) -> Made {
        let meta = self.meta(name, schema, pointer);
        self.unions.push(RawUnion { meta, form });
        Made { is_declared: true, ..self.builtin(name) }
    }
}
