//! Journals of several projects, modes and sizes enter; which events a pass takes, and in which requests, leaves.

use serde_json::json;

use crate::events::{OTHER_PROJECT, PROJECT, event, events, id, of_project};
use crate::home::Home;
use crate::stub::Stub;

/// What each request came to.
const COUNTS: &str = "SELECT outcome_counts_json FROM delivery_attempts ORDER BY attempt_id";

/// A request that delivered so many events.
fn delivered(count: usize) -> String {
    json!({"success": count}).to_string()
}

#[test]
fn a_limit_counts_what_may_be_sent_and_not_what_stands_before_it() {
    let (home, stub) = (Home::new(), Stub::start());
    let held: String = (0..10).map(|number| of_project(number, OTHER_PROJECT) + "\n").collect();
    assert_eq!(home.feed(&["capture"], (held + &events(10..20)).as_bytes()).code, Some(0));
    home.external(&stub.url);
    assert_eq!(home.run(&["consent", "grant", PROJECT]).code, Some(0));
    for (limit, sent) in [("3", 3), ("4", 7), ("100", 10)] {
        assert_eq!(home.run(&["now", "--limit", limit]).code, Some(0));
        assert_eq!(stub.ids(), (10..10 + sent).map(id).collect::<Vec<_>>(), "{limit}");
    }
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger"), 10, "of the others there is no row");
}

#[test]
fn a_request_holds_events_of_one_project_and_the_project_that_waits_longest_is_first() {
    let (home, stub) = (Home::new(), Stub::start());
    let lines: String =
        (0..9).map(|number| of_project(number, if number % 3 == 0 { OTHER_PROJECT } else { PROJECT }) + "\n").collect();
    assert_eq!(home.feed(&["capture"], lines.as_bytes()).code, Some(0));
    home.external(&stub.url);
    for project in [PROJECT, OTHER_PROJECT] {
        assert_eq!(home.run(&["consent", "grant", project]).code, Some(0));
    }
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), [0, 3, 6, 1, 2, 4, 5, 7, 8].map(id));
    assert_eq!(home.rows(COUNTS), [3, 6].map(delivered), "the first three, then the others");
}

/// Events that are so short that the number of them bounds a request, and not their bytes.
fn short(numbers: std::ops::Range<usize>) -> String {
    let line =
        |number: usize| json!({"event_id": id(number), "event_type": "X", "project_uuid": PROJECT, "payload": {}});
    numbers.map(|number| line(number).to_string() + "\n").collect()
}

#[test]
fn a_request_holds_a_thousand_events_at_most() {
    let (home, stub) = (Home::holding(&short(0..2300)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.rows(COUNTS), [1000, 1000, 300].map(delivered));
    assert_eq!(stub.ids(), (0..2300).map(id).collect::<Vec<_>>());
}

#[test]
fn requests_that_had_to_shrink_grow_back_where_they_get_through() {
    let script = "rules: [{when: {more_than: 300}, times: 2, answer: {status: 413, body: {error: too large}}}]";
    let (home, stub) = (Home::holding(&short(0..3000)), Stub::with_script(script));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    let refused = vec!["{}".to_owned(); 2];
    let sizes = [refused, [250, 250, 500, 1000, 1000].map(delivered).to_vec()].concat();
    assert_eq!(home.rows(COUNTS), sizes, "two refusals, which decide nothing, and then more and more");
    assert_eq!(stub.ids(), (0..3000).map(id).collect::<Vec<_>>());
}

#[test]
fn what_was_only_kept_goes_out_once_the_mode_delivers() {
    let (home, stub) = (Home::new(), Stub::start());
    assert_eq!(home.run(&["mode", "LOCAL_RETENTION"]).code, Some(0));
    assert_eq!(home.feed(&["capture"], events(0..5).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 0);
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), (0..5).map(id).collect::<Vec<_>>());
}

#[test]
fn the_only_project_with_events_is_meant_where_none_is_named() {
    let home = Home::new();
    assert_eq!(home.run(&["consent", "grant", OTHER_PROJECT]).code, Some(0), "a decision may come before the events");
    let none = home.run(&["consent", "grant"]);
    assert!(none.code == Some(1) && none.err.contains("no project"), "{none:?}");
    assert_eq!(home.feed(&["capture"], events(0..2).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["consent", "grant"]).out, format!("{PROJECT} granted\n"));
    assert_eq!(home.run(&["consent", "revoke"]).out, format!("{PROJECT} revoked\n"));
    assert_eq!(home.run(&["consent", "list"]).out, format!("{OTHER_PROJECT} granted\n{PROJECT} revoked\n"));
    assert_eq!(home.feed(&["capture"], of_project(3, OTHER_PROJECT).as_bytes()).code, Some(0));
    let both = home.run(&["consent", "grant"]);
    assert!(both.code == Some(1) && both.err.contains(PROJECT) && both.err.contains(OTHER_PROJECT), "{both:?}");
}

#[test]
fn an_event_is_kept_with_the_first_reason_for_which_it_cannot_go() {
    let home = Home::new();
    let credentials = |user: &str, team: &str| {
        let text = format!("[tokens]\naccess = \"a\"\nrefresh = \"r\"\n[user]\nusername = \"{user}\"\n{team}");
        std::fs::write(home.root().join("credentials"), text).expect("credentials");
    };
    let capture = |number: usize, enabled: &str| {
        let path = home.root().join("events.jsonl");
        std::fs::write(&path, event(number)).expect("a line");
        let mut command = home.command(&["capture", path.to_str().expect("a path")]);
        assert!(command.env("SPEC_KITTY_ENABLE_SAAS_SYNC", enabled).output().expect("it runs").status.success());
    };
    std::fs::create_dir_all(home.root()).expect("a root");
    capture(0, "0");
    capture(1, "1");
    credentials("ada", "");
    capture(2, "1");
    capture(3, "0");
    credentials("ada", "team_slug = \"blue\"\n");
    capture(4, "1");
    let reasons = home.rows("SELECT drain_blocked_reason FROM event_journal ORDER BY seq");
    assert_eq!(reasons, ["saas_disabled", "missing_auth", "missing_team", "saas_disabled", "-"]);
    let unheard = home.store().execute("UPDATE event_journal SET drain_blocked_reason = 'whatever'", []);
    assert!(unheard.is_err(), "no other reason can be written");
    let stub = Stub::start();
    assert_eq!(home.run(&["server", &stub.url]).code, Some(0));
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0), "a reason holds nothing back that can go now");
    assert_eq!(stub.ids().len(), 5);
    assert_eq!(home.run(&["status", "--json"]).json()["event_journal"]["blocked"], json!({}));
}

#[test]
fn a_purge_is_suggested_from_fifty_megabytes_on_where_every_server_has_everything() {
    const FROM: i64 = 52_428_800;
    let suggested = |home: &Home, bytes: i64| {
        home.store().execute("UPDATE journal_totals SET live_bytes = ?1", [bytes]).expect("the counter");
        let journal = home.run(&["status", "--json"]).json()["event_journal"].clone();
        assert_eq!(journal["journal_size_bytes"], bytes);
        assert_eq!(journal["gc_suggested"] == json!(true), journal["gc_suggestion"].is_object(), "{journal}");
        journal["gc_suggested"] == json!(true)
    };
    let (home, a, b) = (Home::holding(&events(0..3)), Stub::start(), Stub::start());
    assert!(!suggested(&home, FROM), "nobody has anything");
    home.external(&a.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert!(suggested(&home, FROM) && suggested(&home, FROM * 2) && !suggested(&home, FROM - 1));
    home.external(&b.url);
    assert_eq!(home.run(&["now", "--limit", "2"]).code, Some(0));
    assert!(!suggested(&home, FROM), "the second server lacks one");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert!(suggested(&home, FROM));
    assert_eq!(home.feed(&["capture"], events(3..4).as_bytes()).code, Some(0));
    assert!(!suggested(&home, FROM), "a new event has gone nowhere");
}

#[test]
fn a_pass_and_status_tell_of_events_that_wait_in_an_older_queue() {
    use crate::migrate::queue::{self, envelope};
    let (home, stub) = (Home::holding(&events(0..1)), Stub::start());
    queue::put(&queue::scoped(&home.root(), "a1"), "old", &envelope("old", ""), 1);
    home.external(&stub.url);
    let said = home.run(&["now"]);
    assert!(said.code == Some(0) && said.err.contains("`eventsync migrate` takes them over"), "{said:?}");
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["unmigrated"], json!([{"source_digest": "a1", "rows": 1}]));
    assert!(status["event_journal"]["last_capture_at"].is_string());
    assert!(status["event_journal"]["oldest_retained_event_at"].is_string());
    assert_eq!(home.run(&["migrate"]).code, Some(0));
    assert!(!home.run(&["now"]).err.contains("eventsync migrate"), "what was told to do helps");
}

#[test]
fn content_that_is_refused_is_never_parked_and_what_is_parked_shows_by_category() {
    let script = format!(
        "rules: [{{when: {{contains: [{0}]}}, answer: {{results: {{{0}: {{status: rejected, error: no}}, {1}: {{status: rejected, error: no, category: project_refused}}}}}}}}]",
        id(0),
        id(1)
    );
    let (home, stub) = (Home::holding(&events(0..3)), Stub::with_script(&script));
    home.external(&stub.url);
    for times in 1..=5 {
        assert_eq!(home.run(&["now"]).code, Some(1));
        assert_eq!(home.ledger(), ["rejected|1", "success|1", "terminal_failed|1"]);
        assert_eq!(home.number("SELECT max(rejection_count) FROM delivery_ledger"), times);
    }
    let status = home.run(&["status", "--json"]).json();
    let parked = &status["terminal_failures"]["events"][0];
    assert_eq!((&parked["event_id"], &parked["error_category"]), (&json!(id(1)), &json!("project_refused")));
    let shown = home.run(&["status"]).out;
    assert!(shown.contains(&format!("  Parked {} (project_refused): no\n", id(1))), "{shown}");
    assert!(shown.contains("`eventsync retry`"), "{shown}");
    assert_eq!(home.run(&["retry", "--category", "oversized_event"]).code, Some(0));
    assert_eq!(home.ledger(), ["rejected|1", "success|1", "terminal_failed|1"], "another category");
    assert_eq!(home.run(&["retry", "--category", "project_refused"]).code, Some(0));
    assert_eq!(home.ledger(), ["failed_transient|1", "rejected|1", "success|1"]);
    assert_eq!(home.run(&["retry", "--event-id", &id(2)]).code, Some(1), "a delivered event is not retried");
}
