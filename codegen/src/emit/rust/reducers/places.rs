//! What an expression names enters; the Rust that reads it leaves, as the base type that its kind compares as.

use super::super::module::Module;
use super::super::types::spell;
use super::cells::{Cell, loose};
use crate::expr::{Kind, kind};
use crate::model::{EnumId, EnumType, Primitive, Type, UnionForm, Workspace};

/// How a text stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It is the value, where it lies.
    Place,
    /// It is a reference to the value, or dereferences to it.
    Reference,
    /// It makes the value, which nobody else has.
    Made,
}

/// A typed value.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) text: String,
    pub(super) ty: Type,
    pub(super) form: Form,
}

/// What an expression compiles to.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    /// `null`
    None,
    /// A typed value.
    Place(Place),
    /// A typed value, or none: `Option<&T>`.
    Maybe(Place),
    /// A part of the state, by reference or as it lies.
    Part(String, Cell),
    /// A part of the state, or none: `Option<&C>`.
    MaybePart(String, Cell),
    /// A base value, or `Option` of one.
    Base { text: String, base: Base, is_optional: bool },
}

/// What values are compared as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Base {
    /// `bool`
    Bool,
    /// `i64`
    Int,
    /// `u64`
    Uint,
    /// `f64`
    Float,
    /// `&str`
    Text,
    /// `Instant`
    Instant,
    /// The enum.
    Member(EnumId),
}

impl Base {
    /// What a type compares as, if it does.
    pub(super) fn of(workspace: &Workspace, ty: &Type) -> Option<Self> {
        Some(match kind(workspace, ty) {
            Kind::Bool => Base::Bool,
            Kind::Int | Kind::Int64 => Base::Int,
            Kind::Uint64 => Base::Uint,
            Kind::Float => Base::Float,
            Kind::Text => Base::Text,
            Kind::Instant => Base::Instant,
            Kind::Enum(id) => Base::Member(id),
            _ => return None,
        })
    }
}

impl Place {
    pub(super) fn new(text: impl Into<String>, ty: Type, form: Form) -> Self {
        Self { text: text.into(), ty, form }
    }

    /// A reference to the value.
    pub(super) fn reference(&self) -> String {
        match self.form {
            Form::Place | Form::Made => format!("&{}", self.text),
            Form::Reference if self.text.starts_with("self.") => format!("&*{}", self.text),
            Form::Reference => self.text.clone(),
        }
    }

    /// The value, copied.
    pub(super) fn copied(&self) -> String {
        match self.form {
            Form::Place | Form::Made => self.text.clone(),
            Form::Reference => format!("*{}", self.text),
        }
    }

    /// The value, cloned.
    pub(super) fn cloned(&self, workspace: &Workspace) -> String {
        match self.form {
            Form::Made => self.text.clone(),
            _ if is_copy(workspace, &self.ty) => self.copied(),
            Form::Reference if self.text.starts_with("self.") => format!("(*{}).clone()", self.text),
            _ => format!("{}.clone()", self.text),
        }
    }
}

/// Whether values of the Rust type are copied.
pub(super) fn is_copy(workspace: &Workspace, ty: &Type) -> bool {
    let of = |primitive: &Primitive| !matches!(primitive, Primitive::String(_) | Primitive::Json | Primitive::Object);
    match ty {
        Type::Primitive(primitive) => of(primitive),
        Type::Scalar(id) => of(&workspace.scalars[*id].primitive),
        Type::Enum(_) => true,
        Type::Named(id) => is_copy(workspace, &workspace.types[*id].ty),
        Type::Opt(inner) => is_copy(workspace, inner),
        Type::Tuple(parts) => parts.iter().all(|part| is_copy(workspace, part)),
        _ => false,
    }
}

/// A value as its base, and whether it may be none.
pub(super) fn base(module: &mut Module<'_>, place: &Place) -> Option<(String, Base, bool)> {
    let workspace = module.workspace();
    let base = Base::of(workspace, &place.ty)?;
    match workspace.plain(&place.ty) {
        Type::Opt(inner) => {
            let inner = workspace.plain(inner).clone();
            Some((optional(module, place, &inner, base), base, true))
        }
        Type::External(id) => {
            let shape = loose(workspace, &workspace.externals[*id].shape);
            let spelled = spell(module, &shape, "").ty;
            let text = format!("fold::converted::<_, {spelled}>({})", place.reference());
            self::base(module, &Place::new(text, shape, Form::Place))
        }
        ty => {
            let ty = ty.clone();
            Some((certain(module, place, &ty, base), base, false))
        }
    }
}

/// How a type holds its base.
enum Holder {
    /// As it is.
    Itself,
    /// In a newtype, or a checked number.
    Newtype,
    /// A `Box<str>`.
    BoxedText,
    /// Text of a union.
    Union,
}

fn holder(workspace: &Workspace, ty: &Type) -> Holder {
    match ty {
        Type::Enum(_) => Holder::Itself,
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Untagged(_) => Holder::Union,
            UnionForm::Tagged { .. } => unreachable!("a tagged union has no base"),
        },
        Type::Primitive(primitive) => match primitive {
            Primitive::String(text) if *text == crate::model::Text::default() => Holder::BoxedText,
            Primitive::Bool => Holder::Itself,
            Primitive::Int64(bounds) if *bounds == crate::model::Int64Bounds::default() => Holder::Itself,
            Primitive::Uint64(bounds) if *bounds == crate::model::Uint64Bounds::default() => Holder::Itself,
            _ => Holder::Newtype,
        },
        _ => Holder::Newtype,
    }
}

fn certain(module: &Module<'_>, place: &Place, ty: &Type, base: Base) -> String {
    let workspace = module.workspace();
    let text = receiver(&place.text);
    match (holder(workspace, ty), base) {
        (Holder::Union, _) => format!("&*fold::spelled({})", place.reference()),
        (Holder::BoxedText, Base::Instant) => format!("fold::instant({})", place.reference()),
        (Holder::BoxedText, _) if place.form != Form::Reference => format!("&*{text}"),
        (Holder::BoxedText, _) => format!("&**{text}"),
        (Holder::Itself, _) => place.copied(),
        (Holder::Newtype, Base::Text) => format!("{text}.as_str()"),
        (Holder::Newtype, Base::Instant) => format!("{text}.instant()"),
        (Holder::Newtype, _) => format!("{text}.get()"),
    }
}

fn optional(module: &Module<'_>, place: &Place, ty: &Type, base: Base) -> String {
    let workspace = module.workspace();
    let text = receiver(&place.text);
    match (holder(workspace, ty), base) {
        (Holder::Itself, _) => place.copied(),
        (Holder::Union, _) => format!("{text}.as_ref().map(fold::spelled).as_deref()"),
        (Holder::BoxedText, Base::Instant) => format!("{text}.as_deref().map(fold::instant)"),
        (Holder::BoxedText, _) => format!("{text}.as_deref()"),
        (Holder::Newtype, Base::Text) => format!("{text}.as_ref().map(|it| it.as_str())"),
        (Holder::Newtype, Base::Instant) => format!("{text}.as_ref().map(|it| it.instant())"),
        (Holder::Newtype, _) => format!("{text}.map(|it| it.get())"),
    }
}

/// A text that a method is called on.
pub(super) fn receiver(text: &str) -> String {
    let is_whole = !text.starts_with(['*', '&']) && !text.starts_with("if ") && !text.contains(" || ");
    if is_whole && !text.contains(" && ") { text.to_owned() } else { format!("({text})") }
}

/// An optional base value from one that may be none or is certain.
pub(super) fn as_optional(text: String, is_optional: bool) -> String {
    if is_optional { text } else { format!("Some({text})") }
}

/// The type of an enum.
pub(super) fn enum_type(module: &mut Module<'_>, id: EnumId) -> String {
    spell(module, &Type::Enum(EnumType { id, only: None }), "").ty
}
