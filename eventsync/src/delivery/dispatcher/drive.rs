//! One batch enters; it is sent, whole or in pieces, and each answer is recorded before the next request.

use std::time::Duration;

use rusqlite::{Connection, Transaction};

use super::select::Selected;
use super::{DispatchError, Pause, Stopped, Summary};
use crate::delivery::batch::{BatchEvent, Undecodable};
use crate::delivery::ledger::{self, Account};
use crate::delivery::receivers::{Answer, Receiver, Survey, Verdict, within};
use crate::generated::{AnswerStep, DeliveryOutcome, DrainBlockedReason, EffectCertainty, ErrorCategory, HttpAnswer};
use crate::journal;
use crate::store::{clock, in_transaction};

/// Requests of one pass at most.
const MOST_REQUESTS: u64 = 10_000;
/// Answers of no use in a row that end a pass.
const MOST_FAILURES: u32 = 3;
/// Seconds that a pass waits for a server in all.
const MOST_WAITING: u64 = 60;

/// A pass over one target.
pub(super) struct Drive<'a> {
    pub connection: &'a mut Connection,
    pub summary: Summary,
    account: Account,
    receiver: &'a mut dyn Receiver,
    pause: &'a dyn Pause,
    most_events: usize,
    /// What it grows back to.
    cap: usize,
    waits: (u64, u64),
    most_bytes: usize,
    requests: u64,
    failures: u32,
    waited: u64,
    was_renewed: bool,
}

/// Events of a batch that are sent together.
struct Piece<'e> {
    events: Vec<&'e BatchEvent>,
    /// Sent before, with others that were named as culprits.
    is_repeat: bool,
}

impl<'a> Drive<'a> {
    pub fn new(
        connection: &'a mut Connection,
        account: Account,
        receiver: &'a mut dyn Receiver,
        pause: &'a dyn Pause,
        survey: &Survey,
    ) -> Self {
        Drive {
            connection,
            summary: Summary::default(),
            account,
            receiver,
            pause,
            most_events: survey.most_events,
            cap: survey.most_events,
            waits: survey.waits,
            most_bytes: survey.byte_budget,
            requests: 0,
            failures: 0,
            waited: 0,
            was_renewed: false,
        }
    }

    pub fn most_events(&self) -> usize {
        self.most_events
    }

    pub fn most_bytes(&self) -> usize {
        self.most_bytes
    }

    /// Sends a batch and records all that is decided about it.
    pub fn batch(&mut self, selected: &Selected) -> Result<(), DispatchError> {
        let events: Vec<&BatchEvent> = selected.batch.events().iter().collect();
        self.summary.selected += selected.count();
        let batch_id = format!("{}-{}", std::process::id(), clock::now());
        self.take_off(&events, &selected.undecodable, &batch_id)?;
        let mut open = vec![Piece { events, is_repeat: false }];
        while let Some(piece) = open.pop() {
            if piece.events.is_empty() {
                continue;
            }
            if self.requests >= MOST_REQUESTS {
                self.summary.stopped.get_or_insert(Stopped::TooManyRequests);
            }
            if self.summary.stopped.is_some() {
                self.put_back(&piece)?;
            } else if piece.events.len() > self.most_events {
                open.extend(halves(piece));
            } else {
                self.send(piece, &mut open, &batch_id)?;
            }
        }
        Ok(())
    }

    /// Freezes the bytes of a batch before anything of it can reach a server; what cannot be sent is parked.
    fn take_off(
        &mut self,
        events: &[&BatchEvent],
        undecodable: &[Undecodable],
        batch_id: &str,
    ) -> Result<(), DispatchError> {
        let (account, now) = (self.account, clock::now());
        let parked = (!undecodable.is_empty()).then(|| parked(undecodable));
        in_transaction(self.connection, |transaction| {
            let mut statement =
                transaction.prepare_cached("INSERT OR REPLACE INTO in_flight VALUES (?1, ?2, ?3, ?4)")?;
            for event in events {
                statement.execute((account.target_pk, event.seq, batch_id, &now))?;
            }
            let mut lease = transaction
                .prepare_cached("UPDATE dispatch_lease SET heartbeat_at = ?2, batch_id = ?3 WHERE target_pk = ?1")?;
            lease.execute((account.target_pk, &now, batch_id))?;
            parked.iter().try_for_each(|parked| ledger::record(transaction, account, batch_id, &now, parked, &now))?;
            Ok::<(), DispatchError>(())
        })?;
        parked.iter().flat_map(|parked| &parked.verdicts).for_each(|verdict| self.summary.add(verdict));
        Ok(())
    }

    /// Lets events go that were not sent after all.
    fn put_back(&mut self, piece: &Piece<'_>) -> Result<(), DispatchError> {
        let target_pk = self.account.target_pk;
        in_transaction(self.connection, |transaction| {
            let mut statement =
                transaction.prepare_cached("DELETE FROM in_flight WHERE target_pk = ?1 AND seq = ?2")?;
            piece.events.iter().try_for_each(|event| statement.execute((target_pk, event.seq)).map(drop))?;
            Ok(())
        })
    }

    /// One request, and what its answer leads to.
    fn send<'e>(&mut self, piece: Piece<'e>, open: &mut Vec<Piece<'e>>, batch_id: &str) -> Result<(), DispatchError> {
        self.requests += 1;
        let started = clock::now();
        let mut answer = self.receiver.deliver(&piece.events);
        self.most_bytes = answer.byte_limit.map_or(self.most_bytes, within);
        self.summary.notes.append(&mut answer.notes);
        let step = answer.step;
        let is_renewed = step == AnswerStep::Refresh && self.renews(&mut answer);
        match step {
            AnswerStep::Bisect => {
                answer.verdicts.clear();
                open.extend(halves(piece));
            }
            AnswerStep::Halve => {
                answer.verdicts.clear();
                self.most_events = (piece.events.len() / 2).max(1);
                open.extend(halves(piece));
            }
            AnswerStep::Refresh if is_renewed => {
                answer.verdicts.clear();
                open.push(piece);
            }
            AnswerStep::Refresh | AnswerStep::Stop => self.stop(&answer),
            AnswerStep::Wait => {
                self.count_failure();
                self.wait(answer.retry_after);
            }
            AnswerStep::Record => {
                send_again(&piece, &mut answer, open);
                self.judge(&answer);
            }
        }
        self.record(batch_id, &started, &answer)?;
        self.grow(&answer);
        Ok(())
    }

    fn record(&mut self, batch_id: &str, started: &str, answer: &Answer) -> Result<(), DispatchError> {
        let (account, now) = (self.account, clock::now());
        in_transaction(self.connection, |transaction| {
            ledger::record(transaction, account, batch_id, started, answer, &now)?;
            note_reason(transaction, answer)
        })?;
        answer.verdicts.iter().for_each(|verdict| self.summary.add(verdict));
        Ok(())
    }

    /// Renews the token once a pass.
    fn renews(&mut self, answer: &mut Answer) -> bool {
        if std::mem::replace(&mut self.was_renewed, true) {
            return false;
        }
        match self.receiver.renew() {
            Ok(renewed) => renewed,
            Err(error) => {
                for verdict in &mut answer.verdicts {
                    verdict.error = Some(format!("the token could not be renewed: {error}"));
                }
                self.summary.notes.push(format!("the token could not be renewed: {error}"));
                false
            }
        }
    }

    fn stop(&mut self, answer: &Answer) {
        let why = if answer.kind == HttpAnswer::Protocol412 { Stopped::Protocol } else { Stopped::Refused };
        self.summary.stopped.get_or_insert(why);
    }

    /// An answer that decides nothing about any event is of no use.
    fn judge(&mut self, answer: &Answer) {
        if answer.verdicts.iter().all(|verdict| verdict.outcome == DeliveryOutcome::Transient) {
            self.count_failure();
        } else {
            self.failures = 0;
        }
    }

    fn count_failure(&mut self) {
        self.failures += 1;
        if self.failures >= MOST_FAILURES {
            self.summary.stopped.get_or_insert(Stopped::Unreachable);
        }
    }

    /// Waits as long as the server asks, and a little longer, so that not all come back at once.
    fn wait(&mut self, asked: Option<u64>) {
        let Some(asked) = asked.map(|asked| asked.min(self.waits.1).max(self.waits.0)) else { return };
        if self.summary.stopped.is_some() {
            return;
        }
        if asked > MOST_WAITING - self.waited {
            self.summary.stopped = Some(Stopped::Busy);
            return;
        }
        self.waited += asked;
        let jitter = u64::from(std::process::id()) % 250;
        self.pause.pause(Duration::from_millis(asked * 1000 + jitter));
    }

    /// Where events get through, batches grow back.
    fn grow(&mut self, answer: &Answer) {
        let gets_through = answer.verdicts.iter().any(|verdict| {
            matches!(verdict.outcome, DeliveryOutcome::Success | DeliveryOutcome::Duplicate | DeliveryOutcome::Pending)
        });
        if gets_through {
            self.most_events = (self.most_events * 2).min(self.cap);
        }
    }
}

/// Events that an answer blames for nothing go out once more, without those that it names.
fn send_again<'e>(piece: &Piece<'e>, answer: &mut Answer, open: &mut Vec<Piece<'e>>) {
    if piece.is_repeat || answer.again.is_empty() || answer.again.len() == piece.events.len() {
        return;
    }
    answer.verdicts.retain(|verdict| !answer.again.contains(&verdict.seq));
    let events = piece.events.iter().copied().filter(|event| answer.again.contains(&event.seq)).collect();
    open.push(Piece { events, is_repeat: true });
}

/// A piece cut in two, the second first: the first is taken from the end and sent to its end before the second.
fn halves(piece: Piece<'_>) -> [Piece<'_>; 2] {
    let cut = cut(&piece.events);
    let Piece { mut events, is_repeat } = piece;
    let second = events.split_off(cut);
    [Piece { events: second, is_repeat }, Piece { events, is_repeat }]
}

/// Where a batch is cut: in the middle, or beside it where that would separate two events of one work package.
fn cut(events: &[&BatchEvent]) -> usize {
    let middle = events.len() / 2;
    let key = |event: &BatchEvent| event.work_package.clone().unwrap_or_else(|| event.event_id.clone());
    let separates = middle > 0 && events.len() > 2 && key(events[middle - 1]) == key(events[middle]);
    (middle + usize::from(separates)).clamp(1, events.len().saturating_sub(1).max(1))
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
fn parked(undecodable: &[Undecodable]) -> Answer {
    let verdict = |event: &Undecodable| Verdict {
        seq: event.seq,
        event_id: event.event_id.clone(),
        outcome: DeliveryOutcome::TerminalFailed,
        http_status: None,
        error: Some(format!("its bytes cannot be read: {}", event.reason)),
        category: Some(ErrorCategory::PayloadUndecodable),
        raw: None,
        certainty: EffectCertainty::KnownNoEffect,
    };
    Answer {
        kind: HttpAnswer::Other,
        http_status: None,
        verdicts: undecodable.iter().map(verdict).collect(),
        again: Vec::new(),
        step: AnswerStep::Record,
        certainty: EffectCertainty::KnownNoEffect,
        request_bytes: 0,
        retry_after: None,
        byte_limit: None,
        notes: Vec::new(),
    }
}
