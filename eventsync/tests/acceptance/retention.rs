//! Events that servers have, and events that they lack: what may be archived, what loses its bytes, and what never does.

use serde_json::json;

use crate::events::{PROJECT, events, id};
use crate::home::Home;
use crate::stub::Stub;

/// Ten events, delivered to two servers but for those of the second that come after `late`.
fn two_servers(late: usize) -> (Home, Stub, Stub) {
    let (home, a, b) = (Home::holding(&events(0..late)), Stub::start(), Stub::start());
    for server in [&b, &a] {
        home.external(&server.url);
        assert_eq!(home.run(&["now"]).code, Some(0));
    }
    assert_eq!(home.feed(&["capture"], events(late..10).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    (home, a, b)
}

fn lines(archived: usize, purged: usize, skipped: usize) -> String {
    format!("Archived: {archived}\nPurged: {purged}\nSkipped: {skipped}\n")
}

#[test]
fn bytes_go_only_of_events_that_every_known_target_has() {
    let (home, _a, b) = two_servers(6);
    let rows = home.number("SELECT count(*) FROM event_journal");
    let dry = home.run(&["gc", "--dry-run"]);
    assert!(dry.out.starts_with(&lines(0, 6, 4)), "{dry:?}");
    assert_eq!(home.number("SELECT count(*) FROM event_journal WHERE payload_purged_at IS NOT NULL"), 0);

    let said = home.run(&["gc"]);
    assert!(said.out.starts_with(&lines(0, 6, 4)), "{said:?}");
    let kept = home.rows("SELECT event_id, length(payload), payload_size > 0, length(payload_sha256) FROM event_journal WHERE payload_purged_at IS NOT NULL");
    assert_eq!(
        kept,
        (0..6).map(|at| format!("{}|0|1|32", id(at))).collect::<Vec<_>>(),
        "what they were stays on record"
    );
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), rows);
    assert!(home.run(&["gc"]).out.starts_with(&lines(0, 0, 4)), "a second run finds nothing");
    let again = home.feed(&["capture", "--json"], events(0..1).as_bytes());
    assert!(again.out.contains("already_present"), "a purged event is known still: {again:?}");

    let listed = home.run(&["targets", "list", "--json"]).json();
    let of_b =
        listed["targets"].as_array().expect("a list").iter().find(|target| target["canonical_url"] == b.url.as_str());
    let of_b = of_b.expect("it is known")["target_id"].as_str().expect("an id");
    assert_eq!(home.run(&["targets", "retire", of_b]).code, Some(0));
    assert!(home.run(&["gc"]).out.starts_with(&lines(0, 4, 0)), "a retired target is not waited for");
    let sizes = &home.run(&["status", "--json"]).json()["event_journal"];
    assert_eq!((&sizes["retained_event_count"], &sizes["journal_size_bytes"]), (&json!(0), &json!(0)));
    home.external(&b.url);
    assert_eq!(home.feed(&["capture"], events(10..11).as_bytes()).code, Some(0));
    let told = home.run(&["now"]);
    let way_out = format!("`eventsync targets unretire {of_b}`");
    assert!(told.err.contains(&way_out), "`gc` would not wait for the server that is used: {told:?}");
    assert_eq!(home.run(&["targets", "unretire", of_b]).code, Some(0));
    let next = home.run(&["now", "--json"]);
    assert_eq!((&next.json()["selected"], next.err.as_str()), (&json!(0), ""), "what has no bytes is never sent");
    assert_eq!(home.run(&["targets", "retire", "tgt_none"]).code, Some(1));
}

#[test]
fn without_a_target_nothing_is_purged() {
    let home = Home::holding(&events(0..3));
    assert!(home.run(&["gc"]).out.starts_with(&lines(0, 0, 3)));
    assert_eq!(home.number("SELECT count(*) FROM event_journal WHERE payload_purged_at IS NULL"), 3);
    let empty = Home::new();
    let said = empty.run(&["gc"]);
    assert_eq!((said.code, said.out), (Some(0), format!("{}Bytes: 0 -> 0\n", lines(0, 0, 0))));
    assert!(!empty.root().exists(), "nothing is made");
}

#[test]
fn archived_events_are_passed_by_and_can_be_sent_all_the_same() {
    let (home, stub) = (Home::holding(&events(0..5)), Stub::start());
    home.external(&stub.url);
    let said = home.run(&["archive", "--event-id", &id(1), "--event-id", &id(3)]);
    assert!(said.out.starts_with(&lines(2, 0, 0)), "{said:?}");
    assert!(home.run(&["archive", "--event-id", &id(1)]).out.starts_with(&lines(0, 0, 1)), "once is enough");
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), [id(0), id(2), id(4)]);
    assert_eq!(home.run(&["now", "--include-archived"]).code, Some(0));
    assert_eq!(stub.ids(), [id(0), id(2), id(4), id(1), id(3)]);
    let gone = home.run(&["gc", "--archived-only"]);
    assert!(gone.out.starts_with(&lines(0, 2, 0)), "{gone:?}");
    assert!(home.run(&["archive", "--before", "2000-01-01T00:00:00Z"]).out.starts_with(&lines(0, 0, 0)));
    assert_eq!(home.run(&["archive", "--before", "yesterday"]).code, Some(1));
    for command in ["archive", "gc"] {
        let said = home.run(&[command, "--event-id", &id(0), "--event-id", "nobody"]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), "notice: there is no event `nobody`\n"), "{command}");
        assert!(said.out.contains(": 1\n"), "the other one is dealt with: {said:?}");
    }
}

#[test]
fn a_delivery_that_is_to_be_repeated_keeps_its_bytes() {
    let (home, _a, _b) = two_servers(10);
    assert_eq!(home.run(&["redrain"]).out, "reopened: 10\n");
    assert!(home.run(&["gc"]).out.starts_with(&lines(0, 0, 10)), "they are to be sent again");
    assert_eq!(home.run(&["now", "--json"]).json()["duplicate"], 10);
    assert!(home.run(&["gc"]).out.starts_with(&lines(0, 10, 0)));
}

#[test]
fn what_a_mode_does_not_keep_is_kept_where_a_server_is_to_get_it() {
    let home = Home::new();
    assert_eq!(home.run(&["mode", "trash"]).code, Some(0));
    let local = |number: usize, kind: &str| {
        json!({"event_id": id(number), "event_type": kind, "project_uuid": PROJECT, "payload": {}}).to_string() + "\n"
    };
    let lines = local(1, "local.metric") + &local(2, "ephemeral.cache") + &local(3, "WPCreated") + &local(4, "Unheard");
    let said = home.feed(&["capture"], lines.as_bytes());
    let outcomes = [("discarded", 1), ("discarded", 2), ("refused_kept", 3), ("refused_kept", 4)];
    assert_eq!(said.out, outcomes.map(|(outcome, number)| format!("{outcome} {}\n", id(number))).concat());
    assert_eq!((said.code, home.number("SELECT count(*) FROM event_journal")), (Some(0), 2));
    assert!(said.err.contains("is kept though"), "{said:?}");

    let config = home.root().join("config.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration") + "discard_audit = true\n";
    std::fs::write(&config, text).expect("it can be written");
    let said = home.feed(&["capture"], local(5, "WPCreated").as_bytes());
    assert_eq!(said.out, format!("audited {}\n", id(5)));
    let evidence = std::fs::read_to_string(home.root().join("audit/discard-audit.jsonl")).expect("evidence");
    let evidence: serde_json::Value = serde_json::from_str(&evidence).expect("one line of JSON");
    assert_eq!((&evidence["event_id"], &evidence["classification"]), (&json!(id(5)), &json!("teamspace_bound")));
    assert_eq!(evidence["envelope"]["event_type"], "WPCreated");
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 2);
}

#[test]
fn a_target_is_promised_no_event_of_which_the_bytes_are_gone() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert!(home.run(&["gc"]).out.starts_with(&lines(0, 3, 0)));
    assert_eq!(home.feed(&["capture"], events(3..5).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.run(&["redrain"]).out, "reopened: 2\n");
    assert_eq!(home.run(&["now", "--json"]).json()["selected"], 2);
}
