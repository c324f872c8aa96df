//! Stores whose moments lie before and behind the clock of now enter; does a pass keep the order of capture, and does no
//! moment that is written come before an earlier one?

use crate::events::{event, events, id};
use crate::home::Home;
use crate::migrate::queue;
use crate::stub::Stub;

/// Columns in which moments stand, with what orders the rows that were written one after the other.
const MOMENTS: [(&str, &str, &str); 6] = [
    ("event_journal", "created_at", "seq"),
    ("delivery_attempts", "started_at", "attempt_id"),
    ("delivery_attempts", "finished_at", "attempt_id"),
    ("delivery_ledger", "first_attempted_at", "seq"),
    ("delivery_ledger", "last_attempted_at", "seq"),
    ("delivery_ledger", "completed_at", "seq"),
];

/// As if all that the store holds had been written by a clock that was ahead by so much, and set right since.
fn ahead(home: &Home, by: &str) {
    for (table, column, _) in MOMENTS {
        let sql = format!("UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%f', {column}, ?1) || '000+00:00'");
        home.store().execute(&sql, [by]).expect("rows");
    }
}

#[test]
fn a_clock_that_was_set_between_two_runs_reorders_nothing_and_takes_no_moment_back() {
    for by in ["+1 year", "-1 year", "+1 hour", "-1 hour", "+0.2 seconds"] {
        let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
        home.external(&stub.url);
        assert_eq!(home.run(&["now"]).code, Some(0));
        assert_eq!(home.feed(&["capture"], events(3..6).as_bytes()).code, Some(0));
        ahead(&home, by);
        assert_eq!(home.feed(&["capture"], events(6..9).as_bytes()).code, Some(0));
        assert_eq!(home.run(&["now"]).code, Some(0), "{by}");
        assert_eq!(stub.ids(), (0..9).map(id).collect::<Vec<_>>(), "{by}: in the order of capture");
        for (table, column, order) in MOMENTS {
            let moments = home.rows(&format!("SELECT {column} FROM {table} ORDER BY {order}"));
            assert!(moments.len() > 1 && moments.is_sorted(), "{by}: {table}.{column}: {moments:?}");
        }
    }
}

#[test]
fn events_go_in_the_order_of_capture_where_their_moments_are_in_another() {
    let (home, stub) = (Home::holding(&events(0..20)), Stub::start());
    home.external(&stub.url);
    let shuffled = "UPDATE event_journal SET created_at = (2000 + seq * 7 % 20) || substr(created_at, 5)";
    assert_eq!(home.store().execute(shuffled, []).expect("rows"), 20);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), (0..20).map(id).collect::<Vec<_>>());
}

#[test]
fn an_event_that_is_taken_over_takes_no_later_moment_back() {
    let home = Home::holding(&events(0..2));
    ahead(&home, "+1 year");
    queue::put(&queue::legacy(&home.root()), "old", &event(7), 1_700_000_000);
    assert_eq!(home.run(&["migrate", "--json"]).json()["imported"], 1);
    assert_eq!(home.feed(&["capture"], events(2..3).as_bytes()).code, Some(0));
    let captured = home.rows("SELECT created_at FROM event_journal WHERE event_id <> 'old' ORDER BY seq");
    assert!(captured.len() == 3 && captured.is_sorted(), "{captured:?}");
}

#[test]
fn a_pass_that_is_older_than_the_lease_it_finds_drains_all_the_same() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.feed(&["capture"], events(3..5).as_bytes()).code, Some(0));
    // A dead owner whose number another program has by now, and whose last sign of life lies ahead of the clock.
    let (pid, future) = (std::process::id(), "2999-01-01T00:00:00.000000+00:00");
    let sql = "INSERT INTO dispatch_lease SELECT target_pk, ?1, '{}', ?2, NULL FROM delivery_targets";
    assert_eq!(home.store().execute(sql, (pid, future)).expect("a lease"), 1);
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["daemon_owner_record"]["status"], "orphan", "it holds no lock, whoever has its number: {status}");
    assert_eq!(home.run(&["now", "--fail-if-busy"]).code, Some(0), "nothing has to be removed by hand");
    assert_eq!(stub.ids().len(), 5);
    assert_eq!(home.run(&["status", "--json"]).json()["daemon_owner_record"]["status"], "absent");
}
