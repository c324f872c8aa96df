//! The store enters; where everything stands leaves, for people or as one JSON object. Nothing is made or changed.

use clap::Args;
use serde_json::Value;

use super::context::Context;
use super::failure::Failure;
use super::line::in_one_line;
use super::reduce::reduce;
use super::{Outcome, print};
use crate::delivery::status::{self, Known, Store};
use crate::generated::{ExitCode, ModeDelivery, StatusReport};
use crate::migrate::Migrated;
use crate::policy::saas_is_enabled;
use crate::store::{self, Found};

/// Show where everything stands
#[derive(Args)]
pub struct StatusArguments {
    /// End with 2 where something is wrong
    #[arg(short, long)]
    check: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Print the state that the live events make, one for each entity: `connector`, `mission`, `wp_status` or `sync`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["check", "json"])]
    reduce: Option<String>,
}

impl StatusArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        if let Some(name) = &self.reduce {
            let found = store::read(&store::root())?;
            reduce(name, if let Found::Store(connection) = &found { Some(connection) } else { None })?;
            return Ok(Outcome::DONE);
        }
        let context = Context::inspect();
        let report = report(&context)?;
        if self.json {
            print(&format!("{}\n", checked(&report)?.to_json()))?;
        } else {
            print(&shown(&report))?;
        }
        let is_wrong = self.check && report["ok"] == Value::Bool(false);
        Ok(Outcome::of(if is_wrong { ExitCode::Refused } else { ExitCode::Done }))
    }
}

/// What prints is what the contract declares.
fn checked(report: &Value) -> Result<StatusReport, Failure> {
    StatusReport::from_json(report.to_string().as_bytes())
        .map_err(|faults| Failure::new(format!("the status is not as its contract says: {faults}")))
}

fn report(context: &Context) -> Result<Value, Failure> {
    let mut diagnostics: Vec<String> = context
        .resolution
        .diagnostics()
        .iter()
        .map(ToString::to_string)
        .chain(context.mode.diagnostic.clone())
        .collect();
    let found = store::read(&context.root);
    let opened = match &found {
        Ok(Found::Nothing) => Store::Nothing,
        Ok(Found::Store(connection)) => Store::There(connection),
        Err(error) => {
            eprintln!("warning: {error}");
            diagnostics.push(error.to_string());
            Store::Unavailable
        }
    };
    let (identity, unusable) = match context.identity() {
        Ok(identity) => (identity, None),
        Err(failure) => (None, Some(failure.text)),
    };
    let split = context.resolution.guard().err().map(|error| error.to_string());
    for problem in unusable.into_iter().chain(split) {
        eprintln!("warning: {problem}");
        diagnostics.push(problem);
    }
    let target = context.resolution.target();
    let migration = Migrated { root: context.root.clone() };
    let goes_to_teamspace = context.delivery() == ModeDelivery::Teamspace && saas_is_enabled();
    let mut known = Known {
        root: &context.root,
        target,
        identity: identity.as_ref(),
        mode: context.mode.mode,
        min_data_tier: context.mode.min_data_tier,
        lacks_identity: goes_to_teamspace && target.user_id().is_none(),
        migration: &migration,
        diagnostics,
    };
    let report = status::report(&known, &opened);
    // A damaged page may be found only now.
    if let (Err(error), Store::There(_)) = (&report, &opened) {
        eprintln!("warning: {error}");
        known.diagnostics.push(error.to_string());
        return Ok(status::report(&known, &Store::Unavailable)?);
    }
    Ok(report?)
}

fn shown(report: &Value) -> String {
    let count = |value: &Value| value.as_i64().map_or("unknown".to_owned(), |count| count.to_string());
    let (journal, ledger) = (&report["event_journal"], &report["delivery_ledger"]);
    let mut lines = vec![
        "Event Sync".to_owned(),
        format!("  Mode: {}", report["mode"].as_str().unwrap_or_default()),
        format!("  Server: {}", report["delivery_targets"]["current"]["canonical_url"].as_str().unwrap_or("none")),
        format!(
            "  Retained events: {} ({} bytes)",
            count(&journal["retained_event_count"]),
            count(&journal["journal_size_bytes"])
        ),
        format!(
            "  Delivered (cur/prev): {}/{}",
            count(&ledger["delivered_current_target"]),
            count(&ledger["delivered_previous_target"])
        ),
        format!("  Undelivered: {}", count(&ledger["undelivered_current_target"])),
        format!(
            "  Pending/rejected/transient: {}/{}/{}",
            count(&ledger["pending"]),
            count(&ledger["rejected"]),
            count(&ledger["transient"])
        ),
        format!("  Terminal failures: {}", count(&report["terminal_failures"]["count"])),
        format!("  GC hint: {}", journal["gc_suggestion"]["reason"].as_str().unwrap_or("none")),
    ];
    if let Some(at) = report["last_drain"]["at"].as_str() {
        lines.push(format!("  Last drain: {at}, {}", report["last_drain"]["outcome"].as_str().unwrap_or_default()));
    }
    for one in report["unmigrated"].as_array().into_iter().flatten() {
        let digest = one["source_digest"].as_str().unwrap_or_default();
        lines.push(format!(
            "  Queue {digest} of an older program: {} events, see `eventsync migrate`",
            count(&one["rows"])
        ));
    }
    for one in report["consent"].as_array().into_iter().flatten() {
        let state = one["state"].as_str().unwrap_or("undecided");
        lines.push(format!(
            "  Project {}: {state}, {} undelivered",
            one["project_uuid"].as_str().unwrap_or_default(),
            count(&one["undelivered"])
        ));
    }
    for one in report["terminal_failures"]["events"].as_array().into_iter().flatten().take(10) {
        let error = one["last_error"].as_str().unwrap_or("no reason given");
        let (id, category) = (one["event_id"].as_str().unwrap_or_default(), one["error_category"].as_str());
        lines.push(in_one_line(&format!("  Parked {id} ({}): {error}", category.unwrap_or("unknown"))));
    }
    if report["terminal_failures"]["count"].as_i64().is_some_and(|count| count > 0) {
        lines.push(
            "  `eventsync retry` with --category NAME, --event-id ID or --all sends parked events again".to_owned(),
        );
    }
    lines.join("\n") + "\n"
}
