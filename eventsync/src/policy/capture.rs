//! Lines of envelopes enter; each is kept, or let go on purpose, and what became of it leaves once that is durable.

use std::path::PathBuf;

use event_contracts::support::{Faults, check};
use rusqlite::Connection;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::audit;
use super::discard;
use crate::delivery::ledger::LedgerFacts;
use crate::generated::{CaptureOutcome, DiscardDecisionKind, DrainBlockedReason, Mode, WireEnvelope, mode_presets};
use crate::journal::coalesce::{Coalescing, ContractKeys};
use crate::journal::envelope::Head;
use crate::journal::{AppendOutcome, Journal, JournalError, NewEvent, drop_unkept};
use crate::store::{StoreError, clock, in_transaction};

/// What holds for all lines of a run.
#[derive(Debug)]
pub struct Capture {
    /// The folder of everything.
    pub root: PathBuf,
    /// What is kept.
    pub mode: Mode,
    /// Whether evidence is kept of what is not.
    pub discard_audit: bool,
    /// Who produces events here.
    pub producer_scope: String,
    /// Why events cannot be delivered right now.
    pub blocked: Option<DrainBlockedReason>,
}

/// What became of a line.
#[derive(Debug, Default)]
pub struct Ack {
    /// The event; none where the line has no id.
    pub event_id: Option<String>,
    /// What became of it; none where it is not kept.
    pub outcome: Option<CaptureOutcome>,
    /// The event that took it up.
    pub into: Option<String>,
    /// What its contract has against it.
    pub warning: Option<String>,
    /// Why it is not kept.
    pub error: Option<String>,
}

impl Ack {
    /// Whether the event is where it should be.
    pub fn is_well(&self) -> bool {
        self.error.is_none() && self.outcome.is_some_and(|outcome| outcome != CaptureOutcome::DivergentDuplicate)
    }
}

/// A line as far as it can be judged without the store: an event, or what is wrong with the line.
#[derive(Debug)]
pub struct Line {
    event: Option<NewEvent>,
    ack: Ack,
}

impl Capture {
    /// Reads a line. This is half of the work, and needs no store.
    pub fn read(&self, line: &[u8]) -> Line {
        let refused = |ack: Ack, error: String| Line { event: None, ack: Ack { error: Some(error), ..ack } };
        let head = match Head::read(line) {
            Ok(head) => head,
            Err(error) => return refused(Ack::default(), format!("this is no envelope: {error}")),
        };
        let Some(event_id) = head.event_id().map(str::to_owned) else {
            return refused(Ack::default(), "this envelope has no `event_id`".to_owned());
        };
        let ack = Ack { event_id: Some(event_id.clone()), ..Ack::default() };
        let Some(event_type) = head.event_type().map(str::to_owned) else {
            return refused(ack, "this envelope has no `event_type`".to_owned());
        };
        let told = described(&head, event_id, event_type, line.to_vec(), &self.producer_scope);
        let event = NewEvent { drain_blocked_reason: self.blocked, ..told };
        Line { ack: Ack { warning: event.validation_error.clone(), ..ack }, event: Some(event) }
    }

    /// Captures lines in one transaction. What leaves is durable; an error means that nothing of them was kept.
    pub fn lines(&self, connection: &mut Connection, lines: Vec<Line>) -> Result<Vec<Ack>, StoreError> {
        in_transaction(connection, |transaction| {
            let mut journal = Journal::open(transaction)?;
            let acks =
                lines.into_iter().map(|line| self.line(&mut journal, line)).collect::<Result<_, StoreError>>()?;
            journal.close()?;
            Ok(acks)
        })
    }

    /// One line. An error ends the whole transaction; what is wrong with the line alone stands in its ack.
    fn line(&self, journal: &mut Journal<'_>, Line { event, mut ack }: Line) -> Result<Ack, StoreError> {
        let Some(event) = event else { return Ok(ack) };
        let now = clock::now();
        let kept = if mode_presets::retain(self.mode) {
            keep(journal, &event, &now, &mut ack)
        } else {
            self.let_go(journal, &event, &now, &mut ack)
        };
        match kept {
            Ok(()) => Ok(ack),
            Err(JournalError::Store(error)) => Err(error),
            Err(error) => Ok(Ack { outcome: None, error: Some(error.to_string()), ..ack }),
        }
    }

    /// Nothing is to be kept: what a server is to get is kept all the same, or leaves evidence.
    fn let_go(
        &self,
        journal: &mut Journal<'_>,
        event: &NewEvent,
        now: &str,
        ack: &mut Ack,
    ) -> Result<(), JournalError> {
        match discard::decide(event.family_class, self.discard_audit).kind {
            DiscardDecisionKind::DiscardAllowed => {
                drop_unkept(&event.event_id, event.family_class, false)?;
                ack.outcome = Some(CaptureOutcome::Discarded);
            }
            DiscardDecisionKind::AuditRecorded => {
                let (id, kind, class) = (&event.event_id, &event.event_type, event.family_class);
                audit::append(&self.root, id, kind, class, &event.payload, now)
                    .map_err(|source| JournalError::Evidence { path: audit::path(&self.root), source })?;
                drop_unkept(id, class, true)?;
                ack.outcome = Some(CaptureOutcome::Audited);
            }
            DiscardDecisionKind::Refused => {
                keep(journal, event, now, ack)?;
                let is_new = ack.outcome == Some(CaptureOutcome::Inserted);
                ack.outcome = if is_new { Some(CaptureOutcome::RefusedKept) } else { ack.outcome };
            }
        }
        Ok(())
    }
}

/// An event with what the outside of its envelope says, and what the contracts have against it.
pub fn described(head: &Head, event_id: String, event_type: String, payload: Vec<u8>, producer: &str) -> NewEvent {
    NewEvent {
        occurred_at: head.timestamp().and_then(clock::utc).unwrap_or_else(clock::now),
        project_uuid: head.project_uuid(),
        project_slug: head.project_slug().map(str::to_owned),
        repo_slug: head.repo_slug().map(str::to_owned),
        producer_scope: producer.to_owned(),
        family_class: discard::classify(&event_type),
        data_tier: head.data_tier(),
        drain_blocked_reason: None,
        validation_error: faults(&event_type, &payload),
        payload_sha256: Sha256::digest(&payload).into(),
        event_id,
        event_type,
        payload,
    }
}

/// Puts an event into the journal.
fn keep(journal: &mut Journal<'_>, event: &NewEvent, now: &str, ack: &mut Ack) -> Result<(), JournalError> {
    let coalescing = Coalescing { strategy: &ContractKeys, frozen: &LedgerFacts };
    ack.outcome = Some(match journal.append(event, coalescing, now)? {
        AppendOutcome::Inserted => CaptureOutcome::Inserted,
        AppendOutcome::AlreadyPresent => CaptureOutcome::AlreadyPresent,
        AppendOutcome::Collapsed { into } => {
            ack.into = Some(into);
            CaptureOutcome::Collapsed
        }
        AppendOutcome::DivergentDuplicate => {
            ack.error = Some("another event has this id: the first one stays as it is".to_owned());
            CaptureOutcome::DivergentDuplicate
        }
    });
    Ok(())
}

/// What the contracts have against an event: its envelope may be that of logs or that of the wire, and a payload is
/// judged where its type is known. Nothing of this keeps an event from being stored or sent.
fn faults(event_type: &str, line: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Content<'a> {
        #[serde(borrow)]
        payload: Option<&'a RawValue>,
    }
    let payload = event_contracts::payload_kind(event_type);
    let (log, wire) = (event_contracts::Envelope::KIND, WireEnvelope::KIND);
    // What travels in logs is declared for them.
    let (usual, other) = if payload.is_some() { (log, wire) } else { (wire, log) };
    if let Err(faults) = check(usual, line)
        && check(other, line).is_err()
    {
        return Some(format!("envelope: {}", shown(&faults)));
    }
    let kind = payload?;
    let content: Content<'_> = serde_json::from_slice(line).ok()?;
    let faults = check(kind, content.payload?.get().as_bytes()).err()?;
    Some(format!("payload: {}", shown(&faults)))
}

fn shown(faults: &Faults) -> String {
    let shown = faults.as_slice().iter().take(3).map(|fault| {
        let path = if fault.path.is_empty() { "/" } else { &fault.path };
        format!("`{}` at `{path}`", fault.code.as_str())
    });
    shown.collect::<Vec<String>>().join(", ")
}

/// Who produces events, in letters that are safe everywhere: `local` where nobody is known.
pub fn producer_scope(user: Option<&str>, team: Option<&str>) -> String {
    let joined = format!("{}|{}", user.unwrap_or_default(), team.unwrap_or_default()).to_lowercase();
    let safe = joined.chars().map(|one| if one.is_ascii_alphanumeric() || "._-".contains(one) { one } else { '_' });
    let scope: String = safe.take(64).collect();
    let scope = scope.trim_matches('_');
    if scope.is_empty() { "local".to_owned() } else { scope.to_owned() }
}
