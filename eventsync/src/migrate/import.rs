//! An open queue and a transaction enter; its events lie in the journal, each with where it was found, when this returns.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::difference::difference;
use super::digests::hex;
use super::legacy::{Queue, SourceError};
use super::reading::{self, Ready, ReadyEvent};
use super::sources::Source;
use crate::generated::MigrationSourceStatus;
use crate::journal::{Journal, JournalError, NewEvent, fingerprint};
use crate::store::StoreError;

/// What came of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What came of it.
    pub status: MigrationSourceStatus,
    /// Events that were new.
    pub imported: i64,
    /// Events that were there, from elsewhere.
    pub deduped: i64,
    /// Events that are there with another payload, and were not decided about.
    pub conflicts: i64,
    /// Whether events came after an earlier run had read all.
    pub refilled: bool,
    /// Rows that are no events, or why nothing could be read.
    pub error: Option<String>,
}

/// Why a source was left at zero.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be read; the others may be.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        ImportError::Store(error.into())
    }
}

impl From<JournalError> for ImportError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Store(error) => ImportError::Store(error),
            // Importing asks no strategy and drops nothing.
            other => unreachable!("{other}"),
        }
    }
}

/// Takes over what a source holds. All of it stands once the transaction is committed, and nothing before.
pub fn import(
    transaction: &Transaction<'_>,
    source: &Source,
    queue: Queue,
    target_id: &str,
    now: &str,
) -> Result<Taken, ImportError> {
    let before = Before::read(transaction, &source.digest)?;
    let counts = queue.counts()?;
    let journal = Journal::open(transaction)?;
    let mut run =
        Run { transaction, journal, source, target_id, now, before: &before, taken: Taken::nothing(), unusable: None };
    reading::each_row(queue, now, |row| run.take(row))?;
    let Run { mut taken, unusable, journal, .. } = run;
    journal.close()?;
    taken.conflicts = open_conflicts(transaction, &source.digest)?;
    taken.error = unusable.map(|Unusable { rows, first }| match rows {
        1 => format!("row {first} is no event: its id or type is no text"),
        _ => format!("{rows} rows are no events: their ids or types are no text; the first is row {first}"),
    });
    taken.status = match &taken {
        Taken { error: Some(_), .. } => MigrationSourceStatus::Error,
        Taken { conflicts: 1.., .. } => MigrationSourceStatus::Conflict,
        Taken { imported: 0, deduped: 0, .. } if before.was_completed => MigrationSourceStatus::AlreadyImported,
        _ => MigrationSourceStatus::Imported,
    };
    record(transaction, &source.digest, &taken, now, (counts.events, counts.max_id))?;
    Ok(taken)
}

/// Says of a source that it could not be read. What was said of it before is kept.
pub fn record_failure(transaction: &Transaction<'_>, digest: &str, error: &str) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO migration_sources (digest, status, error) VALUES (?1, 'error', ?2)
         ON CONFLICT (digest) DO UPDATE SET status = 'error', error = ?2",
    )?;
    statement.execute((digest, error))?;
    Ok(())
}

impl Taken {
    /// Of a source of which nothing was read yet.
    pub fn nothing() -> Self {
        Taken {
            status: MigrationSourceStatus::Imported,
            imported: 0,
            deduped: 0,
            conflicts: 0,
            refilled: false,
            error: None,
        }
    }

    /// Of a source that could not be read.
    pub fn failed(error: String) -> Self {
        Taken { status: MigrationSourceStatus::Error, error: Some(error), ..Taken::nothing() }
    }
}

/// Events of this source that nobody decided about; also those that left the source since.
fn open_conflicts(connection: &Connection, digest: &str) -> Result<i64, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM migration_conflicts WHERE source_digest = ?1")?;
    Ok(statement.query_row([digest], |row| row.get(0))?)
}

/// What the last run that read all of the source left.
struct Before {
    was_completed: bool,
    max_id: i64,
}

impl Before {
    fn read(connection: &Connection, digest: &str) -> Result<Self, StoreError> {
        let mut statement = connection
            .prepare_cached("SELECT max_id FROM migration_sources WHERE digest = ?1 AND completed_at IS NOT NULL")?;
        let max_id: Option<i64> = statement.query_row([digest], |row| row.get(0)).optional()?;
        Ok(Before { was_completed: max_id.is_some(), max_id: max_id.unwrap_or(0) })
    }
}

/// Rows that are no events.
struct Unusable {
    rows: u64,
    first: i64,
}

struct Run<'a> {
    transaction: &'a Transaction<'a>,
    journal: Journal<'a>,
    source: &'a Source,
    target_id: &'a str,
    now: &'a str,
    before: &'a Before,
    taken: Taken,
    unusable: Option<Unusable>,
}

impl Run<'_> {
    fn take(&mut self, row: Ready) -> Result<(), ImportError> {
        let Some(ReadyEvent { event, fingerprint, coalesce_key }) = row.event else {
            self.unusable.get_or_insert(Unusable { rows: 0, first: row.id }).rows += 1;
            return Ok(());
        };
        self.taken.refilled |= self.before.was_completed && row.id > self.before.max_id;
        let id = &event.event_id;
        match self.stored(&event, &fingerprint)? {
            Stored::Nothing => {
                // Nothing was kept in the future; whoever writes next would have to follow it there.
                let created_at = event.occurred_at.as_str().min(self.now);
                self.journal.import(&event, coalesce_key.as_deref(), &fingerprint, created_at)?;
                self.found(id, &fingerprint)?;
                self.taken.imported += 1;
            }
            Stored::Collapsed => self.same(id, &fingerprint)?,
            Stored::Payload(existing) if existing == fingerprint => self.same(id, &fingerprint)?,
            Stored::Payload(existing) => self.conflict(&event, &existing, &fingerprint)?,
        }
        Ok(())
    }

    fn same(&mut self, event_id: &str, incoming: &[u8; 32]) -> Result<(), StoreError> {
        self.taken.deduped += i64::from(self.found(event_id, incoming)?);
        self.agree(event_id)
    }

    /// What the journal has under the id of an event.
    fn stored(&self, incoming: &NewEvent, incoming_says: &[u8; 32]) -> Result<Stored, StoreError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT payload, canonical_sha256, payload_sha256, payload_purged_at IS NOT NULL
             FROM event_journal WHERE event_id = ?1",
        )?;
        let stored = statement.query_row([&incoming.event_id], |row| {
            let (known, raw, is_purged): (Option<[u8; 32]>, [u8; 32], bool) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(match known {
                Some(known) => known,
                None if raw == incoming.payload_sha256 => *incoming_says,
                None if !is_purged => fingerprint(row.get_ref(0)?.as_blob()?),
                // The bytes are gone, and an older program did not keep the hash of what they said.
                None => raw,
            })
        });
        if let Some(existing) = stored.optional()? {
            let mut took_up =
                self.transaction.prepare_cached("SELECT 1 FROM coalesce_collapsed WHERE into_event_id = ?1")?;
            // A row that took in a later event of its key does not hold its first bytes any more.
            let is_renewed = existing != *incoming_says && took_up.exists([&incoming.event_id])?;
            return Ok(if is_renewed { Stored::Collapsed } else { Stored::Payload(existing) });
        }
        let mut collapsed = self.transaction.prepare_cached("SELECT 1 FROM coalesce_collapsed WHERE event_id = ?1")?;
        Ok(if collapsed.exists([&incoming.event_id])? { Stored::Collapsed } else { Stored::Nothing })
    }

    /// Records where an event was found; false where that stood there already.
    fn found(&self, event_id: &str, incoming: &[u8; 32]) -> Result<bool, StoreError> {
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO migration_provenance VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (event_id, source_digest) DO UPDATE SET payload_sha = ?4, recorded_at = ?5 WHERE payload_sha <> ?4",
        )?;
        let row = (event_id, &self.source.digest, self.target_id, hex(incoming), self.now);
        Ok(statement.execute(row)? == 1)
    }

    /// Ends a conflict of which the source took the side of the journal.
    fn agree(&self, event_id: &str) -> Result<(), StoreError> {
        let mut ended = self
            .transaction
            .prepare_cached("DELETE FROM migration_conflicts WHERE event_id = ?1 AND source_digest = ?2")?;
        if ended.execute((event_id, &self.source.digest))? == 1 {
            let mut kept = self.transaction.prepare_cached(
                "UPDATE quarantined_conflicts SET resolved_at = ?3
                 WHERE event_id = ?1 AND source_digest = ?2 AND resolved_at IS NULL",
            )?;
            kept.execute((event_id, &self.source.digest, self.now))?;
        }
        Ok(())
    }

    fn conflict(
        &self,
        incoming: &NewEvent,
        existing_sha: &[u8; 32],
        incoming_sha: &[u8; 32],
    ) -> Result<(), StoreError> {
        let (event_id, payload, digest) = (&incoming.event_id, &incoming.payload, &self.source.digest);
        let (existing, incoming) = (hex(existing_sha), hex(incoming_sha));
        let mut journal = self
            .transaction
            .prepare_cached("SELECT payload, payload_purged_at IS NOT NULL FROM event_journal WHERE event_id = ?1")?;
        let detail = journal.query_row([event_id], |row| {
            Ok(if row.get(1)? {
                "the journal's payload was purged, and had another hash".to_owned()
            } else {
                difference(row.get_ref(0)?.as_blob()?, payload)
            })
        })?;
        let mut quarantine = self.transaction.prepare_cached(
            "INSERT INTO quarantined_conflicts VALUES (?1, ?2, ?3, ?4, ?5, NULL)
             ON CONFLICT (event_id, source_digest, incoming_sha) DO UPDATE SET resolved_at = NULL",
        )?;
        quarantine.execute((event_id, digest, payload, &existing, &incoming))?;
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO migration_conflicts VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (event_id, source_digest)
             DO UPDATE SET existing_sha = ?3, incoming_sha = ?4, detail = ?5 WHERE incoming_sha <> ?4",
        )?;
        statement.execute((event_id, digest, &existing, &incoming, &detail, self.now))?;
        Ok(())
    }
}

/// What the journal has under an id.
enum Stored {
    Nothing,
    /// A payload of which this is the fingerprint.
    Payload([u8; 32]),
    /// The event was taken up by a newer one before anybody saw it, or took up one itself.
    Collapsed,
}

fn record(
    transaction: &Transaction<'_>,
    digest: &str,
    taken: &Taken,
    now: &str,
    (row_count, max_id): (i64, i64),
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO migration_sources VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (digest) DO UPDATE SET status = ?2, imported = imported + ?3, deduped = deduped + ?4, conflicts = ?5,
           error = ?6, completed_at = ?7, row_count = ?8, max_id = ?9",
    )?;
    let counts = (taken.imported, taken.deduped, taken.conflicts);
    statement.execute((
        digest,
        taken.status.as_str(),
        counts.0,
        counts.1,
        counts.2,
        &taken.error,
        now,
        row_count,
        max_id,
    ))?;
    Ok(())
}
