//! The three kinds of receivers enter; are they what the contract says of them, and do they make the same of the same answers?

use eventsync::delivery::receivers::stub::{Script, StubReceiver};
use eventsync::delivery::receivers::{External, HttpClient, Receiver, Teamspace, TokenSource};
use eventsync::generated::{GateKind, TargetKind, receiver_aspects};
use eventsync::target::credentials::Secret;
use eventsync::target::{Surfaces, inspect_with};
use rusqlite::Connection;

use crate::drainer::Drainer;
use crate::events::{events, id};
use crate::home::{Home, rows};
use crate::stub::Stub;

/// A receiver of the hosted service at this URL.
fn teamspace<'a>(client: &'a HttpClient, home: &Home, url: &str) -> Teamspace<'a> {
    let resolved = inspect_with(&home.root(), Some(url));
    let (surfaces, token) = (Surfaces::from(resolved.target()), Secret::new("token"));
    Teamspace::new(client, surfaces, Some("blue".to_owned()), true, Some(token.clone()), TokenSource::Given(token))
}

#[test]
fn receivers_are_what_the_contract_says_of_their_kinds() {
    let (home, client) = (Home::new(), HttpClient::default());
    let endpoint = "https://mine.example/In//?x=1";
    let is = |kind: TargetKind, receiver: &dyn Receiver, endpoint: &str, headers: &[&str]| {
        let gates: Vec<GateKind> = receiver.gates().iter().map(|gate| gate.kind).collect();
        assert_eq!(gates, receiver_aspects::gates(kind), "{kind}: in the order of asking");
        assert!(receiver.gates().iter().all(|gate| gate.is_open), "{kind}");
        assert_eq!(receiver.endpoint_url(), endpoint, "{kind}");
        let named: Vec<String> = receiver.auth_headers().into_iter().map(|(name, _)| name).collect();
        assert_eq!(named, headers, "{kind}");
    };
    let service = teamspace(&client, &home, "https://team.example");
    let shown = ["Authorization", "X-Team-Slug"];
    is(TargetKind::Teamspace, &service, "https://team.example/api/v1/events/batch/", &shown);
    is(TargetKind::External, &External::new(&client, Some(endpoint.to_owned()), Vec::new()), endpoint, &[]);
    is(TargetKind::Stub, &StubReceiver::new(Script::default(), None), "in process", &[]);
}

/// A script with an answer of each sort.
fn script() -> String {
    let (parked, named, unknown, pending, busy) = (id(2), id(3), id(4), id(5), id(9));
    format!(
        "rules:
          - {{when: {{more_than: 8}}, times: 2, answer: {{status: 413, body: {{error: too large}}}}}}
          - {{when: {{contains: [{busy}]}}, times: 1, answer: {{status: 503, text: maintenance}}}}
          - {{when: {{contains: [{parked}], more_than: 1}}, answer: {{status: 400, body: {{error: bad}}}}}}
          - {{when: {{contains: [{parked}]}}, answer: {{status: 413, body: {{error: too large}}}}}}
          - answer: {{results: {{{named}: {{status: rejected, error: no}}, {unknown}: {{status: Stored}}, {pending}: {{status: queued}}}}}}"
    )
}

/// What the store of a root holds of its deliveries.
fn told(home: &Home) -> Vec<String> {
    let store: Connection = home.store();
    let ledger =
        "SELECT seq, status_text, attempt_count, last_http_status, last_error, error_category, rejection_count,
                    maybe_effective FROM delivery_ledger_view ORDER BY seq";
    let attempts =
        "SELECT http_status, outcome_counts_json, effect_certainty FROM delivery_attempts ORDER BY attempt_id";
    [rows(&store, ledger), rows(&store, attempts)].concat()
}

#[test]
fn the_stub_makes_of_a_script_what_the_hosted_service_and_a_receiver_of_ones_own_make_of_it() {
    let mut seen = Vec::new();
    for kind in [TargetKind::Teamspace, TargetKind::External, TargetKind::Stub] {
        let (home, client) = (Home::holding(&events(0..20)), HttpClient::default());
        let served = Stub::with_script(&script());
        let mut receiver: Box<dyn Receiver> = match kind {
            TargetKind::Teamspace => Box::new(teamspace(&client, &home, &served.url)),
            TargetKind::External => Box::new(External::new(&client, Some(served.url.clone()), Vec::new())),
            TargetKind::Stub => Box::new(StubReceiver::new(Script::read(&script()).expect("a script"), None)),
        };
        let mut drainer = Drainer::to(&home, kind, "https://receiver.example");
        drainer.pass(receiver.as_mut());
        let first = told(&home);
        drainer.pass(receiver.as_mut());
        seen.push((first, told(&home)));
    }
    assert!(seen[0].0.len() > 25 && seen[0].0 != seen[0].1, "{:?}", seen[0]);
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[test]
fn two_passes_in_threads_of_their_own_leave_every_event_delivered_once() {
    const COUNT: usize = 3000;
    let home = Home::holding(&events(0..COUNT));
    let stub = StubReceiver::new(Script::default(), None);
    let both_are_ready = std::sync::Barrier::new(2);
    let sent: Vec<u64> = std::thread::scope(|scope| {
        let pass = || {
            let mut drainer = Drainer::to(&home, TargetKind::Stub, "https://receiver.example");
            both_are_ready.wait();
            drainer.pass(&mut stub.clone()).selected
        };
        let running = [scope.spawn(pass), scope.spawn(pass)];
        running.map(|one| one.join().expect("it ends")).to_vec()
    });
    assert!(sent.iter().sum::<u64>() >= 3000, "{sent:?}");
    let count = i64::try_from(COUNT).expect("a small number");
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2)"), count, "{sent:?}");
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger WHERE ever_delivered_at IS NOT NULL"), count);
    assert_eq!(home.number("SELECT sum(n) FROM status_counters WHERE status IN (1, 2)"), count);
    assert_eq!(home.number("SELECT count(*) FROM in_flight"), 0);
    let taken = home.number("SELECT sum(outcome_counts_json ->> 'success') FROM delivery_attempts");
    assert_eq!(taken, count, "the receiver took each event once, whoever sent it");
}
