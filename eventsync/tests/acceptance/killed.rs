//! A pass is killed in its middle; the next one delivers everything, and records nothing twice.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::events::{PROJECT, events, id};
use crate::home::Home;
use crate::stub::Stub;

/// Waits until something holds; a test that waits in vain fails by saying for what.
pub fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..6000 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("in vain: {what}");
}

/// Starts a pass and kills it once the receiver has taken so many events.
fn kill_pass(home: &Home, stub: &Stub, taken: usize) {
    let mut command: Command = home.command(&["now"]);
    let mut pass = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a pass starts");
    until("the receiver takes a batch", || stub.ids().len() >= taken);
    pass.kill().expect("it runs still: nobody answers it");
    pass.wait().expect("it is ended");
}

#[test]
fn a_pass_killed_before_the_answer_loses_nothing_and_records_nothing_twice() {
    let script =
        format!("rules: [{{when: {{contains: [{}]}}, times: 1, answer: {{takes: true, hold: true}}}}]", id(600));
    let (home, stub) = (Home::holding(&events(0..1000)), Stub::with_script(&script));
    home.external(&stub.url);
    kill_pass(&home, &stub, 601);
    let recorded = home.number("SELECT count(*) FROM delivery_ledger");
    let frozen = home.number("SELECT count(*) FROM in_flight");
    assert!(frozen > 0, "the batch of the held answer is not recorded, and its bytes stay as they were sent");
    let taken_count = recorded + frozen;
    let taken = || i64::try_from(stub.ids().len()).expect("few events");
    // The receiver writes down one event after the other, and was not killed.
    until("the receiver has all of that batch", || taken() >= taken_count);
    assert_eq!(taken(), taken_count);

    let status = home.run(&["status", "--json", "--check"]);
    assert_eq!(status.code, Some(2), "who died while draining is told");
    assert_eq!(status.json()["orphan_records"][0]["status"], "orphan");

    let next = home.run(&["now", "--json"]);
    assert_eq!(next.code, Some(0), "{next:?}");
    let report = next.json();
    assert_eq!(report["duplicate"], taken_count - recorded, "what the server had is a duplicate: {report}");
    assert_eq!(report["delivered"], 1000 - taken_count);
    assert_eq!(stub.ids(), (0..1000).map(id).collect::<Vec<_>>(), "each event arrived once, in order");
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2)"), 1000);
    assert_eq!(home.number("SELECT count(*) FROM in_flight"), 0);
    assert_eq!(home.run(&["status", "--json"]).json()["orphan_records"], serde_json::json!([]));
}

#[test]
fn a_pass_killed_inside_a_bisection_keeps_the_halves_that_it_recorded() {
    let (poison, held) = (id(90), id(60));
    let script = format!(
        "rules:
          - {{when: {{contains: [{held}], more_than: 30}}, times: 2, answer: {{status: 400, body: {{error: no}}}}}}
          - {{when: {{contains: [{held}]}}, times: 1, answer: {{takes: true, hold: true}}}}
          - {{when: {{contains: [{poison}]}}, answer: {{status: 400, body: {{error: this title is forbidden}}}}}}"
    );
    let (home, stub) = (Home::holding(&events(0..100)), Stub::with_script(&script));
    home.external(&stub.url);
    kill_pass(&home, &stub, 75);
    assert_eq!(home.ledger(), ["success|50"], "the left half was recorded before the right one was sent");
    let next = home.run(&["now", "--json"]).json();
    assert_eq!((&next["duplicate"], &next["delivered"], &next["rejected"]), (&25.into(), &24.into(), &1.into()));
    assert_eq!(home.ledger(), ["duplicate|25", "rejected|1", "success|74"]);
}

#[test]
fn a_second_pass_finds_the_target_taken_and_a_dead_one_leaves_no_lock() {
    let script = "rules: [{times: 1, answer: {takes: true, hold: true}}]";
    let (home, stub) = (Home::holding(&events(0..10)), Stub::with_script(script));
    home.external(&stub.url);
    let mut first = home.command(&["now"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a pass starts");
    until("the first pass has sent", || stub.ids().len() == 10);
    let second = home.run(&["now"]);
    assert_eq!(second.code, Some(0));
    assert!(second.err.contains("already draining"), "{second:?}");
    assert_eq!(home.run(&["now", "--fail-if-busy"]).code, Some(3));
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["daemon_owner_record"]["status"], "present");
    assert_eq!(status["daemon_owner_record"]["pid"], first.id());
    assert_eq!(status["event_journal"]["blocked"], json!({"daemon_lock": 10}), "why they wait");
    let during = home.feed(&["capture"], events(10..20).as_bytes());
    assert_eq!(during.code, Some(0), "capturing does not wait for a pass: {during:?}");

    first.kill().expect("it waits still");
    first.wait().expect("it is ended");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.ledger(), ["duplicate|10", "success|10"]);
}

#[test]
fn bytes_on_their_way_are_not_changed_by_a_newer_event_of_their_key() {
    let artifact = |number: usize| {
        json!({"event_id": id(number), "event_type": "MissionDossierSnapshotComputed", "project_uuid": PROJECT,
            "payload": {"namespace": {"project_uuid": PROJECT, "mission_slug": "m"}, "number": number}})
        .to_string()
            + "\n"
    };
    let script = "rules: [{times: 1, answer: {takes: true, hold: true}}]";
    let (home, stub) = (Home::holding(&artifact(1)), Stub::with_script(script));
    home.external(&stub.url);
    kill_pass(&home, &stub, 1);
    let newer = home.feed(&["capture"], (artifact(2) + &artifact(3)).as_bytes());
    assert_eq!(newer.out, format!("inserted {}\ncollapsed {}\n", id(2), id(3)), "the first may be at the server");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), [id(1), id(2)]);
    assert_eq!(stub.lines()[0].clone() + "\n", artifact(1));
    let markers = home.rows("SELECT superseded_event_id, superseded_by_event_id FROM coalesce_superseded");
    assert_eq!(markers, [format!("{}|{}", id(1), id(2))]);
}
