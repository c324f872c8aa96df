//! A workspace and logs enter; the replays on which all implementations have to agree leave, with what the reference
//! interpreter makes of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use codegen::interpret::{BadLine, ReplayOptions, receive, replay_lines};
use codegen::json::{Value, canonical, read};
use codegen::model::{Reducer, Workspace};
use codegen::output::TemporaryRuns;

use super::stream::Streams;
use super::{items, text};

/// How many logs are made for each reducer, every other of them to be partitioned where that can be.
const LOGS: u64 = 1000;

/// Courses of so few events are replayed in every order.
const PERMUTED: usize = 4;

/// Longer lines are no envelopes.
const LONGEST: usize = 4 << 20;

/// Longest row of events that is taken as a course.
const COURSE: usize = 40;

/// A log that is to be reduced.
#[derive(Debug, Clone)]
pub struct Replay {
    /// What makes the same log again.
    pub name: String,
    /// `{"in_order", "lines", "partition", "reducer", "skip_invalid"}` for the scripts `replays`.
    pub line: String,
    /// `{"bad", "state"}`: what is told about lines that cannot be used, and the state that the others come to, or null.
    pub answer: String,
}

/// The logs below a folder of fixtures, by reducer, as rows of envelopes: those written by hand, and those made from the
/// contracts.
pub type Courses = BTreeMap<String, Vec<Vec<Value>>>;

/// Reads the logs below a folder of fixtures.
pub fn courses(folder: &Path) -> Courses {
    let open = |path: &str| fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let json = |text: &str| read(text.as_bytes()).unwrap_or_else(|code| panic!("{text}: {code:?}"));
    let mut courses = Courses::new();
    for case in items(&json(&open("manifest.json")), "fixtures").iter().filter(|case| case.get("goldens").is_some()) {
        let events: Vec<Value> = open(text(case, "path")).lines().map(json).collect();
        for golden in items(case, "goldens") {
            courses.entry(text(golden, "reducer").to_owned()).or_default().push(events.clone());
        }
    }
    for file in
        items(&json(&open("generated/manifest.json")), "files").iter().filter(|file| file.get("reducer").is_some())
    {
        for case in open(text(file, "path")).lines().map(json) {
            courses.entry(text(file, "reducer").to_owned()).or_default().push(items(&case, "events").to_vec());
        }
    }
    courses
}

/// Every course, short ones in every order, and logs of as many seeds for each reducer.
pub fn replays(workspace: &Workspace, courses: &Courses) -> Vec<Replay> {
    let mut replays = Vec::new();
    for reducer in &workspace.reducers {
        let name = &reducer.meta.name;
        let known = courses.get(name).cloned().unwrap_or_default();
        let partitions: &[bool] = if reducer.partition_by.is_some() { &[false, true] } else { &[false] };
        for (at, course) in known.iter().enumerate() {
            let lines: Vec<String> = course.iter().map(canonical).collect();
            for &partition in partitions {
                replays.push(replay(workspace, reducer, format!("course {at} of {name}"), partition, &lines));
            }
            if lines.len() <= PERMUTED {
                let mut order = lines.clone();
                permutations(&mut order, 0, &mut |lines| {
                    let name = format!("course {at} of {name}, in another order");
                    replays.push(replay(workspace, reducer, name, false, lines));
                });
            }
        }
        let short = known.into_iter().filter(|course| course.len() <= COURSE).collect();
        let streams = Streams::new(workspace, reducer, short);
        for seed in 0..LOGS {
            let options = ReplayOptions {
                partition: partitions[usize::try_from(seed).expect("a small seed") % partitions.len()],
                sorted: seed % 5 == 4,
                skip_invalid: !seed.is_multiple_of(3),
                ..ReplayOptions::default()
            };
            let mut lines = streams.log(seed);
            if seed % 10 == 9 {
                lines = in_order(workspace, reducer, lines);
            }
            replays.push(asked(workspace, reducer, format!("log of seed {seed} for {name}"), options, &lines));
        }
    }
    replays
}

/// A log of which lines that are no envelopes are left out, and what the reference makes of it.
pub fn replay(workspace: &Workspace, reducer: &Reducer, name: String, partition: bool, lines: &[String]) -> Replay {
    let options = ReplayOptions { partition, skip_invalid: true, ..ReplayOptions::default() };
    asked(workspace, reducer, name, options, lines)
}

/// The lines as a log that is in order holds them; those that are no envelopes stand at its end.
fn in_order(workspace: &Workspace, reducer: &Reducer, lines: Vec<String>) -> Vec<String> {
    let profile = &workspace.profiles[reducer.profile];
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for line in lines {
        match receive(workspace, profile, line.as_bytes(), LONGEST) {
            Ok(event) => good.push((event, line)),
            Err(_) => bad.push(line),
        }
    }
    good.sort_by(|(event, _), (other, _)| event.order(other));
    good.into_iter().map(|(_, line)| line).chain(bad).collect()
}

fn asked(workspace: &Workspace, reducer: &Reducer, name: String, options: ReplayOptions, lines: &[String]) -> Replay {
    let ReplayOptions { partition, sorted, skip_invalid, .. } = options;
    let log = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
    let mut runs = TemporaryRuns::default();
    let replayed =
        replay_lines(workspace, reducer, options, &mut runs, log.as_bytes(), |_| {}).expect("memory is read");
    let bad = replayed.bad.iter().map(|bad| Value::from(told(bad)));
    let answer = [("bad", Value::Array(bad.collect())), ("state", replayed.state.unwrap_or(Value::Null))];
    let question = Value::object([
        ("in_order", sorted.into()),
        ("skip_invalid", skip_invalid.into()),
        ("lines", Value::Array(lines.iter().map(|line| line.as_str().into()).collect())),
        ("partition", partition.into()),
        ("reducer", reducer.meta.name.as_str().into()),
    ]);
    Replay { name, line: canonical(&question), answer: canonical(&Value::object(answer)) }
}

/// What every command says about a line.
fn told(bad: &BadLine) -> String {
    if bad.faults.is_empty() {
        return format!("line {}: sorts before the line above it", bad.line);
    }
    let faults = bad.faults.iter().map(|fault| format!("{} at \"{}\"", fault.code.as_str(), fault.pointer()));
    format!("line {}: {}", bad.line, faults.collect::<Vec<_>>().join(", "))
}

fn permutations<T>(items: &mut [T], from: usize, visit: &mut impl FnMut(&[T])) {
    if from == items.len() {
        return visit(items);
    }
    for at in from..items.len() {
        items.swap(from, at);
        permutations(items, from + 1, visit);
        items.swap(from, at);
    }
}
