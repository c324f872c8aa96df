//! A store that is damaged, foreign, newer, held or not to be written enters; what the commands say, and that they leave it
//! alone, leaves.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use sha2::Digest;

use crate::events::{events, id};
use crate::home::Home;
use crate::stub::Stub;

/// A root with so many events, and nothing beside the database.
fn with_events(count: usize) -> (Home, PathBuf) {
    let home = Home::new();
    assert_eq!(home.feed(&["capture"], events(0..count).as_bytes()).code, Some(0));
    let path = home.root().join("sync.db");
    (home, path)
}

/// No command may use this store, or change a byte of it, or put another in its place.
fn is_refused(home: &Home, why: &str) {
    let path = home.root().join("sync.db");
    let before = fs::read(&path).expect("the store");
    for arguments in [&["capture"][..], &["now"]] {
        let said = home.feed(arguments, events(900..901).as_bytes());
        assert_eq!(said.code, Some(1), "{arguments:?}: {said:?}");
        assert!(said.err.contains(why) && said.err.contains("sync.db"), "{arguments:?}: {said:?}");
        assert!(fs::read(&path).expect("the store") == before, "{arguments:?} changed it");
    }
    let status = home.run(&["status", "--json", "--check"]);
    assert_eq!(status.code, Some(2), "{status:?}");
    let report = status.json();
    assert_eq!(report["event_journal"]["available"], false, "{report}");
    assert!(report["event_journal"]["retained_event_count"].is_null(), "an unknown number is no zero: {report}");
    assert!(fs::read(&path).expect("the store") == before, "looking at it changed it");
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.root()).expect("a folder");
    fs::write(home.root().join("sync.db"), "notes, not a database; ".repeat(99)).expect("a file");
    is_refused(&home, "is damaged or no eventsync store");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.root()).expect("a folder");
    let other = Connection::open(home.root().join("sync.db")).expect("a database");
    other.execute_batch("PRAGMA application_id = 7; CREATE TABLE theirs (x)").expect("its tables");
    drop(other);
    is_refused(&home, "is damaged or no eventsync store");
}

#[test]
fn a_damaged_page_is_told_and_left_alone() {
    let (home, path) = with_events(300);
    let page: i64 = home.number("SELECT rootpage FROM sqlite_schema WHERE name = 'event_journal'");
    let mut bytes = fs::read(&path).expect("the store");
    let end = usize::try_from(page * 4096).expect("a small file");
    bytes[end - 4096..end].fill(0xff);
    fs::write(&path, bytes).expect("a damaged store");
    is_refused(&home, "is damaged or no eventsync store");
}

#[test]
fn a_store_of_a_newer_program_is_not_written() {
    let (home, _) = with_events(3);
    let store = home.store();
    store.pragma_update(None, "user_version", 9999).expect("a newer version");
    drop(store);
    is_refused(&home, "use the newer eventsync that wrote it");
}

#[test]
fn a_store_of_an_older_program_is_brought_up_to_date_with_what_it_holds() {
    let home = Home::of_first_step();
    let store = home.store();
    let insert = "INSERT INTO event_journal (event_id, event_type, occurred_at, created_at, producer_scope, family_class,
                    payload_sha256, payload_size, payload) VALUES (?1, 'A', 'x', 'x', 'local', 'unknown', ?2, 2, x'7b7d')";
    let sha: [u8; 32] = sha2::Sha256::digest("{}").into();
    store.execute(insert, (id(7), sha)).expect("an event");
    drop(store);
    assert_eq!(home.feed(&["capture"], events(0..3).as_bytes()).code, Some(0));
    let rows = home.rows("SELECT seq, event_id FROM event_journal ORDER BY seq");
    assert_eq!(rows, [format!("1|{}", id(7)), format!("2|{}", id(0)), format!("3|{}", id(1)), format!("4|{}", id(2))]);
    let verdict = home.run(&["doctor", "--verify"]);
    assert_eq!(verdict.code, Some(0), "{verdict:?}");
    let unknown = home.store().execute("UPDATE event_journal SET drain_blocked_reason = 'no_reason'", []);
    assert!(unknown.expect_err("a closed list").to_string().contains("CHECK"));
    let gone = home.store().execute("DELETE FROM event_journal", []);
    assert!(gone.expect_err("rows stay").to_string().contains("events are never deleted"));
}

#[test]
fn a_log_that_was_cut_loses_its_last_transaction_and_nothing_else() {
    for cut in [1, 24, 3000, 4120] {
        let home = Home::new();
        assert_eq!(home.feed(&["capture"], events(0..5).as_bytes()).code, Some(0));
        // Somebody who has it open keeps the log from being taken over.
        let holder = home.store();
        holder.query_row("SELECT count(*) FROM event_journal", [], |_| Ok(())).expect("a look");
        for at in 5..8 {
            assert_eq!(home.feed(&["capture"], events(at..at + 1).as_bytes()).code, Some(0));
        }
        let torn = Home::new();
        fs::create_dir_all(torn.root()).expect("a folder");
        fs::copy(home.root().join("sync.db"), torn.root().join("sync.db")).expect("a copy");
        let log = fs::read(home.root().join("sync.db-wal")).expect("a log");
        fs::write(torn.root().join("sync.db-wal"), &log[..log.len() - cut]).expect("a cut log");
        let said = torn.feed(&["capture", "--json"], events(7..9).as_bytes());
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(said.out.matches("inserted").count(), 2, "the last event was in what was cut: {said:?}");
        assert_eq!(torn.rows("SELECT event_id FROM event_journal ORDER BY seq"), (0..9).map(id).collect::<Vec<_>>());
        assert_eq!(torn.rows("PRAGMA integrity_check"), ["ok"]);
        drop(holder);
    }
}

#[test]
fn a_store_that_others_hold_is_waited_for_and_then_given_up_without_a_claim() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.external(&stub.url);
    let holder = home.store();
    holder.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    let (captured, pass) = std::thread::scope(|scope| {
        let captured = scope.spawn(|| home.feed(&["capture", "--json"], events(3..4).as_bytes()));
        let pass = home.run(&["now", "--json"]);
        (captured.join().expect("it ends"), pass)
    });
    for said in [captured, pass] {
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
        assert!(said.err.contains("the store is busy"), "{said:?}");
    }
    assert_eq!(stub.ids().len(), 0, "what cannot be recorded is not sent");
    holder.execute_batch("COMMIT").expect("no lock");
    assert_eq!(home.feed(&["capture"], events(3..4).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.ledger(), ["success|4"]);
}

#[test]
fn others_that_write_one_after_the_other_are_waited_for_as_long_as_they_get_on() {
    let (home, _) = with_events(1);
    let other = home.store();
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let waiting = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| home.feed(&["capture"], events(1..2).as_bytes()));
        // Longer than anybody is waited for who holds the store and does not let go; in between there is hardly a gap.
        for _ in 0..18 {
            std::thread::sleep(std::time::Duration::from_secs(1));
            let write = "UPDATE journal_totals SET live_bytes = live_bytes + 1; COMMIT; BEGIN IMMEDIATE";
            other.execute_batch(write).expect("its next turn");
        }
        other.execute_batch("COMMIT").expect("no lock");
        waiting.join().expect("it ends")
    });
    assert_eq!((waiting.code, waiting.out), (Some(0), format!("inserted {}\n", id(1))), "{}", waiting.err);
}

#[test]
fn a_store_that_nobody_else_may_read_is_unavailable_and_not_empty() {
    let (home, _) = with_events(3);
    let holder = home.store();
    holder.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").expect("the lock");
    let status = home.run(&["status", "--json", "--check"]);
    let report = status.json();
    assert_eq!((status.code, &report["event_journal"]["available"]), (Some(2), &false.into()), "{report}");
    assert!(report["event_journal"]["retained_event_count"].is_null() && status.err.contains("busy"), "{status:?}");
    drop(holder);
    assert_eq!(home.run(&["status", "--json"]).json()["event_journal"]["retained_event_count"], 3);
}

#[test]
fn a_store_that_is_taken_while_the_server_answers_records_nothing_and_claims_nothing() {
    let home = Home::holding(&events(0..3));
    let root = home.root();
    let (hand_over, taken) = std::sync::mpsc::channel();
    let url = crate::wire::server(move |connection| {
        crate::wire::read_request(&connection);
        let holder = Connection::open(root.join("sync.db")).expect("the store");
        holder.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
        hand_over.send(holder).expect("the test takes the lock over");
        crate::wire::say(&connection, r#"{"results": []}"#);
    });
    home.external(&url);
    let said = home.run(&["now", "--json"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.contains("the store is busy"), "{said:?}");
    drop(taken.recv().expect("the server was asked"));
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger"), 0);
    let stub = Stub::start();
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_can_be_looked_at_and_refuses_events() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let (home, path) = with_events(3);
    let mode = |mode| fs::set_permissions(home.root(), fs::Permissions::from_mode(mode)).expect("permissions");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("permissions");
    mode(0o500);
    // Root may write everywhere; the commands then run as somebody who may not.
    let is_root = fs::metadata(&path).expect("the store").uid() == 0;
    let outer = home.root().parent().expect("a folder").to_owned();
    if is_root {
        for each in [&outer, &home.root(), &path] {
            chown(each, Some(65_534), Some(65_534)).expect("a gift");
        }
    }
    let before = fs::read(&path).expect("the store");
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        let input = outer.join("input");
        fs::write(&input, events(3..4)).expect("a file");
        command.stdin(fs::File::open(&input).expect("a file")).output().expect("the command runs")
    };
    let status = run(&["status", "--json"]);
    let captured = run(&["capture"]);
    mode(0o700);
    let report: serde_json::Value = serde_json::from_slice(&status.stdout).expect("one object");
    assert_eq!(
        (status.status.code(), &report["event_journal"]["retained_event_count"]),
        (Some(0), &3.into()),
        "{report}"
    );
    let told = String::from_utf8_lossy(&captured.stderr);
    assert_eq!((captured.status.code(), captured.stdout.is_empty()), (Some(1), true), "{told}");
    assert!(told.contains("cannot be written") && told.contains("sync.db"), "{told}");
    assert!(fs::read(&path).expect("the store") == before, "it was changed");
}
