//! Checked values enter an array of slots, one a field; typed values leave it, and go back in to be written.

use std::borrow::Cow;
use std::mem;

use super::canonical;
use super::instant::Instant;
use super::json::{Json, Object};
use super::shape::{Kind, Shape};

/// A checked value, borrowed from the text where possible. Which variant it is follows from the kind of its field.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Slot<'a> {
    /// None, or a value that was refused.
    #[default]
    None,
    /// Of a `bool`.
    Bool(bool),
    /// Of an `int` or `int64`.
    Int(i64),
    /// Of a `uint64`.
    Uint(u64),
    /// Of a `float`.
    Float(f64),
    /// Of a `string`, in canonical spelling.
    Text(Cow<'a, str>),
    /// Of an enum: the index of the member.
    Member(u16),
    /// Of a list, a set (sorted), a tuple, or a record (its slots).
    List(Vec<Slot<'a>>),
    /// Of a map: keys and values.
    Map(Vec<(Slot<'a>, Slot<'a>)>),
    /// Of a union: the index of the variant, and its value.
    Variant(u16, Box<Slot<'a>>),
    /// Of a `json` or `object`: the text as received.
    Raw(Cow<'a, str>),
    /// Of a `json`: the value.
    Json(&'a Json),
    /// Of an `object`: its members.
    Object(&'a Object),
}

/// What conditions read. Their types were checked against the contract: another variant is a bug of the generator.
impl<'a> Slot<'a> {
    /// So many slots that are none.
    pub(super) fn nones(count: usize) -> Vec<Self> {
        std::iter::repeat_with(Slot::default).take(count).collect()
    }

    /// Takes a value in. As a rule there was none, and nothing has to be freed.
    #[inline]
    pub(super) fn put(&mut self, value: Slot<'a>) {
        let old = mem::replace(self, value);
        if old.is_none() {
            mem::forget(old);
        }
    }

    /// Whether it is none.
    pub fn is_none(&self) -> bool {
        matches!(self, Slot::None)
    }

    /// Whether it is none, or nothing but white space.
    pub fn is_blank(&self) -> bool {
        match self.inner() {
            Slot::None => true,
            Slot::Text(text) => is_blank(text),
            _ => false,
        }
    }

    /// A truth value.
    pub fn bool(&self) -> bool {
        if let Slot::Bool(value) = self { *value } else { broken() }
    }

    /// An integer.
    pub fn int(&self) -> i64 {
        if let Slot::Int(value) = self { *value } else { broken() }
    }

    /// An unsigned integer.
    pub fn uint(&self) -> u64 {
        if let Slot::Uint(value) = self { *value } else { broken() }
    }

    /// A float.
    pub fn float(&self) -> f64 {
        if let Slot::Float(value) = self { *value } else { broken() }
    }

    /// A text.
    pub fn text(&self) -> &str {
        if let Slot::Text(text) = self.inner() { text } else { broken() }
    }

    /// The canonical text of a string of any kind, enum members and unions of strings included.
    pub fn text_as(&self, kind: &Kind) -> Cow<'_, str> {
        canonical::key(kind, self)
    }

    /// The moment that a date-time names.
    pub fn instant(&self) -> Instant {
        Instant::of_checked(self.text())
    }

    /// The moment that a date-time names, if there is one.
    pub fn moment(&self) -> Option<Instant> {
        (!self.is_none()).then(|| self.instant())
    }

    /// The canonical text of a string of any kind, if there is one.
    pub fn spelled(&self, kind: &Kind) -> Option<Cow<'_, str>> {
        (!self.is_none()).then(|| self.text_as(kind))
    }

    /// The slot of a union's variant.
    pub fn of_variant<T: Value>(index: u16, value: &'a T) -> Self {
        Slot::Variant(index, Box::new(value.to_slot()))
    }

    /// The index of a union's variant, and its value.
    pub fn into_variant(self) -> (u16, Slot<'a>) {
        if let Slot::Variant(index, value) = self { (index, *value) } else { broken() }
    }

    /// The index of an enum's member or of a union's variant.
    pub fn index(&self) -> u16 {
        if let Slot::Member(index) | Slot::Variant(index, _) = self { *index } else { broken() }
    }

    /// Whether it is this member of an enum, or this variant of a union; none is not.
    pub fn is(&self, index: u16) -> bool {
        matches!(self, Slot::Member(own) | Slot::Variant(own, _) if *own == index)
    }

    /// Whether it is one of these members or variants; none is not.
    pub fn is_any_of(&self, indices: &[u16]) -> bool {
        indices.iter().any(|&index| self.is(index))
    }

    /// Whether a list, set or map holds this item or key.
    pub fn holds(&self, item: &Slot<'_>) -> bool {
        match self {
            Slot::List(items) => items.iter().any(|other| other.inner() == item.inner()),
            Slot::Map(members) => members.iter().any(|(key, _)| key.inner() == item.inner()),
            _ => broken(),
        }
    }

    /// Whether a list or set holds this text, or a map has it as a key, whatever variants of a union the texts are kept in.
    pub fn holds_text(&self, kind: &Kind, text: Option<Cow<'_, str>>) -> bool {
        match self {
            Slot::List(items) => items.iter().any(|other| other.spelled(kind) == text),
            Slot::Map(members) => members.iter().any(|(key, _)| key.spelled(kind) == text),
            _ => broken(),
        }
    }

    /// The value of a map's key, which is known to be there, whatever variant of a union the keys are kept in.
    pub fn get_text(&self, kind: &Kind, text: Option<Cow<'_, str>>) -> &Slot<'a> {
        let Slot::Map(members) = self else { broken() };
        members.iter().find(|(key, _)| key.spelled(kind) == text).map_or_else(|| broken(), |(_, value)| value)
    }

    /// The value of a map's key, which is known to be there.
    pub fn get(&self, key: &Slot<'_>) -> &Slot<'a> {
        let Slot::Map(members) = self else { broken() };
        members.iter().find(|(other, _)| other.inner() == key.inner()).map_or_else(|| broken(), |(_, value)| value)
    }

    /// The items of a list or set, the slots of a record.
    pub fn items(&self) -> &[Slot<'a>] {
        if let Slot::List(items) = self.inner() { items } else { broken() }
    }

    /// The slot of a field that the variants of a union keep in these places.
    pub fn field_of(&self, places: &[usize]) -> &Slot<'a> {
        &self.items()[places[usize::from(self.index())]]
    }

    /// Code points of a string, items of a container.
    pub fn size(&self) -> i64 {
        let size = match self.inner() {
            Slot::Text(text) => text.chars().count(),
            Slot::List(items) => items.len(),
            Slot::Map(members) => members.len(),
            _ => broken(),
        };
        i64::try_from(size).unwrap_or(i64::MAX)
    }

    /// The same, borrowed from nobody.
    pub(super) fn into_owned(self) -> Slot<'static> {
        match self {
            Slot::None => Slot::None,
            Slot::Bool(value) => Slot::Bool(value),
            Slot::Int(value) => Slot::Int(value),
            Slot::Uint(value) => Slot::Uint(value),
            Slot::Float(value) => Slot::Float(value),
            Slot::Text(text) => Slot::Text(Cow::Owned(text.into_owned())),
            Slot::Member(index) => Slot::Member(index),
            Slot::List(items) => Slot::List(items.into_iter().map(Slot::into_owned).collect()),
            Slot::Map(members) => {
                Slot::Map(members.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect())
            }
            Slot::Variant(index, value) => Slot::Variant(index, Box::new(value.into_owned())),
            Slot::Raw(text) => Slot::Raw(Cow::Owned(text.into_owned())),
            Slot::Json(value) => Slot::Raw(Cow::Owned(value.to_json())),
            Slot::Object(members) => Slot::Raw(Cow::Owned(members.to_json())),
        }
    }

    fn inner(&self) -> &Slot<'a> {
        if let Slot::Variant(_, value) = self { value.inner() } else { self }
    }
}

/// Whether a text is nothing but U+0009–U+000D and U+0020.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\t'..=b'\r' | b' '))
}

/// A type that one slot holds.
pub trait Value: Sized + Clone + 'static {
    /// What the type accepts.
    const KIND: &'static Kind;
    /// Takes a checked value out of its slot.
    fn from_slot(slot: Slot<'_>) -> Self;
    /// Shows the value as a slot.
    fn to_slot(&self) -> Slot<'_>;
    /// Takes the members of a map whose values are kept in another form.
    fn of_members<K: Kept>(members: Vec<(Slot<'_>, K)>) -> Self {
        Self::from_slot(Slot::Map(members.iter().map(|(key, kept)| (key.clone(), kept.shown())).collect()))
    }
    /// Whether it is none.
    fn is_absent(&self) -> bool {
        false
    }
    /// Writes the canonical JSON text.
    fn write(&self, out: &mut String) {
        canonical::slot(Self::KIND, &self.to_slot(), out);
    }
}

/// What is kept of a value whose type is not known yet.
pub trait Kept {
    /// Shows the value as a slot.
    fn shown(&self) -> Slot<'_>;
    /// The typed value.
    fn typed<V: Value>(self) -> V;
}

/// A value of any type that is to be written.
pub(super) trait Written {
    /// Whether it is none.
    fn is_absent(&self) -> bool;
    /// Writes the canonical JSON text.
    fn write(&self, out: &mut String);
}

impl<T: Value> Written for T {
    fn is_absent(&self) -> bool {
        Value::is_absent(self)
    }

    fn write(&self, out: &mut String) {
        Value::write(self, out);
    }
}

/// The value in a slot, as a hook is given it.
pub fn given<T: Value>(slot: &Slot<'_>) -> T {
    T::from_slot(slot.clone())
}

/// The slot of a value that a hook made and nobody keeps.
pub fn held(value: &impl Value) -> Slot<'static> {
    value.to_slot().into_owned()
}

/// A type that several slots in a row hold: a record, or the part of it that a mixin brings.
pub trait Fields: Sized {
    /// Takes the fields in the order of the table.
    fn from_slots(slots: &mut Slots<'_, '_>) -> Self;
    /// Shows the fields in the order of the table.
    fn to_slots<'a>(&'a self, sink: &mut Sink<'a>);
}

/// A record: its fields and the table that says what they may be.
pub trait Record: Fields {
    /// The table.
    fn shape() -> &'static Shape;
}

/// A container with a limited number of items.
pub trait Container {
    /// The container without the limit.
    type Items: Value;
}

/// Takes a record out of the one slot that holds its slots.
pub fn fields_from_slot<T: Fields>(slot: Slot<'_>) -> T {
    match slot {
        Slot::List(mut slots) => T::from_slots(&mut Slots::new(&mut slots)),
        _ => broken(),
    }
}

/// Writes a record: fields by key, none left out where that means none.
pub fn write_fields<T: Record>(record: &T, out: &mut String) {
    canonical::fields(T::shape(), &Sink::values(record), out);
}

/// Slots to take from, in order.
#[derive(Debug)]
pub struct Slots<'s, 'a> {
    slots: &'s mut [Slot<'a>],
    at: usize,
}

impl<'s, 'a> Slots<'s, 'a> {
    /// Starts at the first.
    pub fn new(slots: &'s mut [Slot<'a>]) -> Self {
        Slots { slots, at: 0 }
    }

    /// Takes the next slot. Kept out of line: inlined it triples what a release build costs.
    #[inline(never)]
    pub fn take<T: Value>(&mut self) -> T {
        let slot = mem::take(&mut self.slots[self.at]);
        self.at += 1;
        T::from_slot(slot)
    }

    /// Takes the slots of a mixin.
    pub fn part<T: Fields>(&mut self) -> T {
        T::from_slots(self)
    }
}

/// Where the fields of a record or mixin go, in order.
pub struct Sink<'a>(Fill<'a>);

enum Fill<'a> {
    /// Into slots, to be read.
    Slots(Vec<Slot<'a>>),
    /// As they are, to be written.
    Values(Vec<&'a dyn Written>),
}

impl<'a> Sink<'a> {
    /// The slots of a record or mixin.
    pub fn of(fields: &'a impl Fields) -> Vec<Slot<'a>> {
        let mut sink = Sink(Fill::Slots(Vec::with_capacity(16)));
        fields.to_slots(&mut sink);
        if let Fill::Slots(slots) = sink.0 { slots } else { broken() }
    }

    /// The fields of a record.
    pub(super) fn values(fields: &'a impl Fields) -> Vec<&'a dyn Written> {
        let mut sink = Sink(Fill::Values(Vec::with_capacity(16)));
        fields.to_slots(&mut sink);
        if let Fill::Values(values) = sink.0 { values } else { broken() }
    }

    /// Takes the next field.
    #[inline(never)]
    pub fn put<T: Value>(&mut self, value: &'a T) {
        match &mut self.0 {
            Fill::Slots(slots) => slots.push(value.to_slot()),
            Fill::Values(values) => values.push(value),
        }
    }

    /// Takes the fields of a mixin.
    pub fn part<T: Fields>(&mut self, part: &'a T) {
        part.to_slots(self);
    }
}

/// The slot holds something else than its table promised: a bug of the generator.
#[cold]
#[inline(never)]
pub(super) fn broken() -> ! {
    unreachable!("a slot holds what its table promised")
}
