//! A workspace and the vectors enter; the lines on which all implementations have to agree leave.

mod event;
mod instance;
mod line;
mod machine;
mod mutant;
mod protocol;
mod random;
mod replay;
mod save;
mod stream;

pub use event::event_lines;
pub use instance::Instances;
pub use line::{Line, answer};
pub use machine::{Question, questions, rust_arms};
pub use mutant::mutant;
pub use protocol::protocol;
pub use random::Random;
pub use replay::{Courses, Replay, courses, replay, replays};
pub use save::{rust_saves, saves};
pub use stream::Streams;

use std::fs;
use std::path::Path;

use codegen::json::{Value, read};
use codegen::model::Workspace;

use crate::vector_contract::Case;

/// How many neighbours of valid payloads are made of each event; vectors have cases of their own.
const MUTANTS: usize = 160;
const MUTANTS_OF_VECTORS: usize = 10;

/// Every vector in each form that a line can have, with its answer.
pub fn vector_lines(cases: &[Case]) -> Vec<Line> {
    let mut lines = Vec::new();
    for case in cases {
        let errors: Vec<Value> = case.errors.iter().map(of_serde).collect();
        let answered = |line: Line| Line { answer: Some(answer(&case.id, errors.clone())), ..line };
        lines.push(answered(Line::base64(&case.id, &case.event_type, &case.payload)));
        let Ok(text) = std::str::from_utf8(&case.payload) else { continue };
        lines.push(answered(Line::text(&case.id, &case.event_type, text)));
        // What is wrong with the text of a payload is wrong with the whole line then.
        lines.push(Line::inline(&case.id, &case.event_type, text));
    }
    lines
}

/// Every case in a folder of fixtures: those written by hand, and those made from the contracts with their answers.
pub fn fixture_lines(folder: &Path) -> Vec<Line> {
    let open = |path: &str| fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let json = |path: &str| read(open(path).as_bytes()).unwrap_or_else(|code| panic!("{path}: {code:?}"));
    let mut lines = Vec::new();
    for case in items(&json("manifest.json"), "fixtures").iter().filter(|case| case.get("event_type").is_some()) {
        let [id, event_type, path] = ["id", "event_type", "path"].map(|name| text(case, name));
        lines.push(Line::inline(id, event_type, &open(path)));
    }
    for file in items(&json("generated/manifest.json"), "files").iter().filter(|file| file.get("event_type").is_some())
    {
        lines.extend(open(text(file, "path")).lines().map(Line::with_answer));
    }
    lines
}

fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match value.get(name) {
        Some(Value::Array(items)) => items,
        _ => panic!("there is no list of {name}"),
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("there is no {name}"))
}

/// Neighbours of valid payloads of every event, each made of one seed.
pub fn mutant_lines(workspace: &Workspace) -> Vec<Line> {
    let mut lines = Vec::new();
    for event in &workspace.events {
        let is_vector = workspace.families[event.family].meta.name == "vectors";
        for seed in 0..if is_vector { MUTANTS_OF_VECTORS } else { MUTANTS } {
            let mut instances = Instances { workspace, random: Random::new(seed as u64) };
            let valid = instances.value(&event.payload.ty(), 0);
            let payload = mutant(&valid, &mut instances.random);
            let name = format!("mutant {seed} of {}", event.wire);
            lines.push(match String::from_utf8(payload) {
                Ok(text) if instances.random.once_in(2) => Line::inline(&name, &event.wire, &text),
                Ok(text) => Line::text(&name, &event.wire, &text),
                Err(broken) => Line::base64(&name, &event.wire, broken.as_bytes()),
            });
        }
    }
    lines
}

fn of_serde(value: &serde_json::Value) -> Value {
    read(value.to_string().as_bytes()).expect("errors of vectors are JSON")
}
