//! The store enters; whether it holds what it says it holds leaves. Everything is read, nothing is written.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::store::StoreError;

/// Differences beyond these are not listed.
const MOST_LISTED: usize = 20;

/// What `SQLite` finds wrong with its file.
pub fn damage(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut foreign = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = foreign.query([])?;
    let mut damage: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
    while let Some(row) = rows.next()? {
        damage.push(format!("a row of `{}` refers to one that is not there", row.get::<_, String>(0)?));
    }
    Ok(damage)
}

/// Counters that are not what a count gives.
pub fn miscounts(connection: &Connection) -> Result<Vec<String>, StoreError> {
    // Of one moment, whoever writes meanwhile.
    let connection = &*connection.unchecked_transaction()?;
    let mut wrong = Vec::new();
    let live = "archived_at IS NULL AND payload_purged_at IS NULL";
    let recounts = [
        ("live_events", format!("SELECT count(*) FROM event_journal WHERE {live}")),
        ("live_bytes", format!("SELECT coalesce(sum(payload_size), 0) FROM event_journal WHERE {live}")),
        ("archived", "SELECT count(*) FROM event_journal WHERE archived_at IS NOT NULL".to_owned()),
        ("purged", "SELECT count(*) FROM event_journal WHERE payload_purged_at IS NOT NULL".to_owned()),
    ];
    for (counter, recount) in recounts {
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let (kept, counted) = (number(&format!("SELECT {counter} FROM journal_totals"))?, number(&recount)?);
        if kept != counted {
            wrong.push(format!("`{counter}` is {kept}, counted {counted}"));
        }
    }
    let mut differing = connection.prepare(
        "WITH counted AS (
           SELECT l.target_pk, l.status, count(*) AS n FROM delivery_ledger l JOIN delivery_targets t USING (target_pk)
           WHERE l.status > 2 OR l.delivered_epoch = t.redrain_epoch GROUP BY 1, 2)
         SELECT target_pk, status, coalesce(k.n, 0), coalesce(c.n, 0)
         FROM status_counters k FULL OUTER JOIN counted c USING (target_pk, status)
         WHERE coalesce(k.n, 0) <> coalesce(c.n, 0)",
    )?;
    let mut rows = differing.query([])?;
    while let Some(row) = rows.next()? {
        let (target, status): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (kept, counted): (i64, i64) = (row.get(2)?, row.get(3)?);
        wrong.push(format!("target {target}, status {status}: {kept} is kept, {counted} counted"));
    }
    Ok(wrong)
}

/// Open events that no drain would find: they lie before the mark of their project, and the index of open rows lacks them.
pub fn passed_over(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT t.target_id, p.project_uuid, count(*) FROM target_progress p
         JOIN delivery_targets t ON t.target_pk = p.target_pk AND t.redrain_epoch = p.epoch
         CROSS JOIN event_journal j ON j.project_uuid = p.project_uuid AND j.seq <= p.low_water_seq
         LEFT JOIN delivery_ledger l ON l.target_pk = p.target_pk AND l.seq = j.seq
         WHERE j.archived_at IS NULL AND j.payload_purged_at IS NULL AND j.data_tier >= 0
           AND (l.status IS NULL OR (l.status < 3 AND l.delivered_epoch < p.epoch)) GROUP BY 1, 2",
    )?;
    let rows = statement.query_map([], |row| {
        let (target, project, count): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("target {target}, project {project}: {count} before its mark would not be sent"))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Events whose bytes are not those that were captured.
pub fn changed_payloads(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT event_id, payload, payload_sha256 FROM event_journal WHERE payload_purged_at IS NULL ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let mut changed = Vec::new();
    while let Some(row) = rows.next()? {
        let sha: [u8; 32] = Sha256::digest(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?).into();
        if row.get::<_, [u8; 32]>(2)? != sha && changed.len() < MOST_LISTED {
            changed.push(row.get(0)?);
        }
    }
    Ok(changed)
}
