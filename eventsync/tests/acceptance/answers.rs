//! Every kind of answer that a server gives; what is recorded of it, and what the next pass does.

use serde_json::{Value, json};

use crate::events::{OTHER_PROJECT, events, id, of_project};
use crate::home::Home;
use crate::stub::Stub;

/// What one pass over `count` events makes of a script: the report, the ledger, the requests, the exit code.
struct Seen {
    report: Value,
    ledger: Vec<String>,
    requests: i64,
    code: Option<i32>,
    err: String,
    home: Home,
    stub: Stub,
}

fn pass(count: usize, script: &str) -> Seen {
    let (home, stub) = (Home::holding(&events(0..count)), Stub::with_script(script));
    home.external(&stub.url);
    let pass = home.run(&["now", "--json"]);
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), i64::try_from(count).expect("few"));
    Seen {
        report: pass.json(),
        ledger: home.ledger(),
        requests: home.number("SELECT count(*) FROM delivery_attempts"),
        code: pass.code,
        err: pass.err,
        home,
        stub,
    }
}

/// The category and error of the only kind of failure.
fn failure(seen: &Seen) -> (String, String) {
    let first = &seen.report["failures"][0];
    let text = |key: &str| first[key].as_str().unwrap_or_default().to_owned();
    (text("category"), text("error"))
}

#[test]
fn trouble_of_the_server_is_transient_and_the_next_pass_delivers() {
    for status in [408, 429, 500, 502, 503, 504] {
        let seen = pass(3, &format!("rules: [{{times: 1, answer: {{status: {status}, body: {{error: try later}}}}}}]"));
        assert_eq!((seen.code, seen.ledger), (Some(1), vec!["failed_transient|3".to_owned()]), "{status}");
        assert_eq!(seen.requests, 1, "{status}: each event goes out once a pass");
        let rejections = seen.home.number("SELECT sum(rejection_count) FROM delivery_ledger");
        assert_eq!(rejections, 0, "{status} is no rejection");
        assert_eq!(seen.home.run(&["now"]).code, Some(0), "{status}");
        assert_eq!(seen.home.ledger(), ["success|3"], "{status}");
    }
}

#[test]
fn an_answer_that_is_none_is_never_taken_for_success() {
    let answers = [
        "{text: '<html>welcome</html>'}",
        "{text: ''}",
        "{body: {ok: true}}",
        "{body: [1, 2]}",
        "{text: not gzip, headers: {Content-Encoding: gzip}}",
        "{fill: 9000000}",
        "{takes: true, drop: true}",
        "{takes: true, cut_after: 20}",
    ];
    for answer in answers {
        let seen = pass(3, &format!("rules: [{{times: 1, answer: {answer}}}]"));
        assert_eq!((seen.code, seen.ledger), (Some(1), vec!["failed_transient|3".to_owned()]), "{answer}");
        let maybe = seen.home.number("SELECT count(*) FROM delivery_ledger WHERE maybe_effective = 1");
        assert_eq!(maybe, 3, "{answer}: the server may have them, so their bytes stay");
        assert_eq!(seen.home.run(&["now"]).code, Some(0), "{answer}");
        assert_eq!(seen.home.number("SELECT count(*) FROM delivery_ledger WHERE status IN (1, 2)"), 3, "{answer}");
    }
}

#[test]
fn each_word_of_the_server_about_an_event_means_one_thing() {
    let results = [
        ("success", "{status: success}", "success"),
        ("accepted", "{status: accepted}", "success"),
        ("warning", "{status: warning}", "success"),
        ("duplicate", "{status: duplicate}", "duplicate"),
        ("pending", "{status: pending}", "pending"),
        ("queued", "{status: queued}", "pending"),
        ("missing", "null", "pending"),
        ("rejected", "{status: rejected, error_message: no, error: other}", "rejected"),
        ("refused", "{status: rejected, error: no, category: project_refused}", "terminal_failed"),
        ("wrong case", "{status: Success}", "failed_transient"),
        ("unknown", "{status: stored}", "failed_transient"),
        ("no status", "{}", "failed_transient"),
    ];
    let said: Vec<String> =
        results.iter().enumerate().map(|(at, (_, said, _))| format!("{}: {said}", id(at))).collect();
    let script = format!("rules: [{{times: 1, answer: {{results: {{{}}}}}}}]", said.join(", "));
    let seen = pass(results.len(), &script);
    let rows = seen.home.rows("SELECT status_text FROM delivery_ledger_view ORDER BY seq");
    for ((name, _, expected), row) in results.iter().zip(&rows) {
        assert_eq!(row, expected, "{name}");
    }
    let errors = "SELECT last_error, error_category FROM delivery_ledger_view WHERE status IN (4, 6) ORDER BY seq";
    assert_eq!(seen.home.rows(errors), ["no|unknown", "no|project_refused"]);
    assert_eq!(
        seen.home.run(&["now", "--json"]).json()["selected"],
        7,
        "what is open goes out again, and nothing else"
    );
}

#[test]
fn results_that_contradict_each_other_decide_nothing_and_those_of_others_are_ignored() {
    let more = format!(
        "[{{event_id: {0}, status: success}}, {{event_id: {1}, status: rejected}}, {{event_id: never-sent, status: success}}]",
        id(0),
        id(1)
    );
    let seen = pass(3, &format!("rules: [{{times: 1, answer: {{more_results: {more}}}}}]"));
    assert_eq!(seen.ledger, ["failed_transient|1", "success|2"]);
    assert_eq!(failure(&seen), ("unknown_status".to_owned(), "results that contradict each other".to_owned()));
    assert!(seen.err.contains("events that were not sent (1): never-sent"), "{}", seen.err);
}

#[test]
fn another_version_of_the_protocol_ends_the_pass_and_parks_nothing() {
    let body = "{error_code: client-too-old, sync_protocol: {upgrade_guidance: install version 3}}";
    let seen = pass(1500, &format!("rules: [{{times: 1, answer: {{status: 412, body: {body}}}}}]"));
    assert_eq!((seen.code, seen.requests), (Some(1), 1), "one request, and no more");
    assert_eq!(failure(&seen), ("client-too-old".to_owned(), "install version 3".to_owned()));
    assert!(seen.err.contains("install version 3"), "{}", seen.err);
    assert_eq!(seen.home.number("SELECT count(*) FROM delivery_ledger WHERE status = 6"), 0);
    assert_eq!(seen.home.run(&["now"]).code, Some(0), "once both speak alike, all goes");
    assert_eq!(seen.stub.ids().len(), 1500);
}

#[test]
fn a_redirect_is_refused() {
    let elsewhere = Stub::start();
    let script = format!("rules: [{{answer: {{status: 302, headers: {{Location: '{}/'}}}}}}]", elsewhere.url);
    let seen = pass(2, &script);
    assert_eq!(seen.ledger, ["failed_transient|2"]);
    assert_eq!(failure(&seen).0, "redirect_refused");
    assert_eq!(elsewhere.ids().len(), 0, "nothing was sent on");
    let held = seen.home.number("SELECT count(*) FROM delivery_ledger WHERE maybe_effective = 1");
    assert_eq!(held, 2, "it may point at where the events are now");
}

#[test]
fn a_server_that_is_gone_ends_the_pass_and_keeps_everything() {
    let (home, mut stub) = (Home::holding(&events(0..5000)), Stub::start());
    home.external(&stub.url);
    stub.stop();
    let pass = home.run(&["now"]);
    assert_eq!(pass.code, Some(1));
    assert!(pass.err.contains("server unavailable"), "{pass:?}");
    let requests = home.number("SELECT count(*) FROM delivery_attempts");
    assert_eq!(requests, 3, "after three failures in a row no more is tried");
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 5000);
    let blocked = &home.run(&["status", "--json"]).json()["event_journal"]["blocked"];
    assert!(blocked["network_unavailable"].as_i64().is_some_and(|count| count > 0), "{blocked}");
    let again = Stub::start();
    home.external(&again.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(again.ids().len(), 5000);
    assert_eq!(home.run(&["status", "--json"]).json()["event_journal"]["blocked"], json!({}));
}

#[test]
fn waiting_is_asked_for_and_granted_within_bounds() {
    let seen = pass(1500, "rules: [{times: 1, answer: {status: 429, headers: {Retry-After: '3600'}}}]");
    assert_eq!((seen.code, seen.requests), (Some(1), 1), "an hour is too long: the pass ends");
    assert!(seen.err.contains("asks to wait"), "{}", seen.err);
    let seen = pass(1500, "rules: [{times: 1, answer: {status: 503, headers: {Retry-After: '1'}}}]");
    assert!(seen.requests > 1, "a second is granted, and the pass goes on");
    assert_eq!(seen.home.run(&["now"]).code, Some(0));
}

#[test]
fn events_of_a_project_without_consent_stay_here() {
    let mixed: String = (0..20)
        .map(|at| of_project(at, if at % 2 == 0 { crate::events::PROJECT } else { OTHER_PROJECT }) + "\n")
        .collect();
    let (home, stub) = (Home::new(), Stub::start());
    assert_eq!(home.feed(&["capture"], mixed.as_bytes()).code, Some(0));
    home.external(&stub.url);
    let nothing = home.run(&["now"]);
    assert_eq!(nothing.code, Some(0));
    assert_eq!(stub.ids().len(), 0, "nothing leaves before anybody consents");
    assert!(nothing.err.contains(&format!("eventsync consent grant {OTHER_PROJECT}")), "{nothing:?}");
    assert_eq!(home.run(&["consent", "grant"]).code, Some(1), "with two projects somebody has to say which");

    assert_eq!(home.run(&["consent", "grant", crate::events::PROJECT]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), (0..20).step_by(2).map(id).collect::<Vec<_>>());
    let consent = &home.run(&["status", "--json"]).json()["consent"];
    assert_eq!(consent[0], json!({"project_uuid": OTHER_PROJECT, "state": null, "undelivered": 10}), "{consent}");
    assert_eq!(home.run(&["consent", "revoke", crate::events::PROJECT]).code, Some(0));
    assert_eq!(home.feed(&["capture"], events(30..31).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids().len(), 10);
}

#[test]
fn a_server_that_is_not_who_it_should_be_gets_nothing() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.external(&stub.url.replace("http://", "https://"));
    let pass = home.run(&["now", "--json"]);
    assert_eq!(pass.code, Some(1));
    assert_eq!(pass.json()["failures"][0]["category"], "retryable_transport", "{pass:?}");
    assert_eq!(stub.ids().len(), 0);
}

#[test]
fn headers_of_the_operator_are_sent_and_never_shown() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::with_script("token: canary-1f4c"));
    home.external(&stub.url);
    let config = home.root().join("config.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration");
    let text = text + "[event_sync.external_headers]\nAuthorization = \"env:SYNC_KEY\"\n";
    std::fs::write(&config, text).expect("it can be written");
    let unset = home.run(&["now"]);
    assert!(unset.code == Some(1) && unset.err.contains("SYNC_KEY"), "{unset:?}");
    for wrong in ["Bearer canary\n-1f4c", "Bearer canary-\u{e9}"] {
        let refused = home.command(&["now"]).env("SYNC_KEY", wrong).output().expect("it runs");
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(1) && told.contains("header `Authorization`"), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 0, "that is no trouble on the way");
    let sent = home.command(&["now"]).env("SYNC_KEY", "Bearer canary-1f4c").output().expect("it runs");
    assert_eq!((sent.status.code(), stub.ids().len()), (Some(0), 3));
    let told = String::from_utf8_lossy(&[sent.stdout, sent.stderr].concat()).into_owned();
    let known = home.run(&["status", "--json"]).out + &home.run(&["mode"]).out;
    assert!(!(told + &known).contains("canary"), "no value of a header is shown");
}
