//! What a receiver said of events enters; the ledger's rows leave, in which a delivered event stays delivered.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::receivers::{Answer, Verdict};
use crate::generated::{DeliveryEvent, DeliveryOutcome, DeliveryStatus, EffectCertainty, delivery_flow, ledger_codes};
use crate::journal::coalesce::DeliveredAnywhere;
use crate::store::StoreError;
use event_contracts::support::Next;

/// Why the ledger was not written. The whole batch is undone.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger holds a code that no status has.
    #[error("the ledger holds the unknown status {code}")]
    UnknownStatus {
        /// The code.
        code: i64,
    },
    /// What was asked for is not allowed in this state.
    #[error("event `{event_id}` is {status} there already: only `redrain` sends it again")]
    Delivered {
        /// The event.
        event_id: String,
        /// Where it stands.
        status: &'static str,
    },
    /// No such event is known at that target.
    #[error("event `{event_id}` has not been tried at this target")]
    Untried {
        /// The event.
        event_id: String,
    },
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        LedgerError::Store(error.into())
    }
}

/// A target as the ledger knows it.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// Its number in this store.
    pub target_pk: i64,
    /// What was delivered in an earlier epoch is open again.
    pub epoch: i64,
}

/// The status that a code stands for.
pub fn status(code: i64) -> Result<DeliveryStatus, LedgerError> {
    let known = DeliveryStatus::ALL.iter().find(|status| ledger_codes::code(**status) == code);
    known.copied().ok_or(LedgerError::UnknownStatus { code })
}

fn code(status: DeliveryStatus) -> i64 {
    ledger_codes::code(status)
}

/// Tells from the ledger whether a server has an event, or may have it.
#[derive(Debug, Clone, Copy)]
pub struct LedgerFacts;

impl DeliveredAnywhere for LedgerFacts {
    fn is_frozen(&self, connection: &Connection, seq: i64) -> rusqlite::Result<bool> {
        let mut statement = connection.prepare_cached(
            "SELECT 1 FROM delivery_ledger WHERE seq = ?1 AND (ever_delivered_at IS NOT NULL OR maybe_effective = 1)
             UNION ALL SELECT 1 FROM in_flight WHERE seq = ?1",
        )?;
        statement.exists([seq])
    }
}

/// Records what an answer says of the events that it decides. One transaction of the caller holds the whole answer.
pub fn record(
    transaction: &Transaction<'_>,
    account: Account,
    batch_id: &str,
    started_at: &str,
    answer: &Answer,
    now: &str,
) -> Result<(), LedgerError> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for verdict in &answer.verdicts {
        *counts.entry(verdict.outcome.as_str()).or_default() += 1;
    }
    let counts = serde_json::to_string(&counts).expect("a map of numbers is JSON");
    let mut attempt = transaction.prepare_cached(
        "INSERT INTO delivery_attempts (target_pk, batch_id, started_at, finished_at, http_status, outcome_counts_json,
           request_bytes, effect_certainty) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let bytes = i64::try_from(answer.request_bytes).unwrap_or(i64::MAX);
    let certainty = answer.certainty.as_str();
    let id =
        attempt.insert((account.target_pk, batch_id, started_at, now, answer.http_status, counts, bytes, certainty))?;
    for verdict in &answer.verdicts {
        note_attempt(transaction, id, verdict)?;
        settle(transaction, account, verdict, now)?;
    }
    Ok(())
}

fn note_attempt(transaction: &Transaction<'_>, attempt: i64, verdict: &Verdict) -> Result<(), LedgerError> {
    let mut statement = transaction.prepare_cached("INSERT OR REPLACE INTO attempt_events VALUES (?1, ?2, ?3)")?;
    statement.execute((attempt, verdict.seq, verdict.outcome.as_str()))?;
    Ok(())
}

/// Brings one row to where the outcome takes it, and lets the event go out of flight.
fn settle(transaction: &Transaction<'_>, account: Account, verdict: &Verdict, now: &str) -> Result<(), LedgerError> {
    let present = present(transaction, account.target_pk, verdict.seq)?;
    match delivery_flow::next(present, verdict.outcome.input()) {
        Next::To(status) => write(transaction, account, verdict, status, now)?,
        // Late news of a delivered event change nothing; the attempt itself is recorded.
        Next::Stay => {}
        Next::Refuse => unreachable!("the machine takes every outcome in every state"),
    }
    let mut landed = transaction.prepare_cached("DELETE FROM in_flight WHERE target_pk = ?1 AND seq = ?2")?;
    landed.execute((account.target_pk, verdict.seq))?;
    if matches!(verdict.outcome, DeliveryOutcome::Success | DeliveryOutcome::Duplicate) {
        let mut open = transaction.prepare_cached(
            "UPDATE event_journal SET drain_blocked_reason = NULL WHERE seq = ?1 AND drain_blocked_reason IS NOT NULL",
        )?;
        open.execute([verdict.seq])?;
    }
    Ok(())
}

fn present(transaction: &Transaction<'_>, target_pk: i64, seq: i64) -> Result<Option<DeliveryStatus>, LedgerError> {
    let mut statement =
        transaction.prepare_cached("SELECT status FROM delivery_ledger WHERE target_pk = ?1 AND seq = ?2")?;
    statement.query_row((target_pk, seq), |row| row.get(0)).optional()?.map(status).transpose()
}

fn write(
    transaction: &Transaction<'_>,
    account: Account,
    verdict: &Verdict,
    status: DeliveryStatus,
    now: &str,
) -> Result<(), LedgerError> {
    let is_delivered = status.is_terminal_success();
    let is_rejected = verdict.outcome == DeliveryOutcome::Rejected;
    let is_pending = verdict.outcome == DeliveryOutcome::Pending;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO delivery_ledger (target_pk, seq, status, attempt_count, first_attempted_at, last_attempted_at,
           accepted_at, completed_at, server_drain_state, last_http_status, last_error, last_response_json,
           rejection_count, last_rejection_error, error_category, ever_delivered_at, delivered_epoch, maybe_effective)
         VALUES (:target, :seq, :status, 1, :now, :now, :accepted_at, :completed_at, :drain_state, :http_status, :error,
           :response, :rejections, :rejection, :category, :delivered_at, :epoch, :maybe_effective)
         ON CONFLICT (target_pk, seq) DO UPDATE SET
           status = excluded.status, attempt_count = attempt_count + 1,
           last_attempted_at = max(last_attempted_at, excluded.last_attempted_at),
           accepted_at = coalesce(excluded.accepted_at, accepted_at),
           completed_at = coalesce(excluded.completed_at, completed_at),
           server_drain_state = coalesce(excluded.server_drain_state, server_drain_state),
           last_http_status = coalesce(excluded.last_http_status, last_http_status),
           last_error = coalesce(excluded.last_error, last_error),
           last_response_json = coalesce(excluded.last_response_json, last_response_json),
           rejection_count = rejection_count + excluded.rejection_count,
           last_rejection_error = coalesce(excluded.last_rejection_error, last_rejection_error),
           error_category = coalesce(excluded.error_category, error_category),
           ever_delivered_at = coalesce(ever_delivered_at, excluded.ever_delivered_at),
           delivered_epoch = coalesce(excluded.delivered_epoch, delivered_epoch),
           maybe_effective = max(maybe_effective, excluded.maybe_effective)",
    )?;
    let ends = is_delivered || status == DeliveryStatus::TerminalFailed;
    statement.execute(named_params! {
        ":target": account.target_pk,
        ":seq": verdict.seq,
        ":status": code(status),
        ":now": now,
        ":accepted_at": is_pending.then_some(now),
        ":completed_at": ends.then_some(now),
        ":drain_state": is_pending.then_some("pending"),
        ":http_status": verdict.http_status,
        ":error": verdict.error,
        ":response": verdict.raw,
        ":rejections": i64::from(is_rejected),
        ":rejection": verdict.error.as_ref().filter(|_| is_rejected),
        ":category": verdict.category.map(crate::generated::ErrorCategory::as_str),
        ":delivered_at": is_delivered.then_some(now),
        ":epoch": is_delivered.then_some(account.epoch),
        ":maybe_effective": is_maybe_effective(verdict.certainty),
    })?;
    Ok(())
}

fn is_maybe_effective(certainty: EffectCertainty) -> bool {
    certainty.is_maybe_effective()
}

/// Makes a parked event selectable again; true where that changed anything.
pub fn requeue(transaction: &Transaction<'_>, account: Account, event_id: &str, seq: i64) -> Result<bool, LedgerError> {
    let Some(present) = present(transaction, account.target_pk, seq)? else {
        return Err(LedgerError::Untried { event_id: event_id.to_owned() });
    };
    match delivery_flow::next(Some(present), DeliveryEvent::Requeue) {
        Next::To(status) => {
            set_status(transaction, account, seq, status)?;
            Ok(status != present)
        }
        Next::Stay => Ok(false),
        Next::Refuse => Err(LedgerError::Delivered { event_id: event_id.to_owned(), status: present.as_str() }),
    }
}

/// Opens everything that this target has for another delivery, and what is parked there too. Its history stays.
pub fn redrain(transaction: &Transaction<'_>, target_pk: i64) -> Result<i64, LedgerError> {
    let epoch: i64 = transaction.query_row(
        "SELECT redrain_epoch FROM delivery_targets WHERE target_pk = ?1",
        [target_pk],
        |row| row.get(0),
    )?;
    let account = Account { target_pk, epoch };
    let mut found = transaction.prepare(
        "SELECT seq, status FROM delivery_ledger
         WHERE target_pk = ?1 AND (status = 6 OR (status IN (1, 2) AND delivered_epoch = ?2))",
    )?;
    let rows: Vec<(i64, i64)> =
        found.query_map((target_pk, epoch), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut reopened = 0;
    for (seq, code) in rows {
        match delivery_flow::next(Some(status(code)?), DeliveryEvent::Redrain) {
            Next::To(status) => set_status(transaction, account, seq, status)?,
            Next::Stay => {}
            Next::Refuse => continue,
        }
        reopened += 1;
    }
    transaction
        .execute("UPDATE delivery_targets SET redrain_epoch = redrain_epoch + 1 WHERE target_pk = ?1", [target_pk])?;
    Ok(reopened)
}

fn set_status(
    transaction: &Transaction<'_>,
    account: Account,
    seq: i64,
    status: DeliveryStatus,
) -> Result<(), LedgerError> {
    let mut statement =
        transaction.prepare_cached("UPDATE delivery_ledger SET status = ?3 WHERE target_pk = ?1 AND seq = ?2")?;
    statement.execute((account.target_pk, seq, code(status)))?;
    Ok(())
}

/// Events that are parked at a target, of one category of errors or of all.
pub fn parked(
    connection: &Connection,
    target_pk: i64,
    category: Option<&str>,
) -> Result<Vec<(i64, String)>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.seq, j.event_id FROM delivery_ledger l JOIN event_journal j USING (seq)
         WHERE l.target_pk = ?1 AND l.status = 6 AND (?2 IS NULL OR l.error_category = ?2) ORDER BY l.seq",
    )?;
    let rows = statement.query_map((target_pk, category), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
