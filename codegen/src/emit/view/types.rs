//! A type enters; its description leaves.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Ref, reference};
use crate::model::{self, Bound, EnumType, Items, Primitive, Text, Workspace};

/// A type, told apart by `kind`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Type<'w> {
    /// Unicode text. Lengths count code points.
    String {
        /// Fewest code points.
        min_length: Option<u32>,
        /// Most code points.
        max_length: Option<u32>,
        /// Refuses texts of nothing but white space.
        non_blank: bool,
        /// A published profile: `date-time`, `http-url`, `semver`, `ulid` or `uuid`.
        format: Option<&'static str>,
        /// A pattern of the contract language, for the whole text.
        pattern: Option<&'w str>,
    },
    /// An integer within ±(2^53−1).
    Int {
        /// The least value.
        min: Option<i64>,
        /// The greatest value.
        max: Option<i64>,
        /// All values are greater.
        exclusive_min: Option<i64>,
        /// All values are less.
        exclusive_max: Option<i64>,
    },
    /// A signed integer of 64 bits: a decimal string on the wire, and here.
    Int64(Decimals),
    /// An unsigned integer of 64 bits: a decimal string on the wire, and here.
    Uint64(Decimals),
    /// A finite binary64.
    Float {
        /// The least value.
        min: Option<f64>,
        /// The greatest value.
        max: Option<f64>,
        /// All values are greater.
        exclusive_min: Option<f64>,
        /// All values are less.
        exclusive_max: Option<f64>,
    },
    /// `true` or `false`.
    Bool,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    Object,
    /// A scalar.
    Scalar(Ref<'w>),
    /// An enum.
    Enum {
        /// The family that declares it.
        family: &'w str,
        /// Its name there.
        name: &'w str,
        /// The values that are accepted here: all, or those that `only` names.
        values: Vec<&'w str>,
    },
    /// A record.
    Record(Ref<'w>),
    /// A union.
    Union(Ref<'w>),
    /// A composed type with a name.
    #[serde(rename = "type")]
    Named(Ref<'w>),
    /// A type of a foreign JSON Schema.
    External(Ref<'w>),
    /// The value or null.
    Opt {
        /// What it is where it is not null.
        of: Box<Type<'w>>,
    },
    /// Values in order.
    List {
        /// Of each item.
        of: Box<Type<'w>>,
        /// Fewest items.
        min_items: Option<u32>,
        /// Most items.
        max_items: Option<u32>,
    },
    /// Values that differ.
    Set {
        /// Of each item.
        of: Box<Type<'w>>,
        /// Fewest items.
        min_items: Option<u32>,
        /// Most items.
        max_items: Option<u32>,
    },
    /// Values by key; an object on the wire.
    Map {
        /// Of each key.
        key: Box<Type<'w>>,
        /// Of each value.
        of: Box<Type<'w>>,
        /// Fewest entries.
        min_items: Option<u32>,
        /// Most entries.
        max_items: Option<u32>,
    },
    /// Exactly these, in order.
    Tuple {
        /// Of each item.
        items: Vec<Type<'w>>,
    },
}

/// Bounds as decimal strings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Decimals {
    /// The least value.
    min: Option<String>,
    /// The greatest value.
    max: Option<String>,
    /// All values are greater.
    exclusive_min: Option<String>,
    /// All values are less.
    exclusive_max: Option<String>,
}

/// The type as it was written.
pub(super) fn of<'w>(workspace: &'w Workspace, ty: &'w model::Type) -> Type<'w> {
    let boxed = |inner| Box::new(of(workspace, inner));
    match ty {
        model::Type::Primitive(plain) => primitive(plain),
        model::Type::Scalar(id) => {
            let scalar = &workspace.scalars[*id];
            Type::Scalar(reference(workspace, scalar.family, &scalar.meta))
        }
        model::Type::Enum(narrowed) => enumeration(workspace, narrowed),
        model::Type::Record(id) => {
            let record = &workspace.records[*id];
            Type::Record(reference(workspace, record.family, &record.meta))
        }
        model::Type::Union(id) => {
            let union = &workspace.unions[*id];
            Type::Union(reference(workspace, union.family, &union.meta))
        }
        model::Type::Named(id) => {
            let named = &workspace.types[*id];
            Type::Named(reference(workspace, named.family, &named.meta))
        }
        model::Type::External(id) => {
            let external = &workspace.externals[*id];
            let family = &workspace.families[external.family].meta.name;
            Type::External(Ref { family, name: &external.name })
        }
        model::Type::Opt(inner) => Type::Opt { of: boxed(inner) },
        model::Type::List(inner, Items { min, max }) => {
            Type::List { of: boxed(inner), min_items: *min, max_items: *max }
        }
        model::Type::Set(inner, Items { min, max }) => Type::Set { of: boxed(inner), min_items: *min, max_items: *max },
        model::Type::Map(key, inner, Items { min, max }) => {
            Type::Map { key: boxed(key), of: boxed(inner), min_items: *min, max_items: *max }
        }
        model::Type::Tuple(items) => Type::Tuple { items: items.iter().map(|item| of(workspace, item)).collect() },
    }
}

/// The type without an `opt` around it, as it was written.
pub(super) fn bare<'w>(workspace: &'w Workspace, ty: &'w model::Type) -> Type<'w> {
    match ty {
        model::Type::Opt(inner) => of(workspace, inner),
        other => of(workspace, other),
    }
}

/// The type without an `opt` around it, named types, scalars and foreign types looked through.
pub(super) fn plain<'w>(workspace: &'w Workspace, ty: &'w model::Type) -> Type<'w> {
    match workspace.unwrapped(ty) {
        model::Type::Scalar(id) => primitive(&workspace.scalars[*id].primitive),
        model::Type::External(id) => plain(workspace, &workspace.externals[*id].shape),
        other => of(workspace, other),
    }
}

fn enumeration<'w>(workspace: &'w Workspace, narrowed: &'w EnumType) -> Type<'w> {
    let of = &workspace.enums[narrowed.id];
    let Ref { family, name } = reference(workspace, of.family, &of.meta);
    let is_accepted = |at: &usize| narrowed.only.as_ref().is_none_or(|only| only.contains(at));
    let values = (0..of.values.len()).filter(is_accepted).map(|at| of.values[at].text.as_str()).collect();
    Type::Enum { family, name, values }
}

pub(super) fn primitive(plain: &Primitive) -> Type<'_> {
    match plain {
        Primitive::String(Text { min_length, max_length, non_blank, format, pattern }) => Type::String {
            min_length: *min_length,
            max_length: *max_length,
            non_blank: *non_blank,
            format: format.map(model::Format::as_str),
            pattern: pattern.as_ref().map(crate::pattern::Pattern::source),
        },
        Primitive::Int(bounds) => {
            let ((min, exclusive_min), (max, exclusive_max)) = (parted(bounds.min), parted(bounds.max));
            Type::Int { min, max, exclusive_min, exclusive_max }
        }
        Primitive::Int64(bounds) => Type::Int64(decimals(bounds.min, bounds.max)),
        Primitive::Uint64(bounds) => Type::Uint64(decimals(bounds.min, bounds.max)),
        Primitive::Float(bounds) => {
            let ((min, exclusive_min), (max, exclusive_max)) = (parted(bounds.min), parted(bounds.max));
            Type::Float { min, max, exclusive_min, exclusive_max }
        }
        Primitive::Bool => Type::Bool,
        Primitive::Json => Type::Json,
        Primitive::Object => Type::Object,
    }
}

/// The limit where it is accepted itself, and where it is not.
fn parted<T: Copy>(bound: Option<Bound<T>>) -> (Option<T>, Option<T>) {
    match bound {
        Some(Bound { limit, exclusive: false }) => (Some(limit), None),
        Some(Bound { limit, exclusive: true }) => (None, Some(limit)),
        None => (None, None),
    }
}

fn decimals<T: Copy + ToString>(min: Option<Bound<T>>, max: Option<Bound<T>>) -> Decimals {
    let text = |limit: Option<T>| limit.map(|limit| limit.to_string());
    let ((min, exclusive_min), (max, exclusive_max)) = (parted(min), parted(max));
    Decimals { min: text(min), max: text(max), exclusive_min: text(exclusive_min), exclusive_max: text(exclusive_max) }
}
