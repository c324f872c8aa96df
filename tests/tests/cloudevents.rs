//! Events in their envelopes enter: do all packages make the same `CloudEvents` of them, and the same events of these?

use std::fs;
use std::path::Path;
use std::thread;

use codegen::interpret::check_value;
use codegen::json::{canonical, read};
use codegen::model::{Type, Workspace};
use serde_json::{Value, json};
use tests::implementation::{Implementation, Language};
use tests::{project, root, tree};

/// An envelope with a field of every kind, and an event.
const COURIER: &str = "\
language: 1
contract: courier
version: 2.1.0
enums:
  Zone: {values: [north, south], aliases: {nord: north}}
records:
  Place: {fields: {street: string, number: {type: int, default: 1}}}
  Envelope:
    fields:
      id:         {type: string, min_length: 1}
      event_type: {type: string, min_length: 1}
      source:     {type: string, format: http-url}
      sent_at:    {type: opt<string>, format: date-time}
      subject:    {type: opt<string>, non_blank: true}
      zone:       Zone
      express:    {type: bool, default: false}
      small:      {type: int, min: -2147483648, max: 2147483647}
      large:      {type: int, min: 0}
      weight:     float
      account:    int64
      places:     list<Place>
      labels:     map<string string>
      note_text:  {type: opt<string>, required: true}
      any_thing:  {type: json, default: {}}
      payload:    object
events:
  ParcelMoved: {wire: parcel.moved, fields: {zone: Zone, at: opt<Place>}}
";

const OFF: &str = "[docs]\nenabled = false\n";

/// Generates a project and gives its three packages.
fn packages(root: &Path, settings: &str) -> [Implementation; 3] {
    tree::write(root, &[("codegen.toml", &format!("{OFF}{settings}"))]);
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    command.args(["-q"]).current_dir(root).assert().success();
    [Language::Rust, Language::Python, Language::TypeScript].map(|language| Implementation::new(language, root))
}

/// What the command of every package says to lines: exit code, what it prints, what it complains about.
fn said(packages: &[Implementation; 3], root: &Path, flags: &[&str], lines: &[String]) -> (i32, String, String) {
    let input = root.join("lines.jsonl");
    fs::write(&input, lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>()).expect("a file");
    let arguments = [&["cloudevents"], flags, &[input.to_str().expect("a plain path")]].concat();
    let all = thread::scope(|scope| {
        let runs = packages.each_ref().map(|package| scope.spawn(|| package.run(&arguments)));
        runs.map(|run| run.join().expect("a run ends"))
    });
    for (package, answer) in packages.iter().zip(&all) {
        assert_eq!(answer, &all[0], "{:?} and {:?}", package.language, packages[0].language);
    }
    let [(code, out, err), ..] = all;
    (code.expect("it was not killed"), out, err)
}

/// The canonical text of an envelope.
fn written(workspace: &Workspace, envelope: &Value) -> String {
    let (id, _) = workspace.records.entries().find(|(id, _)| workspace.is_envelope(*id)).expect("there is an envelope");
    let value = read(envelope.to_string().as_bytes()).expect("an envelope is JSON");
    canonical(&check_value(workspace, &Type::Record(id), &value).unwrap_or_else(|faults| panic!("{faults:?}")))
}

/// A `CloudEvent` keeps to the standard.
fn assert_standard(line: &str) {
    let event: Value = serde_json::from_str(line).expect("a CloudEvent is JSON");
    for (name, value) in
        event.as_object().expect("a CloudEvent is an object").iter().filter(|(name, _)| *name != "data")
    {
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(plain && !name.is_empty(), "{name}: {line}");
        let fits =
            value.is_string() || value.is_boolean() || value.as_i64().is_some_and(|it| i32::try_from(it).is_ok());
        assert!(fits, "{name}: {line}");
    }
    for name in ["id", "source", "type", "specversion"] {
        assert!(event[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {line}");
    }
    let source = event["source"].as_str().expect("just seen");
    assert!(source.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)), "{source}");
}

/// Every event goes out and comes in as it was; gives the `CloudEvents`.
fn assert_round_trip(
    packages: &[Implementation; 3],
    root: &Path,
    workspace: &Workspace,
    events: &[Value],
) -> Vec<String> {
    let lines: Vec<String> = events.iter().map(Value::to_string).collect();
    let (code, out, err) = said(packages, root, &[], &lines);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let mapped: Vec<String> = out.lines().map(str::to_owned).collect();
    assert_eq!(mapped.len(), events.len());
    for line in &mapped {
        assert_standard(line);
    }
    let (code, out, err) = said(packages, root, &["--reverse"], &mapped);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for (event, back) in events.iter().zip(out.lines()) {
        assert_eq!(back, written(workspace, event));
    }
    mapped
}

/// One after the other: the crates are built in one folder.
#[test]
fn packages_agree_on_events_and_on_what_is_wrong_with_them() {
    events_of_this_repository();
    envelopes_with_fields_of_every_kind();
}

fn events_of_this_repository() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::copy(&root().join("contracts"), &folder.path().join("contracts"));
    let settings = "[cloudevents]\nenabled = true\nsource = \"node_id\"\nsubject = \"aggregate_id\"\n";
    let packages = packages(folder.path(), settings);
    let workspace = project::workspace(folder.path());
    let envelope = |event_type: &str, payload: &Value, more: Value| {
        let mut event = json!({
            "event_id": "01JS0000000000000000000000", "event_type": event_type, "aggregate_id": "a", "payload": payload,
            "timestamp": "2026-01-02T03:04:05.000000001+14:00", "node_id": "node-1", "lamport_clock": 9_007_199_254_740_991_u64,
            "project_uuid": "6F1C2B1E-8f4d-4c3a-9b7e-2d5a1c0e9f43", "correlation_id": "01js0000000000000000000000",
        });
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        event
    };
    let mut events = Vec::new();
    for (path, bytes) in tree::contents(&root().join("fixtures/generated")) {
        let text = String::from_utf8(bytes).expect("fixtures are UTF-8");
        let cases = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let valid = cases.filter(|case| case["valid"] == true && case.get("payload").is_some());
        events.extend(valid.map(|case| {
            envelope(case["event_type"].as_str().unwrap_or_else(|| panic!("{path}")), &case["payload"], json!({}))
        }));
    }
    assert!(events.len() > 100, "{} events", events.len());
    let payload = json!({"any": [1.5, null, {"": "\u{1}"}]});
    for more in [
        json!({"node_id": "a b/ü%🚀:~!'()*", "data_tier": 4, "project_slug": "", "causation_id": "01JS0000000000000000000009"}),
        json!({"node_id": "%41", "project_slug": "é\u{fffd}", "causation_id": null, "unknown": 1}),
    ] {
        events.push(envelope("NobodyDeclaresIt", &payload, more));
    }
    let mapped = assert_round_trip(&packages, folder.path(), &workspace, &events);
    let expected = json!({
        "causationid": "01JS0000000000000000000009", "correlationid": "01JS0000000000000000000000", "data": payload,
        "datacontenttype": "application/json", "datatier": 4, "id": "01JS0000000000000000000000",
        "lamportclock": "9007199254740991", "projectslug": "", "projectuuid": "6f1c2b1e-8f4d-4c3a-9b7e-2d5a1c0e9f43",
        "schemaversion": "1.0.0", "source": "a%20b%2F%C3%BC%25%F0%9F%9A%80%3A~%21%27%28%29%2A", "specversion": "1.0",
        "subject": "a", "time": "2026-01-02T03:04:05.000000001+14:00", "type": "NobodyDeclaresIt",
    });
    assert_eq!(serde_json::from_str::<Value>(&mapped[mapped.len() - 2]).expect("JSON"), expected);
    let declared: Value = serde_json::from_str(&mapped[0]).expect("JSON");
    let schemas = fs::read_to_string(root().join("schemas/connector_degraded.schema.json")).expect("it is committed");
    let schemas: Value = serde_json::from_str(&schemas).expect("a schema is JSON");
    assert_eq!(declared["dataschema"], schemas["$id"]);

    let refused = [
        (envelope("X", &payload, json!({"project_slug": "a\u{85}"})).to_string(), "format at \"/project_slug\""),
        (
            envelope("X", &payload, json!({"project_slug": "\u{1fffe}", "node_id": "\u{0}"})).to_string(),
            "format at \"/project_slug\"",
        ),
        (
            envelope("ConnectorRevoked", &json!({"actor_type": "robot"}), json!({"project_slug": "\n"})).to_string(),
            "required at \"/payload/actor_id\", enum at \"/payload/actor_type\"",
        ),
        ("{\"event_id\":1}".to_owned(), "required at \"/aggregate_id\""),
        ("[]".to_owned(), "type at \"\""),
        ("{".to_owned(), "bad_json at \"\""),
    ];
    assert_refused(&packages, folder.path(), &[], &refused);
    let event = |more: Value| {
        let mut event = expected.clone();
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        event.to_string()
    };
    let refused = [
        ("7".to_owned(), "type at \"\""),
        ("{}".to_owned(), "required at \"/specversion\""),
        (
            event(json!({"specversion": "0.3", "lamportclock": 5})),
            "type at \"/lamportclock\", enum at \"/specversion\"",
        ),
        (event(json!({"datacontenttype": "text/xml"})), "enum at \"/datacontenttype\""),
        (event(json!({"datacontenttype": "applıcation/json"})), "enum at \"/datacontenttype\""),
        (
            event(json!({"data_base64": "e30=", "dataschema": 1})),
            "unknown_key at \"/data_base64\", type at \"/dataschema\"",
        ),
        (event(json!({"lamportclock": "01"})), "format at \"/lamportclock\""),
        (event(json!({"lamportclock": "-1"})), "minimum at \"/lamportclock\""),
        (event(json!({"source": "100%"})), "format at \"/source\""),
        (event(json!({"source": "%FF"})), "format at \"/source\""),
        (event(json!({"source": ""})), "min_length at \"/source\""),
        (
            event(json!({"id": null, "time": "yesterday", "data": []})),
            "type at \"/data\", required at \"/id\", format at \"/time\"",
        ),
        (event(json!({"datatier": 9, "type": "ConnectorRevoked"})), "required at \"/data/actor_id\""),
        (event(json!({"type": 5, "subject": ""})), "min_length at \"/subject\", type at \"/type\""),
        ("{\"specversion\":\"1.0\",\"specversion\":\"1.0\"}".to_owned(), "duplicate_key at \"\""),
    ];
    assert_refused(&packages, folder.path(), &["--reverse"], &refused);
    let tolerated = [
        json!({"datacontenttype": " APPLICATION/JSON ; charset=utf-8", "traceparent": "00-1", "dataschema": "urn:else"}),
        json!({"datacontenttype": null, "projectslug": null, "lamportclock": " 1e1 "}),
    ];
    let (code, out, err) = said(&packages, folder.path(), &["--reverse"], &tolerated.map(event));
    assert_eq!((code, out.lines().count(), err.as_str()), (0, 2, ""));
    assert!(out.contains("\"lamport_clock\":10,"), "{out}");
}

/// Each line is refused by all packages, beginning with these words; the good line between them is not.
fn assert_refused(packages: &[Implementation; 3], root: &Path, flags: &[&str], refused: &[(String, &str)]) {
    let lines: Vec<String> = refused.iter().map(|(line, _)| line.clone()).collect();
    let (code, out, err) = said(packages, root, flags, &lines);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(err.lines().count(), refused.len(), "{err}");
    for (number, ((line, words), told)) in refused.iter().zip(err.lines()).enumerate() {
        assert!(told.starts_with(&format!("line {}: {words}", number + 1)), "{line}\n{told}");
    }
}

fn envelopes_with_fields_of_every_kind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("contracts/courier.yaml", COURIER)]);
    let packages = packages(folder.path(), "[cloudevents]\nenabled = true\n");
    let workspace = project::workspace(folder.path());
    let full = json!({
        "id": "1", "event_type": "parcel.moved", "source": "https://example.com/a?b#c", "sent_at": "2026-01-02T03:04:05Z",
        "subject": "s", "zone": "nord", "express": true, "small": -2_147_483_648_i64, "large": 5_000_000_000_u64,
        "weight": 1e21, "account": "-9223372036854775808", "places": [{"street": "Ü\u{7f}"}], "labels": {"b": "1", "a": ""},
        "note_text": "null", "any_thing": [null, 0.5], "payload": {"zone": "nord", "more": 1},
    });
    let least = json!({
        "id": "1", "event_type": "parcel.moved", "source": "http://a.b", "zone": "south", "small": 0, "large": 0, "weight": 0,
        "account": "0", "places": [], "labels": {}, "note_text": null, "payload": {"zone": "south"},
    });
    let mut usual = full.clone();
    usual["places"] = json!([{"street": "Ü"}]);
    let mapped = assert_round_trip(&packages, folder.path(), &workspace, &[usual, least]);
    let event: Value = serde_json::from_str(&mapped[0]).expect("JSON");
    let expected = json!({
        "account": "-9223372036854775808", "anything": "[null,0.5]", "data": {"zone": "nord", "more": 1},
        "datacontenttype": "application/json", "dataschema": "urn:contract:courier:2.1.0:ParcelMoved", "express": true, "id": "1",
        "labels": "{\"a\":\"\",\"b\":\"1\"}", "large": "5000000000", "notetext": "null",
        "places": "[{\"number\":1,\"street\":\"Ü\"}]", "small": -2_147_483_648_i64, "source": "https://example.com/a?b#c",
        "specversion": "1.0", "subject": "s", "time": "2026-01-02T03:04:05Z", "type": "parcel.moved", "weight": "1e+21",
        "zone": "north",
    });
    assert_eq!(event, expected);
    assert_refused(&packages, folder.path(), &[], &[(full.to_string(), "format at \"/places\"")]);
    let broken = mapped[1].replace("\"places\":\"[]\"", "\"places\":\"[{}]\"");
    let small = mapped[1].replace("\"small\":0", "\"small\":\"0\"");
    let refused = [(broken, "required at \"/places/0/street\""), (small, "type at \"/small\"")];
    assert_refused(&packages, folder.path(), &["--reverse"], &refused);
}

#[test]
fn the_mapping_can_be_printed() {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.args(["export", "cloudevents"]).current_dir(root()).output().expect("the command starts");
    assert!(output.status.success());
    let printed: Value = serde_json::from_slice(&output.stdout).expect("the mapping is JSON");
    let attributes = &printed["attributes"];
    assert_eq!(
        attributes["source"],
        json!({"field": "node_id", "form": "reference", "type": "URI-reference", "required": true})
    );
    assert_eq!(attributes["lamportclock"]["form"], "json");
    assert_eq!(attributes["time"]["type"], "Timestamp");
    assert_eq!(printed["dataschema"]["WPStatusChanged"], "urn:contract:status:3.0.0:WPStatusChanged");
    let folder = project::parcel("language: 1\ncontract: parcel\nversion: 1.0.0\nevents: {ParcelMoved: {}}\n");
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output =
        command.args(["export", "cloudevents"]).current_dir(folder.path()).output().expect("the command starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("put `enabled = true` under `[cloudevents]`"));
}

#[test]
fn what_cannot_be_inferred_is_told_at_its_place() {
    let usual = "[cloudevents]\nenabled = true\n";
    let no_envelope = "language: 1\ncontract: courier\nversion: 1.0.0\nevents: {ParcelMoved: {}}\n";
    let two =
        COURIER.replace("events:", "  Letter: {fields: {id: string, event_type: string, payload: object}}\nevents:");
    let cases: &[(&str, &str, &str)] = &[
        (no_envelope, usual, "codegen.toml:2:11: error[cloudevents-mapping]: the contracts declare no envelope"),
        (
            &two,
            usual,
            "codegen.toml:2:11: error[cloudevents-mapping]: the contracts declare several envelopes: `Envelope`, `Letter`",
        ),
        (
            COURIER,
            &format!("{usual}envelope = \"Envelop\"\n"),
            "3:12: error[cloudevents-mapping]: there is no envelope `Envelop`",
        ),
        (COURIER, &format!("{usual}id = \"payload\"\n"), "has no field `payload` for an attribute"),
        (COURIER, &format!("{usual}subject = \"id\"\n"), "the field `id` would be both `id` and `subject`"),
        (
            COURIER,
            &format!("{usual}time = \"zone\"\n"),
            "the field `zone` is no string, and cannot be the attribute `time`",
        ),
        (
            COURIER,
            &format!("{usual}id = \"note_text\"\n"),
            "the field `note_text` may be empty, and cannot be the attribute `id`",
        ),
        (
            COURIER,
            &format!("{usual}sauce = \"id\"\n"),
            "error[config-unknown-key]: unknown setting `cloudevents.sauce`",
        ),
        (&COURIER.replace("note_text", "no_tes"), &usual.replace("true", "1"), "error[config-type]"),
        (COURIER, &format!("{usual}subject = \"zone\"\n"), "the fields `subject` and `zone` would both be `subject`"),
        (
            &COURIER.replace("note_text", "spec_version"),
            usual,
            "the field `spec_version` would be the attribute `specversion`, which means something else",
        ),
    ];
    for (contract, settings, words) in cases {
        let folder = tempfile::tempdir().expect("a temporary folder");
        tree::write(folder.path(), &[("contracts/courier.yaml", contract), ("codegen.toml", settings)]);
        let before = tree::contents(folder.path());
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        let output = command.current_dir(folder.path()).output().expect("the command starts");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{told}");
        let flat = flat(&told);
        assert!(flat.contains(words), "{words}\n{flat}");
        assert_eq!(tree::contents(folder.path()), before, "nothing is written");
    }
}

/// Findings as `place: error[id]: message`.
fn flat(told: &str) -> String {
    let lines: Vec<&str> = told.lines().collect();
    let finding = |pair: &[&str]| {
        let place = pair[1].trim().strip_prefix("--> ")?;
        Some(format!("{place}: {}\n", pair[0]))
    };
    lines.windows(2).filter_map(finding).collect()
}
