//! Events of one key enter, of several projects and between deliveries that fail; what was captured last leaves, and to nobody who
//! may not have it.

use serde_json::json;

use crate::events::{OTHER_PROJECT, PROJECT, id};
use crate::home::Home;
use crate::stub::Stub;

/// An event whose key is the same whatever project its envelope names.
fn snapshot(number: usize, project: Option<&str>, text: &str) -> String {
    json!({"event_id": id(number), "event_type": "MissionDossierSnapshotComputed", "project_uuid": project,
        "payload": {"namespace": {"project_uuid": PROJECT, "mission_slug": "m"}, "text": text}})
    .to_string()
        + "\n"
}

fn captured(home: &Home, line: &str) -> String {
    let said = home.feed(&["capture"], line.as_bytes());
    assert_eq!(said.code, Some(0), "{said:?}");
    said.out.split(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn no_event_takes_up_one_of_another_project() {
    let (home, stub) = (Home::new(), Stub::start());
    home.external(&stub.url);
    for (number, project) in [(1, Some(PROJECT)), (2, Some(OTHER_PROJECT)), (3, None)] {
        assert_eq!(captured(&home, &snapshot(number, project, "first")), "inserted");
    }
    assert_eq!(captured(&home, &snapshot(4, Some(PROJECT), "second")), "collapsed");
    assert_eq!(home.run(&["consent", "grant", PROJECT]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), [id(1)], "nobody else gave consent");
    assert_eq!(home.rows("SELECT superseded_event_id FROM coalesce_superseded"), [""; 0]);
}

#[test]
fn an_event_that_was_parked_is_sent_again_once_it_took_up_a_newer_one() {
    let script = "rules: [{times: 1, answer: {status: 413, body: {error: too large}}}]";
    let (home, stub) = (Home::new(), Stub::with_script(script));
    home.external(&stub.url);
    assert_eq!(captured(&home, &snapshot(1, Some(PROJECT), "much")), "inserted");
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(1));
    assert_eq!(home.ledger(), ["terminal_failed|1"]);

    assert_eq!(captured(&home, &snapshot(2, Some(PROJECT), "less")), "collapsed");
    let waiting = &home.run(&["status", "--json"]).json()["delivery_ledger"]["undelivered_current_target"];
    assert_eq!(waiting, 1);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!((stub.ids(), home.ledger()), (vec![id(1)], vec!["success|1".to_owned()]));
    let checked = home.run(&["doctor", "--verify"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
}
