//! Do the reducers of the Rust crate make of every log what the interpreter makes of it, by every way there is?

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use codegen::interpret::{order, receive_value, reduce};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Workspace};
use tests::corpus::Streams;
use tests::{project, root, tree};

/// Logs of each reducer.
const SEEDS: u64 = 150;

/// A log and what the interpreter makes of it.
struct Case {
    name: String,
    line: String,
    state: String,
}

fn case(workspace: &Workspace, reducer: &Reducer, seed: u64, is_partitioned: bool) -> Case {
    let log = Streams::new(workspace, reducer, Vec::new()).events(seed);
    let profile = &workspace.profiles[reducer.profile];
    let mut received: Vec<_> = log.iter().map(|event| receive_value(workspace, profile, event).unwrap()).collect();
    order(&mut received);
    let sorted = received.iter().map(|event| event.envelope.clone()).collect();
    let line = Value::object([
        ("reducer", reducer.meta.name.as_str().into()),
        ("partition", is_partitioned.into()),
        ("events", Value::Array(log)),
        ("sorted", Value::Array(sorted)),
    ]);
    let state = canonical(&reduce(workspace, reducer, received, is_partitioned).expect("every hook is answered"));
    Case { name: format!("{} {seed}", reducer.meta.name), line: canonical(&line), state }
}

#[test]
fn reducers_of_the_crate_make_what_the_interpreter_makes() {
    let folder = tempfile::tempdir().unwrap();
    for contracts in ["contracts", "tests/domains/folds/contracts", "tests/domains/versions/contracts"] {
        tree::copy(&root().join(contracts), &folder.path().join("contracts"));
    }
    project::generate(folder.path());
    let workspace = project::workspace(folder.path());
    let mut cases = Vec::new();
    for reducer in &workspace.reducers {
        for seed in 0..SEEDS {
            cases.push(case(&workspace, reducer, seed, false));
            if reducer.partition_by.is_some() {
                cases.push(case(&workspace, reducer, seed, true));
            }
        }
    }
    let answers = answers(&folder.path().join("generated/rust"), &cases);
    let mut differences: Vec<String> = cases
        .iter()
        .zip(&answers)
        .filter(|(case, answer)| case.state != **answer)
        .map(|(case, answer)| format!("{}\n  {}\n  expected {}\n  got      {answer}", case.name, case.line, case.state))
        .collect();
    let count = differences.len();
    differences.truncate(3);
    assert!(count == 0, "{count} of {}\n{}", cases.len(), differences.join("\n"));
    assert_eq!(answers.len(), cases.len());
}

/// What a program that uses the crate prints for each log.
fn answers(package: &Path, cases: &[Case]) -> Vec<String> {
    fs::create_dir_all(package.join("examples")).unwrap();
    fs::write(package.join("examples/reducers.rs"), include_str!("../rust/reducers.rs")).unwrap();
    let target = root().join("target/agreement");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--offline", "--quiet", "--example", "reducers", "--target-dir"]).arg(&target);
    let told = build.current_dir(package).env("RUSTFLAGS", "-D warnings").output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let mut program = Command::new(target.join("debug/examples/reducers"));
    let mut program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input: String = cases.iter().flat_map(|case| [case.line.as_str(), "\n"]).collect();
    let mut stdin = program.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap().ok();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
