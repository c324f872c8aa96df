//! Queues enter, before and after they were migrated; what `status` and `gc` make of them leaves.

use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::queue::{self, envelope};
use crate::events::{event, id};
use crate::home::{Home, files};
use crate::stub::Stub;

fn status(home: &Home) -> Value {
    home.run(&["status", "--json"]).json()
}

#[test]
fn status_counts_what_waits_in_queues_and_makes_no_file() {
    let home = Home::new();
    let legacy = queue::legacy(&home.root());
    queue::put_uploads(&legacy);
    for number in 0..3 {
        queue::put(&legacy, &format!("l{number}"), &envelope("l", ""), 1);
    }
    let scoped = queue::scoped(&home.root(), "a1");
    queue::put(&scoped, "s", &envelope("s", ""), 1);
    // As a program leaves it that was ended: in the mode of a log, without one.
    scoped.pragma_update(None, "journal_mode", "wal").expect("a log");
    drop((legacy, scoped));
    let before = files(&home.root());
    let report = status(&home);
    assert!(files(&home.root()) == before, "status made or changed a file");
    assert_eq!(report["legacy_queue"]["event_count"], 3);
    assert_eq!(report["legacy_queue"]["rows_in_scope"], 3);
    assert_eq!(report["legacy_queue"]["body_upload_count"], 2);
    let uploads = json!({"body_upload_queue_count": 2, "body_upload_failure_log_count": 1});
    assert_eq!(report["body_upload_compatibility"], uploads);
    let waiting = json!([{"source_digest": "legacy", "rows": 3}, {"source_digest": "a1", "rows": 1}]);
    assert_eq!(report["unmigrated"], waiting);
    assert_eq!(report["event_journal"]["retained_event_count"], 0, "uploads and waiting events are not in the journal");
    assert_eq!(home.run(&["status", "--check"]).code, Some(2), "events wait in the queue of all scopes");
    assert_eq!(home.run(&["migrate"]).code, Some(0));
    let after = status(&home);
    assert_eq!((&after["unmigrated"], &after["legacy_queue"]["rows_in_scope"]), (&json!([]), &json!(0)));
    assert_eq!(after["legacy_queue"]["event_count"], 3, "they are still there");
    assert_eq!(after["body_upload_compatibility"], uploads);
    queue::put(&queue_of(&home, "queue.db"), "refill", &envelope("r", ""), 2);
    assert_eq!(status(&home)["unmigrated"], json!([{"source_digest": "legacy", "rows": 1}]));
    assert_eq!(home.run(&["migrate", "--cleanup"]).code, Some(0));
    assert_eq!(status(&home)["legacy_queue"]["event_count"], 0);
}

fn queue_of(home: &Home, name: &str) -> Connection {
    let path: PathBuf = home.root().join(name);
    Connection::open(path).expect("the queue")
}

#[test]
fn a_queue_that_cannot_be_read_is_told_by_status() {
    let home = Home::new();
    std::fs::create_dir_all(home.root()).expect("a folder");
    std::fs::write(home.root().join("queue.db"), "no database, whatever its name says; ".repeat(50)).expect("a file");
    let report = status(&home);
    let told = report["diagnostics"].as_array().expect("diagnostics").iter().filter_map(Value::as_str);
    assert!(told.into_iter().any(|line| line.contains("queue.db: it is damaged or no database")), "{report}");
}

#[test]
fn a_conflict_blocks_neither_capture_nor_delivery_but_the_purge_of_its_event() {
    let (home, stub) = (Home::new(), Stub::start());
    home.feed(&["capture"], format!("{}\n{}\n", event(1), event(2)).as_bytes());
    queue::put(&queue::scoped(&home.root(), "a1"), &id(1), &event(1).replace("Work 1", "Work of another kind"), 1);
    assert_eq!(home.run(&["migrate"]).code, Some(1));
    let conflicts = &status(&home)["migration_conflicts"];
    assert_eq!((&conflicts["count"], &conflicts["cleanup_blocked"]), (&json!(1), &json!(true)));
    assert_eq!(conflicts["conflicts"][0]["event_id"], id(1));
    assert_eq!(conflicts["conflicts"][0]["source_digest"], "a1");
    assert_eq!(conflicts["conflicts"][0]["detail"], "differs at /payload/title");
    assert_ne!(conflicts["conflicts"][0]["existing_sha"], conflicts["conflicts"][0]["incoming_sha"]);
    assert_eq!(status(&home)["unmigrated"], json!([]), "what is told as a conflict is not told again as waiting");

    assert_eq!(home.feed(&["capture"], event(3).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.lines(), [event(1), event(2), event(3)], "the journal's own payloads go out");
    assert_eq!(home.run(&["gc"]).code, Some(0));
    let kept = "SELECT event_id FROM event_journal WHERE payload_purged_at IS NULL";
    assert_eq!(home.rows(kept), [id(1)], "its bytes may still be asked for");
    assert_eq!(home.run(&["migrate", "--resolve-conflicts", "keep-journal"]).code, Some(0));
    assert_eq!(status(&home)["migration_conflicts"]["count"], 0);
    assert_eq!(home.run(&["gc"]).code, Some(0));
    assert_eq!(home.rows(kept), Vec::<String>::new());
}

#[test]
fn imported_events_go_out_as_they_were_queued_and_only_with_consent() {
    let (home, stub) = (Home::new(), Stub::start());
    let queue = queue::scoped(&home.root(), "a1");
    queue::put(&queue, &id(2), &event(2).replace(',', ", "), 2);
    queue::put(&queue, &id(1), &event(1), 1);
    queue::put(&queue, "no project", r#"{"event_id":"no project","event_type":"WPCreated"}"#, 3);
    assert_eq!(home.run(&["migrate"]).code, Some(0));
    home.external(&stub.url);
    home.run(&["now"]);
    assert_eq!(stub.lines(), Vec::<String>::new(), "to be imported is no consent");
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.lines(), [event(1), event(2).replace(',', ", ")], "byte for byte, the older first");
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger"), 2, "an event of no project never goes out");
    assert_eq!(home.run(&["migrate", "--json"]).json()["deduped"], 0);
}
