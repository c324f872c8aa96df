//! Wire values enter; TypeScript literals leave: as they stand on the wire, or in the form of their type.

use super::layout::{Doc, array, call, member, object, text};
use super::module::Module;
use super::names;
use crate::emit::encode;
use crate::json::{self, Value};
use crate::model::{Presence, Primitive, Type};

/// The value as JSON would have it.
pub(super) fn wire(value: &Value) -> Doc {
    match value {
        Value::Null => text("null"),
        Value::Bool(truth) => text(truth.to_string()),
        Value::Number(value) => text(number(*value)),
        Value::String(value) => text(encode::typescript::string(value)),
        Value::Array(items) => array(items.iter().map(wire).collect()),
        Value::Object(members) => {
            object(members.iter().map(|(key, value)| member(&names::key(key), wire(value))).collect())
        }
    }
}

/// A number.
pub(super) fn number(value: f64) -> String {
    json::number(value).replace("e+", "e")
}

/// A 64-bit integer.
pub(super) fn bigint(value: impl std::fmt::Display) -> String {
    format!("{value}n")
}

impl Module<'_> {
    /// The value, which is valid for the type, as an expression of the type.
    pub(super) fn literal(&mut self, ty: &Type, value: &Value) -> Doc {
        if self.is_wire_form(ty) {
            return wire(value);
        }
        match (self.primitive(ty), value) {
            (Some(_), Value::String(digits)) => text(bigint(digits)),
            _ => call("/* @__PURE__ */ $.literal", vec![self.schema(ty), wire(value)]),
        }
    }

    /// Whether values of the type are written in TypeScript as they stand on the wire.
    fn is_wire_form(&self, ty: &Type) -> bool {
        if let Some(primitive) = self.primitive(ty) {
            return !matches!(primitive, Primitive::Int64(_) | Primitive::Uint64(_));
        }
        match self.workspace.plain(ty) {
            Type::Enum(_) => true,
            Type::Opt(of) | Type::List(of, _) | Type::Set(of, _) => self.is_wire_form(of),
            Type::Tuple(types) => types.iter().all(|item| self.is_wire_form(item)),
            _ => false,
        }
    }

    fn primitive<'t>(&'t self, ty: &'t Type) -> Option<&'t Primitive> {
        match self.workspace.plain(ty) {
            Type::Primitive(primitive) => Some(primitive),
            Type::Scalar(id) => Some(&self.workspace.scalars[*id].primitive),
            _ => None,
        }
    }
}

/// The default of a field, as it stands on the wire.
pub(super) fn default_of(presence: &Presence) -> Option<Doc> {
    match presence {
        Presence::Default(value) => Some(member("default", wire(value))),
        Presence::Required | Presence::Optional | Presence::Nullable => None,
    }
}
