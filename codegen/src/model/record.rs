//! Records, their fields and rules, mixins, and unions of records or types.

use super::ids::{EnumId, EventId, FamilyId, MixinId, RecordId};
use super::version::Versions;
use super::{Expr, Meta, Type};
use crate::json::Value;
use crate::source::Span;

/// An object with declared fields: a record, or the payload of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Name and texts; for a payload those of its event.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// What it was declared as.
    pub kind: RecordKind,
    /// Refuses keys that are not declared.
    pub closed: bool,
    /// In the order given; their fields come first in `fields`.
    pub mixins: Vec<MixinId>,
    /// All fields: those of the mixins in their order, then its own as written.
    pub fields: Vec<Field>,
    /// All rules: those of the mixins, then its own as written (field sugar in place of its field, before `rules`).
    pub rules: Vec<Rule>,
    /// Older versions of it, and how they become this one.
    pub versions: Option<Versions>,
}

/// What a [`Record`] was declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// Under `records`.
    Record,
    /// The payload of an event.
    Payload(EventId),
}

impl Record {
    /// Whether a field is the one that holds the version.
    pub fn is_version(&self, field: &Field) -> bool {
        self.versions.as_ref().is_some_and(|versions| versions.member == field.meta.name)
    }

    /// Index of the field with this name.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.meta.name == name)
    }
}

/// A member of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name and texts; the name is the wire key.
    pub meta: Meta,
    /// Its type as written, `Opt` included.
    pub ty: Type,
    /// What an absent key means.
    pub presence: Presence,
    /// The mixin it came from.
    pub mixin: Option<MixinId>,
}

/// What an absent key means.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// The key must be there.
    Required,
    /// An `opt`: absent and null are none, and output leaves none out.
    Optional,
    /// An `opt` whose key must be there; null is none, and output writes null.
    Nullable,
    /// Absence is filled with this value (canonical wire form).
    Default(Value),
}

/// A set of fields that several records share.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixin {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// As written; `mixin` of each is this one. Its rules stand in the records that use it.
    pub fields: Vec<Field>,
}

/// A rule between the fields of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Reported as `params.rule`.
    pub code: String,
    /// For people.
    pub message: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// What it demands.
    pub kind: RuleKind,
    /// Every field it reads or names, ascending: the rule runs when all of them are free of errors.
    pub reads: Vec<usize>,
}

impl Rule {
    /// What it asks; none where it always demands.
    pub fn condition(&self) -> Option<&Expr> {
        match &self.kind {
            RuleKind::Conditional { when, .. } => when.as_ref(),
            RuleKind::Check { check, .. } => Some(check),
        }
    }
}

/// What a rule demands. Field lists are indices into the record's fields, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// When `when` holds (or always), each named field must be there, be away, or not be blank.
    Conditional {
        /// The condition over `p`; none means always.
        when: Option<Expr>,
        /// Must be there and not null.
        require: Vec<usize>,
        /// Must be absent or null.
        forbid: Vec<usize>,
        /// Must not be blank.
        require_nonblank: Vec<usize>,
    },
    /// `check` must hold.
    Check {
        /// The condition over `p`.
        check: Expr,
        /// The field to report at; none is the record itself.
        at: Option<usize>,
    },
}

/// One of several records, told apart by a tag, or one of several types, tried in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Tagged or not.
    pub form: UnionForm,
}

/// How variants are told apart.
#[derive(Debug, Clone, PartialEq)]
pub enum UnionForm {
    /// By a member of the object.
    Tagged {
        /// Its key; no variant declares it.
        tag: String,
        /// Its enum; every value has exactly one variant.
        tag_type: EnumId,
        /// Index of the tag value that an absent tag means.
        default_tag: Option<usize>,
        /// By tag value, in the order of the enum's values.
        variants: Vec<Variant>,
    },
    /// The first that accepts.
    Untagged(Vec<Type>),
}

/// A variant of a tagged union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Index of the tag value.
    pub value: usize,
    /// The record it selects.
    pub record: RecordId,
}
