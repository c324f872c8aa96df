//! What may happen to events that a pass went by enters; each of them is sent when it should be, and `doctor` finds none that
//! would not be.

use eventsync::delivery::batch::BatchEvent;
use eventsync::delivery::dispatcher::{Pause, Scope, Stopped, dispatch};
use eventsync::delivery::ledger::Account;
use eventsync::delivery::receivers::{Answer, Gate, LoginError, Receiver, Survey, Verdict};
use eventsync::delivery::targets::{Facts, TargetIdentity, register};
use eventsync::generated::{AnswerStep, DeliveryOutcome, EffectCertainty, HttpAnswer, TargetKind};
use eventsync::store::in_transaction;
use eventsync::target::credentials::Secret;
use rusqlite::Connection;
use serde_json::json;

use crate::events::{OTHER_PROJECT, PROJECT, events, id, of_project};
use crate::home::Home;
use crate::stub::Stub;

/// The stub has these, in this order, and no event was passed over.
fn has(stub: &Stub, numbers: &[usize], home: &Home) {
    assert_eq!(stub.ids(), numbers.iter().map(|number| id(*number)).collect::<Vec<_>>());
    let said = home.run(&["doctor", "--verify", "--json"]).json();
    assert_eq!(said["checks"][4]["name"], "marks");
    assert_eq!((&said["checks"][3]["problems"], &said["checks"][4]["problems"]), (&json!([]), &json!([])), "{said}");
}

fn now(home: &Home) {
    let said = home.run(&["now"]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

fn mark(home: &Home) -> Vec<String> {
    home.rows(
        "SELECT low_water_seq FROM target_progress WHERE epoch = (SELECT max(redrain_epoch) FROM delivery_targets)",
    )
}

#[test]
fn archived_events_that_a_pass_went_by_are_sent_when_they_are_asked_for() {
    let (home, stub) = (Home::holding(&events(0..4)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["archive", "--event-id", &id(1)]).code, Some(0));
    now(&home);
    assert_eq!(mark(&home), ["4"]);
    assert_eq!(home.run(&["now", "--include-archived"]).code, Some(0));
    has(&stub, &[0, 2, 3, 1], &home);
}

#[test]
fn events_of_a_low_tier_are_sent_once_they_may_be() {
    let (home, stub) = (Home::holding(&events(0..2)), Stub::start());
    let shared = events(2..3).replace("\"lamport_clock\"", "\"data_tier\":3,\"lamport_clock\"");
    assert_eq!(home.feed(&["capture"], shared.as_bytes()).code, Some(0));
    home.external(&stub.url);
    let config = home.root().join("config.toml");
    let usual = std::fs::read_to_string(&config).expect("a configuration");
    std::fs::write(&config, usual.clone() + "min_data_tier = 2\n").expect("it can be written");
    now(&home);
    has(&stub, &[2], &home);
    std::fs::write(&config, usual).expect("it can be written");
    now(&home);
    has(&stub, &[2, 0, 1], &home);
}

#[test]
fn an_event_of_a_tier_that_is_none_is_sent_like_any_other() {
    let (home, stub) = (Home::holding(&events(0..1)), Stub::start());
    let odd = events(1..2).replace("\"lamport_clock\"", "\"data_tier\":-3,\"lamport_clock\"");
    assert_eq!(home.feed(&["capture"], odd.as_bytes()).code, Some(0));
    home.external(&stub.url);
    now(&home);
    has(&stub, &[0, 1], &home);
}

#[test]
fn a_repeated_delivery_that_a_server_puts_off_is_repeated_again() {
    let puts_off = format!(
        "rules: [{{times: 1, when: {{contains: [{}]}}, answer: {{results: {{{}: {{status: pending}}}}}}}}]",
        id(9),
        id(1)
    );
    let (home, stub) = (Home::holding(&events(0..3)), Stub::with_script(&puts_off));
    home.external(&stub.url);
    now(&home);
    assert_eq!(home.run(&["redrain"]).code, Some(0));
    assert_eq!(home.feed(&["capture"], events(9..10).as_bytes()).code, Some(0));
    let report = home.run(&["now", "--json"]).json();
    assert_eq!((&report["selected"], &report["pending"]), (&json!(4), &json!(1)), "{report}");
    has(&stub, &[0, 1, 2, 9], &home);
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["delivery_ledger"]["undelivered_current_target"], 1, "{status}");
    let report = home.run(&["now", "--json"]).json();
    assert_eq!((&report["selected"], &report["duplicate"]), (&json!(1), &json!(1)), "{report}");
    assert_eq!(mark(&home), ["4"]);
}

#[test]
fn consent_that_comes_late_lets_older_events_go_than_those_that_were_sent() {
    let mixed: String = (0..6).map(|at| of_project(at, [PROJECT, OTHER_PROJECT][at % 2]) + "\n").collect();
    let (home, stub) = (Home::new(), Stub::start());
    assert_eq!(home.feed(&["capture"], mixed.as_bytes()).code, Some(0));
    home.external(&stub.url);
    assert_eq!(home.run(&["consent", "grant", PROJECT]).code, Some(0));
    now(&home);
    has(&stub, &[0, 2, 4], &home);
    let waiting = home.run(&["status", "--json"]).json()["consent"][0].clone();
    assert_eq!(waiting, json!({"project_uuid": OTHER_PROJECT, "state": null, "undelivered": 3}));
    assert_eq!(home.run(&["consent", "grant", OTHER_PROJECT]).code, Some(0));
    now(&home);
    has(&stub, &[0, 2, 4, 1, 3, 5], &home);
}

#[test]
fn what_is_pending_or_new_goes_out_and_is_counted_and_all_else_is_not_looked_at_again() {
    let pending = format!("rules: [{{times: 1, answer: {{results: {{{}: {{status: pending}}}}}}}}]", id(1));
    let (home, stub) = (Home::holding(&events(0..5)), Stub::with_script(&pending));
    home.external(&stub.url);
    assert_eq!(home.run(&["now", "--limit", "3"]).code, Some(0));
    assert_eq!(mark(&home), ["3"]);
    assert_eq!(home.feed(&["capture"], events(5..6).as_bytes()).code, Some(0));
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["delivery_ledger"]["undelivered_current_target"], 4, "{status}");
    now(&home);
    has(&stub, &[0, 2, 1, 3, 4, 5], &home);
}

/// A receiver in this process that takes everything, after something happened on the machine.
struct Witness<'a> {
    sent: Vec<Vec<String>>,
    step: AnswerStep,
    most_events: usize,
    happens: &'a dyn Fn(usize),
}

impl Receiver for Witness<'_> {
    fn endpoint_url(&self) -> &'static str {
        "http://localhost/"
    }

    fn auth_headers(&self) -> Vec<(String, Secret)> {
        Vec::new()
    }

    fn gates(&self) -> Vec<Gate> {
        Vec::new()
    }

    fn deliver(&mut self, events: &[&BatchEvent]) -> Answer {
        self.sent.push(events.iter().map(|event| String::from_utf8_lossy(&event.payload).into_owned()).collect());
        (self.happens)(self.sent.len());
        let verdict = |event: &&BatchEvent| Verdict {
            seq: event.seq,
            event_id: event.event_id.clone(),
            outcome: if self.step == AnswerStep::Record { DeliveryOutcome::Success } else { DeliveryOutcome::Rejected },
            http_status: Some(200),
            error: None,
            category: None,
            raw: None,
            certainty: EffectCertainty::Terminal,
        };
        Answer {
            kind: HttpAnswer::Ok200,
            http_status: Some(200),
            verdicts: events.iter().map(verdict).collect(),
            again: Vec::new(),
            step: if events.len() == 1 { AnswerStep::Record } else { self.step },
            certainty: EffectCertainty::Terminal,
            request_bytes: 1,
            retry_after: None,
            byte_limit: None,
            notes: Vec::new(),
        }
    }

    fn renew(&mut self) -> Result<bool, LoginError> {
        Ok(false)
    }

    fn survey(&mut self) -> Survey {
        Survey { byte_budget: 1 << 20, most_events: self.most_events, waits: (0, 0), facts: Facts::default() }
    }
}

struct Never;

impl Pause for Never {
    fn pause(&self, _: std::time::Duration) {
        panic!("nobody asks to wait");
    }
}

/// One pass to a receiver at which something happens during each request; the payloads of each, and why it ended.
fn pass(home: &Home, step: AnswerStep, happens: &dyn Fn(usize)) -> (Vec<Vec<String>>, Option<Stopped>) {
    pass_of(&mut home.store(), step, 2, happens)
}

/// The same with so many events in a batch at most.
fn pass_of(
    store: &mut Connection,
    step: AnswerStep,
    most_events: usize,
    happens: &dyn Fn(usize),
) -> (Vec<Vec<String>>, Option<Stopped>) {
    let identity = TargetIdentity::new(TargetKind::External, "http://localhost/", None, None).expect("an endpoint");
    let at = "2026-01-01T00:00:00.000000+00:00";
    let target = in_transaction(store, |transaction| register(transaction, &identity, &Facts::default(), at));
    let account = Account { target_pk: target.expect("a target").target_pk, epoch: 0 };
    let mut witness = Witness { sent: Vec::new(), step, most_events, happens };
    let summary = dispatch(store, account, &mut witness, &Scope::default(), None, &Never).expect("a pass");
    (witness.sent, summary.stopped)
}

#[test]
fn consent_that_is_taken_back_during_a_request_holds_for_the_next() {
    let home = Home::holding(&events(0..4));
    let revokes = |request| {
        if request == 1 {
            assert_eq!(home.run(&["consent", "revoke"]).code, Some(0));
        }
    };
    let (sent, _) = pass(&home, AnswerStep::Record, &revokes);
    assert_eq!(sent, [[events(0..1).trim_end(), events(1..2).trim_end()]]);
    assert_eq!(home.number("SELECT count(*) FROM in_flight"), 0);
    assert_eq!(home.run(&["status", "--json"]).json()["consent"][0]["state"], "revoked");
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    let (sent, _) = pass(&home, AnswerStep::Record, &|_| ());
    assert_eq!(sent, [[events(2..3).trim_end(), events(3..4).trim_end()]], "what did not go is not gone by");
}

#[test]
fn an_event_that_takes_in_a_newer_one_during_a_request_is_sent_as_it_is_then() {
    let artifact = |number: usize| {
        json!({"event_id": id(number), "event_type": "MissionDossierSnapshotComputed", "project_uuid": PROJECT,
            "payload": {"namespace": {"project_uuid": PROJECT, "mission_slug": "m"}, "number": number}})
        .to_string()
            + "\n"
    };
    let home = Home::holding(&(events(0..2) + &artifact(2) + &events(3..4)));
    let captures = |request| {
        if request <= 2 {
            let said = home.feed(&["capture"], artifact(10 + request).as_bytes());
            assert_eq!(said.out, [format!("collapsed {}\n", id(11)), format!("inserted {}\n", id(12))][request - 1]);
        }
    };
    let (sent, _) = pass(&home, AnswerStep::Record, &captures);
    let collapsed = artifact(11).replace(&id(11), &id(2));
    assert_eq!(sent[1], [collapsed.trim_end(), events(3..4).trim_end()], "what is stored is what is sent");
    assert_eq!(home.rows("SELECT payload FROM event_journal WHERE seq = 3"), [collapsed.trim_end()]);
    assert_eq!(sent[2], [artifact(12).trim_end()], "what came during the second request goes in the same pass");
}

#[test]
fn the_rest_of_a_batch_that_takes_too_many_requests_is_sent_by_the_next_pass() {
    // Bisected to the end, so many events take more requests than a pass has.
    let home = Home::holding(&events(0..5100));
    let mut store = home.store();
    store.execute_batch("PRAGMA synchronous = OFF").expect("a test may lose all of it");
    let (sent, stopped) = pass_of(&mut store, AnswerStep::Bisect, 1000, &|_| ());
    assert_eq!((sent.len(), stopped), (10_000, Some(Stopped::TooManyRequests)));
    let left = "SELECT status_text, count(*) FROM delivery_ledger_view WHERE seq > 5000 GROUP BY 1 ORDER BY 1";
    assert_eq!(home.rows(left), ["failed_transient|100"], "nothing of the last batch was cut down to one yet");
    assert_eq!(home.ledger(), ["failed_transient|100", "rejected|5000"]);
    assert_eq!(home.number("SELECT count(*) FROM in_flight"), 0);
    let (sent, _) = pass_of(&mut store, AnswerStep::Record, 1000, &|_| ());
    assert_eq!(sent.concat().len(), 5100);
}
