//! Sources that were taken over enter; rows that the journal has are removed from them when somebody asked for it.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::digests::hex;
use super::import::ImportError;
use super::legacy::{SourceError, open_for_removal};
use super::run::{Report, SourceReport};
use crate::generated::MigrationSourceStatus;
use crate::journal::fingerprint;
use crate::store::{self, StoreError, clock};

/// Removes imported rows from every source that was read without fault. False, with nothing done, while conflicts are open.
pub(super) fn remove(store: &Connection, sources: &mut [SourceReport]) -> Result<bool, StoreError> {
    if store.prepare_cached("SELECT 1 FROM migration_conflicts")?.exists([])? {
        return Ok(false);
    }
    for report in sources.iter_mut().filter(|report| report.taken.error.is_none()) {
        match remove_from(store, report) {
            Ok(cleaned) => report.cleaned = cleaned,
            Err(ImportError::Source(error)) => report.fail(&error),
            Err(ImportError::Store(error)) => return Err(error),
        }
    }
    Ok(true)
}

fn remove_from(store: &Connection, report: &SourceReport) -> Result<i64, ImportError> {
    let mut queue = open_for_removal(&report.source.path)?;
    let removal = begin(&mut queue)?;
    if !has_queue(&removal)? {
        return Ok(0);
    }
    let mut imported = store.prepare_cached(
        "SELECT payload_sha FROM migration_provenance JOIN event_journal USING (event_id)
         WHERE event_id = ?1 AND source_digest = ?2",
    )?;
    let mut cleaned = 0;
    {
        let mut rows =
            removal.prepare("SELECT id, event_id, CAST(data AS BLOB) FROM queue").map_err(SourceError::from)?;
        let mut rows = rows.query([]).map_err(SourceError::from)?;
        let mut delete = removal.prepare("DELETE FROM queue WHERE id = ?1").map_err(SourceError::from)?;
        while let Some(row) = rows.next().map_err(SourceError::from)? {
            let Ok(event_id) = row.get_ref(1).map_err(SourceError::from)?.as_str() else { continue };
            let sha: Option<String> =
                imported.query_row((event_id, &report.source.digest), |row| row.get(0)).optional()?;
            // The program that owns the queue may have changed the row since it was read.
            let payload = row.get_ref(2).map_err(SourceError::from)?;
            let payload = payload.as_blob_or_null().ok().flatten().unwrap_or_default();
            if sha.is_some_and(|sha| sha == hex(&fingerprint(payload))) {
                let id: i64 = row.get(0).map_err(SourceError::from)?;
                cleaned += i64::try_from(delete.execute([id]).map_err(SourceError::from)?).unwrap_or(i64::MAX);
            }
        }
    }
    removal.commit().map_err(SourceError::from)?;
    Ok(cleaned)
}

/// Sources that left open conflicts and are not there any more, with the number of these.
pub(super) fn gone(store: &Connection, there: &[SourceReport]) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement =
        store.prepare_cached("SELECT source_digest, count(*) FROM migration_conflicts GROUP BY 1 ORDER BY 1")?;
    let open = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let is_gone = |digest: &String| !there.iter().any(|report| report.source.digest == *digest);
    Ok(open.into_iter().filter(|(digest, _)| is_gone(digest)).collect())
}

/// Ends every conflict in favour of the journal. The other payload lies in quarantine since it was found.
pub(super) fn resolve(store: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
    for (digest, _) in std::mem::take(&mut report.gone) {
        let open = open_conflicts(store, &digest)?;
        settle(store, &digest, &open)?;
    }
    for report in &mut report.sources {
        let open = open_conflicts(store, &report.source.digest)?;
        if open.is_empty() {
            continue;
        }
        match remove_losers(report, &open) {
            Ok(()) => {
                settle(store, &report.source.digest, &open)?;
                report.resolved = i64::try_from(open.len()).unwrap_or(i64::MAX);
                report.taken.conflicts = 0;
                if report.taken.status == MigrationSourceStatus::Conflict {
                    report.taken.status = MigrationSourceStatus::Imported;
                }
            }
            Err(error) => report.fail(&error),
        }
    }
    Ok(())
}

/// Event and hash of the payload that lost.
type Loser = (String, String);

fn open_conflicts(store: &Connection, digest: &str) -> Result<Vec<Loser>, StoreError> {
    let mut statement = store
        .prepare_cached("SELECT event_id, incoming_sha FROM migration_conflicts WHERE source_digest = ?1 ORDER BY 1")?;
    Ok(statement.query_map([digest], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
}

/// Removes the rows that lost; one that was changed since is another conflict, which the next run finds.
fn remove_losers(report: &SourceReport, losers: &[Loser]) -> Result<(), SourceError> {
    let mut queue = open_for_removal(&report.source.path)?;
    let removal = begin(&mut queue)?;
    if has_queue(&removal)? {
        for (event_id, incoming) in losers {
            let select = "SELECT id, CAST(data AS BLOB) FROM queue WHERE event_id = ?1";
            let row = removal.prepare_cached(select)?.query_row([event_id], |row| {
                Ok((row.get::<_, i64>(0)?, row.get_ref(1)?.as_blob_or_null()?.unwrap_or_default().to_owned()))
            });
            if let Some((id, payload)) = row.optional()?
                && hex(&fingerprint(&payload)) == *incoming
            {
                removal.execute("DELETE FROM queue WHERE id = ?1", [id])?;
            }
        }
    }
    Ok(removal.commit()?)
}

fn settle(store: &mut Connection, digest: &str, losers: &[Loser]) -> Result<(), StoreError> {
    let now = clock::now();
    store::in_transaction(store, |transaction| {
        for (event_id, incoming) in losers {
            transaction.execute(
                "UPDATE quarantined_conflicts SET resolved_at = ?4
                 WHERE event_id = ?1 AND source_digest = ?2 AND incoming_sha = ?3",
                (event_id, digest, incoming, &now),
            )?;
            transaction.execute(
                "DELETE FROM migration_conflicts WHERE event_id = ?1 AND source_digest = ?2",
                (event_id, digest),
            )?;
        }
        transaction.execute(
            "UPDATE migration_sources SET conflicts = 0, status = iif(status = 'conflict', 'imported', status)
             WHERE digest = ?1",
            [digest],
        )?;
        Ok(())
    })
}

fn begin(queue: &mut Connection) -> Result<Transaction<'_>, SourceError> {
    Ok(queue.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn has_queue(removal: &Transaction<'_>) -> Result<bool, SourceError> {
    Ok(removal.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'queue'")?.exists([])?)
}
