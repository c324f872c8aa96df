//! A workspace and logs enter; the replays on which all implementations have to agree leave, with what the reference
//! interpreter makes of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use codegen::interpret::{ReplayOptions, replay_lines};
use codegen::json::{Value, canonical, read};
use codegen::model::{Reducer, Workspace};
use codegen::output::TemporaryRuns;

use super::stream::Streams;
use super::{items, text};

/// How many logs are made for each reducer, every other of them to be partitioned where that can be.
const LOGS: u64 = 1000;

/// Courses of so few events are replayed in every order.
const PERMUTED: usize = 4;

/// Longest row of events that is taken as a course.
const COURSE: usize = 40;

/// A log that is to be reduced.
#[derive(Debug, Clone)]
pub struct Replay {
    /// What makes the same log again.
    pub name: String,
    /// `{"lines", "partition", "reducer"}` for the scripts `replays`.
    pub line: String,
    /// `{"bad", "state"}`: the lines that are no envelopes, and the state that the others come to.
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
            let partition = partitions[usize::try_from(seed).expect("a small seed") % partitions.len()];
            let name = format!("log of seed {seed} for {name}");
            replays.push(replay(workspace, reducer, name, partition, &streams.log(seed)));
        }
    }
    replays
}

/// A log as it is asked, and what the reference makes of it.
pub fn replay(workspace: &Workspace, reducer: &Reducer, name: String, partition: bool, lines: &[String]) -> Replay {
    let options = ReplayOptions { partition, skip_invalid: true, ..ReplayOptions::default() };
    let log = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
    let mut runs = TemporaryRuns::default();
    let replayed =
        replay_lines(workspace, reducer, options, &mut runs, log.as_bytes(), |_| {}).expect("memory is read");
    let bad = replayed.bad.iter().map(|bad| Value::from(u32::try_from(bad.line).expect("a short log")));
    let answer = [("bad", Value::Array(bad.collect())), ("state", replayed.state.expect("bad lines are left out"))];
    let question = Value::object([
        ("lines", Value::Array(lines.iter().map(|line| line.as_str().into()).collect())),
        ("partition", partition.into()),
        ("reducer", reducer.meta.name.as_str().into()),
    ]);
    Replay { name, line: canonical(&question), answer: canonical(&Value::object(answer)) }
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
