//! Types of the model enter; TypeScript types leave, and the combinators that test their values.

use super::layout::{Doc, array, call, generic, member, object, row, text};
use super::literals::{bigint, number};
use super::module::Module;
use super::names::Derived;
use crate::emit::encode;
use crate::model::{
    Bound, EnumType, Field, FloatBounds, Format, IntBounds, Items, Presence, Primitive, Text, Type, Workspace,
};

impl Module<'_> {
    /// The TypeScript type.
    pub(super) fn ty(&mut self, ty: &Type) -> Doc {
        let workspace = self.workspace;
        match ty {
            Type::Primitive(primitive) => text(primitive_type(primitive)),
            Type::Scalar(id) => {
                let scalar = &workspace.scalars[*id];
                text(self.type_name(scalar.family, &scalar.meta.name))
            }
            Type::Enum(EnumType { id, .. }) => text(self.enum_type(*id)),
            Type::Record(id) => text(self.record_type(*id)),
            Type::Union(id) => {
                let union = &workspace.unions[*id];
                text(self.type_name(union.family, &union.meta.name))
            }
            Type::Named(id) => {
                let named = &workspace.types[*id];
                text(self.type_name(named.family, &named.meta.name))
            }
            Type::External(id) => self.ty(&workspace.externals[*id].shape),
            Type::Opt(of) => row(vec![self.ty(of), text(" | null")]),
            Type::List(of, _) | Type::Set(of, _) => {
                let item = self.ty(of);
                let item = if matches!(**of, Type::Opt(_)) { item.parenthesised() } else { item };
                let inner = if is_array(workspace, of) { item.parenthesised() } else { item };
                row(vec![text("readonly "), inner, text("[]")])
            }
            Type::Map(key, value, _) => {
                let arguments = vec![self.ty(key), self.ty(value)];
                generic("$.MapOf", arguments)
            }
            Type::Tuple(types) => {
                let items = types.iter().map(|item| self.ty(item)).collect();
                row(vec![text("readonly "), array(items)])
            }
        }
    }

    /// An expression whose value is the schema of the type.
    pub(super) fn schema(&mut self, ty: &Type) -> Doc {
        let workspace = self.workspace;
        match ty {
            Type::Primitive(primitive) => primitive_schema(primitive),
            Type::Scalar(id) => {
                let scalar = &workspace.scalars[*id];
                text(self.value_name(scalar.family, &scalar.meta.name))
            }
            Type::Enum(EnumType { id, only }) => self.enum_schema(*id, only.as_deref()),
            Type::Record(id) => text(self.record_value(*id)),
            Type::Union(id) => {
                let union = &workspace.unions[*id];
                text(self.value_name(union.family, &union.meta.name))
            }
            Type::Named(id) => {
                let named = &workspace.types[*id];
                text(self.value_name(named.family, &named.meta.name))
            }
            Type::External(id) => self.schema(&workspace.externals[*id].shape),
            Type::Opt(of) => call("$.opt", vec![self.schema(of)]),
            Type::List(of, items) => self.container("$.list", &[of], *items),
            Type::Set(of, items) => self.container("$.set", &[of], *items),
            Type::Map(key, value, items) => self.container("$.map", &[key, value], *items),
            Type::Tuple(types) => call("$.tuple", types.iter().map(|item| self.schema(item)).collect()),
        }
    }

    /// The type of a field's value and what follows its name: `?` where it may be absent.
    pub(super) fn field_type(&mut self, field: &Field) -> (&'static str, Doc) {
        let ty = self.ty(without_opt(self.workspace, &field.ty));
        match field.presence {
            Presence::Optional => ("?", row(vec![ty, text(" | undefined")])),
            _ if self.workspace.is_optional(&field.ty) => ("", row(vec![ty, text(" | null")])),
            _ => ("", ty),
        }
    }

    fn enum_schema(&mut self, id: crate::model::EnumId, only: Option<&[usize]>) -> Doc {
        let workspace = self.workspace;
        let whole = text(self.enum_value(id, Some(Derived::Schema)));
        let Some(only) = only else { return whole };
        let def = &workspace.enums[id];
        let narrowed = match def.sets.iter().find(|set| set.members == only) {
            Some(set) => text(format!("{}.{}", self.enum_value(id, Some(Derived::Sets)), set.name)),
            None => array(only.iter().map(|&at| text(encode::typescript::string(&def.values[at].text))).collect()),
        };
        call("$.narrow", vec![whole, narrowed])
    }

    fn container(&mut self, callee: &str, of: &[&Type], items: Items) -> Doc {
        let mut arguments: Vec<Doc> = of.iter().map(|item| self.schema(item)).collect();
        let limits = [("minItems", items.min), ("maxItems", items.max)];
        arguments.extend(options(
            limits.into_iter().filter_map(|(key, limit)| limit.map(|limit| member(key, text(limit.to_string())))),
        ));
        call(callee, arguments)
    }
}

/// The type of what is there, where a value may be none.
pub(super) fn without_opt<'a>(workspace: &'a Workspace, ty: &'a Type) -> &'a Type {
    match ty {
        Type::Opt(of) => of,
        ty if workspace.is_optional(ty) => workspace.unwrapped(ty),
        ty => ty,
    }
}

/// What a primitive is in TypeScript.
pub(super) fn primitive_type(primitive: &Primitive) -> &'static str {
    match primitive {
        Primitive::String(_) => "string",
        Primitive::Int(_) | Primitive::Float(_) => "number",
        Primitive::Int64(_) | Primitive::Uint64(_) => "bigint",
        Primitive::Bool => "boolean",
        Primitive::Json => "$.Json",
        Primitive::Object => "$.JsonObject",
    }
}

/// The call that makes the schema of a primitive.
pub(super) fn primitive_schema(primitive: &Primitive) -> Doc {
    match primitive {
        Primitive::String(rules) => call("$.text", options(text_rules(rules))),
        Primitive::Int(IntBounds { min, max }) => call("$.int", bounds(*min, *max, |limit| limit.to_string())),
        Primitive::Float(FloatBounds { min, max }) => call("$.float", bounds(*min, *max, number)),
        Primitive::Int64(limits) => call("$.int64", bounds(limits.min, limits.max, bigint)),
        Primitive::Uint64(limits) => call("$.uint64", bounds(limits.min, limits.max, bigint)),
        Primitive::Bool => call("$.bool", vec![]),
        Primitive::Json => call("$.json", vec![]),
        Primitive::Object => call("$.object", vec![]),
    }
}

fn text_rules(rules: &Text) -> impl Iterator<Item = Doc> {
    let lengths = [("minLength", rules.min_length), ("maxLength", rules.max_length)];
    let lengths =
        lengths.into_iter().filter_map(|(key, limit)| limit.map(|limit| member(key, text(limit.to_string()))));
    let non_blank = rules.non_blank.then(|| member("nonBlank", text("true")));
    let format = rules.format.map(|format| member("format", text(format_name(format))));
    let pattern = rules.pattern.as_ref().map(|pattern| {
        let regex = format!("/{}/u", pattern.typescript().replace('/', "\\/"));
        member("pattern", array(vec![text(encode::typescript::string(pattern.source())), text(regex)]))
    });
    lengths.chain(non_blank).chain(format).chain(pattern)
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Uuid => "$.uuid",
        Format::Ulid => "$.ulid",
        Format::HttpUrl => "$.httpUrl",
        Format::DateTime => "$.dateTime",
        Format::SemVer => "$.semver",
    }
}

fn bounds<T: Copy>(min: Option<Bound<T>>, max: Option<Bound<T>>, literal: impl Fn(T) -> String) -> Vec<Doc> {
    let lower = min.map(|bound| (if bound.exclusive { "exclusiveMin" } else { "min" }, bound.limit));
    let upper = max.map(|bound| (if bound.exclusive { "exclusiveMax" } else { "max" }, bound.limit));
    options([lower, upper].into_iter().flatten().map(|(key, limit)| member(key, text(literal(limit)))))
}

/// An argument of options, or none where there are no options.
pub(super) fn options(members: impl IntoIterator<Item = Doc>) -> Vec<Doc> {
    let members: Vec<Doc> = members.into_iter().collect();
    if members.is_empty() { vec![] } else { vec![object(members)] }
}

/// Whether the type is written with `readonly` in front, which binds less than the brackets behind it.
fn is_array(workspace: &Workspace, ty: &Type) -> bool {
    match ty {
        Type::List(..) | Type::Set(..) | Type::Tuple(_) => true,
        Type::External(id) => is_array(workspace, &workspace.externals[*id].shape),
        _ => false,
    }
}
