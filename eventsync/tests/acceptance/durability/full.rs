//! Commands enter for which the disk is full from some write on; that they say so, and leave nothing half done, leaves.

use std::collections::BTreeSet;

use super::kill::{fail_at, fill_at};
use crate::events::{events, id};
use crate::home::Home;
use crate::stub::Stub;

#[test]
fn a_capture_on_a_full_disk_fails_loudly_and_works_once_there_is_room() {
    let home = Home::in_memory();
    assert_eq!(home.feed(&["capture"], events(0..5).as_bytes()).code, Some(0));
    for nth in [1, 2, 4, 9] {
        let ended = fill_at(&home.command(&["capture", "--json"]), "pwrite64", nth, &events(5..25));
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{nth}: nothing is acknowledged: {}", ended.err);
        assert!(ended.err.contains("the disk is full: nothing of this was stored"), "{nth}: {}", ended.err);
        assert_eq!(home.rows("SELECT event_id FROM event_journal ORDER BY seq"), (0..5).map(id).collect::<Vec<_>>());
        assert_eq!(home.rows("PRAGMA integrity_check"), ["ok"]);
    }
    assert_eq!(home.feed(&["capture"], events(5..25).as_bytes()).code, Some(0));
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 25);
}

#[test]
fn a_pass_on_a_full_disk_records_nothing_and_the_next_finds_duplicates() {
    let (home, stub) = (Home::in_memory(), Stub::start());
    home.feed(&["capture"], events(0..1).as_bytes());
    home.run(&["consent", "grant"]);
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    let (mut fed, mut after_the_answer) = (1, 0);
    for nth in 1.. {
        home.feed(&["capture"], events(fed..fed + 4).as_bytes());
        let round: BTreeSet<String> = (fed..fed + 4).map(id).collect();
        fed += 4;
        let ended = fill_at(&home.command(&["now"]), "pwrite64", nth, "");
        let arrived = stub.ids().into_iter().filter(|id| round.contains(id)).count();
        let recorded = home.number("SELECT count(*) FROM delivery_ledger") - i64::try_from(fed - 4).expect("few");
        if ended.code == Some(0) {
            assert_eq!((arrived, recorded), (4, 4), "{nth}: it says that it is done when it is");
            break;
        }
        assert_eq!(ended.code, Some(1), "{nth}: {}", ended.err);
        assert!(ended.err.contains("the disk is full"), "{nth}: {}", ended.err);
        assert!(recorded == 0 || (recorded == 4 && arrived == 4), "{nth}: {recorded} of {arrived}");
        after_the_answer += usize::from(arrived == 4 && recorded == 0);
        let next = home.run(&["now", "--json"]).json();
        let duplicates = if recorded == 0 { arrived } else { 0 };
        assert_eq!(next["duplicate"], duplicates, "{nth}: {next}");
        assert_eq!(
            home.number("SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2)"),
            i64::try_from(fed).expect("few")
        );
    }
    assert!(after_the_answer > 0, "the disk was full after the server had answered");
}

#[test]
fn a_migration_on_a_full_disk_ends_with_an_error_and_is_made_good_later() {
    use crate::migrate::queue::{self, envelope};
    let home = Home::in_memory();
    for (source, event) in [("a1", "a"), ("b2", "b")] {
        queue::put(&queue::scoped(&home.root(), source), event, &envelope(event, ""), 1);
    }
    home.feed(&["capture"], b"");
    let ended = fill_at(&home.command(&["migrate"]), "pwrite64", 3, "");
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.contains("the disk is full: nothing of this was stored"), "{}", ended.err);
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 0);
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 2);
}

/// A root with events that a server has: with 60 of them, of 4 kB each, there are pages to give back.
fn delivered() -> (Home, Stub) {
    let (home, stub) = (Home::in_memory(), Stub::start());
    let large = events(0..60).replace("Work", &"w".repeat(4000));
    assert_eq!(home.feed(&["capture"], large.as_bytes()).code, Some(0));
    home.run(&["consent", "grant"]);
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    (home, stub)
}

#[test]
fn a_purge_that_the_disk_refuses_takes_no_byte_of_any_event() {
    let causes = [
        ("pwrite64", "ENOSPC", "disk is full"),
        ("pwrite64", "EIO", "disk I/O"),
        ("fdatasync,fsync", "EIO", "disk I/O"),
    ];
    for (call, error, reason) in causes {
        let (home, _stub) = delivered();
        let pages = home.number("PRAGMA page_count");
        let mut refused = 0;
        for nth in 1.. {
            let ended = fail_at(&home.command(&["gc"]), call, error, nth, "");
            if ended.code == Some(0) {
                break;
            }
            refused += 1;
            assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{call} {error} {nth}: {}", ended.err);
            assert!(ended.err.contains(reason), "{call} {error} {nth}: {}", ended.err);
            let whole = home.number("SELECT count(*) FROM event_journal WHERE length(payload) = payload_size");
            assert_eq!(whole, 60, "{call} {error} {nth}: nothing was purged");
            assert_eq!(home.rows("PRAGMA integrity_check"), ["ok"]);
        }
        assert!(refused > 0, "{call} {error}");
        assert!(home.number("PRAGMA page_count") < pages, "pages went back to the system in the end");
    }
}

#[test]
fn evidence_that_the_disk_refuses_is_no_evidence_and_the_event_is_not_let_go() {
    let home = Home::in_memory();
    assert_eq!(home.run(&["mode", "trash"]).code, Some(0));
    let config = home.root().join("config.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration") + "discard_audit = true\n";
    std::fs::write(&config, text).expect("it can be written");
    assert_eq!(home.feed(&["capture"], events(0..1).as_bytes()).out, format!("audited {}\n", id(0)));
    let file = home.root().join("audit/discard-audit.jsonl");
    let evidence = std::fs::read(&file).expect("evidence");
    for (call, error, reason) in
        [("write", "ENOSPC", "No space left"), ("write", "EIO", "os error 5"), ("fsync", "EIO", "os error 5")]
    {
        let ended = fail_at(&home.command(&["capture"]), call, error, 1, &events(1..2));
        assert_eq!((ended.code, ended.out), (Some(1), format!("not_kept {}\n", id(1))), "{call} {error}");
        assert!(
            ended.err.contains(reason) && ended.err.contains("discard-audit.jsonl"),
            "{call} {error}: {}",
            ended.err
        );
        assert!(std::fs::read(&file).expect("evidence") == evidence, "{call} {error}: nothing of it is there");
    }
    // A program that died in the middle of a line told nobody that it is there.
    std::fs::write(&file, [&evidence[..], b"{\"event_id\": \"half a li"].concat()).expect("it can be written");
    assert_eq!(home.feed(&["capture"], events(1..2).as_bytes()).out, format!("audited {}\n", id(1)));
    let text = std::fs::read_to_string(&file).expect("evidence");
    let ids: Vec<String> = text.lines().map(crate::stub::event_id).collect();
    assert_eq!(ids, [id(0), id(1)]);
}
