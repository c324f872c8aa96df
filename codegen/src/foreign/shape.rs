//! A JSON Schema enters; the type that says the same in the language leaves, with the declarations that it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::defined::Defined;
use super::documents::{self, Documents};
use super::losses::{ANNOTATIONS, Loss, LossKind};
use super::made::Made;
use super::parts::{child, items, kinds, members, named, pascal, unescaped, values};
use crate::json::Value;
use crate::load::raw::{RawContract, RawEnum, RawNamedType, RawRecord, RawScalar, RawText, RawUnion};
use crate::model::names::collision_key;
use crate::source::{Span, Spanned};

/// Kinds of JSON that `type` names, each of which has a type here.
pub(super) const KINDS: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// How far schemas are followed into each other: far enough for people, and short enough for every stack.
const DEEPEST: usize = 100;

/// Whose declarations are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Those behind an `external` type: named `External..`, without texts, since nobody reads them.
    External,
    /// Those of a contract that people will go on with.
    Contract,
}

/// What is made of the schemas of one run.
#[derive(Debug)]
pub struct Shaper<'s> {
    pub(super) documents: &'s Documents,
    pub(super) style: Style,
    /// The place of what is being made.
    pub(super) at: Span,
    /// `records`
    pub records: Vec<RawRecord>,
    /// `types`
    pub types: Vec<RawNamedType>,
    /// `unions`
    pub unions: Vec<RawUnion>,
    /// `enums`
    pub enums: Vec<RawEnum>,
    /// `scalars`
    pub scalars: Vec<RawScalar>,
    /// What each definition became, by pointer; none while it is being made.
    pub(super) defined: BTreeMap<String, Option<Defined>>,
    /// Names of definitions, by pointer.
    pub(super) names: BTreeMap<String, String>,
    pub(super) keys: BTreeSet<String>,
    /// The last number that was put behind a name.
    pub(super) numbers: BTreeMap<String, usize>,
    /// How many schemas are being made, one inside the other.
    depth: usize,
    /// Definitions that are variants of a tagged union.
    pub(super) variants: BTreeSet<String>,
    /// Variants of schemas of this command: record, schema, tag, and the name of what was made.
    pub(super) emitted_variants: Vec<(String, &'s Value, String, String)>,
    /// Definitions that say what another one says, by pointer.
    pub(super) aliases: BTreeMap<String, String>,
    /// What no target will check.
    pub lost: Vec<Loss>,
    /// The same, to tell each once.
    pub(super) told: BTreeSet<(LossKind, String, String)>,
}

impl<'s> Shaper<'s> {
    /// A shaper that has made nothing; names that the contract takes stay taken.
    pub fn new(documents: &'s Documents, style: Style, at: Span, contract: Option<&RawContract>) -> Self {
        let mut keys = BTreeSet::new();
        if let Some(contract) = contract {
            keys.extend(contract.records.iter().map(|record| collision_key(&record.meta.name.value)));
            keys.extend(contract.enums.iter().map(|item| collision_key(&item.meta.name.value)));
            keys.extend(contract.scalars.iter().map(|scalar| collision_key(&scalar.meta.name.value)));
            keys.extend(contract.types.iter().map(|ty| collision_key(&ty.meta.name.value)));
        }
        let (records, types, unions) = (Vec::new(), Vec::new(), Vec::new());
        let (enums, scalars, defined, lost) = (Vec::new(), Vec::new(), BTreeMap::new(), Vec::new());
        let (names, aliases, told) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let (variants, emitted_variants) = (BTreeSet::new(), Vec::new());
        Self {
            documents,
            style,
            at,
            records,
            types,
            unions,
            enums,
            scalars,
            defined,
            names,
            keys,
            numbers: BTreeMap::new(),
            depth: 0,
            variants,
            emitted_variants,
            aliases,
            lost,
            told,
        }
    }

    /// Adds all that was made to the contract.
    pub fn give(self, contract: &mut RawContract) {
        contract.records.extend(self.records);
        contract.types.extend(self.types);
        contract.unions.extend(self.unions);
        contract.enums.extend(self.enums);
        contract.scalars.extend(self.scalars);
    }

    /// The type of a schema; `name` is for what it declares.
    pub fn made(&mut self, schema: &'s Value, pointer: &str, name: &str) -> Made {
        let place = self.place(pointer);
        let before = std::mem::replace(&mut self.at, place);
        self.depth += 1;
        let made = if self.depth > DEEPEST {
            self.anything(pointer, &format!("what lies more than {DEEPEST} schemas deep"))
        } else {
            self.made_here(schema, pointer, name)
        };
        self.depth -= 1;
        self.at = before;
        made
    }

    fn made_here(&mut self, schema: &'s Value, pointer: &str, name: &str) -> Made {
        let Value::Object(members) = schema else {
            if *schema == Value::Bool(false) {
                self.lose(pointer, "that nothing is accepted");
            } else if *schema != Value::Bool(true) {
                self.lose(pointer, "what is no schema");
            }
            return self.builtin("json");
        };
        let mut read = BTreeSet::from(["type", "enum", "const", "anyOf", "oneOf", "$ref"]);
        let made = match members.get("$ref").and_then(Value::as_str) {
            Some(target) => {
                for keyword in ["type", "enum", "const", "anyOf", "oneOf"] {
                    read.remove(keyword);
                }
                self.reference(target, pointer)
            }
            None => self.by_kind(schema, pointer, name, &mut read),
        };
        self.lose_unread(schema, pointer, &read);
        made
    }

    fn by_kind(&mut self, schema: &'s Value, pointer: &str, name: &str, read: &mut BTreeSet<&'static str>) -> Made {
        if let Some(made) = self.narrowed(schema, pointer) {
            return made;
        }
        if let Some(values) = values(schema) {
            return self.enumeration(&values, schema, pointer, name, read);
        }
        let has_members = schema.get("properties").is_some();
        for key in ["anyOf", "oneOf"] {
            let Some(variants) = schema.get(key).and_then(items) else { continue };
            if has_members {
                self.lose_keyword(pointer, key);
            } else {
                return self.variants(variants, schema, &child(pointer, key), name);
            }
        }
        if let Some(made) = self.only_part(schema, pointer, name, read) {
            return made;
        }
        let (kinds, is_nullable) = kinds(schema);
        let made = match kinds.as_slice() {
            [kind] => self.of_kind(kind, schema, pointer, name, read),
            [] if has_members || self.parts_of(schema, pointer).is_some_and(|parts| parts.len() > 1) => {
                self.object(schema, pointer, name, read)
            }
            [] if is_nullable => self.anything(pointer, "that only null is accepted"),
            [] => self.builtin("json"),
            several => self.several(several, schema, pointer, name, read),
        };
        Made { is_nullable: is_nullable || made.is_nullable, ..made }
    }

    /// The type of a schema of one kind.
    pub(super) fn of_kind(
        &mut self,
        kind: &str,
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Made {
        match kind {
            "string" => self.string(schema, pointer, read),
            "integer" => self.integer(schema, pointer, read),
            "number" => self.float(schema, read),
            "boolean" => self.builtin("bool"),
            "array" => self.array(schema, pointer, name, read),
            "object" => self.object(schema, pointer, name, read),
            other => self.anything(pointer, &format!("the type `{other}`")),
        }
    }

    /// What an `allOf` of one schema stands for.
    fn only_part(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        name: &str,
        read: &mut BTreeSet<&'static str>,
    ) -> Option<Made> {
        let [only] = schema.get("allOf").and_then(items)? else { return None };
        let says = |key: &String| !ANNOTATIONS.contains(&key.as_str()) && key != "allOf" && !key.starts_with("x-");
        let Value::Object(members) = schema else { return None };
        if members.keys().any(says) {
            return None;
        }
        read.insert("allOf");
        let place = child(&child(pointer, "allOf"), "0");
        self.pass_name(pointer, &place);
        Some(self.made(only, &place, name))
    }

    fn reference(&mut self, target: &str, pointer: &str) -> Made {
        let found = self.absolute(target, pointer);
        let found = found.and_then(|found| Some((documents::at(self.documents, &found)?, found)));
        let Some((schema, found)) = found else {
            let span = self.place(&child(pointer, "$ref"));
            let what = format!("the reference `{}`", target.escape_debug());
            self.push_loss(LossKind::Weaker, pointer, &what, span);
            return self.builtin("json");
        };
        let last = unescaped(found.rsplit('/').next().unwrap_or_default());
        let name = match self.style {
            Style::External => super::external_name(&last),
            Style::Contract => self.name_of(&found, &last),
        };
        self.defined(schema, &found, &name)
    }

    /// The pointer that a reference at `pointer` means; the first of several definitions that say the same.
    fn absolute(&self, target: &str, pointer: &str) -> Option<String> {
        let found = documents::target(self.documents, documents::split(pointer).0, target)?;
        Some(self.aliases.get(&found).cloned().unwrap_or(found))
    }

    /// What a reference inside the document leads to.
    pub(super) fn pointed(&self, target: &str, pointer: &str) -> Option<(&'s Value, String)> {
        let found = self.absolute(target, pointer)?;
        Some((documents::at(self.documents, &found)?, found))
    }

    /// The schema itself, or what it refers to.
    pub(super) fn target(&self, schema: &'s Value, pointer: &str) -> (&'s Value, String) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let found = reference.and_then(|target| self.pointed(target, pointer));
        found.unwrap_or_else(|| (schema, pointer.to_owned()))
    }

    pub(super) fn count(&self, schema: &Value, keyword: &str) -> Option<Spanned<u32>> {
        let Some(Value::Number(number)) = schema.get(keyword) else { return None };
        let count = if *number >= 0.0 && number.fract() == 0.0 { number.min(u32::MAX.into()) } else { return None };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number within u32")]
        Some(Spanned::new(count as u32, self.at))
    }

    /// Where what a pointer leads to stands.
    pub fn place(&self, pointer: &str) -> Span {
        documents::place(self.documents, pointer).unwrap_or(self.at)
    }

    /// Members in the order of the file, where that is known.
    pub(super) fn ordered<'v>(&self, value: Option<&'v Value>, pointer: &str) -> Vec<(&'v str, &'v Value)> {
        let mut all: Vec<_> = members(value).collect();
        all.sort_by_key(|(key, _)| self.place(&child(pointer, key)).start);
        all
    }

    pub(super) fn text(&self, text: &str) -> RawText {
        Spanned::new(text.to_owned(), self.at)
    }

    pub(super) fn builtin(&self, name: &str) -> Made {
        Made::of(named(name, self.at))
    }

    /// The name of the definition at a pointer; a new one where it was given none.
    fn name_of(&mut self, pointer: &str, key: &str) -> String {
        if let Some(name) = self.names.get(pointer) {
            return name.clone();
        }
        let name = self.fresh(&pascal(key), key, pointer);
        self.names.insert(pointer.to_owned(), name.clone());
        name
    }
}
