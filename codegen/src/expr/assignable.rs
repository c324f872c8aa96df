//! The type of a value and of its target enter; whether every such value fits leaves.

use super::kind::{Kind, kind};
use crate::model::{EnumType, ExprType, Primitive, Text, Type, Workspace};

/// Whether every value of one type is a value of the other.
pub fn is_assignable(workspace: &Workspace, from: &ExprType, to: &Type) -> bool {
    match from {
        ExprType::Null => workspace.is_optional(to),
        ExprType::Of(from) => fits(workspace, from, to),
        ExprType::ListOf(_) | ExprType::SetOf(_) => false,
    }
}

fn fits(workspace: &Workspace, from: &Type, to: &Type) -> bool {
    let (from, to) = (workspace.plain(from), workspace.plain(to));
    if from == to {
        return true;
    }
    match (from, to) {
        (Type::Opt(from), Type::Opt(to)) => fits(workspace, from, to),
        (Type::Opt(_), _) => false,
        (_, Type::Opt(to)) => fits(workspace, from, to),
        (Type::Enum(from), Type::Enum(to)) => is_narrower(from, to),
        (Type::List(from, have), Type::List(to, want)) | (Type::Set(from, have), Type::Set(to, want)) => {
            (have == want || (want.min.is_none() && want.max.is_none())) && fits(workspace, from, to)
        }
        (Type::Map(key, value, have), Type::Map(to_key, to_value, want)) => {
            (have == want || (want.min.is_none() && want.max.is_none()))
                && fits(workspace, key, to_key)
                && fits(workspace, value, to_value)
        }
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to).all(|(from, to)| fits(workspace, from, to))
        }
        (_, Type::Primitive(Primitive::Object)) => matches!(from, Type::Primitive(Primitive::Object)),
        _ => is_plain(workspace, to) && (kind(workspace, from) == kind(workspace, to) || is_text(workspace, from, to)),
    }
}

fn is_narrower(from: &EnumType, to: &EnumType) -> bool {
    let accepted = |member: &usize| to.only.as_ref().is_none_or(|only| only.contains(member));
    from.id == to.id && (to.only.is_none() || from.only.as_ref().is_some_and(|only| only.iter().all(accepted)))
}

/// A text of any format fits a plain text.
fn is_text(workspace: &Workspace, from: &Type, to: &Type) -> bool {
    matches!(to, Type::Primitive(Primitive::String(_))) && matches!(kind(workspace, from), Kind::Text | Kind::Instant)
}

/// A type that accepts every value of its kind: without bounds, pattern, length or format.
fn is_plain(workspace: &Workspace, ty: &Type) -> bool {
    let primitive = match ty {
        Type::Primitive(primitive) => primitive,
        Type::Scalar(id) => &workspace.scalars[*id].primitive,
        _ => return false,
    };
    match primitive {
        Primitive::String(text) => *text == Text::default(),
        Primitive::Int(bounds) => bounds.min.is_none() && bounds.max.is_none(),
        Primitive::Int64(bounds) => bounds.min.is_none() && bounds.max.is_none(),
        Primitive::Uint64(bounds) => bounds.min.is_none() && bounds.max.is_none(),
        Primitive::Float(bounds) => bounds.min.is_none() && bounds.max.is_none(),
        Primitive::Bool | Primitive::Json | Primitive::Object => true,
    }
}
