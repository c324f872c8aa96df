//! A JSON Schema enters; the type that says the same in the language leaves, with the declarations that it needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::Value;
use crate::load::raw::{
    RawConstraints, RawContract, RawEnum, RawEnumValue, RawNamedType, RawRecord, RawScalar, RawText, RawType,
    RawTypeKind, RawTypeSource, RawUnion,
};
use crate::model::names::collision_key;
use crate::source::{Span, Spanned};

use super::parts::{applied, bare, items, kinds, named, type_name, unescaped, values};

/// Keywords that say nothing about which values are accepted.
const ANNOTATIONS: &[&str] = &[
    "$schema",
    "$id",
    "id",
    "$comment",
    "$defs",
    "definitions",
    "$anchor",
    "$vocabulary",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
];

/// A type as it stands in a field: bounds of a built-in beside it, null accepted or not.
pub(super) struct Made {
    pub ty: RawType,
    pub constraints: RawConstraints,
    pub is_nullable: bool,
}

impl Made {
    /// A type without bounds that does not accept null.
    pub fn of(ty: RawType) -> Self {
        Self { ty, constraints: RawConstraints::default(), is_nullable: false }
    }

    pub fn constraints_are_empty(&self) -> bool {
        let RawConstraints {
            min,
            max,
            exclusive_min,
            exclusive_max,
            min_length,
            max_length,
            non_blank,
            pattern,
            format,
            min_items,
            max_items,
        } = &self.constraints;
        let bounds = [min, max, exclusive_min, exclusive_max].into_iter().all(Option::is_none);
        let counts = [min_length, max_length, min_items, max_items].into_iter().all(Option::is_none);
        bounds && counts && non_blank.is_none() && pattern.is_none() && format.is_none()
    }

    /// The type with `opt` around it where null is accepted, and its bounds.
    pub fn optional(self) -> (RawType, RawConstraints) {
        let ty = if self.is_nullable { applied("opt", vec![self.ty]) } else { self.ty };
        (ty, self.constraints)
    }
}

/// What is made of one schema document.
pub(super) struct Shaper<'s> {
    document: &'s Value,
    /// Where the contract names it: the place of all that is made.
    pub at: Span,
    pub records: Vec<RawRecord>,
    pub types: Vec<RawNamedType>,
    pub unions: Vec<RawUnion>,
    enums: Vec<RawEnum>,
    scalars: Vec<RawScalar>,
    /// What each definition became, by pointer; none while it is being made.
    defined: BTreeMap<String, Option<(RawType, bool)>>,
    keys: BTreeSet<String>,
    /// What no target will check, in words.
    pub lost: Vec<String>,
}

impl<'s> Shaper<'s> {
    /// Names of the contract that are taken stay taken.
    pub fn new(document: &'s Value, at: Span, contract: &RawContract) -> Self {
        let records = contract.records.iter().map(|record| &record.meta.name.value);
        let enums = contract.enums.iter().map(|item| &item.meta.name.value);
        let scalars = contract.scalars.iter().map(|scalar| &scalar.meta.name.value);
        let types = contract.types.iter().map(|ty| &ty.meta.name.value);
        let keys = records.chain(enums).chain(scalars).chain(types).map(|name| collision_key(name)).collect();
        let (records, types, unions) = (Vec::new(), Vec::new(), Vec::new());
        let (enums, scalars, defined, lost) = (Vec::new(), Vec::new(), BTreeMap::new(), Vec::new());
        Self { document, at, records, types, unions, enums, scalars, defined, keys, lost }
    }

    /// Adds all that was made to the contract.
    pub fn give(self, contract: &mut RawContract) {
        contract.records.extend(self.records);
        contract.types.extend(self.types);
        contract.unions.extend(self.unions);
        contract.enums.extend(self.enums);
        contract.scalars.extend(self.scalars);
    }

    /// Whether a declaration of this name was made.
    pub fn declares(&self, name: &str) -> bool {
        let records = self.records.iter().map(|record| &record.meta);
        let enums = self.enums.iter().map(|item| &item.meta);
        let unions = self.unions.iter().map(|union| &union.meta);
        let scalars = self.scalars.iter().map(|scalar| &scalar.meta);
        let types = self.types.iter().map(|ty| &ty.meta);
        records.chain(enums).chain(unions).chain(scalars).chain(types).any(|meta| meta.name.value == name)
    }

    /// A definition, made once; one that holds itself is any JSON where it comes again.
    pub fn defined(&mut self, schema: &Value, pointer: &str, name: &str) -> Made {
        match self.defined.get(pointer) {
            Some(Some((ty, is_nullable))) => {
                return Made { is_nullable: *is_nullable, ..Made::of(ty.clone()) };
            }
            Some(None) => return self.anything(pointer, "a type that holds itself"),
            None => {}
        }
        self.defined.insert(pointer.to_owned(), None);
        let made = self.made(schema, pointer, name);
        if pointer == "#" || made.constraints_are_empty() {
            self.defined.insert(pointer.to_owned(), Some((made.ty.clone(), made.is_nullable)));
            return made;
        }
        let is_nullable = made.is_nullable;
        let ty = self.element(made, name);
        self.defined.insert(pointer.to_owned(), Some((ty.clone(), is_nullable)));
        Made { is_nullable, ..Made::of(ty) }
    }

    /// The type of a schema; `name` is for what it declares.
    pub fn made(&mut self, schema: &Value, pointer: &str, name: &str) -> Made {
        let Value::Object(members) = schema else {
            if *schema == Value::Bool(false) {
                self.lose(pointer, "that nothing is accepted");
            }
            return self.builtin("json");
        };
        if let Some(target) = members.get("$ref").and_then(Value::as_str) {
            return self.reference(target, pointer);
        }
        let mut read = BTreeSet::from(["type", "enum", "const", "anyOf", "oneOf"]);
        let made = self.by_kind(schema, pointer, name, &mut read);
        for key in members.keys().filter(|key| !read.contains(key.as_str()) && !ANNOTATIONS.contains(&key.as_str())) {
            self.lose(pointer, &format!("`{key}`"));
        }
        made
    }

    fn by_kind(&mut self, schema: &Value, pointer: &str, name: &str, read: &mut BTreeSet<&'static str>) -> Made {
        if let Some(values) = values(schema) {
            return self.enumeration(&values, pointer, name);
        }
        if let Some(variants) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(items) {
            return self.variants(variants, pointer, name);
        }
        let (kinds, is_nullable) = kinds(schema);
        let made = match kinds.as_slice() {
            ["string"] => self.string(schema, pointer, read),
            ["integer"] => self.integer(schema, pointer, read),
            ["number"] => self.float(schema, read),
            ["boolean"] => self.builtin("bool"),
            ["array"] => self.array(schema, pointer, name, read),
            ["object"] => self.object(schema, pointer, name, read),
            [] if schema.get("properties").is_some() => self.object(schema, pointer, name, read),
            [] => self.builtin("json"),
            _ => self.anything(pointer, "a choice of kinds"),
        };
        Made { is_nullable, ..made }
    }

    fn reference(&mut self, target: &str, pointer: &str) -> Made {
        match self.pointed(target) {
            Some(schema) => {
                let last = target.rsplit('/').next().unwrap_or_default();
                self.defined(schema, target, &type_name(last))
            }
            None => self.anything(pointer, &format!("the reference `{target}`")),
        }
    }

    /// What a reference inside the document leads to.
    fn pointed(&self, target: &str) -> Option<&'s Value> {
        let mut path = target.strip_prefix('#')?.split('/').skip(1).map(unescaped);
        path.try_fold(self.document, |at, key| at.get(&key))
    }

    /// The schema itself, or what it refers to.
    pub fn target<'v>(&'v self, schema: &'v Value) -> &'v Value {
        schema.get("$ref").and_then(Value::as_str).and_then(|target| self.pointed(target)).unwrap_or(schema)
    }

    fn enumeration(&mut self, values: &[&Value], pointer: &str, name: &str) -> Made {
        let is_nullable = values.contains(&&Value::Null);
        let texts: Option<Vec<&str>> =
            values.iter().filter(|value| ***value != Value::Null).map(|v| v.as_str()).collect();
        let texts = texts.unwrap_or_default();
        let keys: BTreeSet<String> = texts.iter().map(|text| collision_key(text)).collect();
        if texts.is_empty() || keys.len() != texts.len() || keys.contains("") || !self.takes(name) {
            return Made { is_nullable, ..self.anything(pointer, "`enum` or `const`") };
        }
        let value = |text: &&str| RawEnumValue { value: self.text(text), name: None, doc: None, deprecated: None };
        let values = texts.iter().map(value).collect();
        let meta = bare(&self.text(name));
        let (aliases, sets, maps) = (Vec::new(), Vec::new(), Vec::new());
        self.enums.push(RawEnum { meta, values, aliases, sets, maps, rank: None });
        Made { is_nullable, ..self.builtin(name) }
    }

    /// A type where no bounds can stand beside it: they go into a declaration of their own.
    pub fn element(&mut self, made: Made, name: &str) -> RawType {
        let is_nullable = made.is_nullable;
        let is_bare = made.constraints_are_empty();
        let ty = if is_bare {
            made.ty
        } else if !self.takes(name) {
            self.lose(name, "the bounds of a type whose name is taken");
            made.ty
        } else {
            let meta = bare(&self.text(name));
            match made.ty.kind {
                RawTypeKind::Name(base) => {
                    let base = self.text(&base);
                    self.scalars.push(RawScalar { meta, base, constraints: made.constraints, default: None });
                }
                _ => self.types.push(RawNamedType {
                    meta,
                    ty: RawTypeSource::Type(made.ty),
                    constraints: made.constraints,
                }),
            }
            named(name, self.at)
        };
        if is_nullable { applied("opt", vec![ty]) } else { ty }
    }

    pub fn count(&self, schema: &Value, keyword: &str) -> Option<Spanned<u32>> {
        let Some(Value::Number(number)) = schema.get(keyword) else { return None };
        let count = if *number >= 0.0 && number.fract() == 0.0 { number.min(u32::MAX.into()) } else { return None };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number within u32")]
        Some(Spanned::new(count as u32, self.at))
    }

    pub fn anything(&mut self, pointer: &str, lost: &str) -> Made {
        self.lose(pointer, lost);
        self.builtin("json")
    }

    pub fn lose(&mut self, pointer: &str, what: &str) {
        let said = format!("{what} at `{pointer}`");
        if !self.lost.contains(&said) {
            self.lost.push(said);
        }
    }

    /// Whether the name is free; it is not any more.
    pub fn takes(&mut self, name: &str) -> bool {
        self.keys.insert(collision_key(name))
    }

    pub fn text(&self, text: &str) -> RawText {
        Spanned::new(text.to_owned(), self.at)
    }

    pub fn builtin(&self, name: &str) -> Made {
        Made::of(named(name, self.at))
    }
}
