//! A project enters; whether its events may leave the machine is decided, or told.

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::{Outcome, print};
use crate::generated::ConsentState;
use crate::policy::consent::{self, Consent};
use crate::store::{self, Found, clock, in_transaction};

/// Decide whose events may leave this machine
#[derive(Subcommand)]
pub enum ConsentCommand {
    List(ListArguments),
    /// Let the events of a project be sent
    Grant(ProjectArguments),
    /// Keep the events of a project here from now on
    Revoke(ProjectArguments),
}

/// Show projects with events, and what was decided about them
#[derive(Args)]
pub struct ListArguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct ProjectArguments {
    /// The project; may be left out where the journal holds events of one alone
    uuid: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl ConsentCommand {
    pub fn run(self) -> Result<Outcome, Failure> {
        match self {
            ConsentCommand::List(arguments) => list(arguments.json),
            ConsentCommand::Grant(arguments) => decide(&arguments, ConsentState::Granted),
            ConsentCommand::Revoke(arguments) => decide(&arguments, ConsentState::Revoked),
        }
    }
}

fn list(as_json: bool) -> Result<Outcome, Failure> {
    let consents = match store::read(&store::root())? {
        Found::Nothing => Vec::new(),
        Found::Store(connection) => consent::list(&connection)?,
    };
    if as_json {
        let listed: Vec<serde_json::Value> = consents.iter().map(value).collect();
        print(&format!("{}\n", json!({"consent": listed})))?;
    } else {
        let line = |one: &Consent| format!("{} {}\n", one.project_uuid, one.state.as_deref().unwrap_or("undecided"));
        print(&consents.iter().map(line).collect::<String>())?;
    }
    Ok(Outcome::DONE)
}

fn value(consent: &Consent) -> serde_json::Value {
    json!({"project_uuid": consent.project_uuid, "state": consent.state, "actor": consent.actor,
        "changed_at": consent.changed_at})
}

fn decide(arguments: &ProjectArguments, state: ConsentState) -> Result<Outcome, Failure> {
    let mut connection = store::create(&store::root())?;
    let project = consent::meant(&connection, arguments.uuid.as_deref())?;
    let (actor, now) = (actor(), clock::now());
    in_transaction(&mut connection, |transaction| consent::decide(transaction, &project, state, &actor, &now))?;
    if arguments.json {
        let decided = Consent {
            project_uuid: project,
            state: Some(state.as_str().to_owned()),
            actor: Some(actor),
            changed_at: Some(now),
        };
        print(&format!("{}\n", value(&decided)))?;
    } else {
        print(&format!("{project} {state}\n"))?;
    }
    Ok(Outcome::DONE)
}

/// Who sits at this machine, as the system calls them.
fn actor() -> String {
    let known = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    known.filter(|name| !name.is_empty()).unwrap_or_else(|| "operator".to_owned())
}
