//! The open events of a project enter; they are sent batch by batch, and each answer is recorded before the next request.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::flight::{Ahead, Answered, Flight, data_version, given_up, parked};
use super::pieces::{Piece, halves, send_again};
use super::select::{self, Scope};
use super::{DispatchError, Pause, Stopped, Summary, progress};
use crate::delivery::ledger::{self, Account};
use crate::delivery::receivers::{Answer, Receiver, Survey, Verdict, within};
use crate::delivery::runs;
use crate::generated::{AnswerStep, DeliveryOutcome, ErrorCategory, HttpAnswer};
use crate::store::{clock, in_transaction};

/// Requests of one pass at most.
const MOST_REQUESTS: u64 = 10_000;
/// Answers of no use in a row that end a pass.
const MOST_FAILURES: u32 = 3;
/// Seconds that a pass waits for a server in all.
const MOST_WAITING: u64 = 60;

/// A pass over one target.
pub(super) struct Drive<'a> {
    pub summary: Summary,
    connection: &'a mut Connection,
    account: Account,
    scope: Scope,
    receiver: &'a mut dyn Receiver,
    pause: &'a dyn Pause,
    most_events: usize,
    /// What it grows back to.
    cap: usize,
    waits: (u64, u64),
    most_bytes: usize,
    /// Events that may still be sent.
    left: u64,
    requests: u64,
    failures: u32,
    waited: u64,
    was_renewed: bool,
    ahead: Option<Ahead>,
}

/// The way through the events of one project.
struct Leg<'p> {
    project: &'p str,
    /// Everything up to here was looked at.
    cursor: i64,
    /// Whether all of that is on record, so that no later pass need look at it again.
    may_advance: bool,
}

impl<'a> Drive<'a> {
    pub fn new(
        connection: &'a mut Connection,
        (account, scope): (Account, Scope),
        receiver: &'a mut dyn Receiver,
        pause: &'a dyn Pause,
        survey: &Survey,
        limit: Option<u64>,
    ) -> Self {
        Drive {
            summary: Summary::default(),
            connection,
            account,
            scope,
            receiver,
            pause,
            most_events: survey.most_events,
            cap: survey.most_events,
            waits: survey.waits,
            most_bytes: survey.byte_budget,
            left: limit.unwrap_or(u64::MAX),
            requests: 0,
            failures: 0,
            waited: 0,
            was_renewed: false,
            ahead: None,
        }
    }

    /// Sends the open events of a project, from the number `first` on, and records all that is decided about them.
    pub fn project(&mut self, project: &str, first: i64) -> Result<(), DispatchError> {
        self.ahead = None;
        let mut leg = Leg { project, cursor: first - 1, may_advance: self.scope.is_wide() };
        let mut flight = self.turn(&mut leg, None, &[])?;
        while let Some(flying) = flight {
            flight = self.fly(&mut leg, &flying)?;
        }
        Ok(())
    }

    /// Sends a batch, in pieces where it has to be. The next one leaves, on its way already.
    fn fly(&mut self, leg: &mut Leg<'_>, flight: &Flight) -> Result<Option<Flight>, DispatchError> {
        let events = flight.selected.batch.events().iter().collect();
        let mut open = vec![Piece { events }];
        let mut answered = None;
        while let Some(piece) = open.pop().filter(|piece| !piece.events.is_empty()) {
            if piece.events.len() > self.most_events {
                open.extend(halves(piece));
                continue;
            }
            if self.requests >= MOST_REQUESTS {
                self.summary.stopped = Some(Stopped::TooManyRequests);
                open.push(piece);
                break;
            }
            if let Some(answered) = answered.take() {
                self.record(leg, &answered, flight)?;
                // A batch that has to be cut may take long enough for somebody to change their mind.
                if !select::has_consent(self.connection, leg.project)? {
                    leg.may_advance = false;
                    open.push(piece);
                    break;
                }
            }
            answered = Some(self.send(leg, piece, &mut open));
            if self.summary.stopped.is_some() {
                break;
            }
        }
        self.turn(leg, answered.as_ref().map(|answered| (answered, flight)), &open)
    }

    /// One transaction: the last answer about a batch is recorded, what of it was not sent goes out of flight, and the next
    /// batch takes off. Where nobody wrote meanwhile, that is the one that was selected during the request.
    fn turn(
        &mut self,
        leg: &mut Leg<'_>,
        last: Option<(&Answered, &Flight)>,
        unsent: &[Piece<'_>],
    ) -> Result<Option<Flight>, DispatchError> {
        let (account, scope, now, room) = (self.account, self.scope, clock::now(), self.room());
        let ahead = self.ahead.take().filter(|ahead| ahead.room == room);
        let given_up = (self.summary.stopped == Some(Stopped::TooManyRequests)).then(|| given_up(unsent));
        let (is_stopped, may_send) = (self.summary.stopped.is_some(), self.requests < MOST_REQUESTS);
        let next = in_transaction(self.connection, |transaction| {
            if let Some((answered, flight)) = last {
                leg.may_advance &= answered.record(transaction, account, &flight.id, &now)?;
                if let Some(given_up) = &given_up {
                    ledger::record(transaction, account, &flight.id, &now, given_up, &now)?;
                }
            }
            unsent.iter().try_for_each(|piece| runs::land(transaction, account.target_pk, &piece.runs()))?;
            if is_stopped {
                return Ok(None);
            }
            let selected = match ahead {
                Some(ahead) if ahead.data_version == data_version(transaction)? => ahead.selected,
                _ => select::next(transaction, account, &scope, (leg.project, leg.cursor), room)?,
            };
            if leg.may_advance {
                let to = if selected.is_end { progress::last(transaction, leg.project)? } else { leg.cursor };
                progress::advance(transaction, account, leg.project, to)?;
            }
            let Some(last_seq) = selected.last_seq else { return Ok(None) };
            let flight = Flight { id: format!("{}-{now}", std::process::id()), selected, last_seq };
            if may_send {
                leg.may_advance &= flight.take_off(transaction, account, &now)?;
            }
            Ok::<_, DispatchError>(Some(flight))
        })?;
        for answer in last.iter().map(|(answered, _)| &answered.answer).chain(&given_up) {
            self.summary.add_all(answer);
        }
        let Some(flight) = next else { return Ok(None) };
        if !may_send {
            self.summary.stopped = Some(Stopped::TooManyRequests);
            return Ok(None);
        }
        self.summary.selected += flight.selected.count();
        self.summary.add_all(&parked(&flight.selected.undecodable));
        self.left = self.left.saturating_sub(flight.selected.count());
        leg.cursor = flight.last_seq;
        Ok(Some(flight))
    }

    /// Events and bytes of a batch at most.
    fn room(&self) -> (usize, usize) {
        (usize::try_from(self.left).unwrap_or(usize::MAX).min(self.most_events), self.most_bytes)
    }

    /// One request, and what its answer leads to.
    fn send<'e>(&mut self, leg: &Leg<'_>, piece: Piece<'e>, open: &mut Vec<Piece<'e>>) -> Answered {
        self.requests += 1;
        let started = clock::now();
        let mut answer = self.deliver(leg, &piece, open.is_empty());
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
        self.grow(&answer);
        Answered { answer, started }
    }

    /// Sends events. Behind the last of a batch, what comes next is looked for while they are on their way.
    fn deliver(&mut self, leg: &Leg<'_>, piece: &Piece<'_>, is_last: bool) -> Answer {
        if !is_last || self.ahead.is_some() {
            return self.receiver.deliver(&piece.events);
        }
        let (account, scope, from, room) = (self.account, self.scope, (leg.project, leg.cursor), self.room());
        let (connection, receiver) = (&mut *self.connection, &mut *self.receiver);
        let (answer, ahead) = thread::scope(|threads| {
            let looking = threads.spawn(move || Ahead::look(connection, account, &scope, from, room));
            (receiver.deliver(&piece.events), looking.join())
        });
        // What went wrong with looking is met again when the batch takes off, after the answer is on record.
        self.ahead = ahead.unwrap_or_else(|panic| resume_unwind(panic)).ok();
        answer
    }

    fn record(&mut self, leg: &mut Leg<'_>, answered: &Answered, flight: &Flight) -> Result<(), DispatchError> {
        let (account, now) = (self.account, clock::now());
        leg.may_advance &=
            in_transaction(self.connection, |transaction| answered.record(transaction, account, &flight.id, &now))?;
        self.summary.add_all(&answered.answer);
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

    /// An answer that says nothing about any event is of no use.
    fn judge(&mut self, answer: &Answer) {
        let says_nothing = |verdict: &Verdict| {
            verdict.outcome == DeliveryOutcome::Transient && verdict.category != Some(ErrorCategory::UnknownStatus)
        };
        if answer.verdicts.iter().all(says_nothing) {
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
        // The seeds of hash maps are the only dice of the standard library.
        let jitter = RandomState::new().build_hasher().finish() % 250;
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
