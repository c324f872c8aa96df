//! The root enters; what is wrong with the store, the files beside it and who may read them leaves.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::failure::Failure;
use super::line::in_one_line;
use super::{Outcome, print};
use crate::delivery::verify;
use crate::generated::ExitCode;
use crate::store::{self, Found, STORE_FILE, StoreError, files};
use crate::target::Surfaces;

/// Look for damage
#[derive(Args)]
pub struct DoctorArguments {
    /// Read everything: every page, every count, the bytes of every event
    #[arg(long)]
    verify: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What came of looking at one thing.
struct Check {
    name: &'static str,
    /// What is wrong.
    problems: Vec<String>,
    /// What is only worth knowing.
    notes: Vec<String>,
}

impl Check {
    fn of(name: &'static str, problems: Vec<String>) -> Self {
        Check { name, problems, notes: Vec::new() }
    }
}

impl DoctorArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let context = Context::inspect();
        let mut checks = vec![readable_by_others(&context.root)?, older_stores(&context.root)];
        match store::read(&context.root) {
            Ok(Found::Nothing) => {}
            Ok(Found::Store(connection)) if self.verify => {
                checks.push(looked_at("pages", verify::damage(&connection)));
                checks.push(looked_at("counts", verify::miscounts(&connection)));
                checks.push(looked_at("payloads", verify::changed_payloads(&connection)));
            }
            Ok(Found::Store(_)) => checks.push(Check::of("store", Vec::new())),
            Err(error) => checks.push(Check::of("store", vec![error.to_string()])),
        }
        checks.push(server(&context));
        let is_well = checks.iter().all(|check| check.problems.is_empty());
        print(&if self.json { in_json(&context, &checks, is_well) } else { in_words(&checks) })?;
        Ok(Outcome::of(if is_well { ExitCode::Done } else { ExitCode::Failed }))
    }
}

fn looked_at(name: &'static str, found: Result<Vec<String>, StoreError>) -> Check {
    Check::of(name, found.unwrap_or_else(|error| vec![error.to_string()]))
}

/// Whether there is one server, and it can be spoken to.
fn server(context: &Context) -> Check {
    let split = context.resolution.guard().err().map(|error| error.to_string());
    let unusable = context.identity().err().map(|failure| failure.text);
    let unread = context.resolution.diagnostics().iter().map(ToString::to_string);
    let problems = split.into_iter().chain(unusable).chain(unread).chain(context.mode.diagnostic.clone());
    Check::of("server", problems.collect())
}

/// Files of the root that others than their owner may read or write.
fn readable_by_others(root: &Path) -> Result<Check, Failure> {
    let names = ["", "sync.db", "sync.db-wal", "sync.db-shm", "config.toml", "credentials", "audit", "locks"];
    let mut open = Vec::new();
    for path in names.iter().map(|name| root.join(name)).filter(|path| path.exists()) {
        if files::is_open_to_others(&path)? {
            let path = path.display();
            open.push(format!("{path} is open to others: `chmod go= {path}`"));
        }
    }
    Ok(Check::of("permissions", open))
}

/// Stores of other layouts: nothing reads them, and nothing is lost with them.
fn older_stores(root: &Path) -> Check {
    let fixed = ["delivery/ledger.db", "delivery/targets.db", "migration_audit.db"];
    let journals =
        std::fs::read_dir(root.join("event_journal")).into_iter().flatten().flatten().map(|entry| entry.path());
    let found = fixed.iter().map(|name| root.join(name)).filter(|path| path.exists()).chain(journals);
    let note =
        |path: std::path::PathBuf| format!("{} is of another program; only {STORE_FILE} is used", path.display());
    Check { notes: found.map(note).collect(), ..Check::of("other stores", Vec::new()) }
}

fn in_words(checks: &[Check]) -> String {
    let mut lines = Vec::new();
    for check in checks {
        let found = check.problems.iter().map(|text| format!("problem: {}: {}", check.name, in_one_line(text)));
        let known = check.notes.iter().map(|text| format!("note: {}: {}", check.name, in_one_line(text)));
        lines.extend(found.chain(known));
        if check.problems.is_empty() {
            lines.push(format!("ok: {}", check.name));
        }
    }
    lines.join("\n") + "\n"
}

/// With every address that is made of the server.
fn in_json(context: &Context, checks: &[Check], is_well: bool) -> String {
    let listed: Vec<serde_json::Value> = checks
        .iter()
        .map(|check| json!({"name": check.name, "problems": check.problems, "notes": check.notes}))
        .collect();
    let surfaces = Surfaces::from(context.resolution.target());
    let addresses: serde_json::Map<String, serde_json::Value> =
        surfaces.listed().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    format!("{}\n", json!({"ok": is_well, "checks": listed, "addresses": addresses}))
}
