//! Types: built-ins with their bounds, references to declarations, and what is composed of them.

use crate::json::Value;
use crate::pattern::Pattern;

use super::ids::{EnumId, ExternalId, FamilyId, NamedTypeId, RecordId, ScalarId, UnionId};
use super::{Format, Meta};
use crate::source::Span;

/// The type of a field, an element, a key or a variant.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A built-in with the bounds given beside it.
    Primitive(Primitive),
    /// A named scalar.
    Scalar(ScalarId),
    /// An enum, or some of its members.
    Enum(EnumType),
    /// A record.
    Record(RecordId),
    /// A union.
    Union(UnionId),
    /// A composed type with a name.
    Named(NamedTypeId),
    /// A type of a foreign JSON Schema.
    External(ExternalId),
    /// Absent or null is none.
    Opt(Box<Type>),
    /// Any number of values, in order.
    List(Box<Type>, Items),
    /// Values that differ in canonical form; written sorted by canonical text.
    Set(Box<Type>, Items),
    /// Typed keys (strings on the wire) to values.
    Map(Box<Type>, Box<Type>, Items),
    /// Exactly these, in order.
    Tuple(Vec<Type>),
}

/// An enum, possibly narrowed to some of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// The enum; the generated type is always the whole enum.
    pub id: EnumId,
    /// Indices of the accepted members in declared order; none means all.
    pub only: Option<Vec<usize>>,
}

/// How many items a container may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Items {
    /// Fewest items.
    pub min: Option<u32>,
    /// Most items.
    pub max: Option<u32>,
}

impl Items {
    /// Whether so many items are neither too few nor too many.
    pub fn hold(self, count: usize) -> bool {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.min.is_none_or(|min| min <= count) && self.max.is_none_or(|max| count <= max)
    }
}

/// A built-in type.
#[derive(Debug, Clone, PartialEq)]
pub enum Primitive {
    /// Unicode scalar values.
    String(Text),
    /// Integral within ±(2^53−1).
    Int(IntBounds),
    /// Decimal string on the wire, 64 bits signed.
    Int64(Int64Bounds),
    /// Decimal string on the wire, 64 bits unsigned.
    Uint64(Uint64Bounds),
    /// Any finite binary64.
    Float(FloatBounds),
    /// `true` or `false`.
    Bool,
    /// Any JSON value, kept as received.
    Json,
    /// Any JSON object, kept as received.
    Object,
}

impl Primitive {
    /// Its name in contracts.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Uint64(_) => "uint64",
            Self::Float(_) => "float",
            Self::Bool => "bool",
            Self::Json => "json",
            Self::Object => "object",
        }
    }
}

/// Constraints of a string, checked in this order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// Fewest code points.
    pub min_length: Option<u32>,
    /// Most code points.
    pub max_length: Option<u32>,
    /// Refuses strings of nothing but U+0009–U+000D and U+0020.
    pub non_blank: bool,
    /// A published profile.
    pub format: Option<Format>,
    /// A pattern of the contract language; always matches the whole string.
    pub pattern: Option<Pattern>,
}

/// What `non_blank` asks, as a regular expression that is searched for: something but U+0009–U+000D and U+0020.
pub const NOT_BLANK: &str = "[^\\t-\\r ]";

/// A bound and whether the bound itself is refused.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound<T> {
    /// The limit.
    pub limit: T,
    /// `exclusive_min`, `exclusive_max`.
    pub exclusive: bool,
}

/// Bounds of an `int`; limits lie within ±(2^53−1).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct IntBounds {
    /// Lower bound.
    pub min: Option<Bound<i64>>,
    /// Upper bound.
    pub max: Option<Bound<i64>>,
}

/// Bounds of an `int64`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Int64Bounds {
    /// Lower bound.
    pub min: Option<Bound<i64>>,
    /// Upper bound.
    pub max: Option<Bound<i64>>,
}

/// Bounds of a `uint64`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Uint64Bounds {
    /// Lower bound.
    pub min: Option<Bound<u64>>,
    /// Upper bound.
    pub max: Option<Bound<u64>>,
}

/// Bounds of a `float`; limits are finite and never minus zero.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FloatBounds {
    /// Lower bound.
    pub min: Option<Bound<f64>>,
    /// Upper bound.
    pub max: Option<Bound<f64>>,
}

/// A named scalar; a newtype where the language has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Base and bounds.
    pub primitive: Primitive,
    /// Fills an absent field of this type, in canonical wire form.
    pub default: Option<Value>,
}

/// A composed type with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedType {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// What it stands for.
    pub ty: Type,
}

/// A type of a foreign JSON Schema file kept in the repository.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    /// The name of the type in that schema.
    pub name: String,
    /// Where it is named first.
    pub span: Span,
    /// Path of the schema file, relative to the contracts folder.
    pub path: String,
    /// The file that names it.
    pub family: FamilyId,
    /// The schema's text, parsed.
    pub schema: Value,
    /// What its values are in terms of the language; this is what every target checks.
    pub shape: Type,
}
