//! A line of a log, or an envelope that a program built, enters; an event that can be ordered and told apart leaves.

use std::borrow::Cow;

use super::super::canonical;
use super::super::decode::Decoder;
use super::super::doors::read_text;
use super::super::fault::Faults;
use super::super::json::{Json, Object};
use super::super::path::Path;
use super::super::reader::Reader;
use super::super::shape::Kind;
use super::super::slots::{Record, Sink, Slot, Slots};
use super::key::Key;
use super::sha256::{Digest, sha256};

/// How large a line may be.
pub(super) const MOST_LINE_BYTES: usize = 4 << 20;

/// How the events of a log are read and ordered: the places of fields in their envelope.
#[derive(Debug)]
pub struct Log {
    /// What tells events apart.
    pub id: usize,
    /// Their type.
    pub event_type: usize,
    /// Their payload.
    pub payload: usize,
    /// What orders them, most significant first.
    pub order: &'static [usize],
}

/// The slots of an envelope; its payload is kept as text.
#[derive(Debug)]
pub struct Entry<'a> {
    slots: Vec<Slot<'a>>,
    payload: Cow<'a, str>,
    log: &'static Log,
}

impl<'a> Entry<'a> {
    /// Reads and checks a line.
    pub(super) fn of_line<E: Record>(line: &'a [u8], log: &'static Log) -> Result<Self, Faults> {
        let shape = E::shape();
        let mut slots = vec![Slot::None; shape.len()];
        read_text(line, MOST_LINE_BYTES, |decoder| {
            if decoder.reader.peek() == b'{' {
                decoder.record(shape, None, &mut slots, &Path::Root)
            } else {
                decoder.mismatch("object", &Path::Root)
            }
        })?;
        Ok(Self::of_slots(slots, log))
    }

    /// Shows an envelope that a program built.
    pub(super) fn of_envelope<E: Record>(envelope: &'a E, log: &'static Log) -> Self {
        Self::of_slots(Sink::of(envelope), log)
    }

    fn of_slots(mut slots: Vec<Slot<'a>>, log: &'static Log) -> Self {
        let payload = match std::mem::replace(&mut slots[log.payload], Slot::Raw("{}")) {
            Slot::Raw(text) => Cow::Borrowed(text),
            Slot::Object(members) => Cow::Owned(members.to_json()),
            _ => Cow::Borrowed("{}"),
        };
        Entry { slots, payload, log }
    }

    /// Its id in canonical form.
    pub(super) fn id(&self) -> &str {
        self.slots[self.log.id].text()
    }

    /// Its type.
    pub(super) fn event_type(&self) -> &str {
        self.slots[self.log.event_type].text()
    }

    /// The payload as it was received.
    pub(super) fn payload(&self) -> &str {
        &self.payload
    }

    /// The text of a field of the envelope, if it has one.
    pub(super) fn text<E: Record>(&self, place: usize) -> Option<Cow<'_, str>> {
        let slot = &self.slots[place];
        let field = E::shape().field(place).filter(|_| !slot.is_none())?;
        Some(canonical::key(unwrapped(field.kind), slot))
    }

    /// Adds what orders it to a key.
    pub(super) fn key<E: Record>(&self, key: &mut Key) {
        for &place in self.log.order {
            if let Some(field) = E::shape().field(place) {
                key.part(field.kind, &self.slots[place]);
            }
        }
    }

    /// The first part of what orders it.
    pub(super) fn first_key<E: Record>(&self, key: &mut Key) {
        let first = self.log.order.first().and_then(|&place| Some((E::shape().field(place)?, place)));
        if let Some((field, place)) = first {
            key.part(field.kind, &self.slots[place]);
        }
    }

    /// SHA-256 over the declared fields of the envelope and the payload as received.
    pub(super) fn digest<E: Record>(mut self) -> Digest {
        sha256(self.canonical::<E>().as_bytes())
    }

    /// The envelope in its output form.
    pub(super) fn canonical<E: Record>(&mut self) -> String {
        let payload = received(&self.payload);
        let Json::Object(members) = &payload else { return String::new() };
        let mut slots: Vec<Slot<'_>> = self.slots.clone();
        slots[self.log.payload] = Slot::Object(members);
        let mut out = String::with_capacity(1024);
        canonical::record(E::shape(), &slots, None, &mut out);
        out
    }

    /// The typed event. With `whole` its envelope has the payload too; texts of fields that nobody `reads` are left out.
    pub(super) fn event<E: Record>(mut self, whole: bool, reads: Option<&[usize]>) -> Event<E> {
        let id = self.id().into();
        if let Some(reads) = reads {
            for (place, slot) in self.slots.iter_mut().enumerate() {
                if matches!(slot, Slot::Text(_)) && !reads.contains(&place) {
                    *slot = Slot::Text(Cow::Borrowed(""));
                }
            }
        }
        let envelope = if whole {
            let mut slots: Vec<Slot<'_>> = self.slots.clone();
            slots[self.log.payload] = Slot::Raw(&self.payload);
            E::from_slots(&mut Slots::new(&mut slots))
        } else {
            E::from_slots(&mut Slots::new(&mut self.slots))
        };
        Event { envelope, id, payload: self.payload.into_owned().into() }
    }
}

/// How many brackets may be open at once in the payload of an envelope that a program built; no text holds as many.
const MOST_DEPTH: u32 = 1024;

/// A payload as it was received.
fn received(text: &str) -> Json {
    Reader::within(text, MOST_DEPTH).json().unwrap_or(Json::Object(Object::new()))
}

fn unwrapped(kind: &'static Kind) -> &'static Kind {
    if let Kind::Opt(inner) = kind { unwrapped(inner) } else { kind }
}

/// An event that is folded.
#[derive(Debug, Clone)]
pub struct Event<E> {
    /// What it travels in.
    pub envelope: E,
    /// Its id in canonical form.
    pub id: Box<str>,
    /// Its payload as it was received.
    pub payload: Box<str>,
}

impl<E: Record> Event<E> {
    /// The payload as it was received.
    pub fn raw(&self) -> Json {
        received(&self.payload)
    }

    /// The envelope in its output form.
    pub(super) fn canonical(&self, log: &'static Log) -> String {
        let mut entry = Entry { slots: Sink::of(&self.envelope), payload: Cow::Borrowed(&*self.payload), log };
        entry.canonical::<E>()
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
