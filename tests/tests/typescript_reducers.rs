//! Do the reducers of the TypeScript package make of every log what the reference interpreter makes of it?
//!
//! One node process takes thousands of random logs. It also pauses each behind every event, and goes on from the text
//! that was saved.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use codegen::interpret::{ReplayOptions, replay_lines};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Workspace};
use codegen::output::TemporaryRuns;
use tempfile::TempDir;
use tests::corpus::{Random, Streams};
use tests::{node_modules, project, script, tree};

/// The package of the domains that have reducers, compiled.
static PACKAGE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for contracts in ["contracts", "tests/domains/folds/contracts", "tests/domains/versions/contracts"] {
        tree::copy(&tests::root().join(contracts), &folder.path().join("contracts"));
    }
    project::generate(folder.path());
    let package = folder.path().join("generated/typescript");
    std::os::unix::fs::symlink(node_modules(), package.join("node_modules")).expect("a link is made");
    let compiler = node_modules().join("typescript/bin/tsc");
    let output = Command::new("node").arg(compiler).current_dir(&package).output().expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    folder
});

fn package() -> std::path::PathBuf {
    PACKAGE.path().join("generated/typescript")
}

fn workspace() -> Workspace {
    project::workspace(PACKAGE.path())
}

fn shuffled(log: &[String], random: &mut Random) -> Vec<String> {
    let mut log = log.to_vec();
    for at in (1..log.len()).rev() {
        log.swap(at, random.below(at + 1));
    }
    log
}

/// What the interpreter says to a log: the printed state.
fn expected(workspace: &Workspace, reducer: &Reducer, log: &[String], partition: bool) -> String {
    let options = ReplayOptions { partition, skip_invalid: true, ..ReplayOptions::default() };
    let text: String = log.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    let mut runs = TemporaryRuns::default();
    let replayed = replay_lines(workspace, reducer, options, &mut runs, text.as_bytes(), |_| {});
    canonical(&replayed.expect("memory can be read").state.expect("bad lines are left out"))
}

struct Case {
    seed: String,
    line: String,
    expected: String,
}

fn case(workspace: &Workspace, reducer: &Reducer, seed: u64, partition: bool) -> Case {
    let mut random = Random::new(seed);
    let events = Streams::new(workspace, reducer, Vec::new()).events(seed);
    let log: Vec<String> = events.iter().map(canonical).collect();
    let expected = expected(workspace, reducer, &log, partition);
    let log = shuffled(&log, &mut random).into_iter().map(|line| Value::from(line.as_str())).collect();
    let name = &reducer.meta.name;
    let line =
        Value::object([("log", Value::Array(log)), ("partition", partition.into()), ("reducer", name.as_str().into())]);
    Case { seed: format!("{name}, seed {seed}"), line: canonical(&line), expected }
}

#[test]
fn every_random_log_comes_to_the_state_of_the_interpreter() {
    let workspace = workspace();
    let mut cases = Vec::new();
    for reducer in &workspace.reducers {
        cases.extend((0..1000).map(|seed| case(&workspace, reducer, seed, false)));
        if reducer.partition_by.is_some() {
            cases.extend((1000..1300).map(|seed| case(&workspace, reducer, seed, true)));
        }
    }
    let input: String = cases.iter().flat_map(|case| [case.line.as_str(), "\n"]).collect();
    let said = script::run(script::script("node", "replay_typescript.mjs").arg(package()), &input);
    assert_eq!(said.lines().count(), cases.len());
    for (case, line) in cases.iter().zip(said.lines()) {
        let answer: serde_json::Value = serde_json::from_str(line).expect("answers are JSON");
        assert_eq!(answer["state"], *case.expected, "{}: {}", case.seed, case.line);
        assert_eq!(answer.get("different"), None, "{}: {}", case.seed, case.line);
    }
}

/// What the conformance suite of the package says to these fixtures.
fn conformance(fixtures: &[(&str, &str)]) -> (bool, String) {
    tree::write(&package().join("fixtures"), fixtures);
    let mut command = Command::new("node");
    command.arg("--test").arg(package().join("dist/conformance.test.js")).env_remove("NODE_TEST_CONTEXT");
    let output = command.output().expect("node runs");
    (output.status.success(), String::from_utf8(output.stdout).expect("texts are UTF-8"))
}

#[test]
fn the_package_proves_its_reducers_by_its_fixtures() {
    let workspace = workspace();
    let reducer = workspace.reducers.iter().find(|reducer| reducer.meta.name == "gate").expect("it is declared");
    let log: Vec<String> = Streams::new(&workspace, reducer, Vec::new()).events(3).iter().map(canonical).collect();
    let (whole, parts) = (expected(&workspace, reducer, &log, false), expected(&workspace, reducer, &log, true));
    let manifest = serde_json::json!({"fixtures": [{
        "id": "gate-log", "path": "folds/replay/gate.jsonl", "expected_result": "valid", "fixture_type": "replay",
        "notes": "a log", "min_version": "1.0.0", "goldens": [
            {"reducer": "gate", "path": "folds/replay/gate.json"},
            {"reducer": "gate", "path": "folds/replay/gate_partitioned.json", "partition": true},
        ],
    }]});
    let made = serde_json::json!({"files": [
        {"cases": 1, "family": "folds", "min_version": "1.0.0", "path": "generated/folds/gate_replay.jsonl", "reducer": "gate"},
    ]});
    let line = format!(r#"{{"id":"made","reducer":"gate","events":[{}],"state":{whole}}}"#, log.join(","));
    let lines = log.join("\n") + "\n";
    let (manifest, made) = (manifest.to_string(), made.to_string());
    let (whole, parts) = (whole + "\n", parts + "\n");
    let good = [
        ("manifest.json", manifest.as_str()),
        ("folds/replay/gate.jsonl", &lines),
        ("folds/replay/gate.json", &whole),
        ("folds/replay/gate_partitioned.json", &parts),
        ("generated/manifest.json", &made),
        ("generated/folds/gate_replay.jsonl", &line),
    ];
    let (passes, said) = conformance(&good);
    assert!(passes && said.contains("\n# pass 3\n"), "{said}");
    for wrong in ["folds/replay/gate.json", "folds/replay/gate_partitioned.json", "generated/folds/gate_replay.jsonl"] {
        let bad = line.replacen("\"event_id\":\"", "\"event_id\":\"x", usize::MAX);
        let text = if wrong.ends_with('l') { bad.as_str() } else { "{}\n" };
        assert!(!conformance(&[(wrong, text)]).0, "{wrong}");
        conformance(&good);
    }
}

fn replay(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new("node");
    command.arg(folder.join("dist/bin.js")).arg("replay").args(arguments);
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), input).expect("a file is written");
    let output = command.arg(file.path()).output().expect("node runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("texts are UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_says_what_codegen_says() {
    let workspace = workspace();
    let reducer = workspace.reducers.iter().find(|reducer| reducer.meta.name == "gate").expect("it is declared");
    let events = Streams::new(&workspace, reducer, Vec::new()).events(7);
    let mut log: String = events.iter().map(|event| canonical(event) + "\n").collect();
    log.insert_str(0, "{}\nnot json\n");
    let calls: &[&[&str]] = &[
        &["gate"],
        &["gate", "--skip-invalid"],
        &["gate", "--partition", "--skip-invalid"],
        &["gate", "--sorted", "--skip-invalid"],
        &["batch", "--skip-invalid"],
    ];
    for arguments in calls {
        let ours = replay(&package(), arguments, &log);
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        let command = command.arg("replay").arg("-C").arg(PACKAGE.path()).args(*arguments);
        let output = command.write_stdin(log.as_str()).output().expect("the command runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("texts are UTF-8");
        assert_eq!(ours, (output.status.code(), text(output.stdout), text(output.stderr)), "{arguments:?}");
    }
    for arguments in [&["nobody"][..], &["ledger", "--partition"], &["gate", "--all"]] {
        let (code, stdout, stderr) = replay(&package(), arguments, "");
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        assert_ne!(stderr, "");
    }
}

#[test]
fn names_that_are_made_of_a_reducer_are_nobody_elses() {
    let contract = |record: &str| {
        format!(
            "language: 1\ncontract: ticks\nversion: 1.0.0\n\
             records:\n  {record}: {{fields: {{}}}}\n  \
             Envelope: {{fields: {{id: string, event_type: string, payload: {{type: object, default: {{}}}}}}}}\n\
             events: {{Tick: {{fields: {{a: {record}}}}}}}\n\
             profiles: {{log: {{envelope: Envelope, order_by: [e.id], dedup_by: e.id}}}}\n\
             reducers: {{my_ticks: {{profile: log, consumes: [Tick], malformed: ignore, \
             slots: {{ids: list<string>}}, handle: {{Tick: [{{append: {{ids: e.id}}}}]}}}}}}\n"
        )
    };
    let names = ["Other", "MyTicksAnomaly", "MyTicksAnomalyKind", "MyTicksReducer", "ReducedMyTicksState"];
    for (at, name) in names.into_iter().enumerate() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        tree::write(folder.path(), &[("contracts/ticks.yaml", &contract(name))]);
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        let output = command.arg("generate").arg("-C").arg(folder.path()).output().expect("the command runs");
        let findings = String::from_utf8(output.stdout).expect("findings are UTF-8");
        assert_eq!(findings.contains("name-collision"), at > 0, "{name}: {findings}");
    }
}
