//! Does the Python package fold every log as the reference interpreter does, in any order, and also piece by piece?

use std::path::Path;
use std::process::Command;

use codegen::interpret::{self, Received, ReplayOptions, replay_lines};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Workspace};
use codegen::output::TemporaryRuns;
use tests::corpus::{Random, Streams};
use tests::implementation::{Implementation, Language};
use tests::{project, python, root, tree};

/// Logs of each reducer.
const LOGS: u64 = 1000;

/// Of so many logs one is also taken event by event.
const STEPWISE: u64 = 8;

/// More differences are not worth reading.
const SHOWN: usize = 10;

/// A question to the package, and what it has to answer.
struct Question {
    about: String,
    line: serde_json::Value,
    answer: serde_json::Value,
}

#[test]
fn python_folds_every_log_as_the_interpreter_does() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = generated(folder.path());
    let mut questions = Vec::new();
    for reducer in &workspace.reducers {
        for seed in 0..LOGS {
            let log = Streams::new(&workspace, reducer, Vec::new()).events(seed);
            questions.push(replayed(&workspace, reducer, &log, seed));
            if seed.is_multiple_of(STEPWISE) {
                questions.push(stepwise(&workspace, reducer, &log, seed));
            }
        }
    }
    let package = Implementation::new(Language::Python, folder.path());
    let lines: Vec<String> = questions.iter().map(|question| format!("{}\n", question.line)).collect();
    let answers = package.reductions(lines.concat().as_bytes());
    assert_eq!(answers.len(), questions.len());
    let different = questions.iter().zip(&answers).filter(|(question, answer)| {
        let answer: serde_json::Value = serde_json::from_str(answer).expect("an answer is JSON");
        let members = question.answer.as_object().expect("an answer has members");
        members.iter().any(|(name, value)| answer.get(name) != Some(value))
    });
    let shown: Vec<String> = different
        .take(SHOWN)
        .map(|(question, answer)| {
            format!("{}\n  asked {}\n  wanted {}\n  got {answer}", question.about, question.line, question.answer)
        })
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn hypothesis_finds_nothing_that_order_repetition_or_interruption_changes() {
    let folder = tempfile::tempdir().unwrap();
    generated(folder.path());
    let output = Command::new(python())
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .arg(root().join("tests/python/properties_of_reducers.py"))
        .current_dir(folder.path())
        .env("PYTHONPATH", folder.path().join("generated/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The project of all contracts with reducers, with its packages.
fn generated(folder: &Path) -> Workspace {
    for contracts in ["contracts", "tests/domains/folds/contracts", "tests/domains/versions/contracts"] {
        tree::copy(&root().join(contracts), &folder.join("contracts"));
    }
    project::generate(folder);
    project::workspace(folder)
}

/// A log in any order as text, read with the options that the seed says, with a line that is no envelope now and then.
fn replayed(workspace: &Workspace, reducer: &Reducer, log: &[Value], seed: u64) -> Question {
    let mut random = Random::new(seed);
    let mut log: Vec<Value> = log.to_vec();
    let options = ReplayOptions {
        partition: reducer.partition_by.is_some() && seed % 3 == 1,
        sorted: seed % 5 == 4,
        skip_invalid: seed.is_multiple_of(2),
        ..ReplayOptions::default()
    };
    if options.sorted && seed % 10 == 4 {
        log = in_order(workspace, reducer, &log);
    } else {
        for at in (1..log.len()).rev() {
            log.swap(at, random.below(at + 1));
        }
        log.extend(log[..log.len() / 3].to_vec());
    }
    let mut lines: Vec<String> = log.iter().map(canonical).collect();
    if seed % 7 == 3 {
        let noise = *random.pick(&["", "[]", "{}", "{\"id\":1}", "\u{feff}{}", "nonsense"]);
        lines.insert(random.below(lines.len() + 1), noise.to_owned());
    }
    let text = lines.iter().flat_map(|line| [line, "\n"]).collect::<String>();
    let told = replay_lines(workspace, reducer, options, &mut TemporaryRuns::default(), text.as_bytes(), |_| {});
    let told = told.expect("it is read");
    let bad = told.bad.iter().map(|bad| {
        let faults = bad.faults.iter().map(|fault| format!("{} at \"{}\"", fault.code.as_str(), fault.pointer()));
        let faults = faults.collect::<Vec<_>>().join(", ");
        let said = if bad.faults.is_empty() { "sorts before the line above it".to_owned() } else { faults };
        format!("line {}: {said}", bad.line)
    });
    Question {
        about: format!("{} with seed {seed}", reducer.meta.name),
        answer: serde_json::json!({ "state": told.state.map(|state| canonical(&state)), "bad": bad.collect::<Vec<_>>() }),
        line: serde_json::json!({
            "reducer": reducer.meta.name, "log": text, "partition": options.partition, "in_order": options.sorted,
            "skip_invalid": options.skip_invalid,
        }),
    }
}

/// Events in their order, taken one at a time and resumed at every place.
fn stepwise(workspace: &Workspace, reducer: &Reducer, log: &[Value], seed: u64) -> Question {
    let log = in_order(workspace, reducer, &log[..log.len().min(10)]);
    let state = interpret::reduce(workspace, reducer, received(workspace, reducer, &log), false)
        .expect("every hook is answered");
    let events: Vec<serde_json::Value> = log.iter().map(event_json).collect();
    Question {
        about: format!("{} with seed {seed}, step by step", reducer.meta.name),
        answer: serde_json::json!({ "state": canonical(&state) }),
        line: serde_json::json!({ "reducer": reducer.meta.name, "events": events }),
    }
}

fn event_json(event: &Value) -> serde_json::Value {
    serde_json::from_str(&canonical(event)).expect("an event is JSON")
}

fn received(workspace: &Workspace, reducer: &Reducer, log: &[Value]) -> Vec<Received> {
    let profile = &workspace.profiles[reducer.profile];
    let receive = |event| interpret::receive_value(workspace, profile, event).expect("logs are of envelopes");
    log.iter().map(receive).collect()
}

fn in_order(workspace: &Workspace, reducer: &Reducer, log: &[Value]) -> Vec<Value> {
    let mut paired: Vec<(Received, &Value)> = received(workspace, reducer, log).into_iter().zip(log).collect();
    paired.sort_by(|(event, _), (other, _)| event.order(other));
    paired.into_iter().map(|(_, event)| event.clone()).collect()
}
