//! Values enter as text or as what a program built, and leave typed; typed values leave as canonical text.

use super::canonical;
use super::decode::{Decoder, scalar_slot};
use super::fault::{Code, Fault, Faults, Params};
use super::json::Json;
use super::path::{Path, pointer};
use super::reader::{MOST_DEPTH, Read};
use super::shape::{Kind, Shape};
use super::slots::{Record, Slot, Slots, Value};
use super::text_stage;

/// Reads a record from JSON text.
///
/// # Errors
/// Every fault of the text.
pub fn record_from_json<T: Record>(text: &[u8]) -> Result<T, Faults> {
    let shape = T::shape();
    let mut few = [const { Slot::None }; 16];
    let mut many = Vec::new();
    let slots = if let Some(slots) = few.get_mut(..shape.len()) {
        slots
    } else {
        many.resize(shape.len(), Slot::None);
        &mut many
    };
    read_slots(text, shape, slots)?;
    Ok(T::from_slots(&mut Slots::new(slots)))
}

/// Fills the slots of a record, one a field, without building it: text is borrowed.
///
/// # Errors
/// Every fault of the text.
pub fn read_slots<'a>(text: &'a [u8], shape: &'static Shape, slots: &mut [Slot<'a>]) -> Result<(), Faults> {
    read_text(text, text_stage::MOST_BYTES, |decoder| {
        if decoder.reader.peek() == b'{' {
            decoder.record(shape, None, slots, &Path::Root)
        } else {
            decoder.mismatch("object", &Path::Root)
        }
    })
}

/// Reads any value from JSON text.
///
/// # Errors
/// Every fault of the text.
pub fn from_json<T: Value>(text: &[u8]) -> Result<T, Faults> {
    value_from(text, text_stage::MOST_BYTES)
}

/// Checks JSON text against a kind.
///
/// # Errors
/// Every fault of the text.
pub fn check(kind: &'static Kind, text: &[u8]) -> Result<(), Faults> {
    read_text(text, text_stage::MOST_BYTES, |decoder| decoder.value(kind, &mut Slot::None, &Path::Root))
}

/// Checks a value that a program built against a kind.
///
/// # Errors
/// Every fault of the value.
pub fn check_value(kind: &'static Kind, value: &Json) -> Result<(), Faults> {
    let text = text_of(value)?;
    read_text(text.as_bytes(), usize::MAX, |decoder| decoder.value(kind, &mut Slot::None, &Path::Root))
}

/// Reads a value that a program built.
///
/// # Errors
/// Every fault of the value.
pub fn from_value<T: Value>(value: &Json) -> Result<T, Faults> {
    value_from(text_of(value)?.as_bytes(), usize::MAX)
}

/// Reads text whose size another door has limited.
pub(super) fn value_from<T: Value>(text: &[u8], most: usize) -> Result<T, Faults> {
    let mut slot = Slot::None;
    read_text(text, most, |decoder| decoder.value(T::KIND, &mut slot, &Path::Root))?;
    Ok(T::from_slot(slot))
}

/// A typed value whose parts are good, if it is good as a whole too: it goes out as text and comes in again.
///
/// # Errors
/// Every fault of the value.
pub fn checked<T: Value>(value: &T) -> Result<T, Faults> {
    value_from(to_json(value).as_bytes(), usize::MAX)
}

/// The checked slot of a scalar that a program built.
///
/// # Errors
/// The first check that fails.
pub fn scalar<'a>(kind: &Kind, slot: Slot<'a>) -> Result<Slot<'a>, Faults> {
    scalar_slot(kind, slot).map_err(|(code, params)| Faults::one(code, params))
}

/// The canonical text of a typed value.
pub fn to_json<T: Value>(value: &T) -> String {
    let mut out = String::with_capacity(256);
    value.write(&mut out);
    out
}

/// Opens a text, lets a decoder read its one value, and reports.
pub(super) fn read_text<'a>(
    bytes: &'a [u8],
    most: usize,
    read: impl FnOnce(&mut Decoder<'a>) -> Read<()>,
) -> Result<(), Faults> {
    let judge = || {
        let mut decoder = Decoder::new(text_stage::open(bytes, most)?);
        decoder.reader.space();
        read(&mut decoder)?;
        decoder.reader.finish()?;
        Ok(decoder.found.report())
    };
    let judged: Read<_> = judge();
    judged.unwrap_or_else(|_| Err(text_stage::diagnose(bytes, most)))
}

fn text_of(value: &Json) -> Result<String, Faults> {
    match too_deep(value, 0, &Path::Root) {
        None => Ok(value.to_json()),
        Some(path) => Err(Faults::of(Fault { code: Code::TooDeep, path, params: Params::None })),
    }
}

/// Where the first value beyond the limit stands.
fn too_deep(value: &Json, depth: u32, path: &Path<'_>) -> Option<String> {
    if matches!(value, Json::Array(_) | Json::Object(_)) && depth == MOST_DEPTH {
        return Some(pointer(&path.trail()));
    }
    match value {
        Json::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| too_deep(item, depth + 1, &Path::At(path, index)))
        }
        Json::Object(members) => {
            members.iter().find_map(|(key, value)| too_deep(value, depth + 1, &Path::Key(path, key)))
        }
        _ => None,
    }
}

/// Checks JSON text against a kind and gives the canonical text of the value.
///
/// # Errors
/// Every fault of the text.
pub fn recode(kind: &'static Kind, text: &[u8]) -> Result<String, Faults> {
    let mut slot = Slot::None;
    read_text(text, text_stage::MOST_BYTES, |decoder| decoder.value(kind, &mut slot, &Path::Root))?;
    let mut out = String::new();
    canonical::slot(kind, &slot, &mut out);
    Ok(out)
}

/// A value of a constant table.
pub fn constant<T: Value>(json: &str) -> T {
    match value_from(json.as_bytes(), usize::MAX) {
        Ok(value) => value,
        Err(faults) => unreachable!("the contract checked its constants: {faults}"),
    }
}
