//! A selection enters; a batch that is on its way leaves, and later what was said of it is recorded.

use rusqlite::{Connection, Transaction};

use super::DispatchError;
use super::pieces::Piece;
use super::select::{self, Scope, Selected};
use crate::delivery::batch::Undecodable;
use crate::delivery::ledger::{self, Account};
use crate::delivery::receivers::{Answer, Verdict};
use crate::delivery::runs;
use crate::generated::{AnswerStep, DeliveryOutcome, DrainBlockedReason, EffectCertainty, ErrorCategory, HttpAnswer};
use crate::journal;

/// A batch on its way: its events are frozen.
pub(super) struct Flight {
    pub id: String,
    pub selected: Selected,
    pub last_seq: i64,
}

/// What was selected while a request was on its way. It counts as long as nobody else wrote to the store since.
pub(super) struct Ahead {
    pub data_version: i64,
    /// Events and bytes that it was to have at most.
    pub room: (usize, usize),
    pub selected: Selected,
}

/// An answer that is not on record yet.
pub(super) struct Answered {
    pub answer: Answer,
    pub started: String,
}

impl Flight {
    /// Freezes the bytes of a batch before anything of it can reach a server; what cannot be sent is parked.
    pub fn take_off(&self, transaction: &Transaction<'_>, account: Account, now: &str) -> Result<bool, DispatchError> {
        let numbers = runs::plain(self.selected.batch.events().iter().map(|event| event.seq));
        runs::take_off(transaction, account.target_pk, &numbers, &self.id, now)?;
        let mut lease = transaction
            .prepare_cached("UPDATE dispatch_lease SET heartbeat_at = ?2, batch_id = ?3 WHERE target_pk = ?1")?;
        lease.execute((account.target_pk, now, &self.id))?;
        if self.selected.undecodable.is_empty() {
            return Ok(true);
        }
        Ok(ledger::record(transaction, account, &self.id, now, &parked(&self.selected.undecodable), now)?)
    }
}

impl Ahead {
    pub fn look(
        connection: &Connection,
        account: Account,
        scope: &Scope,
        from: (&str, i64),
        room: (usize, usize),
    ) -> Result<Self, DispatchError> {
        let data_version = data_version(connection)?;
        Ok(Ahead { data_version, room, selected: select::next(connection, account, scope, from, room)? })
    }
}

impl Answered {
    pub fn record(
        &self,
        transaction: &Transaction<'_>,
        account: Account,
        batch_id: &str,
        now: &str,
    ) -> Result<bool, DispatchError> {
        let is_shown = ledger::record(transaction, account, batch_id, &self.started, &self.answer, now)?;
        note_reason(transaction, &self.answer)?;
        Ok(is_shown)
    }
}

/// Changes when another program, or another connection of this one, wrote to the store.
pub(super) fn data_version(connection: &Connection) -> Result<i64, DispatchError> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}

/// Why events wait now, for those who look at the journal.
fn note_reason(transaction: &Transaction<'_>, answer: &Answer) -> Result<(), DispatchError> {
    let reason = match answer.kind {
        HttpAnswer::Transport => DrainBlockedReason::NetworkUnavailable,
        HttpAnswer::Forbidden403 => DrainBlockedReason::PrivateTeamspaceGate,
        _ => return Ok(()),
    };
    let blocked = answer.verdicts.iter().map(|verdict| verdict.seq);
    Ok(journal::note_blocked(transaction, blocked, reason)?)
}

/// What is said of events whose bytes no server could read.
pub(super) fn parked(undecodable: &[Undecodable]) -> Answer {
    unsent(undecodable.iter().map(|event| Verdict {
        seq: event.seq,
        event_id: event.event_id.clone(),
        outcome: DeliveryOutcome::TerminalFailed,
        http_status: None,
        error: Some(format!("its bytes cannot be read: {}", event.reason)),
        category: Some(ErrorCategory::PayloadUndecodable),
        raw: None,
        certainty: EffectCertainty::KnownNoEffect,
    }))
}

/// What is said of the rest of a batch that took too many requests.
pub(super) fn given_up(pieces: &[Piece<'_>]) -> Answer {
    unsent(pieces.iter().flat_map(|piece| &piece.events).map(|event| Verdict {
        seq: event.seq,
        event_id: event.event_id.clone(),
        outcome: DeliveryOutcome::Transient,
        http_status: None,
        error: Some("not sent alone yet: the pass made as many requests as it may".to_owned()),
        category: Some(ErrorCategory::RetryableTransport),
        raw: None,
        certainty: EffectCertainty::KnownNoEffect,
    }))
}

/// Verdicts that no server gave.
fn unsent(verdicts: impl Iterator<Item = Verdict>) -> Answer {
    Answer {
        kind: HttpAnswer::Other,
        http_status: None,
        verdicts: verdicts.collect(),
        again: Vec::new(),
        step: AnswerStep::Record,
        certainty: EffectCertainty::KnownNoEffect,
        request_bytes: 0,
        retry_after: None,
        byte_limit: None,
        notes: Vec::new(),
    }
}
