//! Ids of events enter; their rows leave marked as archived, or without their bytes. No row is ever removed.

use rusqlite::{OptionalExtension, Transaction};

use super::{JournalError, fingerprint};
use crate::generated::DrainBlockedReason;

/// What allows the bytes of an event to go. Only `delivery::retention`, which knows who has them, asks for one.
#[derive(Debug)]
pub struct RetentionCapability(());

impl RetentionCapability {
    /// Says that every known server has what will be purged.
    pub(crate) fn all_known_targets_have_it() -> Self {
        RetentionCapability(())
    }
}

/// Marks an event as archived; false where it was already, or is not there.
pub fn archive(transaction: &Transaction<'_>, event_id: &str, now: &str) -> Result<bool, JournalError> {
    let mut statement = transaction
        .prepare_cached("UPDATE event_journal SET archived_at = ?2 WHERE event_id = ?1 AND archived_at IS NULL")?;
    Ok(statement.execute((event_id, now))? == 1)
}

/// Takes the bytes of an event away; id, type, size, times, their hash and that of what they say stay. False where they
/// were gone already.
pub fn purge(
    transaction: &Transaction<'_>,
    event_id: &str,
    now: &str,
    _allowed: &RetentionCapability,
) -> Result<bool, JournalError> {
    let mut statement = transaction
        .prepare_cached("SELECT payload FROM event_journal WHERE event_id = ?1 AND payload_purged_at IS NULL")?;
    // A queue of an older program that turns up later can still be compared.
    let says = statement.query_row([event_id], |row| Ok(fingerprint(row.get_ref(0)?.as_blob()?)));
    let Some(says) = says.optional()? else { return Ok(false) };
    let mut statement = transaction.prepare_cached(
        "UPDATE event_journal SET payload = x'', payload_purged_at = ?2, canonical_sha256 = ?3 WHERE event_id = ?1",
    )?;
    Ok(statement.execute((event_id, now, &says[..]))? == 1)
}

/// Notes why events wait, for whoever looks; it decides nothing.
pub fn note_blocked(
    transaction: &Transaction<'_>,
    events: impl Iterator<Item = i64>,
    reason: DrainBlockedReason,
) -> Result<(), JournalError> {
    let mut statement =
        transaction.prepare_cached("UPDATE event_journal SET drain_blocked_reason = ?2 WHERE seq = ?1")?;
    for seq in events {
        statement.execute((seq, reason.as_str()))?;
    }
    Ok(())
}
