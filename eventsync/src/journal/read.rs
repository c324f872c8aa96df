//! A connection enters; what the journal holds leaves, counted or one envelope after the other.

use rusqlite::{Connection, OptionalExtension};

use super::JournalError;

/// What the journal holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Events that are neither archived nor purged.
    pub live: i64,
    /// The bytes of those.
    pub bytes: i64,
    /// Archived events.
    pub archived: i64,
    /// Events whose bytes were purged.
    pub purged: i64,
    /// When the first of the live ones was captured.
    pub oldest_created_at: Option<String>,
    /// When the last event was captured.
    pub last_capture_at: Option<String>,
    /// Live events that were captured while something kept them from being delivered, by what that was.
    pub blocked: Vec<(String, i64)>,
}

/// What the journal holds, from counters that are kept with each write.
pub fn totals(connection: &Connection) -> Result<Totals, JournalError> {
    let mut totals =
        connection.query_row("SELECT live_events, live_bytes, archived, purged FROM journal_totals", [], |row| {
            let (live, bytes, archived, purged) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(Totals { live, bytes, archived, purged, ..Totals::default() })
        })?;
    let created = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).optional();
    totals.oldest_created_at = created(
        "SELECT created_at FROM event_journal WHERE archived_at IS NULL AND payload_purged_at IS NULL ORDER BY seq LIMIT 1",
    )?;
    totals.last_capture_at = created("SELECT created_at FROM event_journal ORDER BY seq DESC LIMIT 1")?;
    let mut blocked = connection.prepare_cached(
        "SELECT drain_blocked_reason, count(*) FROM event_journal
         WHERE drain_blocked_reason IS NOT NULL AND archived_at IS NULL AND payload_purged_at IS NULL GROUP BY 1 ORDER BY 1",
    )?;
    totals.blocked = blocked.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(totals)
}

/// Numbers and envelopes of the first live events behind a number, in the order of capture.
pub fn live_envelopes(connection: &Connection, behind: i64, count: u32) -> Result<Vec<(i64, Vec<u8>)>, JournalError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, payload FROM event_journal
         WHERE seq > ?1 AND archived_at IS NULL AND payload_purged_at IS NULL ORDER BY seq LIMIT ?2",
    )?;
    let rows = statement.query_map((behind, count), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The number of an event.
pub fn seq_of(connection: &Connection, event_id: &str) -> Result<Option<i64>, JournalError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM event_journal WHERE event_id = ?1")?;
    Ok(statement.query_row([event_id], |row| row.get(0)).optional()?)
}
