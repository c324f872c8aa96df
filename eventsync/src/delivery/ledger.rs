//! What a receiver said of events enters; the ledger's rows leave, in which a delivered event stays delivered.

use std::collections::BTreeMap;

use rusqlite::{Connection, Statement, Transaction, params};

use super::receivers::{Answer, Verdict};
use super::runs::{self, Run};
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
            "SELECT 1 FROM delivery_targets t CROSS JOIN delivery_ledger l USING (target_pk)
             WHERE l.seq = ?1 AND (l.ever_delivered_at IS NOT NULL OR l.maybe_effective = 1)
             UNION ALL SELECT 1 FROM in_flight WHERE ?1 BETWEEN first_seq AND last_seq",
        )?;
        statement.exists([seq])
    }

    fn reopen(&self, transaction: &Transaction<'_>, seq: i64) -> rusqlite::Result<()> {
        let parked = DeliveryStatus::TerminalFailed;
        let Next::To(open) = delivery_flow::next(Some(parked), DeliveryEvent::Requeue) else { return Ok(()) };
        let mut statement = transaction.prepare_cached(
            "UPDATE delivery_ledger SET status = ?2
             WHERE target_pk IN (SELECT target_pk FROM delivery_targets) AND seq = ?1 AND status = ?3",
        )?;
        statement.execute((seq, code(open), code(parked)))?;
        Ok(())
    }
}

/// Records what an answer says of the events that it decides, and lets them go out of flight. One transaction of the caller
/// holds the whole answer. False where an event is still to be sent that the index of open rows does not show: it was
/// delivered in an earlier epoch, and not in this one.
pub fn record(
    transaction: &Transaction<'_>,
    account: Account,
    batch_id: &str,
    started_at: &str,
    answer: &Answer,
    now: &str,
) -> Result<bool, LedgerError> {
    let outcomes = runs::runs(answer.verdicts.iter().map(|verdict| (verdict.seq, verdict.outcome)));
    note_attempt(transaction, account, (batch_id, started_at, now), answer, &outcomes)?;
    let numbers = runs::plain(answer.verdicts.iter().map(|verdict| verdict.seq));
    let present = present(transaction, account.target_pk, &numbers)?;
    let (mut insert, mut update) = (transaction.prepare_cached(INSERT)?, transaction.prepare_cached(UPDATE)?);
    let mut is_shown = true;
    let mut new: BTreeMap<DeliveryStatus, u32> = BTreeMap::new();
    for verdict in &answer.verdicts {
        let present = present.get(&verdict.seq).copied();
        match delivery_flow::next(present, verdict.outcome.input()) {
            Next::To(status) if present.is_none() => {
                write(&mut insert, account, verdict, status, now)?;
                *new.entry(status).or_default() += 1;
            }
            Next::To(status) => write(&mut update, account, verdict, status, now)?,
            // Late news of a delivered event change nothing; the attempt itself is recorded.
            Next::Stay => is_shown &= !present.is_some_and(DeliveryStatus::is_terminal_success),
            Next::Refuse => unreachable!("the machine takes every outcome in every state"),
        }
    }
    count(transaction, account, &new)?;
    runs::land(transaction, account.target_pk, &numbers)?;
    unblock(transaction, &outcomes)?;
    Ok(is_shown)
}

fn note_attempt(
    transaction: &Transaction<'_>,
    account: Account,
    (batch_id, started_at, now): (&str, &str, &str),
    answer: &Answer,
    outcomes: &[(Run, DeliveryOutcome)],
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
    let mut said = transaction.prepare_cached("INSERT INTO attempt_events VALUES (?1, ?2, ?3, ?4)")?;
    for (run, outcome) in outcomes {
        said.execute((id, run.first, run.last, outcome.as_str()))?;
    }
    Ok(())
}

/// What is delivered waits for nothing any more.
fn unblock(transaction: &Transaction<'_>, outcomes: &[(Run, DeliveryOutcome)]) -> Result<(), LedgerError> {
    let mut open = transaction.prepare_cached(
        "UPDATE event_journal INDEXED BY journal_blocked SET drain_blocked_reason = NULL
         WHERE drain_blocked_reason IS NOT NULL AND seq BETWEEN ?1 AND ?2",
    )?;
    for (run, outcome) in outcomes {
        if matches!(outcome, DeliveryOutcome::Success | DeliveryOutcome::Duplicate) {
            open.execute((run.first, run.last))?;
        }
    }
    Ok(())
}

/// Where events stand at a target; those that were never tried there are left out.
fn present(
    transaction: &Transaction<'_>,
    target_pk: i64,
    runs: &[Run],
) -> Result<BTreeMap<i64, DeliveryStatus>, LedgerError> {
    let mut statement = transaction
        .prepare_cached("SELECT seq, status FROM delivery_ledger WHERE target_pk = ?1 AND seq BETWEEN ?2 AND ?3")?;
    let mut present = BTreeMap::new();
    for run in runs {
        let mut rows = statement.query((target_pk, run.first, run.last))?;
        while let Some(row) = rows.next()? {
            present.insert(row.get(0)?, status(row.get(1)?)?);
        }
    }
    Ok(present)
}

/// Counts rows that are new, as a trigger does with those that change. A delivered row counts while its epoch is the target's.
fn count(
    transaction: &Transaction<'_>,
    account: Account,
    new: &BTreeMap<DeliveryStatus, u32>,
) -> Result<(), LedgerError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO status_counters SELECT target_pk, ?2, ?3 FROM delivery_targets
         WHERE target_pk = ?1 AND (?2 > 2 OR redrain_epoch = ?4)
         ON CONFLICT (target_pk, status) DO UPDATE SET n = n + excluded.n",
    )?;
    for (status, number) in new {
        statement.execute((account.target_pk, code(*status), number, account.epoch))?;
    }
    Ok(())
}

/// The first thing that is known of an event at a target.
const INSERT: &str =
    "INSERT INTO delivery_ledger (target_pk, seq, status, attempt_count, first_attempted_at, last_attempted_at,
       accepted_at, completed_at, server_drain_state, last_http_status, last_error, last_response_json,
       rejection_count, last_rejection_error, error_category, ever_delivered_at, delivered_epoch, maybe_effective)
     VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

/// What became of it later. What was known stays, where nothing new is said of it.
const UPDATE: &str = "UPDATE delivery_ledger SET
       status = ?3, attempt_count = attempt_count + 1, last_attempted_at = max(last_attempted_at, ?4),
       accepted_at = coalesce(?5, accepted_at), completed_at = coalesce(?6, completed_at),
       server_drain_state = coalesce(?7, server_drain_state), last_http_status = coalesce(?8, last_http_status),
       last_error = coalesce(?9, last_error), last_response_json = coalesce(?10, last_response_json),
       rejection_count = rejection_count + ?11, last_rejection_error = coalesce(?12, last_rejection_error),
       error_category = coalesce(?13, error_category), ever_delivered_at = coalesce(ever_delivered_at, ?14),
       delivered_epoch = coalesce(?15, delivered_epoch), maybe_effective = max(maybe_effective, ?16)
     WHERE target_pk = ?1 AND seq = ?2";

fn write(
    statement: &mut Statement<'_>,
    account: Account,
    verdict: &Verdict,
    status: DeliveryStatus,
    now: &str,
) -> Result<(), LedgerError> {
    let is_delivered = status.is_terminal_success();
    let is_rejected = verdict.outcome == DeliveryOutcome::Rejected;
    let is_pending = verdict.outcome == DeliveryOutcome::Pending;
    let ends = is_delivered || status == DeliveryStatus::TerminalFailed;
    // By number: looking sixteen names up took longer than writing the row.
    statement.execute(params![
        account.target_pk,
        verdict.seq,
        code(status),
        now,
        is_pending.then_some(now),
        ends.then_some(now),
        is_pending.then_some("pending"),
        verdict.http_status,
        verdict.error,
        verdict.raw,
        i64::from(is_rejected),
        verdict.error.as_ref().filter(|_| is_rejected),
        verdict.category.map(crate::generated::ErrorCategory::as_str),
        is_delivered.then_some(now),
        is_delivered.then_some(account.epoch),
        is_maybe_effective(verdict.certainty),
    ])?;
    Ok(())
}

fn is_maybe_effective(certainty: EffectCertainty) -> bool {
    certainty.is_maybe_effective()
}

/// Makes a parked event selectable again; true where that changed anything.
pub fn requeue(transaction: &Transaction<'_>, account: Account, event_id: &str, seq: i64) -> Result<bool, LedgerError> {
    let found = present(transaction, account.target_pk, &[Run { first: seq, last: seq }])?;
    let Some(present) = found.get(&seq).copied() else {
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
        "SELECT l.seq, l.status, j.payload_purged_at IS NULL FROM delivery_ledger l JOIN event_journal j USING (seq)
         WHERE l.target_pk = ?1 AND (l.status = 6 OR (l.status IN (1, 2) AND l.delivered_epoch = ?2))",
    )?;
    let rows = found.query_map((target_pk, epoch), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(i64, i64, bool)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut reopened = 0;
    for (seq, code, has_bytes) in rows {
        match delivery_flow::next(Some(status(code)?), DeliveryEvent::Redrain) {
            Next::To(status) => set_status(transaction, account, seq, status)?,
            Next::Stay => {}
            Next::Refuse => continue,
        }
        // What `gc` freed cannot be sent again.
        reopened += i64::from(has_bytes);
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
