//! Batches that a server refuses enter; the events that are to blame are found, and all others arrive.

use serde_json::json;

use crate::events::{events, id};
use crate::home::Home;
use crate::stub::Stub;

/// Refuses every batch with this event, and never says which one it means.
fn refusing(culprits: &[String]) -> String {
    format!(
        "rules: [{{when: {{contains: [{}]}}, answer: {{status: 400, body: {{error: title is forbidden}}}}}}]",
        culprits.join(", ")
    )
}

fn requests(home: &Home) -> i64 {
    home.number("SELECT count(*) FROM delivery_attempts")
}

#[test]
fn one_poison_event_among_a_thousand_leaves_999_delivered_and_one_explained() {
    let (home, stub) = (Home::holding(&events(0..1000)), Stub::with_script(&refusing(&[id(777)])));
    home.external(&stub.url);
    let pass = home.run(&["now", "--json"]);
    assert_eq!(pass.code, Some(1), "a rejected event is told by the exit code");
    let report = pass.json();
    assert_eq!(
        (&report["delivered"], &report["rejected"], &report["selected"]),
        (&json!(999), &json!(1), &json!(1000))
    );
    let explained = json!([{"event_id": id(777), "outcome": "rejected", "http_status": 400,
        "error": "title is forbidden", "category": "unknown"}]);
    assert_eq!(report["failures"], explained);
    let needed = requests(&home);
    assert!(needed <= 25, "{needed} requests for one culprit");
    assert_eq!(stub.ids(), (0..1000).filter(|at| *at != 777).map(id).collect::<Vec<_>>(), "in the order of capture");

    let again = home.run(&["now", "--json"]).json();
    assert_eq!((&again["selected"], &again["rejected"]), (&json!(1), &json!(1)), "only the culprit goes out again");
    let row = "SELECT status_text, rejection_count, last_rejection_error FROM delivery_ledger_view WHERE status = 4";
    assert_eq!(home.rows(row), ["rejected|2|title is forbidden"]);
    assert_eq!(home.run(&["now", "--no-strict"]).code, Some(0));
}

#[test]
fn a_batch_of_culprits_alone_ends_after_two_requests_an_event() {
    let culprits: Vec<String> = (0..64).map(id).collect();
    let (home, stub) = (Home::holding(&events(0..64)), Stub::with_script(&refusing(&culprits)));
    home.external(&stub.url);
    let report = home.run(&["now", "--json"]).json();
    assert_eq!((&report["rejected"], &report["delivered"]), (&json!(64), &json!(0)));
    assert!(requests(&home) <= 127, "{}", requests(&home));
}

#[test]
fn two_events_of_one_work_package_are_cut_apart_last() {
    // Both are about WP07: the cut of four would fall between them.
    let lines: Vec<String> = [1, 7, 107, 3].iter().map(|number| crate::events::event(*number) + "\n").collect();
    let (home, stub) = (Home::holding(&lines.concat()), Stub::with_script(&refusing(&[id(1)])));
    home.external(&stub.url);
    let report = home.run(&["now", "--json"]).json();
    assert_eq!((&report["delivered"], &report["rejected"]), (&json!(3), &json!(1)));
    assert_eq!(stub.ids(), [id(7), id(107), id(3)], "the first of a pair is acknowledged before the second");
}

#[test]
fn a_pair_of_one_work_package_is_cut_too_where_one_of_both_is_to_blame() {
    let lines: Vec<String> = [7, 107].iter().map(|number| crate::events::event(*number) + "\n").collect();
    for (culprit, other) in [(7, 107), (107, 7)] {
        let (home, stub) = (Home::holding(&lines.concat()), Stub::with_script(&refusing(&[id(culprit)])));
        home.external(&stub.url);
        let report = home.run(&["now", "--json"]).json();
        assert_eq!((&report["delivered"], &report["rejected"]), (&json!(1), &json!(1)), "{culprit}");
        assert_eq!((stub.ids(), requests(&home)), (vec![id(other)], 3), "{culprit}");
    }
}

#[test]
fn a_refusal_that_names_events_rejects_those_and_sends_the_others_again() {
    let details =
        |list: &str| format!("rules: [{{times: 1, answer: {{status: 400, body: {{error: bad, details: {list}}}}}}}]");
    let named = format!("[{{event_id: {}, error: one}}, {{event_id: {}, reason: two}}]", id(3), id(4));
    let as_text = format!(
        "'[{{\"event_id\": \"{}\", \"error\": \"one\"}}, {{\"event_id\": \"{}\", \"detail\": \"two\"}}]'",
        id(3),
        id(4)
    );
    for list in [named, as_text] {
        let (home, stub) = (Home::holding(&events(0..10)), Stub::with_script(&details(&list)));
        home.external(&stub.url);
        let report = home.run(&["now", "--json"]).json();
        assert_eq!((&report["rejected"], &report["delivered"]), (&json!(2), &json!(8)), "{report}");
        let reasons = "SELECT event_id, last_error FROM delivery_ledger_view WHERE status = 4 ORDER BY seq";
        assert_eq!(home.rows(reasons), [format!("{}|one", id(3)), format!("{}|two", id(4))]);
        assert_eq!(requests(&home), 2);
    }
}

#[test]
fn batches_that_are_too_large_are_halved_until_they_fit() {
    let script = "rules: [{when: {more_than: 250}, answer: {status: 413, body: {error: too large}}}]";
    let (home, stub) = (Home::holding(&events(0..1000)), Stub::with_script(script));
    home.external(&stub.url);
    let pass = home.run(&["now"]);
    assert_eq!(pass.code, Some(0), "{pass:?}");
    assert_eq!(home.ledger(), ["success|1000"]);
    assert_eq!(stub.ids().len(), 1000);
}

#[test]
fn one_event_that_is_too_large_is_parked_and_its_neighbours_go_on() {
    let script =
        format!("rules: [{{when: {{contains: [{}]}}, answer: {{status: 413, body: {{error: too large}}}}}}]", id(5));
    let (home, stub) = (Home::holding(&events(0..10)), Stub::with_script(&script));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(1));
    assert_eq!(home.ledger(), ["success|9", "terminal_failed|1"]);
    let failures = &home.run(&["status", "--json"]).json()["terminal_failures"];
    assert_eq!((&failures["count"], &failures["events"][0]["event_id"]), (&json!(1), &json!(id(5))));

    assert_eq!(home.run(&["now", "--json"]).json()["selected"], 0, "a parked event is passed by");
    assert_eq!(home.run(&["retry", "--event-id", &id(1)]).code, Some(1), "a delivered one cannot be retried");
    assert_eq!(home.run(&["retry", "--category", "oversized_event"]).out, "requeued: 1\n");
    assert_eq!(home.run(&["now", "--json"]).json()["terminal_failed"], 1, "and a retried one is sent again");
    let other = Stub::start();
    home.external(&other.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(other.ids().len(), 10, "it is parked at that target alone");
}

#[test]
fn a_parked_event_is_retried_at_the_target_that_is_named() {
    let script = "rules: [{times: 1, answer: {status: 413, body: {error: too large}}}]";
    let (home, first, second) = (Home::holding(&events(0..1)), Stub::with_script(script), Stub::start());
    home.external(&first.url);
    assert_eq!(home.run(&["now"]).code, Some(1));
    let target = home.run(&["status", "--json"]).json()["delivery_targets"]["current"]["target_id"].clone();
    home.external(&second.url);
    assert_eq!(home.run(&["retry", "--all"]).code, Some(1), "nothing was sent to the target of now");
    assert_eq!(home.run(&["retry", "--all", "--target", target.as_str().expect("an id")]).out, "requeued: 1\n");
    assert_eq!(home.run(&["retry", "--all", "--event-id", &id(0)]).code, Some(2), "one way to say which");
    home.external(&first.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    let report = home.run(&["now", "--report", "no-such-folder/report.json"]);
    assert_eq!(report.code, Some(1), "{report:?}");
}

#[test]
fn a_server_that_names_one_culprit_at_a_time_gets_all_others() {
    let rule = |culprit: usize| {
        let details = format!("[{{event_id: {}, error: no title}}]", id(culprit));
        format!("{{when: {{contains: [{}]}}, answer: {{status: 400, body: {{details: {details}}}}}}}", id(culprit))
    };
    let script = format!("rules: [{}, {}, {}]", rule(3), rule(7), rule(8));
    let (home, stub) = (Home::holding(&events(0..20)), Stub::with_script(&script));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(1));
    assert_eq!(home.ledger(), ["rejected|3", "success|17"]);
    assert_eq!((stub.ids().len(), requests(&home)), (17, 4));
}

#[test]
fn a_refusal_that_names_nothing_that_was_sent_is_one_without_names() {
    let answer = "{status: 400, body: {details: [{event_id: SOMEBODY, error: no title}]}}";
    let script = format!("rules: [{{when: {{contains: [{}]}}, answer: {answer}}}]", id(3));
    let (home, stub) = (Home::holding(&events(0..20)), Stub::with_script(&script));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(1));
    assert_eq!((home.ledger(), stub.ids().len()), (vec!["rejected|1".to_owned(), "success|19".to_owned()], 19));
}

#[test]
fn events_of_which_a_server_says_what_nobody_knows_hold_up_no_others() {
    let odd: Vec<String> = (0..5).map(|at| format!("{}: {{event_id: {}, status: Odd}}", id(at), id(at))).collect();
    let script = format!(
        "rules: [{{when: {{more_than: 1}}, answer: {{status: 413, body: {{error: too large}}}}}}, {{answer: {{results: {{{}}}}}}}]",
        odd.join(", ")
    );
    let (home, stub) = (Home::holding(&events(0..20)), Stub::with_script(&script));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(1));
    assert_eq!(home.ledger(), ["failed_transient|5", "success|15"], "{:?}", stub.ids());
}
