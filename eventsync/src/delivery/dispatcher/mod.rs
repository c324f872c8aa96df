//! A target and its receiver enter; every open event is selected, sent and recorded, and what came of it leaves.

mod drive;
mod flight;
mod lock;
mod pieces;
mod progress;
mod select;
mod waiting;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::ledger::{Account, LedgerError};
use super::receivers::{Answer, Receiver, Verdict};
use super::targets::Facts;
use crate::generated::{DeliveryOutcome, ErrorCategory};
use crate::journal::JournalError;
use crate::store::StoreError;

pub use lock::{DispatchLock, Holder, holder};
pub use select::Scope;
pub use waiting::{Waiting, is_anything_open, is_anything_sendable, note_waiting, staying, waiting};

/// Failures beyond these are counted and not listed.
const MOST_LISTED: usize = 10_000;

/// Why a pass ended without recording everything that it did.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// The ledger could not be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal could not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The lock of the target cannot be used.
    #[error("{path}: {source}")]
    Lock {
        /// The lock file.
        path: std::path::PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl From<rusqlite::Error> for DispatchError {
    fn from(error: rusqlite::Error) -> Self {
        DispatchError::Store(error.into())
    }
}

/// Why a pass ended before all was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// Client and server speak different versions.
    Protocol,
    /// The server does not let us in.
    Refused,
    /// No answer of use came, several times in a row.
    Unreachable,
    /// The server asks for more patience than a pass has.
    Busy,
    /// The pass made as many requests as it may.
    TooManyRequests,
}

impl Stopped {
    /// What an operator reads.
    pub fn text(&self) -> &'static str {
        match self {
            Stopped::Protocol => "the server does not take this version of the sync protocol",
            Stopped::Refused => "the server does not let us in: run `eventsync login`, or check the token and the team",
            Stopped::Unreachable => {
                "server unavailable: run `eventsync now` again later, or choose another one with `eventsync server URL`"
            }
            Stopped::Busy => "the server asks to wait: run `eventsync now` again later",
            Stopped::TooManyRequests => "too many requests for one pass: run `eventsync now` again",
        }
    }
}

/// An event that was not delivered.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The event.
    pub event_id: String,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// The status of the answer.
    pub http_status: Option<u16>,
    /// Why.
    pub error: Option<String>,
    /// That in one word.
    pub category: Option<ErrorCategory>,
}

/// What a pass did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Events that were to be sent.
    pub selected: u64,
    /// How many events each outcome got.
    pub counts: BTreeMap<DeliveryOutcome, u64>,
    /// How many events each category of errors got.
    pub categories: BTreeMap<&'static str, u64>,
    /// Those that were not delivered.
    pub failures: Vec<Failure>,
    /// Why the pass ended early.
    pub stopped: Option<Stopped>,
    /// What the server says about itself.
    pub facts: Facts,
    /// What the server had to say.
    pub notes: Vec<String>,
}

impl Summary {
    /// How many events got this outcome.
    pub fn count(&self, outcome: DeliveryOutcome) -> u64 {
        self.counts.get(&outcome).copied().unwrap_or_default()
    }

    fn add_all(&mut self, answer: &Answer) {
        answer.verdicts.iter().for_each(|verdict| self.add(verdict));
    }

    fn add(&mut self, verdict: &Verdict) {
        *self.counts.entry(verdict.outcome).or_default() += 1;
        if matches!(verdict.outcome, DeliveryOutcome::Success | DeliveryOutcome::Duplicate | DeliveryOutcome::Pending) {
            return;
        }
        let category = verdict.category.unwrap_or(ErrorCategory::Unknown);
        *self.categories.entry(category.as_str()).or_default() += 1;
        if self.failures.len() < MOST_LISTED {
            self.failures.push(Failure {
                event_id: verdict.event_id.clone(),
                outcome: verdict.outcome,
                http_status: verdict.http_status,
                error: verdict.error.clone(),
                category: verdict.category,
            });
        }
    }
}

/// How long a pass waits for a server that asks for it.
pub trait Pause {
    /// Waits.
    fn pause(&self, time: Duration);
}

/// Waits by sleeping.
#[derive(Debug)]
pub struct Sleep;

impl Pause for Sleep {
    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// Sends everything open to the target, batch after batch; each is recorded before the next is sent.
pub fn dispatch(
    connection: &mut Connection,
    account: Account,
    receiver: &mut dyn Receiver,
    scope: &Scope,
    limit: Option<u64>,
    pause: &dyn Pause,
) -> Result<Summary, DispatchError> {
    let projects = select::projects(connection, Some(account), scope)?;
    if projects.is_empty() {
        return Ok(Summary::default());
    }
    let survey = receiver.survey();
    let mut drive = drive::Drive::new(connection, (account, *scope), receiver, pause, &survey, limit);
    drive.summary.facts = survey.facts;
    for (project, first) in projects {
        if drive.summary.stopped.is_none() {
            drive.project(&project, first)?;
        }
    }
    Ok(drive.summary)
}

/// The lock file of a target.
pub fn lock_path(root: &Path, target_id: &str) -> std::path::PathBuf {
    root.join("locks").join(format!("dispatch-{target_id}.lock"))
}
