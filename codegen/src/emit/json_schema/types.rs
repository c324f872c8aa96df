//! Types enter; schemas that accept their values leave, with a note wherever a schema cannot say all of it.

use super::declared::{Declared, Names};
use super::identity::is_plain;
use super::node::{Node, Object};
use super::scalars::{members, of_type, primitive};
use super::texts::described;
use crate::model::{EnumType, Items, RecordId, Type, UnionForm, UnionId, Workspace};

/// What every schema of one document shares.
pub(super) struct Context<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) names: Names,
}

/// Said of a set whose members may be one value in two spellings.
pub const WEAK_SET: &str = "members are compared as JSON, not in canonical form";
/// Said of a map whose keys may be one key in two spellings.
pub const WEAK_KEYS: &str = "two spellings of one key are not found";

impl Context<'_> {
    /// The schema of a type where it stands.
    pub(super) fn of(&self, ty: &Type) -> Object {
        match ty {
            Type::Primitive(plain) => primitive(plain),
            Type::Scalar(id) => self.reference(Declared::Scalar(*id)),
            Type::Named(id) => self.reference(Declared::Named(*id)),
            Type::External(id) => self.of(&self.workspace.externals[*id].shape),
            Type::Enum(of) if of.only.is_some() => self.narrowed(of),
            Type::Enum(of) => self.reference(Declared::Enum(of.id)),
            Type::Record(id) => self.reference(Declared::Record(*id)),
            Type::Union(id) => self.reference(Declared::Union(*id)),
            Type::Opt(inner) => nullable(self.of(inner)),
            Type::List(item, items) => counted(of_type("array").with("items", self.of(item)), items, "Items"),
            Type::Set(item, items) => {
                let schema = of_type("array").with("items", self.of(item)).with("uniqueItems", true);
                noted(counted(schema, items, "Items"), !is_plain(self.workspace, item), WEAK_SET)
            }
            Type::Map(key, value, items) => {
                let schema = of_type("object")
                    .with_some("propertyNames", self.key(key))
                    .with("additionalProperties", self.of(value));
                noted(counted(schema, items, "Properties"), !is_plain(self.workspace, key), WEAK_KEYS)
            }
            Type::Tuple(items) => {
                let count = u32::try_from(items.len()).expect("fewer than 50,000 nodes a file");
                of_type("array")
                    .with("prefixItems", items.iter().map(|item| self.of(item)).collect::<Vec<_>>())
                    .with("items", false)
                    .with("minItems", count)
            }
        }
    }

    /// The schema of a declaration, with what people are to read about it.
    pub(super) fn definition(&self, one: Declared) -> Object {
        described(one.meta(self.workspace).0, self.body(one))
    }

    /// The schema of a declaration's values.
    pub(super) fn body(&self, one: Declared) -> Object {
        match one {
            Declared::Scalar(id) => primitive(&self.workspace.scalars[id].primitive),
            Declared::Named(id) => self.of(&self.workspace.types[id].ty),
            Declared::Enum(id) => self.enumeration(id),
            Declared::Record(id) => self.record(id),
            Declared::Union(id) => self.union(id),
        }
    }

    /// Some members of an enum, with the name that the contract has for them.
    fn narrowed(&self, of: &EnumType) -> Object {
        let def = &self.workspace.enums[of.id];
        let only = of.only.as_ref().expect("it was asked before");
        let set = def.sets.iter().find(|set| set.members == *only).map(|set| set.name.as_str());
        let value = || only.first().map(|index| def.values[*index].text.as_str());
        let name = set.or_else(value).expect("a narrowed enum has members");
        members(def, of).with("x-enum", format!("{}.{name}", self.names[&Declared::Enum(of.id)]))
    }

    /// The name of a record that is a variant, whether it is a definition here or not.
    fn record_name(&self, id: RecordId) -> &str {
        self.names.get(&Declared::Record(id)).unwrap_or(&self.workspace.records[id].meta.name)
    }

    fn reference(&self, one: Declared) -> Object {
        Object::of("$ref", format!("#/$defs/{}", self.names[&one]))
    }

    /// The schema of an object's keys; none where every text is a key.
    fn key(&self, ty: &Type) -> Option<Object> {
        let plain = match self.workspace.plain(ty) {
            Type::Primitive(plain) => primitive(plain),
            Type::Scalar(id) => primitive(&self.workspace.scalars[*id].primitive),
            _ => return Some(self.of(ty)),
        };
        (plain != of_type("string")).then(|| self.of(ty))
    }

    fn union(&self, id: UnionId) -> Object {
        match &self.workspace.unions[id].form {
            UnionForm::Untagged(variants) => {
                Object::of("anyOf", variants.iter().map(|variant| self.of(variant)).collect::<Vec<_>>())
            }
            UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
                let def = &self.workspace.enums[*tag_type];
                let declared = def.made_for.is_none().then(|| self.names[&Declared::Enum(*tag_type)].as_str());
                let named = Object::of("name", tag.as_str()).with_some("type", declared);
                let variant = |variant: &crate::model::Variant| {
                    let only = EnumType { id: *tag_type, only: Some(vec![variant.value]) };
                    let mut value = members(def, &only);
                    let is_default = *default_tag == Some(variant.value);
                    if is_default {
                        value.put("default", def.values[variant.value].text.as_str());
                    }
                    let record = &self.workspace.records[variant.record];
                    let schema = described(&record.meta, self.object(record, Some((tag, value, is_default))));
                    schema.with("x-record", self.record_name(variant.record))
                };
                of_type("object").with("x-tag", named).with("oneOf", variants.iter().map(variant).collect::<Vec<_>>())
            }
        }
    }
}

/// The schema with null beside its values.
pub(super) fn nullable(schema: Object) -> Object {
    match schema.get("type") {
        Some(Node::Text(name)) if name == "null" => schema,
        Some(Node::Text(name)) => {
            let types = vec![name.clone(), "null".to_owned()];
            let mut schema = schema.with("type", types);
            if let Some(Node::List(mut values)) = schema.get("enum").cloned() {
                values.push(Node::Null);
                schema.put("enum", values);
            }
            schema
        }
        Some(Node::List(_)) => schema,
        _ if schema.is_empty() => schema,
        _ => Object::of("anyOf", vec![schema, of_type("null")]),
    }
}

fn counted(schema: Object, items: &Items, what: &str) -> Object {
    schema
        .with_some(&format!("min{what}"), items.min.filter(|min| *min > 0))
        .with_some(&format!("max{what}"), items.max)
}

fn noted(schema: Object, weak: bool, text: &str) -> Object {
    if weak { schema.with("x-weaker", vec![text]) } else { schema }
}
