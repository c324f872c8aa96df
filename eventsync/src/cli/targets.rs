//! The store enters; the targets that it knows leave, or one of them counts no more.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::{Outcome, print};
use crate::delivery::targets::{self, Target, TargetsError};
use crate::store::{self, Found, clock, in_transaction};

/// Show the servers that events were sent to
#[derive(Subcommand)]
pub enum TargetsCommand {
    List(ListArguments),
    /// Say that a target is gone for good, so that `gc` does not wait for it
    Retire(TargetArguments),
    /// Take that back
    Unretire(TargetArguments),
}

/// Show all targets
#[derive(Args)]
pub struct ListArguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct TargetArguments {
    /// The target, as `targets list` shows it
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl TargetsCommand {
    pub fn run(self) -> Result<Outcome, Failure> {
        match self {
            TargetsCommand::List(arguments) => list(arguments.json),
            TargetsCommand::Retire(arguments) => change(&arguments, true),
            TargetsCommand::Unretire(arguments) => change(&arguments, false),
        }
    }
}

fn list(as_json: bool) -> Result<Outcome, Failure> {
    let known = match store::read(&store::root())? {
        Found::Nothing => Vec::new(),
        Found::Store(connection) => targets::list(&connection)?,
    };
    if as_json {
        let listed: Vec<Value> = known.iter().map(described).collect();
        print(&format!("{}\n", json!({"targets": listed})))?;
    } else {
        let line = |target: &Target| {
            let retired = if target.retired_at.is_some() { " retired" } else { "" };
            format!("{} {} {}{retired}\n", target.target_id, target.kind, target.canonical_url)
        };
        print(&known.iter().map(line).collect::<String>())?;
    }
    Ok(Outcome::DONE)
}

fn change(arguments: &TargetArguments, retires: bool) -> Result<Outcome, Failure> {
    let id = &arguments.id;
    let unknown = || Failure::from(TargetsError::Unknown { id: id.clone() });
    let mut connection = store::open_existing(&store::root())?.ok_or_else(unknown)?;
    let changed = in_transaction(&mut connection, |transaction| {
        if retires {
            targets::retire(transaction, id, &clock::now())?;
        } else {
            targets::unretire(transaction, id)?;
        }
        targets::find(transaction, id)
    })?;
    let target = changed.ok_or_else(unknown)?;
    let line = format!("{id} {}", if retires { "retired" } else { "in use" });
    print(&format!("{}\n", if arguments.json { described(&target).to_string() } else { line }))?;
    Ok(Outcome::DONE)
}

/// A target as the contract declares it.
fn described(target: &Target) -> Value {
    let record = |text: String| serde_json::from_str::<Value>(&text).expect("a record is JSON");
    json!({"target_id": target.target_id, "kind": target.kind.as_str(), "canonical_url": target.canonical_url,
        "url_hash": target.url_hash, "team_slug": target.team_slug, "user_email": target.user_email,
        "target_pk": target.target_pk, "provenance": record(target.facts.provenance().to_json()),
        "first_seen_at": target.first_seen_at, "last_seen_at": target.last_seen_at,
        "redrain_epoch": target.redrain_epoch, "retired_at": target.retired_at,
        "reset_signal": target.reset_signal.as_ref().map(|signal| record(signal.to_json()))})
}
