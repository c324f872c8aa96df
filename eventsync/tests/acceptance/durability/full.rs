//! Commands enter for which the disk is full from some write on; that they say so, and leave nothing half done, leaves.

use std::collections::BTreeSet;

use super::kill::fill_at;
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
