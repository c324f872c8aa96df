//! A type enters; whether two of its values that differ as JSON may still be one value leaves.

use crate::expr::{Kind, kind};
use crate::model::{EnumType, Format, Primitive, Text, Type, UnionForm, Workspace};

/// Whether equality as JSON is equality in canonical form, so that `uniqueItems` and the keys of an object decide
/// as the contract does.
pub(super) fn is_plain(workspace: &Workspace, ty: &Type) -> bool {
    match ty {
        Type::Primitive(plain) => is_plain_primitive(plain),
        Type::Scalar(id) => is_plain_primitive(&workspace.scalars[*id].primitive),
        Type::Enum(of) => !has_alias(workspace, of),
        Type::Named(id) => is_plain(workspace, &workspace.types[*id].ty),
        Type::External(id) => is_plain(workspace, &workspace.externals[*id].shape),
        Type::Opt(inner) | Type::List(inner, _) => is_plain(workspace, inner),
        Type::Map(key, value, _) => is_plain(workspace, key) && is_plain(workspace, value),
        Type::Tuple(items) => items.iter().all(|item| is_plain(workspace, item)),
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Untagged(variants) => variants.iter().all(|variant| is_plain(workspace, variant)),
            UnionForm::Tagged { .. } => false,
        },
        // Defaults, absent options and unknown keys make objects one; the order of members makes sets one.
        Type::Record(_) | Type::Set(..) => false,
    }
}

fn is_plain_primitive(plain: &Primitive) -> bool {
    !matches!(plain, Primitive::String(Text { format: Some(Format::Uuid | Format::Ulid), .. }))
}

fn has_alias(workspace: &Workspace, of: &EnumType) -> bool {
    let accepted = |index| of.only.as_ref().is_none_or(|only| only.contains(&index));
    workspace.enums[of.id].aliases.iter().any(|(_, index)| accepted(*index))
}

/// Whether a text of this type is kept as received, so that its JSON can be compared with a literal.
pub(super) fn keeps_text(workspace: &Workspace, ty: &Type) -> bool {
    let bare = match workspace.plain(ty) {
        Type::Opt(inner) => inner,
        bare => bare,
    };
    kind(workspace, bare) == Kind::Text && is_plain(workspace, bare)
}
