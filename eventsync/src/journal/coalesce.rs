//! An event enters; the key under which only the newest is kept until somebody has seen one leaves.

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::Value;

use super::{JournalError, NewEvent};
use crate::generated::{CoalescedType, coalesce_keys};

/// Gives events a key. Of the events with one key that nobody was sent, the journal keeps the newest only.
pub trait Strategy {
    /// The key of an event; none where each is a fact of its own. An error keeps the event from being stored.
    fn key(&self, event: &NewEvent) -> Result<Option<String>, String>;
}

/// Tells whether the bytes of an event must stay as they are: a server has them, or may have them.
pub trait DeliveredAnywhere {
    /// Whether the event of this number was delivered, or is on its way.
    fn is_frozen(&self, connection: &Connection, seq: i64) -> rusqlite::Result<bool>;
    /// Lets servers that parked the event of this number have it again: its bytes are others now.
    fn reopen(&self, transaction: &Transaction<'_>, seq: i64) -> rusqlite::Result<()>;
}

/// What decides whether an event takes the place of an older one.
#[derive(Clone, Copy)]
pub struct Coalescing<'a> {
    /// Which events have a key.
    pub strategy: &'a dyn Strategy,
    /// Which bytes must stay.
    pub frozen: &'a dyn DeliveredAnywhere,
}

/// The keys of the contract: types of which only the present state counts.
#[derive(Debug, Clone, Copy)]
pub struct ContractKeys;

impl Strategy for ContractKeys {
    fn key(&self, event: &NewEvent) -> Result<Option<String>, String> {
        let Ok(coalesced) = event.event_type.parse::<CoalescedType>() else { return Ok(None) };
        // What cannot be read has no key, and is stored as it is.
        let Ok(envelope) = serde_json::from_slice::<Value>(&event.payload) else { return Ok(None) };
        let part = |path: &str| {
            let found = path.split('.').try_fold(&envelope["payload"], |value, name| value.get(name));
            found.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let parts: Option<Vec<String>> = coalesce_keys::paths(coalesced).iter().map(|path| part(path)).collect();
        Ok(parts.map(|parts| parts.join("|")))
    }
}

/// The newest event of this key and project that nobody was sent: its number and id. Consent is that of a project, so that no
/// event takes up one of another.
pub(super) fn candidate(
    transaction: &Transaction<'_>,
    event: &NewEvent,
    key: &str,
    frozen: &dyn DeliveredAnywhere,
) -> Result<Option<(i64, String)>, JournalError> {
    let mut statement = transaction.prepare_cached(
        "SELECT seq, event_id FROM event_journal WHERE coalesce_key = ?1 AND event_type = ?2 AND project_uuid IS ?3
         AND archived_at IS NULL AND payload_purged_at IS NULL ORDER BY seq DESC",
    )?;
    let mut rows = statement.query((key, &event.event_type, &event.project_uuid))?;
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        if !frozen.is_frozen(transaction, seq)? {
            return Ok(Some((seq, row.get(1)?)));
        }
    }
    Ok(None)
}

/// The newest other event of this key and project, whoever has it.
pub(super) fn previous(
    transaction: &Transaction<'_>,
    event: &NewEvent,
    key: &str,
) -> Result<Option<String>, JournalError> {
    let mut statement = transaction.prepare_cached(
        "SELECT event_id FROM event_journal WHERE coalesce_key = ?1 AND event_type = ?2 AND event_id <> ?3
         AND project_uuid IS ?4 ORDER BY seq DESC LIMIT 1",
    )?;
    let asked = (key, &event.event_type, &event.event_id, &event.project_uuid);
    Ok(statement.query_row(asked, |row| row.get(0)).optional()?)
}
