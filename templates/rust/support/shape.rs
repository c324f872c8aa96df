//! What a contract says of a type enters as constants; the decoder and the writer read them.
//!
//! One small table per type is the only truth about it: the type itself is a plain container.

use std::sync::OnceLock;

use super::pattern::Pattern;
use super::rule::Rule;
use super::version::Versions;

/// What a value may be.
#[derive(Debug)]
pub enum Kind {
    /// A string under constraints.
    Text(Text),
    /// An integer within ±(2^53−1).
    Int(Bounds<i64>),
    /// A 64-bit integer, written as a decimal string.
    Int64(Bounds<i64>),
    /// An unsigned 64-bit integer, written as a decimal string.
    Uint64(Bounds<u64>),
    /// A finite binary64.
    Float(Bounds<f64>),
    /// `true` or `false`.
    Bool,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    Object,
    /// A member of an enum.
    Choice(&'static Choice),
    /// One of these members of an enum, by ascending index.
    Narrowed(&'static Choice, &'static [u16]),
    /// `null`, or a value.
    Opt(&'static Kind),
    /// Values in order.
    List(&'static Kind, Items),
    /// Values that differ in canonical form.
    Set(&'static Kind, Items),
    /// Typed keys to values.
    Map(&'static Kind, &'static Kind, Items),
    /// Exactly these, in order.
    Tuple(&'static [&'static Kind]),
    /// An object with declared fields: where its table is.
    Record(fn() -> &'static Shape),
    /// One of several records, told apart by a tag.
    Tagged(&'static Tagged),
    /// The first that accepts.
    Untagged(&'static [&'static Kind]),
}

/// Constraints of a string, checked in the order of their declaration.
#[derive(Debug)]
pub struct Text {
    /// Fewest code points.
    pub min_length: u32,
    /// Most code points.
    pub max_length: u32,
    /// Refuses strings of nothing but U+0009–U+000D and U+0020.
    pub non_blank: bool,
    /// A published profile.
    pub format: Option<Format>,
    /// A pattern of the contract language.
    pub pattern: Option<&'static Pattern>,
}

impl Text {
    /// No constraint.
    pub const ANY: Text = Text { min_length: 0, max_length: u32::MAX, non_blank: false, format: None, pattern: None };
}

/// The string profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4122 text form; canonical lower case.
    Uuid,
    /// 26 characters of Crockford's base 32; canonical upper case.
    Ulid,
    /// An absolute `http` or `https` URL.
    HttpUrl,
    /// A date and time with offset.
    DateTime,
    /// Semantic Versioning 2.0.0.
    SemVer,
}

/// Lower and upper bound of a number, each with whether the bound itself is refused.
#[derive(Debug)]
pub struct Bounds<T> {
    /// Lower bound.
    pub min: Option<(T, bool)>,
    /// Upper bound.
    pub max: Option<(T, bool)>,
}

impl<T> Bounds<T> {
    /// No bound but that of the type.
    pub const ANY: Bounds<T> = Bounds { min: None, max: None };
}

/// How many items a container may hold.
#[derive(Debug, Clone, Copy)]
pub struct Items {
    /// Fewest.
    pub min: u32,
    /// Most.
    pub max: u32,
}

impl Items {
    /// Any number.
    pub const ANY: Items = Items { min: 0, max: u32::MAX };
}

/// The texts of an enum.
#[derive(Debug)]
pub struct Choice {
    /// Members by index.
    pub values: &'static [&'static str],
    /// Other texts that are read as a member.
    pub aliases: &'static [(&'static str, u16)],
}

impl Choice {
    /// Index of the member that a text means.
    pub fn find(&self, text: &str) -> Option<u16> {
        let place = self.values.iter().position(|value| *value == text);
        match place {
            Some(index) => u16::try_from(index).ok(),
            None => self.aliases.iter().find(|(alias, _)| *alias == text).map(|&(_, index)| index),
        }
    }
}

/// The fields of an object.
#[derive(Debug)]
pub struct Shape {
    /// Its name, for people.
    pub name: &'static str,
    /// Whether unknown keys are refused.
    pub closed: bool,
    /// Fields of the mixins in their order, then its own; a field's slot is its index in all of them.
    pub parts: &'static [&'static [Field]],
    /// Rules between the fields.
    pub rules: &'static [Rule],
    /// Older versions of it.
    pub versions: Option<&'static Versions>,
    /// Slots by key, in code point order; found when first written.
    pub order: Order,
}

/// A member of an object.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it may be.
    pub kind: &'static Kind,
    /// What an absent key means.
    pub absent: Absent,
}

/// What an absent key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// A fault.
    Refused,
    /// None, as is `null`; output leaves none out.
    None,
    /// A fault, but `null` is none; output writes `null`.
    RefusedNullable,
    /// This value, as JSON text.
    Default(&'static str),
}

impl Field {
    /// A field that must be there.
    pub const fn required(name: &'static str, kind: &'static Kind) -> Field {
        Field { name, kind, absent: Absent::Refused }
    }

    /// A field that may be absent or null.
    pub const fn optional(name: &'static str, kind: &'static Kind) -> Field {
        Field { name, kind, absent: Absent::None }
    }

    /// A field that must be there and may be null.
    pub const fn nullable(name: &'static str, kind: &'static Kind) -> Field {
        Field { name, kind, absent: Absent::RefusedNullable }
    }

    /// A field whose absence means a value.
    pub const fn with_default(name: &'static str, kind: &'static Kind, json: &'static str) -> Field {
        Field { name, kind, absent: Absent::Default(json) }
    }

    /// Whether null is a value of the field.
    #[inline]
    pub(super) fn takes_null(&self) -> bool {
        matches!(self.absent, Absent::None | Absent::RefusedNullable)
    }
}

impl Shape {
    /// Number of fields.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// Whether it has no field.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The field of a slot.
    #[inline]
    pub fn field(&self, mut slot: usize) -> Option<&'static Field> {
        for part in self.parts {
            if slot < part.len() {
                return Some(&part[slot]);
            }
            slot -= part.len();
        }
        None
    }

    /// The fields in the order of their slots.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    /// Slots in the order of their keys.
    pub(super) fn by_key(&self) -> &[usize] {
        self.order.0.get_or_init(|| {
            let mut slots: Vec<usize> = (0..self.len()).collect();
            slots.sort_by_key(|&slot| self.field(slot).map(|field| field.name));
            slots.into()
        })
    }
}

/// The slots of a shape by key, once they were sorted.
#[derive(Debug, Default)]
pub struct Order(OnceLock<Box<[usize]>>);

impl Order {
    /// Not sorted yet.
    pub const fn new() -> Order {
        Order(OnceLock::new())
    }
}

/// Records told apart by a tag.
#[derive(Debug)]
pub struct Tagged {
    /// The tag's key.
    pub tag: &'static str,
    /// Its values, one a variant.
    pub values: &'static Choice,
    /// What an absent tag means.
    pub default: Option<u16>,
    /// By index of the tag's value.
    pub variants: &'static [fn() -> &'static Shape],
}
