//! An event that another program kept enters; it has a row of its own when the transaction is committed.

use rusqlite::Transaction;

use super::{JournalError, NewEvent, append};

/// Puts an event into the journal that is not there yet, with the key and the time that it came with. It takes up no other
/// event: that is for what happens now.
pub fn import(
    transaction: &Transaction<'_>,
    event: &NewEvent,
    coalesce_key: Option<&str>,
    canonical_sha256: &[u8; 32],
    created_at: &str,
) -> Result<(), JournalError> {
    append::insert(transaction, event, coalesce_key, Some(canonical_sha256), created_at)
}
