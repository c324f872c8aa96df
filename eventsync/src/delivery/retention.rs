//! What an operator asks for enters; events leave archived, or without their bytes where every known target has them.

use rusqlite::{Connection, Transaction, named_params};

use super::MigrationView;
use super::dispatcher::{self, DispatchError};
use super::ledger::Account;
use crate::journal::{self, JournalError, RetentionCapability};
use crate::store::{StoreError, in_transaction};

/// From this size on, and with everything delivered, `gc` is suggested.
pub const SUGGESTED_FROM: i64 = 52_428_800;

/// Why nothing was archived or purged.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal could not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What is open cannot be told.
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
}

impl From<rusqlite::Error> for RetentionError {
    fn from(error: rusqlite::Error) -> Self {
        RetentionError::Store(error.into())
    }
}

/// Which events are meant: all live ones, where nothing else is said.
#[derive(Debug, Default)]
pub struct Chosen {
    /// These alone.
    pub event_ids: Vec<String>,
    /// Captured before this moment.
    pub before: Option<String>,
    /// Archived ones alone.
    pub archived_only: bool,
    /// Tell what would be done, and do nothing.
    pub is_dry: bool,
}

/// What was done.
#[derive(Debug, Default)]
pub struct Done {
    /// Events that were archived.
    pub archived: Vec<String>,
    /// Events whose bytes are gone.
    pub purged: Vec<String>,
    /// Events that were left alone.
    pub skipped: Vec<String>,
    /// Bytes of live payloads before.
    pub bytes_before: i64,
    /// And after.
    pub bytes_after: i64,
}

/// Archives what is chosen. It stays, and stays deliverable; drains leave it out.
pub fn archive(connection: &mut Connection, chosen: &Chosen, now: &str) -> Result<Done, RetentionError> {
    in_transaction(connection, |transaction| {
        let mut done = Done { bytes_before: journal::totals(transaction)?.bytes, ..Done::default() };
        for (event_id, is_archived, _) in candidates(transaction, chosen)? {
            if is_archived {
                done.skipped.push(event_id);
            } else {
                if !chosen.is_dry {
                    journal::archive(transaction, &event_id, now)?;
                }
                done.archived.push(event_id);
            }
        }
        done.bytes_after = journal::totals(transaction)?.bytes;
        Ok(done)
    })
}

/// Takes away the bytes of what is chosen and every known target has. Without known targets nothing goes.
pub fn gc(
    connection: &mut Connection,
    chosen: &Chosen,
    migration: &dyn MigrationView,
    now: &str,
) -> Result<Done, RetentionError> {
    in_transaction(connection, |transaction| {
        let mut done = Done { bytes_before: journal::totals(transaction)?.bytes, ..Done::default() };
        for (event_id, _, is_everywhere) in candidates(transaction, chosen)? {
            if !is_everywhere || migration.is_disputed(transaction, &event_id)? {
                done.skipped.push(event_id);
                continue;
            }
            if !chosen.is_dry {
                let allowed = RetentionCapability::all_known_targets_have_it();
                journal::purge(transaction, &event_id, now, &allowed)?;
            }
            done.purged.push(event_id);
        }
        if !chosen.is_dry && !done.purged.is_empty() {
            give_back(transaction)?;
        }
        done.bytes_after = journal::totals(transaction)?.bytes;
        Ok(done)
    })
}

/// Whether every known target has every live event, and there is one.
pub fn is_delivered_everywhere(connection: &Connection) -> Result<bool, RetentionError> {
    let mut known =
        connection.prepare("SELECT target_pk, redrain_epoch FROM delivery_targets WHERE retired_at IS NULL")?;
    let known: Vec<Account> = known
        .query_map([], |row| Ok(Account { target_pk: row.get(0)?, epoch: row.get(1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    let mut parked = connection.prepare(
        "SELECT 1 FROM delivery_ledger l INDEXED BY ledger_by_status CROSS JOIN event_journal j ON j.seq = l.seq
         WHERE l.target_pk = ?1 AND l.status = 6 AND j.archived_at IS NULL AND j.payload_purged_at IS NULL",
    )?;
    for account in &known {
        if parked.exists([account.target_pk])? || dispatcher::is_anything_open(connection, *account)? {
            return Ok(false);
        }
    }
    Ok(!known.is_empty())
}

/// Known targets that have the event `j` are as many as there are, and not on the way to get it anew.
const EVERYWHERE: &str = "(SELECT count(*) FROM delivery_targets t CROSS JOIN delivery_ledger l USING (target_pk)
    WHERE l.seq = j.seq AND t.retired_at IS NULL AND l.status IN (1, 2) AND l.delivered_epoch = t.redrain_epoch)
  = (SELECT count(*) FROM delivery_targets WHERE retired_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM in_flight f JOIN delivery_targets t USING (target_pk)
                  WHERE j.seq BETWEEN f.first_seq AND f.last_seq AND t.retired_at IS NULL)
  AND EXISTS (SELECT 1 FROM delivery_targets WHERE retired_at IS NULL)";

/// Chosen events with bytes: the id, whether it is archived, and whether every known target has it.
fn candidates(transaction: &Transaction<'_>, chosen: &Chosen) -> Result<Vec<(String, bool, bool)>, RetentionError> {
    let sql = format!(
        "SELECT j.event_id, j.archived_at IS NOT NULL, {EVERYWHERE} FROM event_journal j
         WHERE j.payload_purged_at IS NULL AND (:before IS NULL OR j.created_at < :before)
           AND (NOT :archived_only OR j.archived_at IS NOT NULL) AND (:id IS NULL OR j.event_id = :id) ORDER BY j.seq"
    );
    let mut statement = transaction.prepare(&sql)?;
    let mut found = Vec::new();
    let all = [None];
    let ids: Vec<Option<&str>> = chosen.event_ids.iter().map(|id| Some(id.as_str())).collect();
    for id in if ids.is_empty() { &all[..] } else { &ids[..] } {
        let rows = statement.query_map(
            named_params! {":before": chosen.before, ":archived_only": chosen.archived_only, ":id": id},
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for row in rows {
            found.push(row?);
        }
    }
    Ok(found)
}

/// Gives free pages back to the system. Where that fails, nothing was purged.
fn give_back(transaction: &Transaction<'_>) -> Result<(), RetentionError> {
    let mut statement = transaction.prepare("PRAGMA incremental_vacuum")?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}
