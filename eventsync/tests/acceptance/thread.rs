//! The whole way of an event: captured offline, delivered to one server, then to another.

use serde_json::json;

use crate::events::{event, events, id};
use crate::home::Home;
use crate::stub::Stub;

#[test]
fn events_captured_offline_go_to_one_server_and_then_to_another() {
    let (home, a, b) = (Home::new(), Stub::start(), Stub::start());
    let captured = home.feed(&["capture", "--json"], events(0..1000).as_bytes());
    assert_eq!(captured.code, Some(0), "{captured:?}");
    let acks: Vec<String> =
        (0..1000).map(|at| json!({"event_id": id(at), "outcome": "inserted"}).to_string()).collect();
    assert_eq!(captured.out.lines().collect::<Vec<_>>(), acks);

    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    home.external(&a.url);
    let sent = home.run(&["now"]);
    assert_eq!(
        (sent.code, first_lines(&sent.out, 2)),
        (Some(0), "Mode: EXTERNAL_RECEIVER\nDelivered: 1000\n".to_owned())
    );
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["event_journal"]["retained_event_count"], 1000);
    assert_eq!(status["delivery_ledger"]["delivered_current_target"], 1000);
    assert_eq!(status["delivery_ledger"]["undelivered_current_target"], 0);

    home.external(&b.url);
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["delivery_ledger"]["delivered_current_target"], 0);
    assert_eq!(status["delivery_ledger"]["delivered_previous_target"], 1000);
    assert_eq!(home.run(&["now"]).code, Some(0));
    let expected: Vec<String> = (0..1000).map(event).collect();
    assert_eq!(a.lines(), expected, "every byte arrives as it was captured, in the order of capture");
    assert_eq!(b.lines(), expected);

    let again = home.run(&["now", "--json"]).json();
    assert_eq!((&again["selected"], &again["dispatched"]), (&json!(0), &json!(false)));
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 1000);
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger"), 2000);
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).flat_map(|line| [line, "\n"]).collect()
}
