//! A script and batches enter; what the script, or a server in good health, says of them leaves, without a socket.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use super::exchange::{Answered, Request};
use super::{Known, Script, answers};
use crate::delivery::batch::BatchEvent;
use crate::delivery::receivers::{
    Answer, Gate, LoginError, MOST_EVENTS, Receiver, Reply, Survey, TransportError, USUAL_BYTES, body, mapping,
};
use crate::delivery::targets::Facts;
use crate::target::credentials::Secret;

/// The receiver of kind `stub`. Its clones are one receiver, whoever holds them: what one was sent is a duplicate to all.
#[derive(Clone)]
pub struct StubReceiver {
    known: Arc<Mutex<Known>>,
}

impl StubReceiver {
    /// One that was sent nothing yet; each event that it takes is written to `record`.
    pub fn new(script: Script, record: Option<File>) -> Self {
        StubReceiver { known: Arc::new(Mutex::new(Known { script, seen: BTreeSet::new(), record })) }
    }

    pub(super) fn answer(&self, request: &Request) -> Answered {
        answers::answer(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner), request)
    }
}

impl Receiver for StubReceiver {
    fn endpoint_url(&self) -> &'static str {
        "in process"
    }

    fn auth_headers(&self) -> Vec<(String, Secret)> {
        Vec::new()
    }

    fn gates(&self) -> Vec<Gate> {
        Vec::new()
    }

    fn deliver(&mut self, events: &[&BatchEvent]) -> Answer {
        let plain = body::plain(events);
        let length = plain.len();
        let request = Request { method: "POST".to_owned(), path: "/".to_owned(), headers: Vec::new(), body: plain };
        mapping::answer(events, heard(self.answer(&request)), length)
    }

    fn renew(&mut self) -> Result<bool, LoginError> {
        Ok(false)
    }

    fn survey(&mut self) -> Survey {
        Survey { byte_budget: USUAL_BYTES, most_events: MOST_EVENTS, waits: (0, u64::MAX), facts: Facts::default() }
    }
}

/// What a client would hear of an answer.
fn heard(answer: Answered) -> Result<Reply, TransportError> {
    if answer.is_held || answer.is_dropped || answer.cut_after.is_some() {
        let reason = "the receiver gave no whole answer".to_owned();
        return Err(TransportError { reason, may_have_arrived: true });
    }
    let retry_after = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    let retry_after = retry_after.and_then(|(_, value)| value.trim().parse().ok());
    Ok(Reply { status: answer.status, retry_after, body: answer.body })
}
