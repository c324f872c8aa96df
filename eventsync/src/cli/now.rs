//! The journal enters; everything open is delivered to the target of now, and what came of it leaves.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use rusqlite::{Connection, Transaction};
use serde_json::{Value, json};

use super::context::Context;
use super::failure::Failure;
use super::line::in_one_line;
use super::receiver::receiver;
use super::{Outcome, print};
use crate::delivery::dispatcher::{self, DispatchLock, Scope, Sleep, Stopped, Summary, Waiting};
use crate::delivery::ledger::Account;
use crate::delivery::receivers::{Gate, HttpClient, Receiver};
use crate::delivery::status;
use crate::delivery::targets::{self, Facts, Target, TargetIdentity};
use crate::generated::{DeliveryOutcome, DrainBlockedReason, ExitCode, GateKind, TargetKind};
use crate::store::{self, clock, files, in_transaction};

/// Deliver what is open to the target of now
#[derive(Args)]
// Each is a switch of its own.
#[allow(clippy::struct_excessive_bools)]
pub struct NowArguments {
    /// Write what was done, as JSON, to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// End with 1 where anything was not delivered; the default
    #[arg(long, overrides_with = "no_strict")]
    strict: bool,
    /// End with 0 also where something was not delivered
    #[arg(long, action = ArgAction::SetTrue)]
    no_strict: bool,
    /// Send so many events at most
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    /// Wait where another program drains this target
    #[arg(long, conflicts_with = "fail_if_busy")]
    wait: bool,
    /// End with 3 where another program drains this target
    #[arg(long)]
    fail_if_busy: bool,
    /// Send archived events too
    #[arg(long)]
    include_archived: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
    /// Read the token from this file
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// How a pass ended.
struct Pass {
    summary: Summary,
    was_dispatched: bool,
    code: ExitCode,
}

impl Pass {
    /// Nothing was sent.
    fn idle(code: ExitCode) -> Self {
        Pass { summary: Summary::default(), was_dispatched: false, code }
    }
}

impl NowArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let context = Context::read()?;
        let folder =
            self.report.as_ref().and_then(|path| path.parent()).filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(Failure::new(format!("{} is no folder to write a report into", folder.display())));
        }
        let pass = self.pass(&context)?;
        let report = report(&pass);
        if let Some(path) = &self.report {
            let text = format!("{report}\n");
            files::write_private(path, text.as_bytes())
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        }
        print(&if self.json { format!("{report}\n") } else { shown(&context, &pass) })?;
        let is_lenient = self.no_strict && pass.code == ExitCode::Failed;
        Ok(Outcome::of(if is_lenient { ExitCode::Done } else { pass.code }))
    }

    fn pass(&self, context: &Context) -> Result<Pass, Failure> {
        let client = HttpClient::default();
        let Some(mut receiver) = receiver(context, &client, self.token_file.as_deref())? else {
            eprintln!("notice: mode {} delivers nothing; events stay here", context.mode.mode);
            return Ok(Pass::idle(ExitCode::Done));
        };
        let Some(mut connection) = store::open_existing(&context.root)? else {
            context.tell_of_older_queues(None)?;
            eprintln!("notice: nothing was captured yet");
            return Ok(Pass::idle(ExitCode::Done));
        };
        context.tell_of_older_queues(Some(&connection))?;
        let account = context.account(&connection)?;
        let waiting = dispatcher::waiting(&connection, account, context.mode.min_data_tier)?;
        tell_what_stays(&waiting);
        let closed = receiver.gates().into_iter().find(|gate| !gate.is_open);
        if let Some(reason) = closed.as_ref().and_then(|gate| gate.reason) {
            dispatcher::note_waiting(&mut connection, account, reason)?;
        }
        if let Some(code) = blocked(closed.as_ref(), &waiting, self.include_archived) {
            return Ok(Pass::idle(code));
        }
        let Some(identity) = context.identity()? else { return Ok(Pass::idle(ExitCode::Failed)) };
        self.drain(context, &mut connection, &identity, receiver.as_mut())
    }

    fn drain(
        &self,
        context: &Context,
        connection: &mut Connection,
        identity: &TargetIdentity,
        receiver: &mut dyn Receiver,
    ) -> Result<Pass, Failure> {
        let Some(lock) = DispatchLock::take(&context.root, &identity.target_id, self.wait)? else {
            eprintln!("notice: already draining: another program delivers to this target");
            let account = context.account(connection)?;
            dispatcher::note_waiting(connection, account, DrainBlockedReason::DaemonLock)?;
            return Ok(Pass::idle(if self.fail_if_busy { ExitCode::Busy } else { ExitCode::Done }));
        };
        let owner = status::foreground(context.resolution.target()).to_string();
        let target = in_transaction(connection, |transaction| {
            let target = register(transaction, context, identity, &Facts::default())?;
            lock.announce(transaction, target.target_pk, &owner, &clock::now())?;
            Ok::<Target, Failure>(target)
        })?;
        if target.retired_at.is_some() {
            let id = &target.target_id;
            eprintln!(
                "notice: this target is retired, and `gc` does not wait for it: `eventsync targets unretire {id}`"
            );
        }
        let account = Account { target_pk: target.target_pk, epoch: target.redrain_epoch };
        let scope = Scope { include_archived: self.include_archived, min_data_tier: context.mode.min_data_tier };
        let summary = dispatcher::dispatch(connection, account, receiver, &scope, self.limit, &Sleep)?;
        let seen = in_transaction(connection, |transaction| {
            lock.withdraw(transaction, account.target_pk)?;
            register(transaction, context, identity, &summary.facts)
        })?;
        if let Some(signal) = seen.reset_signal.filter(|signal| target.reset_signal.as_ref() != Some(signal)) {
            eprintln!("notice: the server looks as if it was set up anew: {}", signal.recommendation);
        }
        store::optimize(connection)?;
        for note in &summary.notes {
            eprintln!("notice: {}", in_one_line(note));
        }
        if let Some(stopped) = &summary.stopped {
            eprintln!("error: the pass ended early: {}", stopped.text());
        } else if summary.failures.iter().any(|failure| matches!(failure.http_status, Some(502..=504))) {
            eprintln!("notice: {}", Stopped::Unreachable.text());
        }
        let code = if is_well(&summary) { ExitCode::Done } else { ExitCode::Failed };
        Ok(Pass { was_dispatched: summary.selected > 0, summary, code })
    }
}

/// The row of the target of now. The hosted service has no other one than that of the resolved server.
fn register(
    transaction: &Transaction<'_>,
    context: &Context,
    identity: &TargetIdentity,
    facts: &Facts,
) -> Result<Target, Failure> {
    let now = clock::now();
    Ok(match identity.kind {
        TargetKind::Teamspace => {
            targets::register_from_resolved(transaction, context.resolution.target(), facts, &now)?
        }
        TargetKind::External | TargetKind::Stub => targets::register(transaction, identity, facts, &now)?,
    })
}

/// Events that are not sent, and what would let them go.
fn tell_what_stays(waiting: &[Waiting]) {
    for one in waiting {
        match (&one.project_uuid, one.consent.as_deref()) {
            (None, _) => eprintln!("notice: events that name no project and stay here: {}", one.open),
            (Some(_), Some("granted")) if one.withheld > 0 => {
                eprintln!("notice: events below the least data tier that stay here: {}", one.withheld);
            }
            (Some(_), Some("granted")) => {}
            (Some(project), _) => eprintln!(
                "notice: events of project {project} that stay here: {}; `eventsync consent grant {project}` lets them go",
                one.open
            ),
        }
    }
}

/// Why nothing is sent: a closed gate, or nothing that may leave.
fn blocked(closed: Option<&Gate>, waiting: &[Waiting], include_archived: bool) -> Option<ExitCode> {
    let sendable = |one: &&Waiting| one.consent.as_deref() == Some("granted") && one.open > one.withheld;
    let has_work = waiting.iter().any(|one| sendable(&one)) || include_archived;
    match closed {
        None => (!has_work).then_some(ExitCode::Done),
        Some(gate) => {
            eprintln!("notice: gate `{}` is closed: {}", gate.kind, gate.hint);
            Some(match gate.kind {
                GateKind::SaasEnabled => ExitCode::Done,
                _ if !has_work => ExitCode::Done,
                GateKind::AuthPresent => ExitCode::LoggedOut,
                GateKind::PrivateTeamspace | GateKind::EndpointConfigured => ExitCode::Failed,
            })
        }
    }
}

/// Whether all that was to be sent arrived, or will without further ado.
fn is_well(summary: &Summary) -> bool {
    let failed = [DeliveryOutcome::Rejected, DeliveryOutcome::Transient, DeliveryOutcome::TerminalFailed];
    summary.stopped.is_none() && failed.iter().all(|outcome| summary.count(*outcome) == 0)
}

/// The names of outcomes as they are printed, in order.
const SHOWN: [(DeliveryOutcome, &str, &str); 6] = [
    (DeliveryOutcome::Success, "delivered", "Delivered"),
    (DeliveryOutcome::Duplicate, "duplicate", "Duplicate"),
    (DeliveryOutcome::Pending, "pending", "Pending"),
    (DeliveryOutcome::Rejected, "rejected", "Rejected"),
    (DeliveryOutcome::Transient, "transient", "Transient"),
    (DeliveryOutcome::TerminalFailed, "terminal_failed", "Terminal-failed"),
];

fn shown(context: &Context, pass: &Pass) -> String {
    let mut lines = vec![format!("Mode: {}", context.mode.mode)];
    for (outcome, _, name) in SHOWN {
        lines.push(format!("{name}: {}", pass.summary.count(outcome)));
    }
    lines.push(format!("Selected: {}", pass.summary.selected));
    for failure in pass.summary.failures.iter().take(20) {
        let (id, outcome) = (&failure.event_id, failure.outcome);
        let line = format!("{outcome} {id}: {}", failure.error.as_deref().unwrap_or("no reason given"));
        lines.push(in_one_line(&line));
    }
    let more = pass.summary.failures.len().saturating_sub(20);
    if more > 0 {
        lines.push(format!("and {more} more: `--report FILE` writes all of them"));
    }
    lines.join("\n") + "\n"
}

fn report(pass: &Pass) -> Value {
    let summary = &pass.summary;
    let mut report =
        json!({"generated_at": clock::now(), "dispatched": pass.was_dispatched, "selected": summary.selected});
    for (outcome, key, _) in SHOWN {
        report[key] = json!(summary.count(outcome));
    }
    let count = |outcomes: &[DeliveryOutcome]| outcomes.iter().map(|outcome| summary.count(*outcome)).sum::<u64>();
    report["summary"] = json!({
        "total_events": summary.selected,
        "synced": count(&[DeliveryOutcome::Success, DeliveryOutcome::Duplicate]),
        "duplicates": count(&[DeliveryOutcome::Duplicate]),
        "failed": count(&[DeliveryOutcome::Rejected, DeliveryOutcome::Transient, DeliveryOutcome::TerminalFailed]),
        "categories": summary.categories,
    });
    let failures = summary.failures.iter().map(|failure| {
        json!({"event_id": failure.event_id, "outcome": failure.outcome.as_str(), "http_status": failure.http_status,
            "error": failure.error, "category": failure.category.map(crate::generated::ErrorCategory::as_str)})
    });
    report["failures"] = failures.collect();
    report
}
