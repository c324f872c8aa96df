//! Queues enter, and a migration that is killed at each of its writes; that each source is there whole or not at all leaves.

use std::fs;

use rusqlite::Connection;

use super::kill::kill_at;
use crate::home::Home;
use crate::migrate::queue::{self, envelope};

const SOURCES: [&str; 2] = ["a1", "b2"];
const ROWS: i64 = 3;

/// A root with two queues.
fn queues() -> Home {
    let home = Home::in_memory();
    for source in SOURCES {
        let queue = queue::scoped(&home.root(), source);
        for number in 0..ROWS {
            let event = format!("{source}-{number}");
            queue::put(&queue, &event, &envelope(&event, ""), number);
        }
    }
    home
}

/// How many events of a source the store holds, with as many provenances.
fn imported(home: &Home, source: &str) -> i64 {
    let Ok(store) = Connection::open(home.root().join("sync.db")) else { return 0 };
    if !store.table_exists(None, "migration_provenance").expect("a sound store") {
        return 0;
    }
    let verdict: String = store.pragma_query_value(None, "integrity_check", |row| row.get(0)).expect("a verdict");
    assert_eq!(verdict, "ok");
    let count = |sql: &str| -> i64 { store.query_row(sql, [source], |row| row.get(0)).expect("a count") };
    let events = count("SELECT count(*) FROM event_journal WHERE event_id LIKE ?1 || '-%'");
    assert_eq!(events, count("SELECT count(*) FROM migration_provenance WHERE source_digest = ?1"));
    let done = count("SELECT count(*) FROM migration_sources WHERE digest = ?1 AND status = 'imported'");
    assert_eq!(done, i64::from(events > 0), "a source is said to be done when it is");
    events
}

#[test]
fn a_migration_that_is_killed_leaves_each_source_whole_or_out() {
    let mut halves = 0;
    for (call, at_once) in [("fdatasync,fsync", 1), ("pwrite64", 9)] {
        for nth in 1.. {
            let home = queues();
            let sources: Vec<Vec<u8>> =
                SOURCES.iter().map(|s| fs::read(queue::path(&home.root(), s)).expect("it")).collect();
            let ended = kill_at(&home.command(&["migrate"]), call, 1 + (nth - 1) * at_once, "");
            let [first, second] = SOURCES.map(|source| imported(&home, source));
            assert!([0, ROWS].contains(&first) && [0, ROWS].contains(&second), "{call} {nth}: {first} and {second}");
            assert!(first >= second, "one source after the other");
            halves += usize::from(first > second);
            let again = home.run(&["migrate", "--json"]);
            assert_eq!((again.code, &again.json()["imported"]), (Some(0), &(2 * ROWS - first - second).into()));
            assert_eq!(home.number("SELECT count(*) FROM event_journal"), 2 * ROWS);
            for (source, bytes) in SOURCES.iter().zip(sources) {
                assert!(
                    fs::read(queue::path(&home.root(), source)).expect("the queue") == bytes,
                    "{source} was changed"
                );
            }
            if !ended.is_killed {
                assert!(nth > 3, "{call}: it was killed at some of them: {}", ended.err);
                break;
            }
        }
    }
    assert!(halves > 1, "it was killed within the second source: {halves}");
}

#[test]
fn a_cleanup_that_is_killed_removes_nothing_that_the_journal_lacks() {
    for nth in 1.. {
        let home = queues();
        let queue = Connection::open(queue::path(&home.root(), "b2")).expect("the queue");
        queue::put(&queue, "a1-0", &envelope("a1-0", "another payload"), 9);
        drop(queue);
        let command = home.command(&["migrate", "--resolve-conflicts", "keep-journal", "--cleanup"]);
        let ended = kill_at(&command, "fdatasync,fsync,unlink", nth, "");
        let again = home.run(&["migrate", "--resolve-conflicts", "keep-journal", "--cleanup", "--json"]);
        assert_eq!(again.code, Some(0), "{nth}: {again:?}");
        assert_eq!(home.number("SELECT count(*) FROM event_journal"), 2 * ROWS, "{nth}");
        let kept = home.rows("SELECT payload FROM quarantined_conflicts WHERE resolved_at IS NOT NULL");
        assert_eq!(kept, [envelope("a1-0", "another payload")], "{nth}");
        assert_eq!(home.number("SELECT count(*) FROM migration_conflicts"), 0, "{nth}");
        for source in SOURCES {
            let queue = Connection::open(queue::path(&home.root(), source)).expect("the queue");
            let left: i64 = queue.query_row("SELECT count(*) FROM queue", [], |row| row.get(0)).expect("a count");
            assert_eq!(left, 0, "{nth}: {source}");
        }
        if !ended.is_killed {
            assert!(nth > 5, "it was killed at some of them: {}", ended.err);
            break;
        }
    }
}
