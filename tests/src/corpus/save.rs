//! A workspace and logs enter; questions for what is saved of a reducer leave: its log in order, as the programs
//! `tests/scripts/saves` take it. What they answer is compared with each other.

use codegen::interpret::{order, receive};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Workspace};

use super::replay::Courses;
use super::stream::Streams;

/// How many logs are made for each reducer.
const LOGS: u64 = 200;

/// Longer lines are no envelopes.
const LONGEST: usize = 1 << 20;

/// `{"events", "reducer"}` for logs of every reducer: the events in their order, copies and divergent ones among them.
pub fn saves(workspace: &Workspace, courses: &Courses) -> Vec<String> {
    let mut questions = Vec::new();
    for reducer in &workspace.reducers {
        let known = courses.get(&reducer.meta.name).cloned().unwrap_or_default();
        let streams = Streams::new(workspace, reducer, known);
        questions.extend((0..LOGS).map(|seed| question(workspace, reducer, &streams.log(seed))));
    }
    questions
}

fn question(workspace: &Workspace, reducer: &Reducer, lines: &[String]) -> String {
    let profile = &workspace.profiles[reducer.profile];
    let received = lines.iter().map(|line| receive(workspace, profile, line.as_bytes(), LONGEST));
    let mut events: Vec<_> = received.filter_map(Result::ok).collect();
    order(&mut events);
    let events = events.into_iter().map(|event| event.envelope).collect();
    let name = reducer.meta.name.as_str();
    canonical(&Value::object([("events", Value::Array(events)), ("reducer", name.into())]))
}

/// What stands between the question and the answer in `tests/scripts/saves.rs`: in Rust an incremental reducer is a type.
pub fn rust_saves(workspace: &Workspace) -> String {
    let arm = |reducer: &Reducer| {
        let (family, name) = (&workspace.families[reducer.family].meta.name, &reducer.meta.name);
        let camel: String = name.split('_').map(capitalized).collect();
        format!("    {name:?} => saved!({family}::{camel}Reducer, events),\n")
    };
    let arms: String = workspace.reducers.iter().map(arm).collect();
    format!("match reducer {{\n{arms}    other => panic!(\"{{other}} is no reducer\"),\n}}\n")
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_uppercase() + rest
}
