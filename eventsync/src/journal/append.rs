//! A transaction and events enter; a row for each, or the reason why there is none, leaves.

use rusqlite::{CachedStatement, OptionalExtension, Transaction, named_params, params};
use sha2::{Digest, Sha256};

use super::coalesce::{self, Coalescing};
use super::{AppendOutcome, JournalError, NewEvent, OVERSIZE, envelope};
use crate::generated::FamilyClassification;
use crate::store::StoreError;

/// The journal within a transaction. What is put into it is counted when it is closed.
pub struct Journal<'t> {
    transaction: &'t Transaction<'t>,
    // Asked and made for every event, so that they are looked up once.
    stored: CachedStatement<'t>,
    collapsed: CachedStatement<'t>,
    insert: CachedStatement<'t>,
    added: i64,
    added_bytes: i64,
}

impl<'t> Journal<'t> {
    /// Opens the journal for the events of a transaction.
    pub fn open(transaction: &'t Transaction<'t>) -> Result<Self, StoreError> {
        Ok(Journal {
            transaction,
            stored: transaction.prepare_cached("SELECT payload_sha256 FROM event_journal WHERE event_id = ?1")?,
            collapsed: transaction.prepare_cached("SELECT 1 FROM coalesce_collapsed WHERE event_id = ?1")?,
            insert: transaction.prepare_cached(INSERT)?,
            added: 0,
            added_bytes: 0,
        })
    }

    /// Counts what was added. Nothing of it is durable before the transaction is committed.
    pub fn close(self) -> Result<(), StoreError> {
        let mut totals = self.transaction.prepare_cached(
            "UPDATE journal_totals SET live_events = live_events + ?1, live_bytes = live_bytes + ?2 WHERE id = 1",
        )?;
        totals.execute((self.added, self.added_bytes))?;
        Ok(())
    }

    /// Puts an event into the journal.
    pub fn append(
        &mut self,
        event: &NewEvent,
        coalescing: Coalescing<'_>,
        now: &str,
    ) -> Result<AppendOutcome, JournalError> {
        let key = coalescing
            .strategy
            .key(event)
            .map_err(|reason| JournalError::Coalesce { event_id: event.event_id.clone(), reason })?;
        if let Some(known) = self.known(event, now)? {
            return Ok(known);
        }
        let Some(key) = key else {
            self.insert(event, None, None, now)?;
            return Ok(AppendOutcome::Inserted);
        };
        let transaction = self.transaction;
        if let Some((seq, into)) = coalesce::candidate(transaction, event, &key, coalescing.frozen)?
            && let Some(payload) = envelope::with_event_id(&event.payload, &into)
        {
            collapse(transaction, event, seq, &into, &payload, now)?;
            coalescing.frozen.reopen(transaction, seq).map_err(StoreError::from)?;
            return Ok(AppendOutcome::Collapsed { into });
        }
        let superseded = coalesce::previous(transaction, event, &key)?;
        self.insert(event, Some(&key), None, now)?;
        if let Some(superseded) = superseded {
            let mut marker =
                transaction.prepare_cached("INSERT OR IGNORE INTO coalesce_superseded VALUES (?1, ?2, ?3, ?4)")?;
            marker.execute((&superseded, &event.event_id, &key, now))?;
        }
        Ok(AppendOutcome::Inserted)
    }

    /// Puts an event into the journal that another program kept and that is not there yet, with the key and the time that it
    /// came with. It takes up no other event: that is for what happens now.
    pub fn import(
        &mut self,
        event: &NewEvent,
        coalesce_key: Option<&str>,
        canonical_sha256: &[u8; 32],
        created_at: &str,
    ) -> Result<(), JournalError> {
        self.insert(event, coalesce_key, Some(canonical_sha256), created_at)
    }

    /// What is to be said where the id is in the journal already.
    fn known(&mut self, event: &NewEvent, now: &str) -> Result<Option<AppendOutcome>, JournalError> {
        let (id, sha) = (&event.event_id, &event.payload_sha256);
        let stored: Option<[u8; 32]> = self.stored.query_row([id], |row| row.get(0)).optional()?;
        let Some(stored) = stored else {
            return Ok(self.collapsed.exists([id])?.then_some(AppendOutcome::AlreadyPresent));
        };
        let taken_up = "SELECT 1 FROM coalesce_collapsed WHERE into_event_id = ?1";
        // A row that took in a later event of its key does not hold its first bytes any more.
        if stored == *sha || self.transaction.prepare_cached(taken_up)?.exists([id])? {
            return Ok(Some(AppendOutcome::AlreadyPresent));
        }
        let mut evidence = self.transaction.prepare_cached("INSERT INTO capture_divergence VALUES (?1, ?2, ?3)")?;
        evidence.execute((id, &sha[..], now))?;
        Ok(Some(AppendOutcome::DivergentDuplicate))
    }

    /// Gives an event a row of its own.
    fn insert(
        &mut self,
        event: &NewEvent,
        key: Option<&str>,
        canonical: Option<&[u8; 32]>,
        created_at: &str,
    ) -> Result<(), JournalError> {
        self.insert.execute(params![
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
        self.added += 1;
        self.added_bytes += size(&event.payload);
        Ok(())
    }
}

const INSERT: &str = "INSERT INTO event_journal (event_id, event_type, occurred_at, created_at, coalesce_key,
    drain_blocked_reason, project_uuid, project_slug, repo_slug, producer_scope, family_class, data_tier, payload_sha256,
    canonical_sha256, payload_size, validation_error, oversize, payload)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Lets an event go that is not to be kept. What a server is to get, or nobody knows, goes only if evidence of it was
/// kept.
pub fn drop_unkept(event_id: &str, class: FamilyClassification, has_evidence: bool) -> Result<(), JournalError> {
    if class.is_discardable() || has_evidence {
        return Ok(());
    }
    Err(JournalError::TeamspaceBoundDrop { event_id: event_id.to_owned() })
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
           canonical_sha256 = NULL, occurred_at = :occurred_at, validation_error = :validation_error, data_tier = :data_tier WHERE seq = :seq",
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
