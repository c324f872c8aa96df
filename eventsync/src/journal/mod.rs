//! Envelopes enter and are kept in the order of capture; they leave as they came. Nothing here knows about delivery.

mod append;
mod archive;
pub mod coalesce;
pub mod envelope;
mod fingerprint;
mod read;

use std::path::PathBuf;

use crate::generated::{DrainBlockedReason, FamilyClassification};
use crate::store::StoreError;

pub use append::{Journal, drop_unkept};
pub use archive::{RetentionCapability, archive, note_blocked, purge};
pub use fingerprint::fingerprint;
pub use read::{Totals, live_envelopes, seq_of, totals};

/// From this size on an event is marked as larger than servers usually take.
pub const OVERSIZE: usize = 524_288;

/// An event on its way into the journal.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What identifies it, as the envelope has it.
    pub event_id: String,
    /// Its type, as the envelope has it.
    pub event_type: String,
    /// When it happened, in UTC.
    pub occurred_at: String,
    /// The complete envelope, byte for byte. Empty is legal.
    pub payload: Vec<u8>,
    /// The hash of these bytes.
    pub payload_sha256: [u8; 32],
    /// The project that it belongs to; without one it is never sent.
    pub project_uuid: Option<String>,
    /// That project as people call it.
    pub project_slug: Option<String>,
    /// The repository that it came from.
    pub repo_slug: Option<String>,
    /// Who produced it, in letters that are safe in names.
    pub producer_scope: String,
    /// Whether it may be dropped.
    pub family_class: FamilyClassification,
    /// How far it may be shared.
    pub data_tier: i64,
    /// Why it cannot be delivered right now.
    pub drain_blocked_reason: Option<DrainBlockedReason>,
    /// What its contract says against it.
    pub validation_error: Option<String>,
}

/// What became of an event that was put into the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppendOutcome {
    /// It has a row of its own.
    Inserted,
    /// The same event is there already; its bytes were not touched.
    AlreadyPresent,
    /// Another event has this id; the row keeps its bytes, and that this happened is recorded.
    DivergentDuplicate,
    /// It took the place of an older one of the same key, which nobody has seen.
    Collapsed {
        /// The id of the row, and of the event that will be sent.
        into: String,
    },
}

/// Why an event was not kept, or not dropped.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The strategy for coalescing failed before anything was written.
    #[error("event `{event_id}` could not be coalesced: {reason}")]
    Coalesce {
        /// The event.
        event_id: String,
        /// What the strategy says.
        reason: String,
    },
    /// Somebody wanted to drop an event that a server is to get.
    #[error("event `{event_id}` is not to be dropped: its family is for the server, or unknown")]
    TeamspaceBoundDrop {
        /// The event.
        event_id: String,
    },
    /// A file beside the journal could not be written.
    #[error("{path}: {source}")]
    Evidence {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        JournalError::Store(error.into())
    }
}
