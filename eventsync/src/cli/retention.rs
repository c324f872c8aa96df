//! What is meant enters; events are archived, or their bytes go where every known target has them.

use clap::Args;
use rusqlite::Connection;

use super::failure::Failure;
use super::line::in_one_line;
use super::{Outcome, print};
use crate::delivery::retention::{self, Chosen, Done};
use crate::journal;
use crate::migrate::Migrated;
use crate::store::{self, clock};

/// Which events are meant.
#[derive(Args)]
struct Which {
    /// This event; may be given several times
    #[arg(long, value_name = "ID")]
    event_id: Vec<String>,
    /// Events captured before this moment, as RFC 3339 writes it
    #[arg(long, value_name = "TIME")]
    before: Option<String>,
    /// Tell what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Free the bytes of events that every known target has; what they were stays on record
#[derive(Args)]
pub struct GcArguments {
    #[command(flatten)]
    which: Which,
    /// Archived events alone
    #[arg(long)]
    archived_only: bool,
}

/// Leave events out of deliveries from now on; nothing is removed
#[derive(Args)]
pub struct ArchiveArguments {
    #[command(flatten)]
    which: Which,
}

impl GcArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let chosen = chosen(self.which, self.archived_only)?;
        let root = store::root();
        let Some(mut connection) = store::open_existing(&root)? else { return shown(&Done::default()) };
        tell_of_unknown(&connection, &chosen)?;
        shown(&retention::gc(&mut connection, &chosen, &Migrated { root }, &clock::now())?)
    }
}

impl ArchiveArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let chosen = chosen(self.which, false)?;
        let Some(mut connection) = store::open_existing(&store::root())? else { return shown(&Done::default()) };
        tell_of_unknown(&connection, &chosen)?;
        shown(&retention::archive(&mut connection, &chosen, &clock::now())?)
    }
}

fn chosen(which: Which, archived_only: bool) -> Result<Chosen, Failure> {
    let utc = |text: String| {
        clock::utc(&text).ok_or_else(|| Failure::new(format!("`{text}` is no moment such as 2026-01-31T12:00:00Z")))
    };
    let before = which.before.map(utc).transpose()?;
    Ok(Chosen { event_ids: which.event_id, before, archived_only, is_dry: which.dry_run })
}

/// A misspelt id would look like an event with nothing to do.
fn tell_of_unknown(connection: &Connection, chosen: &Chosen) -> Result<(), Failure> {
    for id in &chosen.event_ids {
        if journal::seq_of(connection, id)?.is_none() {
            eprintln!("notice: there is no event `{}`", in_one_line(id));
        }
    }
    Ok(())
}

fn shown(done: &Done) -> Result<Outcome, Failure> {
    let (archived, purged, skipped) = (done.archived.len(), done.purged.len(), done.skipped.len());
    print(&format!(
        "Archived: {archived}\nPurged: {purged}\nSkipped: {skipped}\nBytes: {} -> {}\n",
        done.bytes_before, done.bytes_after
    ))?;
    Ok(Outcome::DONE)
}
