//! A target and a project enter; the number leaves up to which the journal need not be read again for open events.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::DispatchError;
use crate::delivery::ledger::Account;

/// Up to this number, each live event of the project has a row in the ledger of the target that is settled in the present epoch
/// or stands in the index of open ones. 0 where nothing is known.
pub(super) fn mark(connection: &Connection, account: Account, project: &str) -> Result<i64, DispatchError> {
    let mut statement = connection.prepare_cached(
        "SELECT low_water_seq FROM target_progress WHERE target_pk = ?1 AND project_uuid = ?2 AND epoch = ?3",
    )?;
    let mark = statement.query_row((account.target_pk, project, account.epoch), |row| row.get(0)).optional()?;
    Ok(mark.unwrap_or(0))
}

/// Moves the mark. It never goes back, and what an earlier epoch knew is not written over what a later one does.
pub(super) fn advance(
    transaction: &Transaction<'_>,
    account: Account,
    project: &str,
    to: i64,
) -> Result<(), DispatchError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO target_progress VALUES (?1, ?2, ?3, ?4) ON CONFLICT (target_pk, project_uuid) DO UPDATE
         SET epoch = excluded.epoch, low_water_seq = excluded.low_water_seq
         WHERE (excluded.epoch, excluded.low_water_seq) > (epoch, low_water_seq)",
    )?;
    statement.execute((account.target_pk, project, account.epoch, to))?;
    Ok(())
}

/// The last event of a project.
pub(super) fn last(connection: &Connection, project: &str) -> Result<i64, DispatchError> {
    let mut statement =
        connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM event_journal WHERE project_uuid = ?1")?;
    Ok(statement.query_row([project], |row| row.get(0))?)
}
