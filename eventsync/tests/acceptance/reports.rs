//! Everything that is printed as JSON enters; is it what the contract `delivery_report` declares, key for key?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use eventsync::generated::{
    CaptureAck, CaptureOutcome, DeliveryTarget, DiscardAuditRecord, MigrationResult, NowReport, StatusReport,
};
use serde_json::{Value, json};

use crate::events::{event, events, id};
use crate::home::Home;
use crate::stub::Stub;

/// Keys that status prints for good; those behind `[]` belong to members of lists.
fn frozen() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/status_keys.txt");
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// Every value that a key leads to: of lists, the members; below null there is nothing.
fn at<'v>(value: &'v Value, key: &str) -> Vec<Option<&'v Value>> {
    let mut found = vec![Some(value)];
    for part in key.split('.') {
        let (name, is_list) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        let below = found.into_iter().filter_map(|value| value.filter(|value| !value.is_null()));
        let named: Vec<Option<&Value>> = below.map(|value| value.get(name)).collect();
        found = if is_list {
            named.into_iter().flat_map(|list| list.and_then(Value::as_array).into_iter().flatten().map(Some)).collect()
        } else {
            named
        };
    }
    found
}

/// Status as it is printed: accepted by its contract, with every frozen key.
fn status(home: &Home) -> Value {
    let said = home.run(&["status", "--check", "--json"]);
    assert_eq!(said.out.lines().count(), 1, "one object and nothing else: {said:?}");
    let report = StatusReport::from_json(said.out.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}: {said:?}"));
    let printed = said.json();
    assert_eq!(Some(i64::from(said.code.unwrap())), printed["exit_code"].as_i64(), "{said:?}");
    assert_eq!(report.ok, printed["exit_code"] == 0);
    for key in frozen() {
        for value in at(&printed, &key) {
            assert!(value.is_some(), "status prints no `{key}`: {printed}");
        }
    }
    printed
}

#[test]
fn status_has_every_key_where_nothing_was_ever_done_and_makes_no_file() {
    let home = Home::new();
    let printed = status(&home);
    assert_eq!(printed["event_journal"]["retained_event_count"], 0);
    assert_eq!(printed["event_journal"]["available"], true);
    assert_eq!(printed["delivery_targets"]["current"]["target_id"], Value::Null);
    assert!(!home.root().exists());
}

#[test]
fn status_has_every_key_also_in_its_lists_after_everything_has_happened() {
    let rules = format!(
        "rules: [{{when: {{contains: [{0}]}}, answer: {{status: 413, body: {{error: too large}}}}}},
                 {{when: {{contains: [{1}]}}, answer: {{results: {{{1}: {{status: rejected, error: no}}}}}}}}]",
        id(3),
        id(4)
    );
    let (home, a, b) = (Home::holding(&events(0..10)), Stub::with_script(&rules), Stub::start());
    home.external(&a.url);
    let report = home.root().join("report.json");
    let pass = home.run(&["now", "--report", report.to_str().unwrap()]);
    assert_eq!(pass.code, Some(1));
    let written = fs::read(&report).unwrap();
    let read = NowReport::from_json(&written).unwrap();
    assert_eq!((read.selected.get(), read.delivered.get(), read.failures.len()), (10, 8, 2));
    let printed: Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(printed["summary"]["synced"], 8);
    assert_eq!(printed["summary"]["failed"], 2);
    let keys: BTreeSet<&String> = printed["failures"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 5);
    let after_a = status(&home);
    assert_eq!(after_a["terminal_failures"]["count"], 1);
    assert_eq!(after_a["delivery_ledger"]["rejected"], 1);

    home.external(&b.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.feed(&["capture"], event(20).as_bytes()).code, Some(0));
    let printed = status(&home);
    assert_eq!(printed["delivery_targets"]["previous"][0]["delivered_count"], 8);
    assert_eq!(printed["delivery_ledger"]["delivered_current_target"], 10);
    assert_eq!(printed["delivery_ledger"]["undelivered_current_target"], 1);
    assert_eq!(printed["consent"][0]["state"], "granted");
}

#[test]
fn an_unreadable_store_is_not_an_empty_one() {
    let home = Home::new();
    fs::create_dir_all(home.root()).unwrap();
    fs::write(home.root().join("sync.db"), vec![7; 4096]).unwrap();
    let printed = status(&home);
    for section in ["event_journal", "delivery_ledger", "terminal_failures"] {
        assert_eq!(printed[section]["available"], false, "{section}");
    }
    assert_eq!(printed["event_journal"]["retained_event_count"], Value::Null);
    assert_eq!(printed["exit_code"], 2);
    assert_eq!(fs::read(home.root().join("sync.db")).unwrap(), vec![7; 4096], "it was not touched");
}

#[test]
fn two_servers_are_told_by_status_and_stop_everything_else() {
    let home = Home::new();
    fs::create_dir_all(home.root()).unwrap();
    let config = "[sync]\nserver_url = \"https://mine.example\"\nenv_override = \"setup_only\"\n";
    fs::write(home.root().join("config.toml"), config).unwrap();
    let with_env = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        let output = command.env("SPEC_KITTY_SAAS_URL", "https://other.example").output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    for arguments in [&["now"][..], &["login", "--username", "ada", "--password-stdin"]] {
        let (code, out, err) = with_env(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains("https://mine.example") && err.contains("https://other.example"), "{err}");
    }
    let (code, _, err) = with_env(&["status"]);
    assert!(code == Some(0) && err.contains("two servers"), "{err}");
    let (code, out, _) = with_env(&["status", "--check", "--json"]);
    let report = StatusReport::from_json(out.as_bytes()).unwrap();
    assert_eq!((code, report.ok), (Some(2), false));
    assert_eq!(report.target_authority.override_mode().as_str(), "setup_only");
    assert!(report.diagnostics.iter().any(|one| one.as_str().contains("https://other.example")));
    assert!(!home.root().join("sync.db").exists());
    // Keeping an event concerns no server.
    let path = home.root().join("events.jsonl");
    fs::write(&path, event(0)).unwrap();
    let (code, out, err) = with_env(&["capture", path.to_str().unwrap()]);
    assert_eq!((code, out), (Some(0), format!("inserted {}\n", id(0))), "{err}");
}

#[test]
fn a_server_that_is_no_url_is_told_and_stops_no_status() {
    let home = Home::new();
    let output = home.command(&["status", "--json"]).env("SPEC_KITTY_SAAS_URL", "no url").output().unwrap();
    let report = StatusReport::from_json(&output.stdout).unwrap();
    assert_eq!(report.target_authority.resolved_server_url().as_str(), "no url");
    assert!(report.delivery_targets.current.target_scope.canonical_url.is_none());
    assert!(report.diagnostics.iter().any(|one| one.as_str().contains("no url")));
}

#[test]
fn answers_to_captured_lines_are_those_of_the_contract() {
    let home = Home::new();
    let lines = format!("{}\n{}\nnonsense\n{{\"event_type\": \"x\"}}\n", event(0), event(0));
    let said = home.feed(&["capture", "--json"], lines.as_bytes());
    assert_eq!(said.code, Some(1));
    let acks: Vec<CaptureAck> = said.out.lines().map(|line| CaptureAck::from_json(line.as_bytes()).unwrap()).collect();
    let outcomes: Vec<Option<&str>> = acks.iter().map(|ack| ack.outcome.map(CaptureOutcome::as_str)).collect();
    assert_eq!(outcomes, [Some("inserted"), Some("already_present"), None, None]);
    assert_eq!(acks[0].event_id.as_ref().unwrap().as_str(), id(0));
    assert!(acks[2].event_id.is_none() && acks[2].error.is_some());
    for line in said.out.lines() {
        let printed: Value = serde_json::from_str(line).unwrap();
        assert!(printed.get("event_id").is_some() && printed.get("outcome").is_some(), "{line}");
    }
}

#[test]
fn what_migrate_prints_is_what_its_contract_says_and_gc_and_archive_tell_how_many() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    let said = home.run(&["migrate", "--json"]);
    let result =
        MigrationResult::from_json(said.out.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}: {said:?}"));
    assert_eq!((said.code, result.imported.get()), (Some(0), 0));
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    for (command, told) in [("archive", "archived: 3"), ("gc", "purged: 3")] {
        let said = home.run(&[command]);
        assert!(said.code == Some(0) && said.out.to_lowercase().contains(told), "{said:?}");
    }
    let bytes = &status(&home)["event_journal"]["journal_size_bytes"];
    assert_eq!(*bytes, json!(0));
}

#[test]
fn targets_are_printed_as_their_contract_says_and_one_that_goes_or_comes_back_is_printed_alone() {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["targets", "list", "--json"]).json(), json!({"targets": []}));
    assert_eq!(home.run(&["now"]).code, Some(0));
    let listed = home.run(&["targets", "list", "--json"]).json();
    let only = DeliveryTarget::from_json(listed["targets"][0].to_string().as_bytes()).unwrap();
    let identity = &only.target_identity;
    assert_eq!((identity.canonical_url.as_str(), identity.kind.as_str()), (stub.url.as_str(), "external"));
    let id = identity.target_id.as_str();
    for (command, is_gone, line) in [("retire", true, "retired"), ("unretire", false, "in use")] {
        let said = home.run(&["targets", command, id, "--json"]);
        let printed =
            DeliveryTarget::from_json(said.out.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}: {said:?}"));
        assert_eq!((said.code, printed.retired_at.is_some()), (Some(0), is_gone));
        let mut expected = listed["targets"][0].clone();
        expected["retired_at"] = said.json()["retired_at"].clone();
        assert_eq!(said.json(), expected, "nothing else changes");
        assert_eq!(home.run(&["targets", command, id]).out, format!("{id} {line}\n"));
    }
}

#[test]
fn evidence_of_what_is_not_kept_is_a_line_of_the_contract_that_holds_the_whole_event() {
    let home = Home::new();
    assert_eq!(home.run(&["mode", "trash"]).code, Some(0));
    let config = home.root().join("config.toml");
    fs::write(&config, fs::read_to_string(&config).unwrap() + "discard_audit = true\n").unwrap();
    let unknown = event(1).replace("WPCreated", "NobodyKnowsThis");
    let metric = event(2).replace("WPCreated", "local.metric");
    let said = home.feed(&["capture"], format!("{}\n\n{unknown}\n{metric}\n", event(0)).as_bytes());
    let expected = format!("audited {}\naudited {}\ndiscarded {}\n", id(0), id(1), id(2));
    assert_eq!((said.code, said.out.as_str()), (Some(0), expected.as_str()), "{said:?}");
    let text = fs::read_to_string(home.root().join("audit/discard-audit.jsonl")).unwrap();
    let records: Vec<DiscardAuditRecord> =
        text.lines().map(|line| DiscardAuditRecord::from_json(line.as_bytes()).unwrap()).collect();
    let told: Vec<(&str, &str, &str)> = records
        .iter()
        .map(|one| (one.event_id.as_str(), one.event_family.as_str(), one.classification.as_str()))
        .collect();
    let (first, second) = (id(0), id(1));
    assert_eq!(
        told,
        [(first.as_str(), "WPCreated", "teamspace_bound"), (second.as_str(), "NobodyKnowsThis", "unknown")]
    );
    let kept: Value = serde_json::from_str(&records[0].envelope.to_json()).unwrap();
    let sent: Value = serde_json::from_str(&event(0)).unwrap();
    assert_eq!(kept, sent);
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 0);
}
