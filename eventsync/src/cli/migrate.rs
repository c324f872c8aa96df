//! `eventsync migrate`: queues of older programs enter; what was taken over is printed.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::Outcome;
use super::context::Context;
use super::failure::{Failure, number};
use super::line::in_one_line;
use crate::generated::ExitCode;
use crate::migrate::{self, Options, Report, SourceReport};

/// Take over the events that older programs left in their queues
#[derive(Debug, Args)]
// Each is a switch of its own.
#[allow(clippy::struct_excessive_bools)]
pub struct Migrate {
    /// Remove from the queues what the journal has; never while conflicts are open
    #[arg(long, overrides_with = "no_cleanup")]
    cleanup: bool,
    /// Leave the queues as they are (the default)
    #[arg(long, overrides_with = "cleanup")]
    no_cleanup: bool,
    /// End each conflict: the journal's payload stays, the other is kept in quarantine and leaves its queue
    #[arg(long, value_name = "HOW")]
    resolve_conflicts: Option<Winner>,
    /// Only count what would be taken over
    #[arg(long, conflicts_with_all = ["cleanup", "resolve_conflicts"])]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Whose payload stays.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Winner {
    KeepJournal,
}

impl Migrate {
    pub fn run(self) -> Result<Outcome, Failure> {
        let context = Context::read()?;
        let options = Options {
            dry_run: self.dry_run,
            keep_journal: matches!(self.resolve_conflicts, Some(Winner::KeepJournal)),
            cleanup: self.cleanup,
        };
        let known = migrate::known_digests(&context.resolution);
        let report = migrate::migrate(&context.root, &known, options)?;
        let code = if report.is_clean() { ExitCode::Done } else { ExitCode::Failed };
        let said = if self.json {
            format!("{}\n", object(&report, number(code), self.dry_run))
        } else {
            text(&report, number(code), self.dry_run)
        };
        // What was done stands, whether or not somebody is left to read of it.
        let _ = io::stdout().write_all(said.as_bytes());
        let _ = io::stderr().write_all(advice(&report).as_bytes());
        Ok(Outcome::of(code))
    }
}

fn text(report: &Report, exit_code: u8, dry_run: bool) -> String {
    let mut out = String::new();
    if dry_run {
        out += "nothing was written; a run would give:\n";
    }
    let errors = report.source_errors().count();
    let counts = [("imported", report.imported()), ("deduped", report.deduped()), ("conflicts", report.conflicts())];
    for (name, count) in counts {
        put(&mut out, format_args!("{name}: {count}"));
    }
    put(&mut out, format_args!("source_errors: {errors}"));
    put(&mut out, format_args!("exit_code: {exit_code}"));
    for SourceReport { target_id, taken, resolved, cleaned, .. } in &report.sources {
        let status = taken.status.as_str();
        let counts = format!("{} imported, {} deduped, {} conflicts", taken.imported, taken.deduped, taken.conflicts);
        put(&mut out, format_args!("{target_id}: {status}: {counts}, {resolved} resolved, {cleaned} removed from it"));
    }
    out
}

fn put(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{}", in_one_line(&line.to_string())).expect("a string takes all");
}

/// What an operator has to know or to do, apart from the data.
fn advice(report: &Report) -> String {
    let mut out = String::new();
    for skipped in &report.skipped {
        put(&mut out, format_args!("skipped {}: {}", skipped.path.display(), skipped.reason));
    }
    for source in report.source_errors() {
        let error = source.taken.error.as_deref().unwrap_or_default();
        put(&mut out, format_args!("error: {}: {error}", source.source.path.display()));
    }
    for source in report.sources.iter().filter(|source| source.taken.refilled) {
        let path = source.source.path.display();
        put(&mut out, format_args!("note: {path} got events since it was read: an older program still writes to it"));
    }
    for (digest, conflicts) in &report.gone {
        put(
            &mut out,
            format_args!("note: open conflicts with queue {digest}, which is not there any more: {conflicts}"),
        );
    }
    if report.conflicts() > 0 {
        out += "note: `eventsync status --json` lists the events of which a queue has another payload than the journal; \
                `eventsync migrate --resolve-conflicts keep-journal` ends these conflicts\n";
    }
    if report.cleanup_blocked {
        out += "error: nothing was removed from the queues: conflicts are open\n";
    }
    if !report.sources.is_empty() {
        out += "note: only events that are still in a queue can be taken over; what was deleted there is gone\n";
    }
    out
}

fn object(report: &Report, exit_code: u8, dry_run: bool) -> Value {
    let sources: Vec<Value> = report.sources.iter().map(source).collect();
    let errors: Vec<Value> = report.source_errors().map(source).collect();
    let skipped = report.skipped.iter();
    let skipped: Vec<Value> =
        skipped.map(|skipped| json!({"path": skipped.path.to_string_lossy(), "reason": skipped.reason})).collect();
    json!({
        "imported": report.imported(),
        "deduped": report.deduped(),
        "conflicts": report.conflicts(),
        "source_errors": errors,
        "exit_code": exit_code,
        "dry_run": dry_run,
        "cleanup_blocked": report.cleanup_blocked,
        "sources": sources,
        "skipped": skipped,
    })
}

fn source(report: &SourceReport) -> Value {
    let taken = &report.taken;
    json!({
        "source_digest": report.source.digest,
        "target_id": report.target_id,
        "path": report.source.path.to_string_lossy(),
        "status": taken.status.as_str(),
        "imported": taken.imported,
        "deduped": taken.deduped,
        "conflicts": taken.conflicts,
        "resolved": report.resolved,
        "cleaned": report.cleaned,
        "refilled": taken.refilled,
        "error": taken.error,
    })
}
