//! Rows of queues enter; the journal and the provenance that they become leave.

use std::fs;

use super::queue::{self, envelope};
use crate::home::{Home, files, rows};

const EVENTS: &str = "SELECT event_id FROM event_journal ORDER BY seq";

#[test]
fn events_are_imported_as_they_are_in_the_order_of_their_time() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "ab12");
    queue::put(&queue, "late", &envelope("late", "b"), 1_700_000_100);
    queue::put(&queue, "early", &envelope("early", "ä"), 1_700_000_000);
    queue::put(&queue, "same time", "not json at all", 1_700_000_100);
    queue.execute("UPDATE queue SET coalesce_key = 'the|key' WHERE event_id = 'late'", []).expect("a key");
    drop(queue);
    let said = home.run(&["migrate"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.out.starts_with("imported: 3\ndeduped: 0\nconflicts: 0\nsource_errors: 0\nexit_code: 0\n"),
        "{said:?}"
    );
    assert!(said.err.contains("what was deleted there is gone"), "{said:?}");
    let journal =
        "SELECT event_id, event_type, occurred_at, created_at, coalesce_key, project_uuid, project_slug, family_class,
                   payload_size, oversize, archived_at, payload FROM event_journal ORDER BY seq";
    let early = envelope("early", "ä");
    let late = envelope("late", "b");
    let uuid = "6f9619ff-8b86-4011-b42d-00c04fc964ff|demo|teamspace_bound";
    let at = |second: &str| format!("2023-11-14T22:{second}.000000+00:00");
    let expected = [
        format!("early|WPStatusChanged|{0}|{0}|-|{uuid}|{1}|0|-|{early}", at("13:20"), early.len()),
        format!("late|WPStatusChanged|{0}|{0}|the|key|{uuid}|{1}|0|-|{late}", at("15:00"), late.len()),
        format!("same time|WPStatusChanged|{0}|{0}|-|-|-|teamspace_bound|15|0|-|not json at all", at("15:00")),
    ];
    assert_eq!(home.rows(journal), expected);
    assert_eq!(home.number("SELECT count(*) FROM event_journal WHERE validation_error LIKE 'envelope: %'"), 3);
    let provenance = home.rows("SELECT event_id, source_digest, target_id FROM migration_provenance ORDER BY event_id");
    assert_eq!(provenance, ["early|ab12|unknown:ab12", "late|ab12|unknown:ab12", "same time|ab12|unknown:ab12"]);
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger"), 0, "nothing was delivered by being imported");
    assert_eq!(home.number("SELECT count(*) FROM delivery_targets"), 0, "no target is invented");
    assert_eq!(home.number("SELECT live_events FROM journal_totals"), 3);
}

#[test]
fn one_event_in_three_queues_is_one_row_found_three_times() {
    let home = Home::new();
    let spellings = [
        r#"{"event_id":"e","n":1.0,"s":"ä"}"#,
        "{ \"s\": \"\\u00e4\", \"n\": 1, \"event_id\": \"e\" }",
        r#"{"n":10e-1,"event_id":"e","s":"ä"}"#,
    ];
    queue::put(&queue::legacy(&home.root()), "e", spellings[0], 5);
    queue::put(&queue::scoped(&home.root(), "a1"), "e", spellings[1], 5);
    queue::put(&queue::scoped(&home.root(), "b2"), "e", spellings[2], 5);
    let said = home.run(&["migrate", "--json"]);
    let json = said.json();
    assert_eq!(said.code, Some(0));
    assert_eq!((&json["imported"], &json["deduped"], &json["conflicts"]), (&1.into(), &2.into(), &0.into()));
    assert_eq!(home.rows("SELECT payload FROM event_journal"), [spellings[0]], "the bytes of the first source stay");
    let found = home.rows("SELECT source_digest, target_id FROM migration_provenance ORDER BY 1");
    assert_eq!(found, ["a1|unknown:a1", "b2|unknown:b2", "legacy|unknown:legacy"]);
}

#[test]
fn a_second_run_imports_nothing_and_a_third_what_came_since() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    queue::put(&queue, "one", &envelope("one", ""), 5);
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1);
    let again = home.run(&["migrate", "--json"]);
    assert_eq!(again.code, Some(0));
    assert_eq!((&again.json()["imported"], &again.json()["deduped"]), (&0.into(), &0.into()));
    assert_eq!(again.json()["sources"][0]["status"], "already_imported");
    assert!(!again.err.contains("still writes"), "{again:?}");
    queue::put(&queue, "two", &envelope("two", ""), 3);
    let refilled = home.run(&["migrate"]);
    assert!(refilled.out.starts_with("imported: 1\n"), "{refilled:?}");
    assert!(refilled.err.contains("an older program still writes to it"), "{refilled:?}");
    assert_eq!(home.rows(EVENTS), ["one", "two"]);
    let totals = home.rows("SELECT status, imported, deduped, row_count, max_id FROM migration_sources");
    assert_eq!(totals, ["imported|2|0|2|2"]);
}

#[test]
fn rows_that_only_the_log_of_a_running_program_holds_are_imported() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    queue.pragma_update(None, "journal_mode", "wal").expect("a log");
    queue.pragma_update(None, "wal_autocheckpoint", 0).expect("a log that stays");
    queue::put(&queue, "logged", &envelope("logged", ""), 5);
    let file = fs::read(queue::path(&home.root(), "a1")).expect("the queue");
    assert!(!file.windows(6).any(|bytes| bytes == b"logged"), "the row is in the log alone");
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1);
    queue::put(&queue, "later", &envelope("later", ""), 6);
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1);
    assert_eq!(home.rows(EVENTS), ["logged", "later"]);
    let left = rows(&queue, "SELECT event_id FROM queue ORDER BY id");
    assert_eq!(left, ["logged", "later"], "the program that writes still has its rows");
}

#[test]
fn older_files_without_a_key_or_a_queue_and_empty_ones_are_no_error() {
    let home = Home::new();
    let old = "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT UNIQUE NOT NULL, event_type TEXT NOT NULL,
               data TEXT NOT NULL, timestamp INTEGER NOT NULL, retry_count INTEGER DEFAULT 0);
               INSERT INTO queue (event_id, event_type, data, timestamp) VALUES ('old', 'T', '{}', 1)";
    fs::create_dir_all(home.root().join("queues")).expect("the folder");
    let open = |digest| rusqlite::Connection::open(queue::path(&home.root(), digest)).expect("a queue");
    open("a1").execute_batch(old).expect("an old queue");
    open("b2").execute_batch("CREATE TABLE other (x)").expect("another table");
    fs::write(queue::path(&home.root(), "c3"), "").expect("an empty file");
    drop(queue::scoped(&home.root(), "d4"));
    let said = home.run(&["migrate", "--json"]);
    assert_eq!((said.code, &said.json()["imported"]), (Some(0), &1.into()), "{said:?}");
    assert_eq!(home.rows("SELECT event_id, coalesce_key, project_uuid FROM event_journal"), ["old|-|-"]);
}

#[test]
fn uploads_are_counted_by_nobody_here_and_never_touched() {
    let home = Home::new();
    let queue = queue::legacy(&home.root());
    queue::put_uploads(&queue);
    drop(queue);
    let before = fs::read(home.root().join("queue.db")).expect("the queue");
    let said = home.run(&["migrate", "--cleanup", "--json"]);
    assert_eq!((said.code, &said.json()["imported"]), (Some(0), &0.into()));
    assert!(fs::read(home.root().join("queue.db")).expect("the queue") == before, "the queue was changed");
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 0);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let home = Home::new();
    queue::put(&queue::legacy(&home.root()), "e", &envelope("e", "a"), 5);
    queue::put(&queue::scoped(&home.root(), "a1"), "e", &envelope("e", "a"), 5);
    queue::put(&queue::scoped(&home.root(), "b2"), "e", &envelope("e", "b"), 5);
    let before = files(&home.root());
    let said = home.run(&["migrate", "--dry-run", "--json"]);
    let json = said.json();
    assert_eq!((&json["imported"], &json["deduped"], &json["conflicts"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!((said.code, &json["dry_run"]), (Some(1), &true.into()));
    assert!(files(&home.root()) == before, "not even a store was made");
    home.run(&["migrate"]);
    queue::put(&queue::scoped(&home.root(), "c3"), "f", &envelope("f", ""), 5);
    assert_eq!(home.run(&["migrate", "--dry-run", "--json"]).json()["imported"], 1);
    assert_eq!(home.rows(EVENTS), ["e"]);
    assert_eq!(home.number("SELECT count(*) FROM migration_sources"), 3);
}

#[test]
fn a_dry_run_leaves_a_store_of_an_older_program_as_it_is() {
    let home = Home::of_first_step();
    queue::put(&queue::legacy(&home.root()), "e", &envelope("e", "a"), 5);
    let before = files(&home.root());
    let said = home.run(&["migrate", "--dry-run", "--json"]);
    assert_eq!((said.code, &said.json()["imported"]), (Some(0), &1.into()), "{said:?}");
    assert!(files(&home.root()) == before, "a file was made or changed");
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1);
}

#[test]
fn an_idle_queue_that_is_kept_with_a_log_gets_no_file_beside_it() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    queue.pragma_update(None, "journal_mode", "wal").expect("a log");
    queue::put(&queue, "e", &envelope("e", ""), 5);
    drop(queue);
    let before = files(&home.root().join("queues"));
    assert_eq!(before.len(), 1, "the log went when the program did");
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1);
    assert!(files(&home.root().join("queues")) == before, "migrating made or changed a file");
    let again = rusqlite::Connection::open(queue::path(&home.root(), "a1")).expect("the queue");
    queue::put(&again, "later", &envelope("later", ""), 6);
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1, "what its log holds counts");
}

#[test]
fn a_moment_that_lies_ahead_of_the_clock_takes_no_later_event_with_it() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    // The year 5138, and seconds that were milliseconds.
    for (id, timestamp) in [("early", 1), ("ahead", 99_999_999_999), ("milli", 1_760_000_000_000)] {
        queue::put(&queue, id, &envelope(id, ""), timestamp);
    }
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 3);
    assert_eq!(home.feed(&["capture"], envelope("later", "").as_bytes()).code, Some(0));
    let kept = home.rows("SELECT event_id, created_at < '3000' FROM event_journal ORDER BY seq");
    assert_eq!(kept, ["early|1", "ahead|1", "milli|1", "later|1"], "nobody kept anything in the future");
    assert_eq!(home.number("SELECT count(*) FROM event_journal WHERE created_at > '2020'"), 3);
}

#[test]
fn a_row_that_took_up_a_newer_event_agrees_with_what_it_was() {
    let home = Home::new();
    let snapshot = |id: &str, text: &str| {
        serde_json::json!({"event_id": id, "event_type": "MissionDossierSnapshotComputed",
            "payload": {"namespace": {"project_uuid": "p", "mission_slug": "m"}, "text": text}})
        .to_string()
    };
    let lines = [snapshot("a", "one"), snapshot("b", "two")].join("\n");
    assert!(home.feed(&["capture"], lines.as_bytes()).out.ends_with("collapsed b\n"));
    queue::put(&queue::legacy(&home.root()), "a", &snapshot("a", "one"), 5);
    let said = home.run(&["migrate", "--json"]);
    assert_eq!((said.code, &said.json()["deduped"]), (Some(0), &1.into()), "{said:?}");
}
