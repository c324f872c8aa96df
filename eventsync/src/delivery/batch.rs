//! Rows of the journal enter; a batch of one project that may leave the machine leaves.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// An event of a batch.
#[derive(Debug)]
pub struct BatchEvent {
    /// Its number in the journal.
    pub seq: i64,
    /// What identifies it.
    pub event_id: String,
    /// The envelope as it is stored.
    pub payload: Vec<u8>,
}

/// Events of one project whose consent was asked in the query that found them. Only the selection makes one.
#[derive(Debug)]
pub struct ConsentedBatch {
    events: Vec<BatchEvent>,
}

/// Why an event cannot be sent.
#[derive(Debug)]
pub struct Undecodable {
    /// Its number in the journal.
    pub seq: i64,
    /// What identifies it.
    pub event_id: String,
    /// What is wrong with its bytes.
    pub reason: String,
}

impl ConsentedBatch {
    /// Puts rows of the selection together; those that are no JSON object are told apart.
    pub(super) fn of_rows(rows: Vec<(i64, String, Vec<u8>)>) -> (Self, Vec<Undecodable>) {
        let (mut events, mut undecodable) = (Vec::with_capacity(rows.len()), Vec::new());
        for (seq, event_id, payload) in rows {
            match serde_json::from_slice::<Object>(&payload) {
                Ok(Object) => events.push(BatchEvent { seq, event_id, payload }),
                Err(error) => undecodable.push(Undecodable { seq, event_id, reason: error.to_string() }),
            }
        }
        (ConsentedBatch { events }, undecodable)
    }

    /// The events, in the order of capture.
    pub fn events(&self) -> &[BatchEvent] {
        &self.events
    }
}

impl BatchEvent {
    /// What it is about: its work package, or itself. Events of one are not separated where a batch is cut.
    pub fn subject(&self) -> String {
        let envelope: Value = serde_json::from_slice(&self.payload).unwrap_or_default();
        envelope["payload"]["wp_id"].as_str().unwrap_or(&self.event_id).to_owned()
    }
}

/// A JSON object of which every part was read, and none is kept.
struct Object;

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)?;
        Ok(Object)
    }
}

/// A JSON value of which every part was read.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Members)?;
        Ok(Sound)
    }
}

/// Texts and numbers are read and not passed over: half a surrogate pair, or a number that no server holds, is found here.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(Sound) = items.next_element()? {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some((Sound, Sound)) = members.next_entry()? {}
        Ok(())
    }
}
