//! One event and a transaction enter; a row, or the reason why there is none, leaves.

use rusqlite::{OptionalExtension, Transaction, named_params, params};
use sha2::{Digest, Sha256};

use super::coalesce::{self, DeliveredAnywhere, Strategy};
use super::{AppendOutcome, JournalError, NewEvent, OVERSIZE, envelope};
use crate::generated::FamilyClassification;

/// The journal, with the two things that it asks others about.
pub struct Journal<'a> {
    /// Which events have a key.
    pub strategy: &'a dyn Strategy,
    /// Which bytes must stay.
    pub frozen: &'a dyn DeliveredAnywhere,
}

impl Journal<'_> {
    /// Puts an event into the journal. It is durable once the transaction is committed, and not before.
    pub fn append(
        &self,
        transaction: &Transaction<'_>,
        event: &NewEvent,
        now: &str,
    ) -> Result<AppendOutcome, JournalError> {
        let key = self
            .strategy
            .key(event)
            .map_err(|reason| JournalError::Coalesce { event_id: event.event_id.clone(), reason })?;
        if let Some(known) = known(transaction, event, now)? {
            return Ok(known);
        }
        let Some(key) = key else {
            insert(transaction, event, None, None, now)?;
            return Ok(AppendOutcome::Inserted);
        };
        if let Some((seq, into)) = coalesce::candidate(transaction, event, &key, self.frozen)?
            && let Some(payload) = envelope::with_event_id(&event.payload, &into)
        {
            collapse(transaction, event, seq, &into, &payload, now)?;
            return Ok(AppendOutcome::Collapsed { into });
        }
        let superseded = coalesce::previous(transaction, event, &key)?;
        insert(transaction, event, Some(&key), None, now)?;
        if let Some(superseded) = superseded {
            let mut marker =
                transaction.prepare_cached("INSERT OR IGNORE INTO coalesce_superseded VALUES (?1, ?2, ?3, ?4)")?;
            marker.execute((&superseded, &event.event_id, &key, now))?;
        }
        Ok(AppendOutcome::Inserted)
    }
}

/// Lets an event go that is not to be kept. What a server is to get, or nobody knows, goes only if evidence of it was
/// kept.
pub fn drop_unkept(event_id: &str, class: FamilyClassification, has_evidence: bool) -> Result<(), JournalError> {
    if class.is_discardable() || has_evidence {
        return Ok(());
    }
    Err(JournalError::TeamspaceBoundDrop { event_id: event_id.to_owned() })
}

/// What is to be said where the id is in the journal already.
fn known(transaction: &Transaction<'_>, event: &NewEvent, now: &str) -> Result<Option<AppendOutcome>, JournalError> {
    let (id, sha) = (&event.event_id, &event.payload_sha256);
    let mut stored = transaction.prepare_cached("SELECT payload_sha256 FROM event_journal WHERE event_id = ?1")?;
    let stored: Option<[u8; 32]> = stored.query_row([id], |row| row.get(0)).optional()?;
    // A row that took in a later event of its key does not hold its first bytes any more.
    let taken_up = match stored {
        None => "SELECT 1 FROM coalesce_collapsed WHERE event_id = ?1",
        Some(_) => "SELECT 1 FROM coalesce_collapsed WHERE into_event_id = ?1",
    };
    if stored == Some(*sha) || transaction.prepare_cached(taken_up)?.exists([id])? {
        return Ok(Some(AppendOutcome::AlreadyPresent));
    }
    if stored.is_none() {
        return Ok(None);
    }
    let mut evidence = transaction.prepare_cached("INSERT INTO capture_divergence VALUES (?1, ?2, ?3)")?;
    evidence.execute((id, &sha[..], now))?;
    Ok(Some(AppendOutcome::DivergentDuplicate))
}

/// Gives an event a row of its own.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    event: &NewEvent,
    key: Option<&str>,
    canonical: Option<&[u8; 32]>,
    created_at: &str,
) -> Result<(), JournalError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO event_journal (event_id, event_type, occurred_at, created_at, coalesce_key, drain_blocked_reason,
           project_uuid, project_slug, repo_slug, producer_scope, family_class, data_tier, payload_sha256, canonical_sha256,
           payload_size, validation_error, oversize, payload)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    statement.execute(params![
        event.event_id,
        event.event_type,
        event.occurred_at,
        created_at,
        key,
        event.drain_blocked_reason.map(crate::generated::DrainBlockedReason::as_str),
        event.project_uuid,
        event.project_slug,
        event.repo_slug,
        event.producer_scope,
        event.family_class.as_str(),
        event.data_tier,
        &event.payload_sha256[..],
        canonical.map(|canonical| &canonical[..]),
        size(&event.payload),
        event.validation_error,
        event.payload.len() > OVERSIZE,
        event.payload,
    ])?;
    let mut totals = transaction.prepare_cached(
        "UPDATE journal_totals SET live_events = live_events + 1, live_bytes = live_bytes + ?1 WHERE id = 1",
    )?;
    totals.execute([size(&event.payload)])?;
    Ok(())
}

fn collapse(
    transaction: &Transaction<'_>,
    event: &NewEvent,
    seq: i64,
    into: &str,
    payload: &[u8],
    now: &str,
) -> Result<(), JournalError> {
    let sha: [u8; 32] = Sha256::digest(payload).into();
    let mut statement = transaction.prepare_cached(
        "UPDATE event_journal SET payload = :payload, payload_sha256 = :sha, payload_size = :size, oversize = :oversize,
           occurred_at = :occurred_at, validation_error = :validation_error, data_tier = :data_tier WHERE seq = :seq",
    )?;
    statement.execute(named_params! {
        ":payload": payload,
        ":sha": &sha[..],
        ":size": size(payload),
        ":oversize": payload.len() > OVERSIZE,
        ":occurred_at": event.occurred_at,
        ":validation_error": event.validation_error,
        ":data_tier": event.data_tier,
        ":seq": seq,
    })?;
    let mut swallowed = transaction.prepare_cached("INSERT INTO coalesce_collapsed VALUES (?1, ?2, ?3)")?;
    swallowed.execute((&event.event_id, into, now))?;
    Ok(())
}

fn size(payload: &[u8]) -> i64 {
    i64::try_from(payload.len()).expect("SQLite takes no value of more than 2^31 bytes")
}
