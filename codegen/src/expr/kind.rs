//! A type enters; what an expression can do with its values leaves, whatever the type is called.

use crate::model::{EnumId, ExprType, Format, Primitive, RecordId, Text, Type, UnionForm, UnionId, Workspace};

/// Values that expressions treat alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'a> {
    /// A truth value.
    Bool,
    /// An integer within ±(2^53−1).
    Int,
    /// 64 bits signed.
    Int64,
    /// 64 bits unsigned.
    Uint64,
    /// A binary64.
    Float,
    /// A text, or an untagged union of texts only.
    Text,
    /// A date-time: compares as a moment.
    Instant,
    /// A member of an enum.
    Enum(EnumId),
    /// A record.
    Record(RecordId),
    /// A union: tagged, or untagged of more than texts.
    Union(UnionId),
    /// A list of items.
    List(&'a Type),
    /// A set of members.
    Set(&'a Type),
    /// A map from keys to values.
    Map(&'a Type, &'a Type),
    /// A tuple.
    Tuple,
    /// Any JSON value or object.
    Json,
}

/// The kind of a type, an `opt` around it looked through.
pub fn kind<'a>(workspace: &'a Workspace, ty: &'a Type) -> Kind<'a> {
    match ty {
        Type::Opt(inner) => kind(workspace, inner),
        Type::Named(id) => kind(workspace, &workspace.types[*id].ty),
        Type::External(id) => kind(workspace, &workspace.externals[*id].shape),
        Type::Scalar(id) => primitive(&workspace.scalars[*id].primitive),
        Type::Primitive(plain) => primitive(plain),
        Type::Enum(narrowed) => Kind::Enum(narrowed.id),
        Type::Record(id) => Kind::Record(*id),
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Untagged(variants) if variants.iter().all(|variant| is_text(workspace, variant)) => Kind::Text,
            _ => Kind::Union(*id),
        },
        Type::List(item, _) => Kind::List(item),
        Type::Set(member, _) => Kind::Set(member),
        Type::Map(key, value, _) => Kind::Map(key, value),
        Type::Tuple(_) => Kind::Tuple,
    }
}

fn primitive(plain: &Primitive) -> Kind<'static> {
    match plain {
        Primitive::String(Text { format: Some(Format::DateTime), .. }) => Kind::Instant,
        Primitive::String(_) => Kind::Text,
        Primitive::Int(_) => Kind::Int,
        Primitive::Int64(_) => Kind::Int64,
        Primitive::Uint64(_) => Kind::Uint64,
        Primitive::Float(_) => Kind::Float,
        Primitive::Bool => Kind::Bool,
        Primitive::Json | Primitive::Object => Kind::Json,
    }
}

fn is_text(workspace: &Workspace, variant: &Type) -> bool {
    !workspace.is_optional(variant) && matches!(kind(workspace, variant), Kind::Text | Kind::Instant | Kind::Enum(_))
}

impl Kind<'_> {
    /// Whether `==` and `in` can compare such values; floats are refused on their own.
    pub(super) fn has_equality(self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::Int64 | Self::Uint64 | Self::Text | Self::Instant | Self::Enum(_))
    }

    /// Whether `<` and the like can compare such values.
    pub(super) fn has_order(self) -> bool {
        matches!(self, Self::Int | Self::Int64 | Self::Uint64 | Self::Float | Self::Text | Self::Instant)
    }

    /// Whether `in` can look such values up, and a map can be read with them. Moments are not: two texts may be one.
    pub(super) fn is_looked_up(self) -> bool {
        self.has_equality() && self != Self::Instant
    }

    /// For messages, in backticks.
    pub(super) fn describe(self, workspace: &Workspace) -> String {
        let word = match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint64 => "uint64",
            Self::Float => "float",
            Self::Text => "string",
            Self::Instant => "date-time",
            Self::Enum(id) => &workspace.enums[id].meta.name,
            Self::Record(id) => &workspace.records[id].meta.name,
            Self::Union(id) => &workspace.unions[id].meta.name,
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::Map(..) => "map",
            Self::Tuple => "tuple",
            Self::Json => "json",
        };
        format!("`{word}`")
    }
}

/// The type of an expression for messages.
pub(super) fn describe(workspace: &Workspace, ty: &ExprType) -> String {
    match ty {
        ExprType::Null => "`null`".into(),
        ExprType::Of(of) => kind(workspace, of).describe(workspace),
        ExprType::ListOf(_) => "a list literal".into(),
        ExprType::SetOf(id) => format!("a set of `{}`", workspace.enums[*id].meta.name),
    }
}
