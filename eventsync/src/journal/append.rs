//! One event and a transaction enter; a row, or the reason why there is none, leaves.

use rusqlite::{OptionalExtension, Transaction, named_params};
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
        let sha: [u8; 32] = Sha256::digest(&event.payload).into();
        if let Some(known) = known(transaction, event, &sha, now)? {
            return Ok(known);
        }
        let Some(key) = key else {
            insert(transaction, event, None, &sha, None, now)?;
            return Ok(AppendOutcome::Inserted);
        };
        if let Some((seq, into)) = coalesce::candidate(transaction, event, &key, self.frozen)?
            && let Some(payload) = envelope::with_event_id(&event.payload, &into)
        {
            collapse(transaction, event, seq, &into, &payload, now)?;
            return Ok(AppendOutcome::Collapsed { into });
        }
        let superseded = coalesce::previous(transaction, event, &key)?;
        insert(transaction, event, Some(&key), &sha, None, now)?;
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
fn known(
    transaction: &Transaction<'_>,
    event: &NewEvent,
    sha: &[u8; 32],
    now: &str,
) -> Result<Option<AppendOutcome>, JournalError> {
    let id = &event.event_id;
    let mut stored = transaction.prepare_cached("SELECT payload_sha256 FROM event_journal WHERE event_id = ?1")?;
    let stored: Option<[u8; 32]> = stored.query_row([id], |row| row.get(0)).optional()?;
    let mut collapsed =
        transaction.prepare_cached("SELECT 1 FROM coalesce_collapsed WHERE event_id = ?1 OR into_event_id = ?1")?;
    let Some(stored) = stored else {
        return Ok(collapsed.exists([id])?.then_some(AppendOutcome::AlreadyPresent));
    };
    // A row that took in a later event of its key does not hold its first bytes any more.
    if stored == *sha || collapsed.exists([id])? {
        return Ok(Some(AppendOutcome::AlreadyPresent));
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
    sha: &[u8; 32],
    canonical: Option<&[u8; 32]>,
    created_at: &str,
) -> Result<(), JournalError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO event_journal (event_id, event_type, occurred_at, created_at, coalesce_key, drain_blocked_reason,
           project_uuid, project_slug, repo_slug, producer_scope, family_class, data_tier, payload_sha256, canonical_sha256,
           payload_size, validation_error, oversize, payload)
         VALUES (:event_id, :event_type, :occurred_at, :created_at, :key, :reason, :project_uuid, :project_slug, :repo_slug,
           :producer_scope, :family_class, :data_tier, :sha, :canonical, :size, :validation_error, :oversize, :payload)",
    )?;
    statement.execute(named_params! {
        ":event_id": event.event_id,
        ":event_type": event.event_type,
        ":occurred_at": event.occurred_at,
        ":created_at": created_at,
        ":key": key,
        ":reason": event.drain_blocked_reason.map(crate::generated::DrainBlockedReason::as_str),
        ":project_uuid": event.project_uuid,
        ":project_slug": event.project_slug,
        ":repo_slug": event.repo_slug,
        ":producer_scope": event.producer_scope,
        ":family_class": event.family_class.as_str(),
        ":data_tier": event.data_tier,
        ":sha": &sha[..],
        ":canonical": canonical.map(|canonical| &canonical[..]),
        ":size": size(&event.payload),
        ":validation_error": event.validation_error,
        ":oversize": event.payload.len() > OVERSIZE,
        ":payload": event.payload,
    })?;
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
