//! Rows of the journal enter; a batch of one project that may leave the machine leaves.

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
    /// The work package that it is about: events of one are not separated where a batch is cut.
    pub work_package: Option<String>,
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
            match work_package(&payload) {
                Ok(work_package) => events.push(BatchEvent { seq, event_id, payload, work_package }),
                Err(reason) => undecodable.push(Undecodable { seq, event_id, reason }),
            }
        }
        (ConsentedBatch { events }, undecodable)
    }

    /// The events, in the order of capture.
    pub fn events(&self) -> &[BatchEvent] {
        &self.events
    }
}

/// The work package of an envelope; an error where the envelope is no JSON object.
fn work_package(payload: &[u8]) -> Result<Option<String>, String> {
    let envelope: Value = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
    if !envelope.is_object() {
        return Err("it is no JSON object".to_owned());
    }
    Ok(envelope["payload"]["wp_id"].as_str().map(str::to_owned))
}
