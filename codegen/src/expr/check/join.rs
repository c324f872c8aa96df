//! The types of two alternatives enter; the type of a value that is one of them leaves.

use super::{Kind, bool_type, float_type, int_type, kind, text_type};
use crate::model::{EnumType, ExprType, Format, Int64Bounds, Primitive, Text, Type, Uint64Bounds, Workspace};

/// One type for both, or none where they have nothing in common. It is an `opt` where one of them may be none.
pub(super) fn join(workspace: &Workspace, left: &ExprType, right: &ExprType) -> Option<ExprType> {
    match (left, right) {
        (ExprType::Null, ExprType::Null) => Some(ExprType::Null),
        (ExprType::Null, ExprType::Of(of)) | (ExprType::Of(of), ExprType::Null) => {
            Some(optional(certain(workspace, of).clone()))
        }
        (ExprType::Of(left), ExprType::Of(right)) => {
            let (l, r) = (certain(workspace, left), certain(workspace, right));
            let ty = if l == r { l.clone() } else { shared(workspace, l, r)? };
            let may_be_none = workspace.is_optional(left) || workspace.is_optional(right);
            Some(if may_be_none { optional(ty) } else { ExprType::Of(ty) })
        }
        _ => None,
    }
}

fn optional(ty: Type) -> ExprType {
    ExprType::Of(Type::Opt(Box::new(ty)))
}

/// The type without an `opt` around it.
fn certain<'a>(workspace: &'a Workspace, ty: &'a Type) -> &'a Type {
    match workspace.plain(ty) {
        Type::Opt(inner) => inner,
        _ => ty,
    }
}

/// The plain built-in or whole enum that two different types have in common.
fn shared(workspace: &Workspace, left: &Type, right: &Type) -> Option<Type> {
    let one = kind(workspace, left);
    if one != kind(workspace, right) {
        return None;
    }
    let plain = |ty| match ty {
        ExprType::Of(of) => Some(of),
        _ => None,
    };
    match one {
        Kind::Bool => plain(bool_type()),
        Kind::Int => plain(int_type()),
        Kind::Float => plain(float_type()),
        Kind::Text => plain(text_type()),
        Kind::Int64 => Some(Type::Primitive(Primitive::Int64(Int64Bounds::default()))),
        Kind::Uint64 => Some(Type::Primitive(Primitive::Uint64(Uint64Bounds::default()))),
        Kind::Instant => {
            Some(Type::Primitive(Primitive::String(Text { format: Some(Format::DateTime), ..Text::default() })))
        }
        Kind::Enum(id) => Some(Type::Enum(EnumType { id, only: None })),
        Kind::Record(_) | Kind::Union(_) | Kind::List(_) | Kind::Set(_) | Kind::Map(..) | Kind::Tuple | Kind::Json => {
            None
        }
    }
}
