//! Stores in every condition; what `status` says of them, and that it writes nothing.

use serde_json::json;

use crate::events::{events, id};
use crate::home::Home;
use crate::stub::Stub;

#[test]
fn without_a_store_everything_is_zero_and_nothing_is_made() {
    let home = Home::new();
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["event_journal"]["retained_event_count"], 0);
    assert_eq!(status["delivery_ledger"]["delivered_current_target"], 0);
    assert_eq!(status["delivery_targets"]["current"]["target_id"], json!(null));
    assert_eq!(status["daemon_owner_record"]["status"], "absent");
    assert!(home.run(&["status"]).out.starts_with("Event Sync\n  Mode: TEAMSPACE\n"));
    assert!(!home.root().exists(), "status makes nothing");
}

#[test]
fn a_store_that_cannot_be_read_is_unavailable_and_never_zero() {
    let home = Home::holding(&events(0..3));
    let path = home.root().join("sync.db");
    std::fs::write(&path, "this is no database, and long enough to be taken for one if nobody looked")
        .expect("written");
    let before = std::fs::read(&path).expect("it is there");
    let said = home.run(&["status", "--json", "--check"]);
    assert_eq!(said.code, Some(2));
    let status = said.json();
    assert_eq!(
        (&status["event_journal"]["available"], &status["event_journal"]["retained_event_count"]),
        (&json!(false), &json!(null))
    );
    assert_eq!(status["delivery_ledger"]["delivered_current_target"], json!(null));
    for command in [&["capture"][..], &["now"], &["gc"]] {
        let said = home.feed(command, events(5..6).as_bytes());
        assert_eq!(said.code, Some(1), "{command:?}: {said:?}");
        assert!(said.err.contains("is damaged or no eventsync store"), "{said:?}");
    }
    assert_eq!(std::fs::read(&path).expect("it is there"), before, "the file is left as it was");
}

#[test]
fn deliveries_to_other_servers_are_counted_apart() {
    let (home, a, b) = (Home::holding(&events(0..124)), Stub::start(), Stub::start());
    home.external(&a.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    home.external(&b.url);
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["event_journal"]["retained_event_count"], 124);
    assert_eq!(status["delivery_ledger"]["delivered_current_target"], 0);
    assert_eq!(status["delivery_ledger"]["delivered_previous_target"], 124);
    assert_eq!(status["delivery_ledger"]["undelivered_current_target"], 124);
    let previous = &status["delivery_targets"]["previous"];
    assert_eq!((&previous[0]["canonical_url"], &previous[0]["delivered_count"]), (&json!(a.url), &json!(124)));
    assert_eq!(previous.as_array().map(Vec::len), Some(1));
    assert!(home.run(&["status"]).out.contains("  Delivered (cur/prev): 0/124\n"));
}

#[test]
fn a_check_fails_where_nobody_is_logged_in_and_says_what_helps() {
    let home = Home::holding(&events(0..1));
    assert_eq!(home.run(&["status"]).code, Some(0));
    assert_eq!(home.run(&["status", "--check"]).code, Some(2), "events are for a server, and nobody is logged in");
    assert_eq!(home.run(&["mode", "LOCAL_RETENTION"]).code, Some(0));
    assert_eq!(home.run(&["status", "-c"]).code, Some(0));
    let kept = home.run(&["now"]);
    assert_eq!(kept.code, Some(0), "a mode that keeps events here has nothing to send: {kept:?}");
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 0);
}

#[test]
fn the_state_that_events_make_is_that_of_their_reducer() {
    let log =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/replay/mixed-connector-sync-lifecycle.jsonl"));
    let log = log.expect("a log of this project");
    let home = Home::new();
    assert_eq!(home.feed(&["capture"], &log).code, Some(0));
    let options = event_contracts::support::fold::ReplayOptions { partition: true, ..Default::default() };
    for name in ["connector", "sync", "mission", "wp_status"] {
        let expected =
            event_contracts::replay_lines(name, &log[..], options).expect("it reduces").state.expect("a state");
        let said = home.run(&["status", "--reduce", name]);
        assert_eq!((said.code, said.out), (Some(0), format!("{expected}\n")), "{name}");
    }
    let said = home.run(&["status", "--reduce", "nobody"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("there are connector, "), "{said:?}");
}

#[test]
fn events_below_the_least_tier_stay_here_and_are_counted() {
    let (home, stub) = (Home::holding(&events(0..4)), Stub::start());
    let shared = events(10..12).replace("\"lamport_clock\"", "\"data_tier\":3,\"lamport_clock\"");
    assert_eq!(home.feed(&["capture"], shared.as_bytes()).code, Some(0));
    home.external(&stub.url);
    let config = home.root().join("config.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration") + "min_data_tier = 2\n";
    std::fs::write(&config, text).expect("it can be written");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), [id(10), id(11)]);
    assert_eq!(home.run(&["status", "--json"]).json()["withheld"], 4);
}
