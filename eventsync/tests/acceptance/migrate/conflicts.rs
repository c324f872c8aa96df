//! One id with two payloads enters; that both are kept until somebody decides, and then the one that was chosen, leaves.

use std::fs;

use rusqlite::Connection;

use super::queue::{self, envelope};
use crate::home::{Home, Said, rows};

const OPEN: &str = "SELECT event_id, source_digest FROM migration_conflicts ORDER BY 1, 2";

/// A root where queue `b2` has another payload for `e` than `a1`, and a clean event of its own.
fn divided() -> Home {
    let home = Home::new();
    queue::put(&queue::scoped(&home.root(), "a1"), "e", &envelope("e", "first"), 5);
    let other = queue::scoped(&home.root(), "b2");
    queue::put(&other, "e", &envelope("e", "second"), 5);
    queue::put(&other, "clean", &envelope("clean", ""), 6);
    home
}

fn queued(home: &Home, digest: &str) -> Vec<String> {
    let queue = Connection::open(queue::path(&home.root(), digest)).expect("the queue");
    rows(&queue, "SELECT event_id FROM queue ORDER BY id")
}

fn counts(said: &Said) -> (i64, i64, i64) {
    let json = said.json();
    let count = |name: &str| json[name].as_i64().expect("a count");
    (count("imported"), count("deduped"), count("conflicts"))
}

#[test]
fn a_conflict_changes_nothing_keeps_both_and_lets_the_clean_rows_in() {
    let home = divided();
    let before = fs::read(queue::path(&home.root(), "b2")).expect("the queue");
    let said = home.run(&["migrate", "--json"]);
    assert_eq!((said.code, counts(&said)), (Some(1), (2, 0, 1)), "{said:?}");
    assert_eq!(said.json()["sources"][1]["status"], "conflict");
    assert!(said.err.contains("--resolve-conflicts keep-journal"), "{said:?}");
    assert_eq!(home.rows("SELECT payload FROM event_journal WHERE event_id = 'e'"), [envelope("e", "first")]);
    assert_eq!(home.rows("SELECT event_id FROM event_journal ORDER BY seq"), ["e", "clean"]);
    assert_eq!(home.rows(OPEN), ["e|b2"]);
    let kept = home.rows("SELECT payload, resolved_at FROM quarantined_conflicts");
    assert_eq!(kept, [format!("{}|-", envelope("e", "second"))]);
    assert_eq!(
        home.number(
            "SELECT count(*) FROM migration_conflicts WHERE length(existing_sha) = 64 AND existing_sha <> incoming_sha"
        ),
        1
    );
    assert!(fs::read(queue::path(&home.root(), "b2")).expect("the queue") == before, "the queue was changed");
    let again = home.run(&["migrate", "--json"]);
    assert_eq!((again.code, counts(&again)), (Some(1), (0, 0, 1)), "it stays open");
    assert_eq!(home.number("SELECT count(*) FROM quarantined_conflicts"), 1);
}

#[test]
fn open_conflicts_block_the_cleanup() {
    let home = divided();
    let said = home.run(&["migrate", "--cleanup", "--json"]);
    assert_eq!((said.code, &said.json()["cleanup_blocked"]), (Some(1), &true.into()));
    assert!(said.err.contains("nothing was removed from the queues: conflicts are open"), "{said:?}");
    assert_eq!(
        (queued(&home, "a1"), queued(&home, "b2")),
        (vec!["e".to_owned()], vec!["e".to_owned(), "clean".to_owned()])
    );
}

#[test]
fn keeping_the_journal_ends_the_conflict_and_keeps_the_other_payload() {
    let home = divided();
    let said = home.run(&["migrate", "--resolve-conflicts", "keep-journal", "--json"]);
    assert_eq!((said.code, counts(&said)), (Some(0), (2, 0, 0)), "{said:?}");
    assert_eq!(said.json()["sources"][1]["resolved"], 1);
    assert!(home.rows(OPEN).is_empty());
    assert_eq!(home.rows("SELECT payload FROM event_journal WHERE event_id = 'e'"), [envelope("e", "first")]);
    let kept = home.rows("SELECT payload FROM quarantined_conflicts WHERE resolved_at IS NOT NULL");
    assert_eq!(kept, [envelope("e", "second")]);
    assert_eq!(queued(&home, "b2"), ["clean"], "the row that lost left its queue, the other did not");
    let cleaned = home.run(&["migrate", "--cleanup", "--json"]);
    assert_eq!((cleaned.code, counts(&cleaned)), (Some(0), (0, 0, 0)), "{cleaned:?}");
    assert!(queued(&home, "a1").is_empty() && queued(&home, "b2").is_empty());
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 2);
    assert_eq!(home.number("SELECT count(*) FROM migration_provenance"), 2, "where they were found stays known");
}

#[test]
fn a_payload_in_quarantine_is_never_written_over() {
    let home = divided();
    let resolve = ["migrate", "--resolve-conflicts", "keep-journal"];
    home.run(&resolve);
    let queue = Connection::open(queue::path(&home.root(), "b2")).expect("the queue");
    queue::put(&queue, "e", &envelope("e", "third"), 7);
    assert_eq!(home.run(&resolve).code, Some(0));
    let kept = home.rows("SELECT payload FROM quarantined_conflicts WHERE resolved_at IS NOT NULL ORDER BY payload");
    assert_eq!(kept, [envelope("e", "second"), envelope("e", "third")]);
    assert_eq!(home.rows("SELECT payload FROM event_journal WHERE event_id = 'e'"), [envelope("e", "first")]);
}

#[test]
fn a_source_that_comes_to_agree_ends_its_conflict() {
    let home = divided();
    home.run(&["migrate"]);
    let queue = Connection::open(queue::path(&home.root(), "b2")).expect("the queue");
    queue.execute("UPDATE queue SET data = ?1 WHERE event_id = 'e'", [envelope("e", "first")]).expect("an update");
    let said = home.run(&["migrate", "--json"]);
    assert_eq!((said.code, counts(&said)), (Some(0), (0, 1, 0)), "{said:?}");
    assert!(home.rows(OPEN).is_empty());
}

#[test]
fn the_cleanup_removes_what_the_journal_has_and_nothing_else() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    queue::put_uploads(&queue);
    for event in ["one", "two"] {
        queue::put(&queue, event, &envelope(event, ""), 5);
    }
    queue
        .execute("INSERT INTO queue (event_id, event_type, data, timestamp) VALUES (x'ff', 'T', 'kept', 6)", [])
        .expect("a row");
    let said = home.run(&["migrate", "--cleanup", "--json"]);
    assert_eq!((said.code, counts(&said)), (Some(1), (2, 0, 0)), "{said:?}");
    assert_eq!(rows(&queue, "SELECT data FROM queue WHERE id = 3"), ["kept"], "a row that is no event stays");
    assert_eq!(queued(&home, "a1").len(), 3, "of a source that has a fault nothing is removed");
    queue.execute("DELETE FROM queue WHERE id = 3", []).expect("the operator's decision");
    let said = home.run(&["migrate", "--cleanup", "--json"]);
    assert_eq!((said.code, &said.json()["sources"][0]["cleaned"]), (Some(0), &2.into()), "{said:?}");
    assert!(queued(&home, "a1").is_empty());
    assert_eq!(rows(&queue, "SELECT count(*) FROM body_upload_queue"), ["2"]);
    assert_eq!(rows(&queue, "SELECT count(*) FROM body_upload_failure_log"), ["1"]);
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 2);
}

#[test]
fn a_conflict_ends_also_when_its_row_or_its_whole_queue_is_gone() {
    for is_whole_queue in [false, true] {
        let home = divided();
        home.run(&["migrate"]);
        let path = queue::path(&home.root(), "b2");
        if is_whole_queue {
            fs::remove_file(path).expect("no queue");
            fs::remove_file(queue::path(&home.root(), "a1")).expect("no queue");
        } else {
            let queue = Connection::open(path).expect("the queue");
            queue.execute("DELETE FROM queue WHERE event_id = 'e'", []).expect("no row");
        }
        let said = home.run(&["migrate", "--json"]);
        assert_eq!((said.code, counts(&said)), (Some(1), (0, 0, 1)), "{said:?}");
        assert_eq!(said.err.contains("open conflicts with queue b2, which is not there any more: 1"), is_whole_queue);
        let said = home.run(&["migrate", "--resolve-conflicts", "keep-journal", "--json"]);
        assert_eq!((said.code, counts(&said)), (Some(0), (0, 0, 0)), "{said:?}");
        assert!(home.rows(OPEN).is_empty());
        let kept = home.rows("SELECT payload FROM quarantined_conflicts WHERE resolved_at IS NOT NULL");
        assert_eq!(kept, [envelope("e", "second")]);
    }
}
