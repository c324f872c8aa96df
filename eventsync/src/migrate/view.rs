//! The root and the store enter; what is left to migrate, and to decide, leaves. Nothing is made or written.

use std::path::PathBuf;

use rusqlite::Connection;

use super::legacy::{Counts, Queue, SourceError};
use super::sources::{self, Source};
use crate::delivery::{Dispute, MigrationView, QueueState};
use crate::store::StoreError;

/// What lies below this root, as the migration knows it.
#[derive(Debug, Clone)]
pub struct Migrated {
    /// The root.
    pub root: PathBuf,
}

impl MigrationView for Migrated {
    fn disputes(&self, store: &Connection) -> Result<Vec<Dispute>, StoreError> {
        let mut statement = store.prepare_cached(
            "SELECT event_id, source_digest, existing_sha, incoming_sha, detail FROM migration_conflicts
             ORDER BY event_id, source_digest",
        )?;
        let disputes = statement.query_map([], |row| {
            Ok(Dispute {
                event_id: row.get(0)?,
                source_digest: row.get(1)?,
                existing_sha: row.get(2)?,
                incoming_sha: row.get(3)?,
                detail: row.get(4)?,
            })
        })?;
        Ok(disputes.collect::<rusqlite::Result<_>>()?)
    }

    fn is_disputed(&self, store: &Connection, event_id: &str) -> Result<bool, StoreError> {
        Ok(store.prepare_cached("SELECT 1 FROM migration_conflicts WHERE event_id = ?1")?.exists([event_id])?)
    }

    fn queues(&self, store: Option<&Connection>) -> std::io::Result<Vec<QueueState>> {
        let found = sources::discover(&self.root)?;
        Ok(found.sources.into_iter().map(|source| state(source, store)).collect())
    }
}

fn state(source: Source, store: Option<&Connection>) -> QueueState {
    let (counts, unmigrated, error) = match look(&source, store) {
        Ok((counts, unmigrated)) => (counts, unmigrated, None),
        Err(error) => (Counts::default(), 0, Some(error.to_string())),
    };
    QueueState {
        source_digest: source.digest,
        path: source.path,
        events: counts.events,
        unmigrated,
        body_uploads: counts.body_uploads,
        body_upload_failures: counts.body_upload_failures,
        error,
    }
}

fn look(source: &Source, store: Option<&Connection>) -> Result<(Counts, i64), SourceError> {
    let queue = Queue::look(&source.path)?;
    let counts = queue.counts()?;
    let Some(store) = store else { return Ok((counts, counts.events)) };
    // Numbers of rows are never given twice: up to the largest that was read, each row was.
    let mut complete = store.prepare_cached(
        "SELECT 1 FROM migration_sources WHERE digest = ?1 AND max_id >= ?2 AND status IN ('imported', 'already_imported')",
    )?;
    if counts.events == 0 || complete.exists((&source.digest, counts.max_id))? {
        return Ok((counts, 0));
    }
    let mut known = store.prepare_cached(
        "SELECT 1 FROM migration_provenance WHERE event_id = ?1 AND source_digest = ?2
         UNION ALL SELECT 1 FROM migration_conflicts WHERE event_id = ?1 AND source_digest = ?2",
    )?;
    let mut unmigrated = 0;
    queue.event_ids(|event_id| {
        unmigrated += i64::from(!known.exists((event_id, &source.digest))?);
        Ok(())
    })?;
    Ok((counts, unmigrated))
}
