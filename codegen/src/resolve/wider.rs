//! Two types enter; whether one holds every value of the other, bounds looked at, leaves.

use crate::model::{Bound, Primitive, Text, Type, Workspace};

/// Whether a scalar or built-in only loosens what another demanded.
pub fn is_wider(workspace: &Workspace, wide: &Type, narrow: &Type) -> bool {
    match (workspace.plain(wide), workspace.plain(narrow)) {
        (Type::Opt(wide), Type::Opt(narrow)) => is_wider(workspace, wide, narrow),
        (Type::Opt(wide), narrow) => is_wider(workspace, wide, narrow),
        (wide, narrow) => match (primitive(workspace, wide), primitive(workspace, narrow)) {
            (Some(wide), Some(narrow)) => holds(wide, narrow),
            _ => false,
        },
    }
}

fn primitive<'w>(workspace: &'w Workspace, ty: &'w Type) -> Option<&'w Primitive> {
    match ty {
        Type::Primitive(primitive) => Some(primitive),
        Type::Scalar(id) => Some(&workspace.scalars[*id].primitive),
        _ => None,
    }
}

fn holds(wide: &Primitive, narrow: &Primitive) -> bool {
    match (wide, narrow) {
        (Primitive::String(wide), Primitive::String(narrow)) => holds_text(wide, narrow),
        (Primitive::Int(wide), Primitive::Int(narrow)) => within((wide.min, wide.max), (narrow.min, narrow.max)),
        (Primitive::Int64(wide), Primitive::Int64(narrow)) => within((wide.min, wide.max), (narrow.min, narrow.max)),
        (Primitive::Uint64(wide), Primitive::Uint64(narrow)) => within((wide.min, wide.max), (narrow.min, narrow.max)),
        (Primitive::Float(wide), Primitive::Float(narrow)) => within((wide.min, wide.max), (narrow.min, narrow.max)),
        (wide, narrow) => wide == narrow,
    }
}

fn holds_text(wide: &Text, narrow: &Text) -> bool {
    wide.min_length.unwrap_or(0) <= narrow.min_length.unwrap_or(0)
        && wide.max_length.unwrap_or(u32::MAX) >= narrow.max_length.unwrap_or(u32::MAX)
        && (!wide.non_blank || narrow.non_blank)
        && (wide.format.is_none() || wide.format == narrow.format)
        && (wide.pattern.is_none() || wide.pattern == narrow.pattern)
}

type Bounds<T> = (Option<Bound<T>>, Option<Bound<T>>);

fn within<T: PartialOrd + Copy>((least, most): Bounds<T>, (min, max): Bounds<T>) -> bool {
    let above = |min: Bound<T>, least: Bound<T>| {
        min.limit > least.limit || min.limit == least.limit && (min.exclusive || !least.exclusive)
    };
    let below = |max: Bound<T>, most: Bound<T>| {
        max.limit < most.limit || max.limit == most.limit && (max.exclusive || !most.exclusive)
    };
    least.is_none_or(|least| min.is_some_and(|min| above(min, least)))
        && most.is_none_or(|most| max.is_some_and(|max| below(max, most)))
}
