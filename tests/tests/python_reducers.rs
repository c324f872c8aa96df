//! Does the Python package fold every log piece by piece as the reference interpreter does in one go?

use std::path::Path;
use std::process::Command;

use codegen::interpret::{self, Received};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Workspace};
use tests::corpus::Streams;
use tests::implementation::{Implementation, Language};
use tests::{project, python, root, tree};

/// Logs of each reducer.
const LOGS: u64 = 125;

/// More differences are not worth reading.
const SHOWN: usize = 10;

/// A question to the package, and what it has to answer.
struct Question {
    about: String,
    line: serde_json::Value,
    answer: serde_json::Value,
}

#[test]
fn python_goes_on_from_what_it_saved_at_any_place() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = generated(folder.path());
    let mut questions = Vec::new();
    for reducer in &workspace.reducers {
        for seed in 0..LOGS {
            let log = Streams::new(&workspace, reducer, Vec::new()).events(seed);
            questions.push(stepwise(&workspace, reducer, &log, seed));
        }
    }
    let package = Implementation::new(Language::Python, folder.path());
    let lines: Vec<String> = questions.iter().map(|question| format!("{}\n", question.line)).collect();
    let answers = package.resumptions(lines.concat().as_bytes());
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
