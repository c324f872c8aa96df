//! Sources and a store in bad condition enter; that each costs no more than itself leaves.

use std::fs;

use rusqlite::Connection;

use super::queue::{self, envelope};
use crate::events::{event, events, id};
use crate::home::{Home, files};
use crate::stub::Stub;

const EVENTS: &str = "SELECT event_id FROM event_journal ORDER BY seq";

#[test]
fn good_sources_are_imported_beside_garbage_damage_locks_and_emptiness() {
    let home = Home::new();
    let root = home.root();
    queue::put(&queue::legacy(&root), "legacy", &envelope("legacy", ""), 1);
    queue::put(&queue::scoped(&root, "a1"), "a", &envelope("a", ""), 2);
    queue::put(&queue::scoped(&root, "b2"), "b", &envelope("b", ""), 3);
    fs::write(queue::path(&root, "c3"), "no database, but longer than its header would be: ".repeat(9))
        .expect("a file");
    fs::write(root.join("queues/notes"), "garbage").expect("a file");
    let locked = queue::scoped(&root, "d4");
    queue::put(&locked, "d", &envelope("d", ""), 4);
    Connection::open(queue::path(&root, "e5")).expect("a file").execute_batch("CREATE TABLE t (x)").expect("a table");
    drop(queue::scoped(&root, "f6"));
    fs::write(queue::path(&root, "f7"), damaged(&queue::path(&root, "a1"))).expect("a file");
    let before = files(&root);
    // Last, because a process loses its locks on a file when it closes the file anywhere.
    locked.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
    let said = home.run(&["migrate", "--json"]);
    let json = said.json();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(json["imported"], 3);
    assert_eq!(home.rows(EVENTS), ["legacy", "a", "b"]);
    let failed: Vec<&str> =
        json["source_errors"].as_array().expect("errors").iter().filter_map(|e| e["source_digest"].as_str()).collect();
    assert_eq!(failed, ["c3", "d4", "f7"]);
    assert!(said.err.contains("queue-c3.db: it is damaged or no database"), "{said:?}");
    assert!(said.err.contains("queue-d4.db: another program holds it"), "{said:?}");
    assert!(said.err.contains("queue-f7.db: it is damaged"), "{said:?}");
    for (path, bytes) in before {
        assert!(fs::read(&path).expect("it is there") == bytes, "{} was changed", path.display());
    }
    let told = home.rows("SELECT digest, status FROM migration_sources WHERE status = 'error' ORDER BY 1");
    assert_eq!(told, ["c3|error", "d4|error", "f7|error"]);
    locked.execute_batch("ROLLBACK").expect("no lock");
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1, "what was locked is imported later");
}

/// A copy of a queue whose table of rows points into nothing.
fn damaged(queue: &std::path::Path) -> Vec<u8> {
    let mut bytes = fs::read(queue).expect("the queue");
    let page: i64 = Connection::open(queue)
        .and_then(|queue| {
            queue.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'queue'", [], |row| row.get(0))
        })
        .expect("where the rows are");
    let end = usize::try_from(page * 4096).expect("a small file");
    bytes[end - 4096..end].fill(0xff);
    bytes
}

#[test]
fn a_source_is_imported_whole_or_not_at_all() {
    let home = Home::new();
    queue::put(&queue::scoped(&home.root(), "a1"), "a", &envelope("a", ""), 1);
    home.run(&["migrate"]);
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON migration_provenance WHEN NEW.event_id = 'b3' BEGIN
                  SELECT RAISE(ABORT, 'refused for the test'); END";
    home.store().execute_batch(refuse).expect("a trigger");
    let queue = queue::scoped(&home.root(), "b2");
    for event in ["b1", "b2", "b3", "b4"] {
        queue::put(&queue, event, &envelope(event, ""), 2);
    }
    let said = home.run(&["migrate"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("refused for the test"), "{said:?}");
    assert_eq!(home.rows(EVENTS), ["a"], "no row without its provenance");
    home.store().execute_batch("DROP TRIGGER refuse").expect("no trigger");
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 4);
    assert_eq!(home.rows(EVENTS), ["a", "b1", "b2", "b3", "b4"]);
}

#[test]
fn rows_that_are_no_events_are_told_and_hold_up_nothing() {
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    queue::put(&queue, "good", &envelope("good", ""), 1);
    let odd = "INSERT INTO queue (event_id, event_type, data, timestamp) VALUES
      (x'00ff', 'T', '{}', 2), ('no time', 'T', '{}', 'yesterday'), ('too late', 'T', '{}', 9000000000000000000),
      ('bytes', 'T', x'00ff7b', 3.5), ('', '', '', 4), (CAST(x'c3' AS TEXT), 'T', '{}', 5)";
    queue.execute_batch(odd).expect("rows");
    drop(queue);
    let said = home.run(&["migrate", "--json"]);
    assert_eq!((said.code, &said.json()["imported"]), (Some(1), &5.into()), "{said:?}");
    assert!(said.err.contains("2 rows are no events: their ids or types are no text; the first is row 2"), "{said:?}");
    let times = home.rows("SELECT event_id FROM event_journal WHERE created_at > '2024' ORDER BY 1");
    assert_eq!(times, ["no time", "too late"], "what has no time of its own came now");
    assert_eq!(
        home.rows("SELECT hex(payload), created_at FROM event_journal WHERE event_id = 'bytes'"),
        ["00FF7B|1970-01-01T00:00:03.500000+00:00"]
    );
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 0);
}

#[test]
fn an_event_that_was_captured_is_compared_with_what_was_captured() {
    let home = Home::new();
    queue::put(&queue::scoped(&home.root(), "a1"), "first", &envelope("first", ""), 1);
    home.run(&["migrate"]);
    // As capture leaves them: without the hash of what they say.
    home.store().execute_batch("UPDATE event_journal SET canonical_sha256 = NULL").expect("an update");
    let queue = queue::scoped(&home.root(), "b2");
    queue::put(&queue, "first", &envelope("first", "").replace(": ", ":"), 1);
    assert_eq!(home.run(&["migrate", "--json"]).json()["deduped"], 1);
    home.store()
        .execute_batch("UPDATE event_journal SET payload = x'', payload_purged_at = '2026-01-01T00:00:00+00:00'")
        .expect("a purge of an older program, which kept no other hash");
    let said = home.run(&["migrate", "--json"]);
    assert_eq!(said.json()["conflicts"], 1, "other bytes than those that were purged: nobody can tell");
    let detail = home.rows("SELECT source_digest, detail FROM migration_conflicts");
    assert_eq!(detail, ["b2|the journal's payload was purged, and had another hash"]);
}

#[test]
fn an_event_that_was_purged_is_still_compared_by_what_it_said() {
    let (home, stub) = (Home::holding(&events(1..3)), Stub::start());
    home.external(&stub.url);
    assert_eq!((home.run(&["now"]).code, home.run(&["gc"]).code), (Some(0), Some(0)));
    assert_eq!(home.number("SELECT count(*) FROM event_journal WHERE payload_purged_at IS NOT NULL"), 2);
    let queue = queue::scoped(&home.root(), "a1");
    queue::put(&queue, &id(1), &event(1).replace("\":", "\": "), 1);
    queue::put(&queue, &id(2), &event(2).replace("Work", "Play"), 1);
    let found = home.run(&["migrate", "--json"]).json();
    assert_eq!((&found["deduped"], &found["conflicts"]), (&1.into(), &1.into()), "{found}");
    assert_eq!(home.rows("SELECT event_id FROM migration_conflicts"), [id(2)]);
}

#[cfg(unix)]
#[test]
fn a_queue_in_a_folder_that_may_not_be_written_is_read_from_a_copy() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let home = Home::new();
    let queue = queue::scoped(&home.root(), "a1");
    queue.pragma_update(None, "journal_mode", "wal").expect("a log");
    queue.pragma_update(None, "wal_autocheckpoint", 0).expect("a log that stays");
    queue::put(&queue, "logged", &envelope("logged", ""), 5);
    // What a program leaves that dies: a log, without the index of it.
    let (kept, folder) = (Home::new(), home.root().join("queues"));
    fs::create_dir_all(kept.root().join("queues")).expect("a folder");
    for name in ["queue-a1.db", "queue-a1.db-wal"] {
        fs::copy(folder.join(name), kept.root().join("queues").join(name)).expect("a copy");
    }
    let folder = kept.root().join("queues");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).expect("a folder that nobody writes");
    let before = files(&folder);
    let said = if fs::metadata(&folder).expect("the folder").uid() == 0 {
        as_nobody(&kept)
    } else {
        kept.run(&["migrate", "--json"])
    };
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("a folder again");
    assert_eq!((said.code, &said.json()["imported"]), (Some(0), &1.into()), "{said:?}");
    assert!(files(&folder) == before, "the queue was changed");
}

/// Runs the command as somebody whom permissions hold back: root may write everywhere.
#[cfg(unix)]
fn as_nobody(home: &Home) -> crate::home::Said {
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    for (path, _) in files(&home.root()) {
        std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("a gift");
    }
    for folder in [home.root().join("queues"), home.root(), home.root().parent().expect("a folder").to_owned()] {
        std::os::unix::fs::chown(folder, Some(NOBODY), Some(NOBODY)).expect("a gift");
    }
    let output = home.command(&["migrate", "--json"]).uid(NOBODY).gid(NOBODY).output().expect("the command runs");
    crate::home::Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn what_a_dead_program_left_half_done_is_undone_in_a_copy() {
    let (home, crashed) = (Home::new(), Home::new());
    let queue = queue::scoped(&home.root(), "a1");
    for number in 0..200 {
        queue::put(&queue, &format!("event-{number:03}"), &envelope("e", &"x".repeat(500)), number);
    }
    // More than the cache holds: the file has some of the new pages, its journal the old ones.
    queue.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE queue SET data = 'half done'").expect("an update");
    fs::create_dir_all(crashed.root().join("queues")).expect("a folder");
    for name in ["queue-a1.db", "queue-a1.db-journal"] {
        let from = home.root().join("queues").join(name);
        fs::copy(from, crashed.root().join("queues").join(name)).expect("a copy");
    }
    let before = files(&crashed.root());
    let torn = fs::read(queue::path(&crashed.root(), "a1")).expect("the queue");
    assert!(torn.windows(9).any(|bytes| bytes == b"half done"), "the file is not as it was");
    let said = crashed.run(&["migrate", "--json"]);
    assert_eq!((said.code, &said.json()["imported"]), (Some(0), &200.into()), "{said:?}");
    assert_eq!(crashed.number("SELECT count(*) FROM event_journal WHERE payload = 'half done'"), 0);
    for (path, bytes) in before {
        assert!(fs::read(&path).expect("it is there") == bytes, "{} was changed", path.display());
    }
}

#[test]
fn every_folder_and_file_that_cannot_be_read_is_named() {
    let home = Home::new();
    fs::create_dir_all(home.root()).expect("a folder");
    fs::write(home.root().join("queues"), "a file where the folder should be").expect("a file");
    assert_eq!(home.run(&["migrate"]).code, Some(0), "no folder of queues, no queues");
    queue::put(&queue::legacy(&home.root()), "e", &envelope("e", ""), 1);
    let odd = "ALTER TABLE queue RENAME COLUMN data TO body";
    Connection::open(home.root().join("queue.db")).expect("the queue").execute_batch(odd).expect("another table");
    let said = home.run(&["migrate"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("queue.db: its table `queue` has no column `data`"), "{said:?}");
}
