//! Nothing enters; what delivery has to know of the queues of older programs leaves, without knowing who migrates them.

use std::path::PathBuf;

use rusqlite::Connection;

use crate::store::StoreError;

/// What `status` and retention ask about queues of older programs.
pub trait MigrationView {
    /// Events of which a queue has another payload than the journal, by id.
    fn disputes(&self, store: &Connection) -> Result<Vec<Dispute>, StoreError>;

    /// Whether this event is one of them; its payload must stay until somebody decided.
    fn is_disputed(&self, store: &Connection, event_id: &str) -> Result<bool, StoreError>;

    /// The queues that are there: the one without scope first, then by digest. Without a store nothing was imported yet.
    fn queues(&self, store: Option<&Connection>) -> std::io::Result<Vec<QueueState>>;
}

/// One event id with two payloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// The id.
    pub event_id: String,
    /// The queue that has the other payload: its digest, or `legacy`.
    pub source_digest: String,
    /// SHA-256 of what the journal's payload says, in hexadecimal.
    pub existing_sha: String,
    /// The same of the other payload.
    pub incoming_sha: String,
    /// How they differ, for people.
    pub detail: String,
}

/// A queue of an older program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueState {
    /// Its digest, or `legacy`.
    pub source_digest: String,
    /// Its file.
    pub path: PathBuf,
    /// Events in it.
    pub events: i64,
    /// Those of them that were not imported.
    pub unmigrated: i64,
    /// Uploads of files that wait in it; they are no events.
    pub body_uploads: i64,
    /// Such uploads that failed.
    pub body_upload_failures: i64,
    /// Why it cannot be read; the numbers are 0 then.
    pub error: Option<String>,
}
