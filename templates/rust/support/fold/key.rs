//! What orders events enters part by part; bytes leave that compare as the parts do.

use super::super::canonical;
use super::super::instant::Instant;
use super::super::shape::{Format, Kind, Text};
use super::super::slots::{Slot, Value, broken};
use super::value::text_of;

/// A key of an order. Numbers, moments and texts are written so that comparing the bytes compares them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    bytes: Vec<u8>,
}

impl Key {
    /// A key without parts.
    pub fn new() -> Self {
        Key { bytes: Vec::with_capacity(64) }
    }

    /// Adds a part that is ordered as its type is.
    pub fn add<T: Value>(&mut self, value: &T) {
        self.part(T::KIND, &value.to_slot());
    }

    /// Adds a part that is only equal to itself: other words for one moment are other parts.
    pub fn add_exactly<T: Value>(&mut self, value: &T) {
        self.text(&text_of(value));
    }

    /// Adds a part: what stands in a slot of this kind.
    pub fn part(&mut self, kind: &Kind, slot: &Slot<'_>) {
        match (kind, slot) {
            (Kind::Text(Text { format: Some(Format::DateTime), .. }), Slot::Text(text)) => {
                self.moment(Instant::of_checked(text));
            }
            (Kind::Int(_) | Kind::Int64(_), Slot::Int(value)) => self.int(*value),
            (Kind::Uint64(_), Slot::Uint(value)) => self.bytes.extend_from_slice(&value.to_be_bytes()),
            (Kind::Bool, Slot::Bool(value)) => self.bytes.push(u8::from(*value)),
            (Kind::Opt(_), Slot::None) => self.bytes.push(0),
            (Kind::Opt(kind), slot) => {
                self.bytes.push(1);
                self.part(kind, slot);
            }
            (Kind::Float(_) | Kind::List(..) | Kind::Record(_), _) => broken(),
            (kind, slot) => self.text(&canonical::key(kind, slot)),
        }
    }

    fn int(&mut self, value: i64) {
        self.bytes.extend_from_slice(&(value.cast_unsigned() ^ 1 << 63).to_be_bytes());
    }

    fn moment(&mut self, moment: Instant) {
        self.int(moment.seconds);
        self.bytes.extend_from_slice(&moment.nanoseconds.to_be_bytes());
    }

    /// A text ends with two zeros, and a zero inside is followed by a byte above zero: what begins another comes first.
    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // A fold, unlike a search, looks at many bytes at a time.
        if bytes.iter().fold(false, |any, &byte| any | (byte == 0)) {
            for &byte in bytes {
                self.bytes.push(byte);
                self.bytes.extend((byte == 0).then_some(0xff));
            }
        } else {
            self.bytes.extend_from_slice(bytes);
        }
        self.bytes.extend_from_slice(&[0, 0]);
    }

    /// The bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the parts away.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }
}
