//! A domain of which every event has older versions enters: are these read, brought up, written and folded as the current
//! one in every language, and is a new version no break for those who read?

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use codegen::breaking::{Side, compare};
use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity};
use codegen::interpret::check_payload;
use codegen::source::SourceMap;
use serde_json::{Value, json};
use tests::corpus::{Instances, Random};
use tests::{node_modules, project, python, root, tree};

fn haulage() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    tree::copy(&root().join("tests/domains/versions/contracts"), &folder.path().join("contracts"));
    folder
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|part| String::from_utf8_lossy(part)).concat()
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}\n{}", text(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a program of each language is to print: the canonical text of the first version, by way of its types; the one of a
/// value that the program built; and what is wrong with versions that nobody knows.
const FIRST: &str = r#"{"load_id":"l1","lane":"done","grams":7,"place":{"dock":3,"kind":"dock"},"street":"Quay","city":"Ghent","serial":"9","extra":[1.0,{"b":1,"a":2}]}"#;
const RAISED: &str = r#"{"city":"Ghent","depots":{},"extra":[1,{"a":2,"b":1}],"grams":7,"is_open":false,"load_id":"l1","place":{"dock":3,"kind":"dock"},"remark":null,"serial":"9","tags":[],"to":"delivered","v":3}"#;
const BUILT: &str = r#"{"load_id":"l1","pair":["a",null],"parts":[],"ratio":0.5,"reason":"unknown","version":2}"#;
const REFUSED: &str = "maximum /v minimum /v type /v required /version";

#[test]
fn a_program_in_rust_reads_and_builds_versions() {
    let folder = haulage();
    project::generate(folder.path());
    let package = folder.path().join("generated/rust");
    let program = r###"//! Reads an old payload, builds a new one, and is told of versions that nobody knows.
use event_contracts::haulage::{LoadId, LoadMovedPayload, LoadSplitPayload};
use event_contracts::support::{Faults, Number, Version};

#[test]
fn versions() {
    let first = br##"FIRST"##;
    assert_eq!(LoadMovedPayload::from_json(first).unwrap().to_json(), r##"RAISED"##);
    let split = LoadSplitPayload {
        load_id: LoadId::new("l1").unwrap(),
        parts: vec![],
        ratio: Number::new(0.5).unwrap(),
        reason: "unknown".into(),
        pair: ("a".into(), None),
        version: Version,
    };
    assert_eq!(split.to_json(), r##"BUILT"##);
    assert_eq!(split.version.get(), 2);
    let told = |faults: Faults| {
        let said = faults.into_iter().map(|fault| format!("{} {}", fault.code.as_str(), fault.path));
        said.collect::<Vec<_>>().join(" ")
    };
    let moved = [&br#"{"v":4}"#[..], br#"{"v":0}"#, br#"{"v":1.5}"#];
    let mut said: Vec<String> = moved.map(|text| told(LoadMovedPayload::from_json(text).unwrap_err())).into();
    said.push(told(LoadSplitPayload::from_json(b"{}").unwrap_err()));
    assert_eq!(said.join(" "), "REFUSED");
}
"###;
    let program = program.replace("FIRST", FIRST).replace("RAISED", RAISED).replace("BUILT", BUILT);
    tree::write(&package, &[("tests/versions.rs", &program.replace("REFUSED", REFUSED))]);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["test", "--offline", "--quiet", "--target-dir"]).arg(root().join("target/agreement"));
    succeeds(cargo.current_dir(&package).env("RUSTFLAGS", "-D warnings"));
}

#[test]
fn a_program_in_python_reads_and_builds_versions() {
    let folder = haulage();
    project::generate(folder.path());
    let package = folder.path().join("generated/python");
    let program = r#"
from event_contracts import validate
from event_contracts.haulage import LoadMovedPayload, LoadSplitPayload
from event_contracts.support import ContractError

print(LoadMovedPayload.parse(FIRST).to_json())
split = LoadSplitPayload(load_id="l1", parts=(), ratio=0.5, pair=("a", None))
print(split.to_json())
assert split.version == 2 and split.model_copy(update={"reason": "x"}).version == 2
told = [validate("LoadMoved", {"v": version}) for version in (4, 0, 1.5)] + [validate("LoadSplit", {})]
print(" ".join(f"{error.code} {error.path}" for errors in told for error in errors))
try:
    LoadSplitPayload(load_id="l1", parts=(), ratio=0.5, pair=("a", None), version=1)
except ContractError as refusal:
    print([(error.code, error.path) for error in refusal.errors])
"#;
    tree::write(&package, &[("program.py", &program.replace("FIRST", &format!("{FIRST:?}")))]);
    let said = succeeds(Command::new(python()).arg("program.py").current_dir(&package));
    let expected = format!("{RAISED}\n{BUILT}\n{REFUSED}\n[('minimum', '/version')]\n");
    assert_eq!(said, expected);
    let mut suite = Command::new(python());
    suite.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "event_contracts"]);
    succeeds(suite.current_dir(&package));
}

#[test]
fn a_program_in_typescript_reads_and_builds_versions() {
    let folder = haulage();
    project::generate(folder.path());
    let package = folder.path().join("generated/typescript");
    std::os::unix::fs::symlink(node_modules(), package.join("node_modules")).unwrap();
    let program = r#"import { LoadMovedPayload, LoadSplitPayload } from "./haulage.js";
import { validate } from "./validate.js";

const moved = LoadMovedPayload.parse(FIRST);
console.log(LoadMovedPayload.encode(moved));
const split: LoadSplitPayload = {
  load_id: "l1",
  parts: [],
  ratio: 0.5,
  reason: "unknown",
  pair: ["a", null],
  version: 2,
};
console.log(LoadSplitPayload.encode(split));
const told = [4, 0, 1.5].map((v) => validate("LoadMoved", { v }));
told.push(validate("LoadSplit", {}));
console.log(told.flat().map(({ code, path }) => `${code} ${path}`).join(" "));
console.log(LoadMovedPayload.is(moved), LoadMovedPayload.is(JSON.parse(FIRST)));
"#;
    tree::write(&package, &[("src/program.ts", &program.replace("FIRST", &format!("{FIRST:?}")))]);
    succeeds(Command::new("node").arg(node_modules().join("typescript/bin/tsc")).current_dir(&package));
    let said = succeeds(Command::new("node").arg("dist/program.js").current_dir(&package));
    assert_eq!(said, format!("{RAISED}\n{BUILT}\n{REFUSED}\ntrue false\n"));
    succeeds(Command::new("node").args(["--test", "dist/conformance.test.js"]).current_dir(&package));
}

/// What the agreement test feeds to all languages is of every version, and most of it gets through.
#[test]
fn the_corpus_holds_good_payloads_of_every_version() {
    let folder = haulage();
    let workspace = project::workspace(folder.path());
    for (id, event) in workspace.events.entries().filter(|(_, event)| event.meta.name != "LoadReviewed") {
        let codegen::model::Payload::Record(record) = event.payload else { panic!("a record") };
        let versions = workspace.records[record].versions.as_ref().unwrap();
        for version in 1..=versions.current {
            let mut good = 0;
            for seed in 0..400 {
                let mut instances = Instances { workspace: &workspace, random: Random::new(seed) };
                let value = instances.value(&event.payload.ty(), 0);
                let said = value.get(&versions.member).cloned();
                if said == Some(version.into()) && check_payload(&workspace, id, &value).is_ok() {
                    good += 1;
                }
            }
            assert!(good >= 20, "{good} good payloads of version {version} of {}", event.meta.name);
        }
    }
}

#[test]
fn a_log_of_all_versions_folds_as_one_of_the_current_version() {
    let folder = haulage();
    let moved = |clock: u32, id: &str, payload: Value| json!({"id": id, "event_type": "LoadMoved", "clock": clock, "at": "2026-01-01T00:00:00Z", "payload": payload});
    let street = json!({"kind": "street", "street": "Quay", "city": "Ghent"});
    let first = json!({"load_id": "l1", "lane": "new", "grams": 2, "place": street, "street": "Quay", "city": "Ghent", "serial": "1"});
    let second =
        json!({"v": 2, "load_id": "l1", "lane": "moving", "grams": 3, "weighed": 1, "place": street, "serial": "1"});
    let third = json!({"v": 3, "load_id": "l1", "to": "delivered", "grams": 4, "place": street, "remark": null, "serial": "1", "is_open": false, "depots": {}});
    let log =
        [moved(1, "a", first.clone()), moved(2, "b", second), moved(3, "c", third), moved(4, "d", json!({"v": 9}))];
    let state = replayed(folder.path(), &log);
    assert_eq!(state["lane"], "delivered", "{state}");
    assert_eq!(state["grams"], 4, "{state}");
    let anomalies = state["anomalies"].as_array().unwrap();
    assert_eq!(anomalies.len(), 1, "{state}");
    assert_eq!(anomalies[0]["params"], json!({"code": "maximum", "path": "/v"}), "{state}");

    // Copies are told by what was received: one fact in two versions is two contents.
    let raised = json!({"v": 3, "load_id": "l1", "to": "planned", "grams": 2, "place": street, "remark": null, "serial": "1", "is_open": true, "depots": {}, "city": "Ghent"});
    let state = replayed(folder.path(), &[moved(1, "a", first.clone()), moved(1, "a", raised)]);
    assert_eq!(state["anomalies"][0]["kind"], "divergent_duplicate", "{state}");
    assert_eq!(state["last"]["v"], 3, "{state}");
}

fn replayed(folder: &Path, log: &[Value]) -> Value {
    let lines: String = log.iter().map(|event| format!("{event}\n")).collect();
    fs::write(folder.join("log"), lines).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
    serde_json::from_str(&succeeds(command.current_dir(folder).args(["replay", "loads", "log"]))).unwrap()
}

const HEAD: &str = "language: 1\ncontract: parcel\nversion: 1.0.0\n\
    records: {Envelope: {fields: {id: string, clock: int, event_type: string, payload: {type: object, default: {}}}}, \
    MovedV1: {fields: {lane: Lane, note: opt<string>}}}\n\
    enums: {Lane: {values: [planned, moving]}}\n\
    profiles: {log: {envelope: Envelope, order_by: [e.clock, e.id], dedup_by: e.id}}\n";

fn reducer(lane: &str) -> String {
    format!(
        "reducers: {{lanes: {{profile: log, consumes: [Moved], anomalies: {{malformed_payload: bad}}, \
         slots: {{lane: opt<Lane>}}, handle: {{Moved: [{{set: {{lane: p.{lane}}}}}]}}}}}}\n"
    )
}

/// Findings about another version of the contract, each with its weight.
fn broken(old: &str, new: &str) -> Vec<(Severity, String)> {
    let mut sources = SourceMap::default();
    let (old, new) = (project::parcel(old), project::parcel(new));
    let [old, new] = [old.path(), new.path()].map(|folder| {
        let mut out = Diagnostics::default();
        let found = codegen::resolved(folder, &Config::default(), &mut sources, &mut out).unwrap();
        found.unwrap_or_else(|| panic!("{}", codegen::diagnostic::render_text(&out.sorted(&sources), &sources, false)))
    });
    let side = |workspace| Side { workspace, packages: Vec::new() };
    let mut out = Diagnostics::default();
    compare(&side(&old), &side(&new), &Config::default().breaking, &sources, &mut out);
    let found = out.sorted(&sources).into_iter();
    found.map(|it| (it.severity, format!("{}: {}", it.rule.id, it.message))).collect()
}

#[test]
fn a_new_version_with_its_step_breaks_no_reader_and_no_log() {
    let before = format!("{HEAD}events: {{Moved: {{fields: {{lane: Lane, note: opt<string>}}}}}}\n{}", reducer("lane"));
    let step = "{from: 1, shape: MovedV1, rename: {lane: to}, set: {by: p.note == null ? \\\"x\\\" : p.note}}";
    let step = step.replace("p.note == null", "\"p.note == null").replace(": p.note}", ": p.note\"}");
    let versioned = |absent: &str, step: &str| {
        format!(
            "{HEAD}events: {{Moved: {{version: {{member: v, current: 2{absent}}}, fields: {{to: Lane, by: string}}, \
             upcast: [{step}]}}}}\n{}",
            reducer("to")
        )
    };
    let about_old_json = |found: &[(Severity, String)]| {
        let is_error = |(severity, told): &&(Severity, String)| {
            *severity == Severity::Error
                && (told.ends_with("(BACKWARD)") || told.ends_with("(FULL)") || told.starts_with("replay-"))
        };
        found.iter().filter(is_error).map(|(_, told)| told.clone()).collect::<Vec<_>>()
    };
    let found = broken(&before, &versioned(", absent: 1", &step));
    assert_eq!(about_old_json(&found), [""; 0], "{found:?}");
    assert!(found.iter().any(|(_, told)| told.ends_with("(FORWARD)")), "{found:?}");

    let silent = broken(&before, &versioned("", &step));
    assert_eq!(about_old_json(&silent).len(), 2, "{silent:?}");
    assert!(silent.iter().any(|(_, told)| told.starts_with("wire-version-kept")), "{silent:?}");
    assert!(silent.iter().any(|(_, told)| told.starts_with("replay-")), "{silent:?}");

    let other = "{from: 1, shape: MovedV1, set: {to: Lane.moving, by: '\"x\"'}, drop: [lane, note]}";
    let misread = broken(&before, &versioned(", absent: 1", other));
    assert!(about_old_json(&misread).iter().any(|told| told.starts_with("replay-")), "{misread:?}");
}
