//! Lines of envelopes enter; each is kept, or let go on purpose, and what became of it leaves once that is durable.

use std::path::PathBuf;

use rusqlite::{Connection, Transaction};
use serde_json::value::RawValue;

use super::audit;
use super::discard;
use crate::delivery::ledger::LedgerFacts;
use crate::generated::{CaptureOutcome, DiscardDecisionKind, DrainBlockedReason, Mode, WireEnvelope, mode_presets};
use crate::journal::coalesce::ContractKeys;
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

impl Capture {
    /// Captures lines in one transaction. What leaves is durable; an error means that nothing of them was kept.
    pub fn lines(&self, connection: &mut Connection, lines: &[Vec<u8>]) -> Result<Vec<Ack>, StoreError> {
        in_transaction(connection, |transaction| {
            lines.iter().map(|line| self.line(transaction, line)).collect::<Result<Vec<Ack>, StoreError>>()
        })
    }

    /// One line. An error ends the whole transaction; what is wrong with the line alone stands in its ack.
    fn line(&self, transaction: &Transaction<'_>, line: &[u8]) -> Result<Ack, StoreError> {
        let (event, mut ack) = match self.event(line) {
            Ok(read) => read,
            Err(ack) => return Ok(ack),
        };
        let now = clock::now();
        let kept = if mode_presets::retain(self.mode) {
            keep(transaction, &event, &now, &mut ack)
        } else {
            self.let_go(transaction, &event, &now, &mut ack)
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
        transaction: &Transaction<'_>,
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
                keep(transaction, event, now, ack)?;
                let is_new = ack.outcome == Some(CaptureOutcome::Inserted);
                ack.outcome = if is_new { Some(CaptureOutcome::RefusedKept) } else { ack.outcome };
            }
        }
        Ok(())
    }

    /// Reads a line; an ack that says why where it is no event.
    fn event(&self, line: &[u8]) -> Result<(NewEvent, Ack), Ack> {
        let refused = |error: String| Ack { error: Some(error), ..Ack::default() };
        let head = Head::read(line).map_err(|error| refused(format!("this is no envelope: {error}")))?;
        let Some(event_id) = head.event_id().map(str::to_owned) else {
            return Err(refused("this envelope has no `event_id`".to_owned()));
        };
        let Some(event_type) = head.event_type().map(str::to_owned) else {
            return Err(Ack { event_id: Some(event_id), ..refused("this envelope has no `event_type`".to_owned()) });
        };
        let event = NewEvent {
            producer_scope: self.producer_scope.clone(),
            drain_blocked_reason: self.blocked,
            ..described(&head, event_id, event_type, line.to_vec())
        };
        let (event_id, warning) = (Some(event.event_id.clone()), event.validation_error.clone());
        let ack = Ack { event_id, warning, ..Ack::default() };
        Ok((event, ack))
    }
}

/// An event with what the outside of its envelope says, and what the contracts have against it.
pub fn described(head: &Head, event_id: String, event_type: String, payload: Vec<u8>) -> NewEvent {
    NewEvent {
        occurred_at: head.timestamp().and_then(clock::utc).unwrap_or_else(clock::now),
        project_uuid: head.project_uuid(),
        project_slug: head.project_slug().map(str::to_owned),
        repo_slug: head.repo_slug().map(str::to_owned),
        producer_scope: producer_scope(None, None),
        family_class: discard::classify(&event_type),
        data_tier: head.data_tier(),
        drain_blocked_reason: None,
        validation_error: faults(&event_type, &payload),
        event_id,
        event_type,
        payload,
    }
}

/// Puts an event into the journal.
fn keep(transaction: &Transaction<'_>, event: &NewEvent, now: &str, ack: &mut Ack) -> Result<(), JournalError> {
    let journal = Journal { strategy: &ContractKeys, frozen: &LedgerFacts };
    ack.outcome = Some(match journal.append(transaction, event, now)? {
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
    if event_contracts::Envelope::from_json(line).is_err()
        && let Err(faults) = WireEnvelope::from_json(line)
    {
        return Some(format!("envelope: {}", shown(&faults)));
    }
    let content: Content<'_> = serde_json::from_slice(line).ok()?;
    event_contracts::payload_kind(event_type)?;
    let faults = event_contracts::validate(event_type, content.payload?.get().as_bytes()).err()?;
    Some(format!("payload: {}", shown(&faults)))
}

fn shown(faults: &event_contracts::support::Faults) -> String {
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
