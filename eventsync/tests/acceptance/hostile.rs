//! Ids, answers and names of files that want to look like something else enter; what the commands print of them stays one line
//! each, and does nothing to a terminal.

use serde_json::{Value, json};

use crate::events::{PROJECT, id};
use crate::home::{Home, Said};
use crate::stub::Stub;

const IDS: [&str; 6] = [
    "a\ninserted b",
    "\u{1b}[2Ja",
    "\u{202e}live",
    "\u{2028}  Mode: OPT_OUT",
    "../../sync.db",
    "'; DROP TABLE event_journal; --",
];

/// So many lines, without anything that a terminal would obey.
fn is_plain(text: &str, lines: usize) {
    assert_eq!(text.lines().count(), lines, "{text:?}");
    let obeyed = |one: char| one != '\n' && (one.is_control() || ('\u{2028}'..='\u{202e}').contains(&one));
    assert!(!text.contains(obeyed), "{text:?}");
}

#[test]
fn an_id_is_one_line_whatever_it_holds_and_stays_what_it_is() {
    let lines: String = IDS
        .iter()
        .map(|id| json!({"event_id": id, "event_type": "X", "project_uuid": PROJECT, "payload": {}}).to_string() + "\n")
        .collect();
    let script = "rules: [{answer: {status: 413, body: {error: \"too large \\e[31m\\nMode: faked \\u202e\"}}}]";
    let (home, stub) = (Home::new(), Stub::with_script(script));
    let captured: Said = home.feed(&["capture"], lines.as_bytes());
    assert_eq!(captured.code, Some(0), "{captured:?}");
    is_plain(&captured.out, IDS.len());
    is_plain(&captured.err, IDS.len());
    assert!(captured.out.starts_with("inserted a\\u{a}inserted b\ninserted \\u{1b}[2Ja\n"), "{captured:?}");
    let again = home.feed(&["capture", "--json"], lines.as_bytes());
    let ids: Vec<Value> =
        again.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["event_id"].clone()).collect();
    assert_eq!(ids, IDS, "for programs they are what they are");

    home.external(&stub.url);
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    let pass = home.run(&["now"]);
    is_plain(&pass.out, 8 + IDS.len());
    is_plain(&home.run(&["status"]).out, 12 + IDS.len());
    let parked = &home.run(&["status", "--json"]).json()["terminal_failures"];
    assert_eq!(parked["events"][0]["event_id"], IDS[0]);
    assert_eq!(home.run(&["retry", "--event-id", IDS[0]]).out, "requeued: 1\n");
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 6);
}

#[test]
fn what_a_server_says_of_itself_and_of_events_is_one_line() {
    let rule = "{times: 1, answer: {more_results: [{event_id: \"x\\e[2J\\nDelivered: 9\", status: success}]}}";
    let guidance = "{answer: {status: 412, body: {error_code: client-too-old, sync_protocol: {upgrade_guidance: \"run \\e[8m\\nthis\"}}}}";
    let login = "{username: ada, password: pw, access: a, refresh: r, team_slug: \"blue\\e[2J\\n(red)\"}";
    let stub = Stub::with_script(&format!("{{login: {login}, rules: [{rule}, {guidance}]}}"));
    let home = Home::holding(&(crate::events::event(0) + "\n"));
    home.run(&["server", &stub.url]);
    let said = home.feed(&["login", "--username", "ada", "--password-stdin"], b"pw\n");
    assert_eq!(said.code, Some(0), "{said:?}");
    is_plain(&said.out, 1);
    let refused = home.run(&["now"]);
    assert!(refused.code == Some(1) && refused.err.contains("header `X-Team-Slug`"), "{refused:?}");
    home.external(&stub.url);
    let first = home.run(&["now"]);
    assert_eq!((first.code, stub.ids()), (Some(0), vec![id(0)]), "{first:?}");
    is_plain(&first.err, 1);
    assert_eq!(home.feed(&["capture"], crate::events::event(1).as_bytes()).code, Some(0));
    is_plain(&home.run(&["now"]).err, 2);
}

#[cfg(unix)]
#[test]
fn a_file_is_told_in_one_line_whatever_its_name_is() {
    let home = Home::new();
    std::fs::create_dir_all(home.root().join("queues")).unwrap();
    std::fs::write(home.root().join("queues/queue-\u{1b}[2J\nimported: 9.db"), "").unwrap();
    let said = home.run(&["migrate"]);
    is_plain(&said.out, 5);
    is_plain(&said.err, 1);
}
