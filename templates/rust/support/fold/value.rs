//! Typed values enter expressions of reducers; what the expressions make of them leaves.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::canonical;
use super::super::decode::string_slot;
use super::super::doors::constant;
use super::super::instant::Instant;
use super::super::json::Json;
use super::super::number::{Int, Number};
use super::super::shape::Kind;
use super::super::slots::{self, Fields, Slot, Slots, Value, broken};
use super::cell::Cell;

/// A value that the contract tested before.
#[track_caller]
pub fn known<T>(value: Option<T>) -> T {
    value.unwrap_or_else(|| broken())
}

/// A value of another type that holds the same: the contract knows that it fits.
pub fn converted<T: Value, U: Value>(value: &T) -> U {
    U::from_slot(recast(T::KIND, value.to_slot(), U::KIND))
}

/// A typed value of a slot.
pub fn taken<T: Value>(slot: &Slot<'_>) -> T {
    T::from_slot(slot.clone())
}

/// The record that these slots are.
pub fn whole<T: Fields>(slots: &[Slot<'_>]) -> T {
    T::from_slots(&mut Slots::new(&mut slots.to_vec()))
}

/// What a part of the state starts with.
pub fn start<T: Value, C: Cell>(json: &'static str, tracks: bool) -> C {
    C::from_slot(constant::<T>(json).to_slot(), tracks)
}

/// The typed value of a part of the state.
pub fn value_of<T: Value>(cell: &impl Cell) -> T {
    T::from_slot(cell.to_slot())
}

/// The typed value of a part of the state, when nothing more happens.
pub fn finished<T: Value>(cell: impl Cell) -> T {
    cell.into_value()
}

/// The JSON value of a part of the state, unless it is `null`.
pub fn some(value: &Json) -> Option<Json> {
    (*value != Json::Null).then(|| value.clone())
}

/// A typed integer.
pub fn integer<T: Value>(value: i64) -> T {
    T::from_slot(Slot::Int(value))
}

/// The member of an enum that a text is known to name.
pub fn member<T: Value>(text: &str) -> T {
    T::from_slot(string_slot(T::KIND, Cow::Borrowed(text)).unwrap_or_else(|_| broken()))
}

/// A typed unsigned integer.
pub fn unsigned<T: Value>(value: u64) -> T {
    T::from_slot(Slot::Uint(value))
}

/// A typed float.
pub fn float<T: Value>(value: f64) -> T {
    T::from_slot(Slot::Float(value))
}

/// A typed text, of which the contract knows that it fits.
pub fn text<T: Value>(value: &str) -> T {
    T::from_slot(Slot::Text(Cow::Borrowed(value)))
}

/// A typed truth value.
pub fn truth<T: Value>(value: bool) -> T {
    T::from_slot(Slot::Bool(value))
}

/// A set of members, of which some may be there twice.
pub fn set<T: Value, U: Value>(members: &[T]) -> U {
    let mut sorted = BTreeMap::new();
    for member in members {
        let slot = member.to_slot();
        sorted.insert(text_of(member), slot);
    }
    U::from_slot(Slot::List(sorted.into_values().collect()))
}

/// Texts of a union become plain texts where those are wanted.
fn recast<'a>(from: &Kind, slot: Slot<'a>, to: &Kind) -> Slot<'a> {
    match (from, slot, to) {
        (_, Slot::None, _) => Slot::None,
        (Kind::Opt(from), slot, to) => recast(from, slot, to),
        (from, slot, Kind::Opt(to)) => recast(from, slot, to),
        (Kind::Untagged(_), slot, Kind::Text(_)) => Slot::Text(Cow::Owned(canonical::key(from, &slot).into_owned())),
        (Kind::List(from, _) | Kind::Set(from, _), Slot::List(items), Kind::List(to, _) | Kind::Set(to, _)) => {
            Slot::List(items.into_iter().map(|item| recast(from, item, to)).collect())
        }
        (Kind::Tuple(from), Slot::List(items), Kind::Tuple(to)) => {
            let parts = items.into_iter().zip(from.iter().zip(*to));
            Slot::List(parts.map(|(item, (from, to))| recast(from, item, to)).collect())
        }
        (Kind::Map(from_key, from, _), Slot::Map(members), Kind::Map(to_key, to, _)) => {
            let member = |(key, value)| (recast(from_key, key, to_key), recast(from, value, to));
            Slot::Map(members.into_iter().map(member).collect())
        }
        (_, slot, _) => slot,
    }
}

/// The text of a value that is a string on the wire, in canonical spelling.
pub fn spelled<T: Value>(value: &T) -> Cow<'_, str> {
    match value.to_slot() {
        Slot::Text(text) => text,
        slot => Cow::Owned(canonical::key(T::KIND, &slot).into_owned()),
    }
}

/// The moment that a text names.
pub fn instant(text: &str) -> Instant {
    Instant::of_checked(text)
}

/// Whether there is no text, or nothing but white space.
pub fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(slots::is_blank)
}

/// How many there are.
pub fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// The value under a key that is known to be there.
pub fn at<'m, K: Value + Ord, V>(map: &'m BTreeMap<K, V>, key: &str) -> &'m V {
    known(map.iter().find(|(other, _)| spelled(*other) == key)).1
}

/// Whether a map has a key.
pub fn has<K: Value, V>(map: &BTreeMap<K, V>, key: &str) -> bool {
    map.keys().any(|other| spelled(other) == key)
}

/// The value as untyped JSON.
pub fn json<T: Value>(value: &T) -> Json {
    Json::of_checked(&text_of(value))
}

/// A text as untyped JSON.
pub fn json_text(text: &str) -> Json {
    Json::String(text.into())
}

/// An integer as untyped JSON.
pub fn json_int(value: i64) -> Json {
    json(&Int::of_checked(value))
}

/// A float as untyped JSON.
pub fn json_float(value: f64) -> Json {
    Json::Number(Number::of_checked(value))
}

/// Codes as untyped JSON.
pub fn json_codes(codes: &[&str]) -> Json {
    Json::Array(codes.iter().map(|code| json_text(code)).collect())
}

/// A part of the state as untyped JSON.
pub fn json_of(cell: &impl Cell, kind: &Kind) -> Json {
    Json::of_checked(&slot_text(kind, &cell.to_slot()))
}

/// The canonical text of a value.
pub(super) fn text_of<T: Value>(value: &T) -> String {
    let mut out = String::with_capacity(64);
    value.write(&mut out);
    out
}

/// The canonical text of a slot.
pub(super) fn slot_text(kind: &Kind, slot: &Slot<'_>) -> String {
    let mut out = String::new();
    canonical::slot(kind, slot, &mut out);
    out
}
