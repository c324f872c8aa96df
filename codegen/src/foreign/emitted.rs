//! Schemas that this command wrote enter; what stands in them beside the keywords of JSON Schema leaves, so that they are
//! read as what they were made of.

use std::collections::BTreeSet;

use super::documents::{self, split};
use super::made::Made;
use super::parts::{child, items, members, pascal};
use super::shape::{Shaper, Style};
use crate::json::Value;
use crate::load::raw::{RawEnum, RawEnumMap, RawEnumValue, RawMembers, RawText, RawType, RawTypeKind};
use crate::load::yaml::{Node, NodeKind, Style as Written};
use crate::model::{Format, NOT_BLANK};
use crate::source::Spanned;

/// What a schema of this command says it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The contract.
    pub family: String,
    /// Its version.
    pub version: String,
    /// The event or record.
    pub name: String,
}

impl Origin {
    /// The origin of a schema; none of one that somebody else wrote.
    pub fn of(schema: &Value) -> Option<Self> {
        let mut parts = schema.get("$id")?.as_str()?.strip_prefix("urn:contract:")?.splitn(3, ':');
        let mut part = || parts.next().map(str::to_owned);
        let origin = Self { family: part()?, version: part()?, name: part()? };
        schema.get("$comment")?.as_str()?.contains("codegen").then_some(origin)
    }
}

impl<'s> Shaper<'s> {
    /// Whether what a pointer leads to was written by this command.
    pub(super) fn is_emitted(&self, pointer: &str) -> bool {
        let document = self.documents.get(split(pointer).0);
        self.style == Style::Contract && document.is_some_and(|document| document.origin.is_some())
    }

    /// A built-in text or 64-bit integer; none where its patterns are not those that are written for one.
    pub(super) fn emitted_string(&mut self, schema: &Value, read: &mut BTreeSet<&'static str>) -> Option<Made> {
        if let Some(base @ ("int64" | "uint64")) = schema.get("x-format").and_then(Value::as_str) {
            read.insert("pattern");
            let mut made = self.builtin(base);
            let bound = |key| schema.get(key).and_then(Value::as_str).map(|limit| self.scalar(limit));
            made.constraints.min = bound("x-minimum");
            made.constraints.max = bound("x-maximum");
            return Some(made);
        }
        let parts = schema.get("allOf").and_then(items).unwrap_or_default();
        let patterns = std::iter::once(schema).chain(parts).filter_map(|part| part.get("pattern")?.as_str());
        let mut made = self.builtin("string");
        let mut format = None;
        for pattern in patterns {
            let is_of = |format: &Format| pattern == format!("^(?:{})$", format.regex());
            if let Some(found) = Format::ALL.into_iter().find(is_of) {
                format = Some(found);
            } else if pattern == NOT_BLANK {
                made.constraints.non_blank = Some(Spanned::new(true, self.at));
            } else {
                let body = pattern.strip_prefix("^(?:")?.strip_suffix(")$")?;
                crate::pattern::parse_ambiguous(body).ok()?;
                made.constraints.pattern = Some(self.text(body));
            }
        }
        read.extend(["minLength", "maxLength", "pattern", "format", "allOf"]);
        made.constraints.min_length = self.count(schema, "minLength");
        let cap = format.map(|format| u32::try_from(format.max_code_points()).expect("a small constant"));
        made.constraints.max_length = self.count(schema, "maxLength").filter(|most| Some(most.value) != cap);
        made.constraints.format = format.map(|format| self.text(format.as_str()));
        Some(made)
    }

    /// `Enum.set` or `Enum.value`, where a schema says that it stands for these members.
    pub(super) fn narrowed(&mut self, schema: &'s Value, pointer: &str) -> Option<Made> {
        let said = schema.get("x-enum").and_then(Value::as_str).filter(|_| self.is_emitted(pointer))?;
        let (item, member) = said.rsplit_once('.')?;
        let name = self.named_definition(pointer, item)?;
        let is_nullable = schema.get("enum").and_then(items).is_some_and(|values| values.contains(&Value::Null));
        let kind = RawTypeKind::Member(name, member.to_owned());
        Some(Made { is_nullable, ..Made::of(RawType { kind, span: self.at }) })
    }

    /// The name of a definition of the same document, which is made where it was not yet.
    fn named_definition(&mut self, pointer: &str, key: &str) -> Option<String> {
        let (schema, found) = self.pointed(&child("#/$defs", key), pointer)?;
        let made = self.defined(schema, &found, &pascal(key));
        match made.ty.kind {
            RawTypeKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Aliases, sets, maps and rank.
    pub(super) fn parts_of_enum(&self, schema: &Value, pointer: &str, made: &mut RawEnum) {
        let text = |text: &str| self.text(text);
        let texts = |value: &Value| {
            items(value).unwrap_or_default().iter().filter_map(Value::as_str).map(text).collect::<Vec<RawText>>()
        };
        let ordered = |key: &str| self.ordered(schema.get(key), &child(pointer, key));
        for (alias, value) in ordered("x-aliases") {
            made.aliases.push((text(alias), text(value.as_str().unwrap_or_default())));
        }
        for (name, values) in ordered("x-sets") {
            made.sets.push((text(name), RawMembers::List(texts(values))));
        }
        for (name, map) in ordered("x-maps") {
            let Some(to) = map.get("to").and_then(Value::as_str) else { continue };
            let mut cases: Vec<(RawText, Vec<RawText>)> = Vec::new();
            let targets = map.get("values").and_then(items).unwrap_or_default();
            for (value, target) in made.values.iter().zip(targets.iter().filter_map(Value::as_str)) {
                match cases.iter_mut().find(|(known, _)| known.value == target) {
                    Some((_, values)) => values.push(value.value.clone()),
                    None => cases.push((text(target), vec![value.value.clone()])),
                }
            }
            made.maps.push(RawEnumMap { name: text(name), to: text(&pascal(to)), cases });
        }
        made.rank = schema.get("x-rank").map(|rank| Spanned::new(texts(rank), self.at));
    }

    /// The name, text and history of a value.
    pub(super) fn parts_of_value(&self, schema: &Value, value: &mut RawEnumValue) {
        let all = schema.get("x-values").and_then(items).unwrap_or_default();
        let Some(said) = all.iter().find(|said| said.get("value").and_then(Value::as_str) == Some(&value.value.value))
        else {
            return;
        };
        value.name = self.plain(said, "name");
        value.doc = self.plain(said, "description");
        value.deprecated = said.get("x-deprecated").and_then(|deprecated| self.deprecation(deprecated));
    }

    /// The enum of a union's tag, where a contract declares it.
    pub(super) fn tag_type(&mut self, schema: &Value, pointer: &str) -> Option<RawText> {
        let name = schema.get("x-tag")?.get("type")?.as_str().filter(|_| self.is_emitted(pointer))?.to_owned();
        let name = self.named_definition(pointer, &name)?;
        Some(self.text(&name))
    }

    /// The record of a variant that is a definition too, or was made before.
    pub(super) fn emitted_variant(&mut self, variant: &'s Value, pointer: &str, tag: &str) -> Option<String> {
        let record = variant.get("x-record").and_then(Value::as_str).filter(|_| self.is_emitted(pointer))?;
        let known = self
            .emitted_variants
            .iter()
            .find(|(known, schema, other, _)| known == record && same_record((schema, other), (variant, tag)));
        if let Some((.., name)) = known {
            return Some(name.clone());
        }
        for document in self.documents.keys().filter(|document| self.is_emitted(document)) {
            let place = child(&format!("{document}#/$defs"), record);
            let same = |schema| same_record((schema, ""), (variant, tag));
            if documents::at(self.documents, &place).is_some_and(same) {
                return self.named_definition(&place, record);
            }
        }
        None
    }

    /// Remembers the record that was made for a variant.
    pub(super) fn keep_variant(&mut self, variant: &'s Value, tag: &str, name: &str) {
        if let Some(record) = variant.get("x-record").and_then(Value::as_str) {
            self.emitted_variants.push((record.to_owned(), variant, tag.to_owned(), name.to_owned()));
        }
    }

    fn scalar(&self, text: &str) -> Node {
        Node { kind: NodeKind::Scalar(text.to_owned(), Written::Quoted), span: self.at }
    }
}

/// Whether two schemas are of one record, but for the tags that unions add.
fn same_record((one, tag): (&Value, &str), (other, other_tag): (&Value, &str)) -> bool {
    let fields = |schema: &Value, tag: &str| {
        let all = members(schema.get("properties")).filter(|(key, _)| *key != tag);
        all.map(|(key, value)| (key.to_owned(), value.clone())).collect::<Vec<_>>()
    };
    let same = |key| one.get(key) == other.get(key);
    same("x-rules") && same("additionalProperties") && fields(one, tag) == fields(other, other_tag)
}
