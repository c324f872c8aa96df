//! A batch enters; one verdict for each event that the answer decides leaves, and what to do about the others.

mod bearer;
mod body;
mod http;
mod mapping;
pub mod stub;
mod tokens;

use crate::delivery::batch::BatchEvent;
use crate::delivery::targets::Facts;
use crate::generated::{
    AnswerStep, DeliveryOutcome, DrainBlockedReason, EffectCertainty, ErrorCategory, GateKind, HttpAnswer,
};
use crate::target::credentials::Secret;

use bearer::USUAL_BYTES;
pub use bearer::{External, Teamspace, TokenSource, within};
pub use http::{HttpClient, Poster, Reply, TransportError};
pub use tokens::{LoginError, login};

/// What a receiver says of one event.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Its number in the journal.
    pub seq: i64,
    /// What identifies it.
    pub event_id: String,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// The status of the answer.
    pub http_status: Option<u16>,
    /// Why it was not delivered.
    pub error: Option<String>,
    /// That in one word.
    pub category: Option<ErrorCategory>,
    /// What the server said of it, as JSON.
    pub raw: Option<String>,
    /// What is known about the effect.
    pub certainty: EffectCertainty,
}

/// What came of one request.
#[derive(Debug)]
pub struct Answer {
    /// The kind of answer.
    pub kind: HttpAnswer,
    /// Its status; none where no answer came.
    pub http_status: Option<u16>,
    /// Events that it decides.
    pub verdicts: Vec<Verdict>,
    /// Events to be sent once more in this pass: the answer named others.
    pub again: Vec<i64>,
    /// What the driver does next.
    pub step: AnswerStep,
    /// What is known about the effect of the request.
    pub certainty: EffectCertainty,
    /// Bytes of the request before compression.
    pub request_bytes: usize,
    /// Seconds that the server asks to wait.
    pub retry_after: Option<u64>,
    /// Bytes of a batch that the server says it takes.
    pub byte_limit: Option<usize>,
    /// What the operator should know.
    pub notes: Vec<String>,
}

/// A condition that must hold before a receiver is called.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Which.
    pub kind: GateKind,
    /// Whether it holds.
    pub is_open: bool,
    /// Why events wait while it does not.
    pub reason: Option<DrainBlockedReason>,
    /// What opens it.
    pub hint: String,
}

/// Events of one request at most.
pub const MOST_EVENTS: usize = 1000;

/// What a server says before the first batch.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The most bytes of a batch.
    pub byte_budget: usize,
    /// The most events of a batch.
    pub most_events: usize,
    /// The fewest and most seconds that it is waited for, where it asks for patience.
    pub waits: (u64, u64),
    /// Who it is.
    pub facts: Facts,
}

/// Delivers batches to a kind of target.
pub trait Receiver {
    /// Where batches go.
    fn endpoint_url(&self) -> &str;
    /// What shows who we are, for this kind of receiver.
    fn auth_headers(&self) -> Vec<(String, Secret)>;
    /// Whether it may be called, in the order of asking.
    fn gates(&self) -> Vec<Gate>;
    /// Sends events of one batch in one request.
    fn deliver(&mut self, events: &[&BatchEvent]) -> Answer;
    /// Tries to renew what shows who we are; false where that is not possible.
    fn renew(&mut self) -> Result<bool, LoginError>;
    /// Asks the server what it takes and who it is, where it tells; a server that does not answer holds up nothing.
    fn survey(&mut self) -> Survey;
}
