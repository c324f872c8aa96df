//! The payload of an event enters as text, or as it was read with its line; the typed payload leaves.

use std::borrow::Cow;

use super::super::canonical;
use super::super::decode::Decoder;
use super::super::doors::{read_text, value_from};
use super::super::fault::Faults;
use super::super::path::Path;
use super::super::shape::{Field, Kind};
use super::super::slots::{Record, Slot, Value};
use super::event::unwrapped;

/// The payload of an event.
#[derive(Debug)]
pub struct Payload<'a> {
    /// Its text as it was received.
    pub(super) text: Cow<'a, str>,
    /// What was read of it with its line.
    pub(super) read: Option<Result<Slot<'a>, Faults>>,
}

impl<'a> Payload<'a> {
    /// A payload of which nothing was read yet.
    pub(super) fn new(text: &'a str) -> Self {
        Payload { text: Cow::Borrowed(text), read: None }
    }

    /// The typed payload.
    ///
    /// # Errors
    /// Every fault of the payload.
    pub fn whole<T: Value>(self) -> Result<T, Faults> {
        self.typed(|_| ())
    }

    /// The typed payload for steps that read no other fields than these: what else is in it is checked, and then left
    /// out where its type has something empty.
    ///
    /// # Errors
    /// Every fault of the payload.
    pub fn fields<T: Value + Record>(self, reads: &[usize]) -> Result<T, Faults> {
        self.typed(|slot| {
            let Slot::List(slots) = slot else { return };
            for (place, slot) in slots.iter_mut().enumerate() {
                if !reads.contains(&place)
                    && let Some(field) = T::shape().field(place)
                {
                    leave_out(field, slot);
                }
            }
        })
    }

    /// The typed payload, its slot changed before. The size of its text was limited with that of its line.
    fn typed<T: Value>(self, change: impl Fn(&mut Slot<'_>)) -> Result<T, Faults> {
        if let Some(read) = self.read {
            let mut slot = read?;
            change(&mut slot);
            return Ok(T::from_slot(slot));
        }
        let mut slot = Slot::None;
        let mut decoder = Decoder::new(&self.text);
        if decoder.value(T::KIND, &mut slot, &Path::Root).is_err() {
            // Only an envelope that a program built holds what no text may hold.
            return value_from(self.text.as_bytes(), usize::MAX);
        }
        decoder.found.report()?;
        change(&mut slot);
        Ok(T::from_slot(slot))
    }
}

fn leave_out(field: &Field, slot: &mut Slot<'_>) {
    match (field.kind, &slot) {
        _ if field.takes_null() => *slot = Slot::None,
        (Kind::Opt(_), _) => *slot = Slot::None,
        (Kind::Text(_), Slot::Text(_)) => *slot = Slot::Text(Cow::Borrowed("")),
        (Kind::List(..) | Kind::Set(..), Slot::List(_)) => *slot = Slot::List(Vec::new()),
        (Kind::Map(..), Slot::Map(_)) => *slot = Slot::Map(Vec::new()),
        _ => {}
    }
}

/// The value of a member of a payload, as its canonical text, if it is good.
pub(super) fn member_text(payload: &str, name: &str, kind: &'static Kind) -> Option<Box<str>> {
    let mut slot = Slot::None;
    let mut is_there = false;
    let read = read_text(payload.as_bytes(), usize::MAX, |decoder: &mut Decoder<'_>| {
        let mut more = !decoder.reader.open(b'}')?;
        while more {
            if decoder.reader.key()? == name {
                is_there = true;
                decoder.value(kind, &mut slot, &Path::Root)?;
            } else {
                decoder.reader.skip()?;
            }
            more = decoder.reader.more(b'}')?;
        }
        Ok(())
    });
    (is_there && read.is_ok() && !slot.is_none()).then(|| canonical::key(unwrapped(kind), &slot).into())
}
