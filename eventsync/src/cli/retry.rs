//! Events of a target enter; parked ones are sent again, or everything is.

use clap::{ArgGroup, Args};
use rusqlite::Connection;

use super::context::Context;
use super::failure::Failure;
use super::{Outcome, print};
use crate::delivery::ledger::{self, Account};
use crate::delivery::targets;
use crate::generated::ErrorCategory;
use crate::store::{self, in_transaction};

/// Let parked events be sent again
#[derive(Args)]
#[command(group(ArgGroup::new("which").required(true).args(["event_id", "category", "all"])))]
pub struct RetryArguments {
    /// This event; may be given several times
    #[arg(long, value_name = "ID")]
    event_id: Vec<String>,
    /// Parked events of this category of errors
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// All parked events
    #[arg(long)]
    all: bool,
    /// At this target, in place of the one of now
    #[arg(long, value_name = "ID")]
    target: Option<String>,
}

/// Let everything that a target has be sent to it once more
#[derive(Args)]
pub struct RedrainArguments {
    /// This target, in place of the one of now
    #[arg(long, value_name = "ID")]
    target: Option<String>,
}

impl RetryArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let (mut connection, account) = opened(self.target.as_deref())?;
        let chosen = if self.event_id.is_empty() {
            self.parked(&connection, account)?
        } else {
            self.event_id.iter().map(|id| numbered(&connection, id)).collect::<Result<_, Failure>>()?
        };
        let requeued = in_transaction(&mut connection, |transaction| {
            chosen.iter().try_fold(0, |count, (seq, id)| {
                Ok::<i32, Failure>(count + i32::from(ledger::requeue(transaction, account, id, *seq)?))
            })
        })?;
        print(&format!("requeued: {requeued}\n"))?;
        Ok(Outcome::DONE)
    }

    fn parked(&self, connection: &Connection, account: Account) -> Result<Vec<(i64, String)>, Failure> {
        let category = self.category.as_deref();
        if let Some(name) = category.filter(|name| name.parse::<ErrorCategory>().is_err()) {
            let known: Vec<&str> = ErrorCategory::ALL.iter().map(|category| category.as_str()).collect();
            return Err(Failure::new(format!("`{name}` is no category of errors; they are {}", known.join(", "))));
        }
        Ok(ledger::parked(connection, account.target_pk, category)?)
    }
}

impl RedrainArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let (mut connection, account) = opened(self.target.as_deref())?;
        let reopened = in_transaction(&mut connection, |transaction| ledger::redrain(transaction, account.target_pk))?;
        print(&format!("reopened: {reopened}\n"))?;
        Ok(Outcome::DONE)
    }
}

/// The store, and the target that is meant.
fn opened(target_id: Option<&str>) -> Result<(Connection, Account), Failure> {
    let context = Context::read()?;
    let nothing = || Failure::new("nothing was sent yet: there is no target to do this for");
    let connection = store::open_existing(&context.root)?.ok_or_else(nothing)?;
    let account = match target_id {
        None => context.account(&connection)?.ok_or_else(nothing)?,
        Some(id) => {
            let found = targets::find(&connection, id)?;
            let target = found.ok_or_else(|| Failure::new(format!("there is no target `{id}`: see `targets list`")))?;
            Account { target_pk: target.target_pk, epoch: target.redrain_epoch }
        }
    };
    Ok((connection, account))
}

fn numbered(connection: &Connection, event_id: &str) -> Result<(i64, String), Failure> {
    let found = crate::journal::seq_of(connection, event_id)?;
    found.map(|seq| (seq, event_id.to_owned())).ok_or_else(|| Failure::new(format!("there is no event `{event_id}`")))
}
