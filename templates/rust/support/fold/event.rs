//! A line of a log, or an envelope that a program built, enters; an event that can be ordered and told apart leaves.

use std::borrow::Cow;

use super::super::canonical;
use super::super::decode::Inner;
use super::super::doors::read_text;
use super::super::fault::Faults;
use super::super::json::{Json, Object};
use super::super::path::Path;
use super::super::reader::Reader;
use super::super::shape::Kind;
use super::super::slots::{Record, Sink, Slot, broken};
use super::folding::Fold;
use super::key::Key;
use super::payload::Payload;
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

/// The slots of an envelope; its payload is kept as text, and as it was read where it was.
#[derive(Debug)]
pub struct Entry<'a> {
    slots: Vec<Slot<'a>>,
    payload: Payload<'a>,
    log: &'static Log,
    /// Nothing behind it in the log happened together with it.
    pub(super) is_last: bool,
}

impl<'a> Entry<'a> {
    /// Reads and checks a line, and the payload in it if it is of a kind that is known.
    pub(super) fn of_line<E: Record>(
        line: &'a [u8],
        log: &'static Log,
        kind: fn(&str) -> Option<&'static Kind>,
    ) -> Result<Self, Faults> {
        let shape = E::shape();
        let mut slots = Slot::nones(shape.len());
        let mut read = None;
        read_text(line, MOST_LINE_BYTES, |decoder| {
            if decoder.reader.peek() != b'{' {
                return decoder.mismatch("object", &Path::Root);
            }
            decoder.inner = Some(Inner { named_by: log.event_type, place: log.payload, kind, read: None });
            decoder.record(shape, None, &mut slots, &Path::Root)?;
            read = decoder.inner.take().and_then(|inner| inner.read);
            Ok(())
        })?;
        Ok(Self::of_slots(slots, read, log))
    }

    /// Shows an envelope that a program built.
    pub(super) fn of_envelope<E: Record>(envelope: &'a E, log: &'static Log) -> Self {
        Self::of_slots(Sink::of(envelope), None, log)
    }

    fn of_slots(mut slots: Vec<Slot<'a>>, read: Option<Result<Slot<'a>, Faults>>, log: &'static Log) -> Self {
        let text = match std::mem::replace(&mut slots[log.payload], Slot::Raw(Cow::Borrowed("{}"))) {
            Slot::Raw(text) => text,
            Slot::Object(members) => Cow::Owned(members.to_json()),
            _ => Cow::Borrowed("{}"),
        };
        Entry { slots, payload: Payload { text, read }, log, is_last: false }
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
        &self.payload.text
    }

    /// The text of a field of the envelope, if it has one.
    pub(super) fn text<E: Record>(&self, place: usize) -> Option<Cow<'_, str>> {
        let slot = &self.slots[place];
        let field = E::shape().field(place).filter(|_| !slot.is_none())?;
        Some(canonical::key(unwrapped(field.kind), slot))
    }

    /// Adds what orders it to a key.
    pub(super) fn key<E: Record>(&self, key: &mut Key) {
        self.first_key::<E>(key);
        self.further_key::<E>(key);
    }

    /// The parts of what orders it behind the first.
    pub(super) fn further_key<E: Record>(&self, key: &mut Key) {
        for &place in self.log.order.iter().skip(1) {
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
        let payload = received(&self.payload.text);
        let Json::Object(members) = &payload else { return String::new() };
        let mut slots: Vec<Slot<'_>> = self.slots.clone();
        slots[self.log.payload] = Slot::Object(members);
        let mut out = String::with_capacity(1024);
        canonical::record(E::shape(), &slots, None, &mut out);
        out
    }

    /// The event as steps read it, and its payload; with `whole` its envelope in its output form too.
    pub(super) fn event<F: Fold>(mut self, whole: bool) -> (Event<'a, F::Head>, Payload<'a>) {
        let whole = whole.then(|| self.canonical::<F::Envelope>());
        if F::READS_PAYLOAD {
            self.slots[self.log.payload] = Slot::Raw(self.payload.text.clone());
        }
        let envelope = F::head(&self.slots);
        let Slot::Text(id) = std::mem::take(&mut self.slots[self.log.id]) else { broken() };
        (Event { envelope, id, payload: self.payload.text.clone(), whole }, self.payload)
    }
}

/// How many brackets may be open at once in the payload of an envelope that a program built; no text holds as many.
pub(super) const MOST_DEPTH: u32 = 1024;

/// A payload as it was received.
fn received(text: &str) -> Json {
    Reader::within(text, MOST_DEPTH).json().unwrap_or(Json::Object(Object::new()))
}

pub(super) fn unwrapped(kind: &'static Kind) -> &'static Kind {
    if let Kind::Opt(inner) = kind { unwrapped(inner) } else { kind }
}

/// An event that is folded.
#[derive(Debug, Clone)]
pub struct Event<'a, H> {
    /// What steps read of the envelope that it travels in.
    pub envelope: H,
    /// Its id in canonical form.
    pub id: Cow<'a, str>,
    /// Its payload as it was received.
    pub payload: Cow<'a, str>,
    /// Its envelope in its output form, where it may be saved.
    pub(super) whole: Option<String>,
}

impl<H> Event<'_, H> {
    /// The payload as it was received.
    pub fn raw(&self) -> &str {
        &self.payload
    }

    /// The same event, kept beyond its line.
    pub(super) fn into_owned(self) -> Event<'static, H> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Event { envelope: self.envelope, id: owned(self.id), payload: owned(self.payload), whole: self.whole }
    }
}
