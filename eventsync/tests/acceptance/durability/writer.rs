//! A root and how carefully SQLite is to flush enter; a program leaves that appends to the journal and acknowledges each event.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use eventsync::generated::FamilyClassification;
use eventsync::journal::coalesce::{Coalescing, ContractKeys, DeliveredAnywhere};
use eventsync::journal::{Journal, NewEvent};
use eventsync::store::{self, StoreError};
use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};

/// Where the writer is to write, and how.
const ROOT: &str = "WRITER_ROOT";
const SYNCHRONOUS: &str = "WRITER_SYNCHRONOUS";

/// Events that it writes, each in a transaction of its own.
const EVENTS: usize = 120;

/// The writer as a program: this test program, told to run nothing but the writer.
pub fn command(root: &Path, synchronous: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "durability::writer::writes_and_acknowledges", "--ignored", "--nocapture"]);
    command.env(ROOT, root).env(SYNCHRONOUS, synchronous);
    command
}

/// The id of the event that a line of its output acknowledges.
pub fn acknowledged(line: &str) -> Option<String> {
    line.strip_prefix("durable ").map(str::to_owned)
}

struct Nobody;

impl DeliveredAnywhere for Nobody {
    fn is_frozen(&self, _: &Connection, _: i64) -> rusqlite::Result<bool> {
        Ok(false)
    }

    fn reopen(&self, _: &Transaction<'_>, _: i64) -> rusqlite::Result<()> {
        Ok(())
    }
}

#[test]
#[ignore = "other tests run it as a program of its own"]
fn writes_and_acknowledges() {
    let root = PathBuf::from(std::env::var_os(ROOT).expect("other tests say where"));
    let mut store = store::create(&root).expect("a store");
    store.pragma_update(None, "synchronous", std::env::var(SYNCHRONOUS).expect("how")).expect("a setting");
    // So that the log is taken over into the file, and begun anew, more than once.
    store.pragma_update(None, "wal_autocheckpoint", 150).expect("a setting");
    let coalescing = Coalescing { strategy: &ContractKeys, frozen: &Nobody };
    for number in 0..EVENTS {
        let event_id = format!("event-{number}");
        let payload = format!(r#"{{"event_id":"{event_id}","filler":"{}"}}"#, "x".repeat(number * 7 % 5000));
        let event = NewEvent {
            event_type: "local.metric".to_owned(),
            occurred_at: store::clock::now(),
            payload_sha256: Sha256::digest(&payload).into(),
            payload: payload.into_bytes(),
            event_id,
            project_uuid: None,
            project_slug: None,
            repo_slug: None,
            producer_scope: "local".to_owned(),
            family_class: FamilyClassification::LocalOnly,
            data_tier: 0,
            drain_blocked_reason: None,
            validation_error: None,
        };
        let now = store::clock::now();
        store::in_transaction::<_, StoreError>(&mut store, |transaction| {
            let mut journal = Journal::open(transaction)?;
            journal.append(&event, coalescing, &now).expect("an append");
            journal.close()
        })
        .expect("a commit");
        // On a line of its own, whatever the test program printed before.
        std::io::stdout().write_all(format!("\ndurable {}\n", event.event_id).as_bytes()).expect("somebody listens");
        std::io::stdout().flush().expect("somebody listens");
    }
}
