//! Do the fixtures, written and generated, show what their contracts accept and refuse?

use std::collections::{BTreeMap, BTreeSet};

use codegen::config::Config;
use codegen::emit::{FileSet, fixtures};
use codegen::fault::Code;
use codegen::interpret::check_payload;
use codegen::json::read;
use codegen::model::{Payload, Presence, Type, Workspace};
use serde_json::Value;
use tests::project::workspace;
use tests::root;

/// What `fixtures/manifest.json` lists, and the files that lie beside it.
fn written() -> (Vec<Value>, BTreeMap<String, Vec<u8>>) {
    let folder = root().join("fixtures");
    let files = codegen::load::fixtures::written_fixtures(&folder, fixtures::GENERATED).unwrap();
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    (manifest["fixtures"].as_array().unwrap().clone(), files)
}

fn text<'v>(entry: &'v Value, member: &str) -> &'v str {
    entry[member].as_str().unwrap_or_else(|| panic!("no {member}: {entry}"))
}

fn goldens(entry: &Value) -> impl Iterator<Item = &Value> {
    entry["goldens"].as_array().into_iter().flatten()
}

#[test]
fn every_file_is_listed_and_every_entry_says_what_the_manifest_demands() {
    let (listed, files) = written();
    let paths = listed.iter().flat_map(|entry| goldens(entry).chain([entry]).map(|item| text(item, "path")));
    let paths: Vec<&str> = paths.collect();
    let distinct: BTreeSet<&str> = paths.iter().copied().collect();
    assert_eq!(paths.len(), distinct.len(), "a file is listed twice");
    assert_eq!(distinct, files.keys().map(String::as_str).filter(|&path| path != "manifest.json").collect());
    for entry in &listed {
        assert!(!text(entry, "notes").is_empty(), "{entry}");
        assert_eq!(text(entry, "min_version"), "2.7.0", "{entry}");
        let (id, path) = (text(entry, "id"), text(entry, "path"));
        let parts: Vec<&str> = path.split('/').collect();
        let Some("replay") = entry.get("fixture_type").map(|kind| kind.as_str().unwrap()) else {
            assert_eq!(parts[1..], [text(entry, "expected_result"), &format!("{id}.json")], "{entry}");
            continue;
        };
        assert_eq!(parts[parts.len() - 2..], ["replay", &format!("{id}.jsonl")], "{entry}");
        assert_eq!(text(entry, "expected_result"), "valid", "{entry}");
        assert!(goldens(entry).all(|golden| text(golden, "path").starts_with(&path.replace(".jsonl", "_"))), "{entry}");
    }
}

#[test]
fn every_written_payload_is_judged_as_its_manifest_says() {
    let workspace = workspace(&root());
    let (listed, files) = written();
    for entry in listed.iter().filter(|entry| entry.get("fixture_type").is_none()) {
        let event = workspace.event_named(text(entry, "event_type")).unwrap();
        let payload = read(&files[text(entry, "path")]).unwrap();
        let faults = check_payload(&workspace, event, &payload).err().unwrap_or_default();
        let found: Vec<_> = faults.iter().map(|fault| (fault.code.as_str(), fault.pointer())).collect();
        let expected = entry["expected_errors"].as_array().into_iter().flatten();
        let expected: Vec<_> = expected.map(|error| (text(error, "code"), text(error, "path").to_owned())).collect();
        assert_eq!(found, expected, "{entry}");
        assert_eq!(entry["expected_result"], if found.is_empty() { "valid" } else { "invalid" }, "{entry}");
    }
}

#[test]
fn every_stream_is_reduced_to_its_goldens() {
    let (listed, _) = written();
    let mut shown = BTreeSet::new();
    for entry in listed.iter().filter(|entry| entry["fixture_type"] == "replay") {
        for golden in goldens(entry) {
            let mut replay = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
            let folder = root().join("fixtures");
            replay.args(["replay", text(golden, "reducer"), "-C"]).arg(root()).arg(folder.join(text(entry, "path")));
            let is_partitioned = golden["partition"] == true;
            replay.args(is_partitioned.then_some("--partition"));
            let output = replay.output().unwrap();
            let expected = std::fs::read_to_string(folder.join(text(golden, "path"))).unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{golden}");
            shown.insert((text(golden, "reducer").to_owned(), is_partitioned));
        }
    }
    let reducers = workspace(&root()).reducers.iter().map(|reducer| reducer.meta.name.clone()).collect::<Vec<_>>();
    let all = reducers.into_iter().flat_map(|name| [(name.clone(), false), (name, true)]).collect();
    assert_eq!(shown, all, "every reducer has a stream, whole and by parts");
}

/// The names that users of the predecessor know.
#[test]
fn the_cases_that_are_promised_by_name_are_there() {
    let (listed, files) = written();
    let ids: BTreeSet<&str> = listed.iter().map(|entry| text(entry, "id")).collect();
    for id in [
        "connector-provisioned-github",
        "connector-provisioned-jira",
        "connector-health-checked-healthy",
        "connector-health-checked-degraded",
        "connector-degraded-timeout",
        "connector-reconnected-automatic",
        "connector-missing-connector-id",
        "connector-missing-endpoint-url",
        "connector-invalid-health-status",
        "connector-missing-revocation-reason",
        "connector-lifecycle-full",
        "sync-ingest-accepted-batch",
        "sync-ingest-accepted-single",
        "sync-ingest-rejected-schema-mismatch",
        "sync-retry-scheduled-first-attempt",
        "sync-dead-lettered-max-retries",
        "sync-replay-completed-full",
        "sync-missing-delivery-id",
        "sync-missing-source-fingerprint",
        "sync-negative-retry-attempt",
        "sync-missing-failure-reason",
        "sync-ingest-lifecycle",
        "external-ref-linked-github-pr",
        "external-ref-linked-jira-issue",
        "mixed-connector-sync-lifecycle",
    ] {
        assert!(ids.contains(id), "{id}");
    }
    for path in [
        "connector/replay/connector-lifecycle-full.jsonl",
        "connector/replay/connector-lifecycle-full_output.json",
        "sync/replay/sync-ingest-lifecycle.jsonl",
        "sync/replay/sync-ingest-lifecycle_output.json",
        "replay/mixed-connector-sync-lifecycle.jsonl",
        "replay/mixed-connector-sync-lifecycle_connector_output.json",
        "replay/mixed-connector-sync-lifecycle_sync_output.json",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
}

#[test]
fn every_required_field_is_left_out_and_every_rule_broken_once() {
    for folder in [root(), root().join("tests/domains/order")] {
        let workspace = workspace(&folder);
        let cases = generated(&workspace);
        for event in &workspace.events {
            let name = &event.wire;
            let fails = |code: &str, matches: &dyn Fn(&Value) -> bool| {
                let errors = cases.iter().filter(|case| case["event_type"] == **name).map(|case| &case["errors"]);
                errors
                    .filter_map(Value::as_array)
                    .any(|e| !e.is_empty() && e.iter().all(|error| error["code"] == code && matches(error)))
            };
            let Payload::Record(record) = event.payload else { continue };
            let record = &workspace.records[record];
            for field in
                record.fields.iter().filter(|field| matches!(field.presence, Presence::Required | Presence::Nullable))
            {
                let path = format!("/{}", field.meta.name);
                assert!(fails("required", &|error| error["path"] == *path), "{name}{path}");
            }
            for rule in &record.rules {
                assert!(fails("rule", &|error| error["params"]["rule"] == *rule.code), "{name}: {}", rule.code);
            }
            for field in &record.fields {
                let Type::Enum(ty) = &field.ty else { continue };
                for at in ty.only.clone().unwrap_or_else(|| (0..workspace.enums[ty.id].values.len()).collect()) {
                    let text = &workspace.enums[ty.id].values[at].text;
                    let accepts = |case: &Value| case["valid"] == true && case["payload"][&field.meta.name] == **text;
                    let own = |case: &&Value| field.mixin.is_some() || case["event_type"] == **name;
                    let shown = cases.iter().filter(own).any(accepts);
                    assert!(shown, "{name}/{} never holds {text}", field.meta.name);
                }
            }
        }
    }
}

#[test]
fn every_code_of_a_parsed_value_is_shown() {
    let cases = generated(&workspace(&root().join("tests/domains/order")));
    let shown: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| case["errors"].as_array().unwrap())
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    let text_stage =
        ["too_large", "bad_utf8", "too_deep", "bad_json", "duplicate_key", "lone_surrogate", "number_not_finite"];
    let all: BTreeSet<&str> =
        Code::ALL.iter().map(|code| code.as_str()).filter(|code| !text_stage.contains(code)).collect();
    assert_eq!(shown, all);
    let mut ids = BTreeSet::new();
    for case in &cases {
        assert!(ids.insert(case["id"].as_str().unwrap()), "two cases have one id: {case}");
    }
}

/// The generated cases of payloads.
fn generated(workspace: &Workspace) -> Vec<Value> {
    let files: FileSet = fixtures::emit(workspace, &Config::default());
    let manifest: Value = serde_json::from_slice(files.get("generated/manifest.json").unwrap()).unwrap();
    let listed = manifest["files"].as_array().unwrap().iter().filter(|entry| entry.get("event_type").is_some());
    let lines: Vec<u8> = listed.flat_map(|entry| files.get(text(entry, "path")).unwrap().to_vec()).collect();
    lines
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}
