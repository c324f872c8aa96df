//! The written streams enter: is the state of each a function of the set of its events, however they come?

use std::collections::BTreeMap;
use std::fs;

use codegen::interpret::{self, Received, Replay};
use codegen::json;
use codegen::model::{Reducer, Workspace};
use serde_json::Value;
use tests::corpus::Random;
use tests::project::workspace;
use tests::root;

/// How many orders of a long stream are tried.
const ORDERS: u64 = 40;

/// Streams of so many events are tried in every order.
const SHORT: usize = 5;

/// A stream with one of its goldens.
struct Stream<'w> {
    id: String,
    reducer: &'w Reducer,
    is_partitioned: bool,
    events: Vec<Received>,
    golden: String,
}

fn streams(workspace: &Workspace) -> Vec<Stream<'_>> {
    let folder = root().join("fixtures");
    let open = |path: &Value| fs::read_to_string(folder.join(path.as_str().unwrap())).unwrap();
    let manifest: Value = serde_json::from_str(&open(&"manifest.json".into())).unwrap();
    let mut streams = Vec::new();
    for entry in manifest["fixtures"].as_array().unwrap().iter().filter(|entry| entry["fixture_type"] == "replay") {
        for golden in entry["goldens"].as_array().unwrap() {
            let reducer = workspace.reducers.iter().find(|reducer| golden["reducer"] == *reducer.meta.name).unwrap();
            let profile = &workspace.profiles[reducer.profile];
            let text = open(&entry["path"]);
            let receive =
                |line: &str| interpret::receive(workspace, profile, line.as_bytes(), json::MAX_BYTES).unwrap();
            streams.push(Stream {
                id: entry["id"].as_str().unwrap().to_owned(),
                reducer,
                is_partitioned: golden["partition"] == true,
                events: text.lines().map(receive).collect(),
                golden: open(&golden["path"]),
            });
        }
    }
    streams
}

impl Stream<'_> {
    fn reduced(&self, workspace: &Workspace, events: Vec<Received>) -> String {
        let state = interpret::reduce(workspace, self.reducer, events, self.is_partitioned);
        interpret::state_line(&state.expect("every hook is answered"))
    }
}

/// Every order of a few things.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    (0..count).fold(vec![Vec::new()], |shorter, next| {
        shorter
            .iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut order = order.clone();
                    order.insert(at, next);
                    order
                })
            })
            .collect()
    })
}

/// An order of many things, some of them several times, that a seed decides.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed);
    let all: Vec<usize> = (0..count).collect();
    let mut order = Vec::new();
    for next in all.iter().copied().chain((0..count).map(|_| *random.pick(&all)).collect::<Vec<_>>()) {
        let places: Vec<usize> = (0..=order.len()).collect();
        order.insert(*random.pick(&places), next);
    }
    order
}

#[test]
fn any_order_and_number_of_the_events_gives_the_same_bytes() {
    let workspace = workspace(&root());
    let streams = streams(&workspace);
    assert!(streams.len() > 60, "{} goldens", streams.len());
    for stream in &streams {
        let count = stream.events.len();
        let orders = match count {
            0 => vec![Vec::new()],
            1..=SHORT => permutations(count),
            _ => (0..ORDERS).map(|seed| shuffled(count, seed)).collect(),
        };
        for order in orders {
            let events = order.iter().map(|&at| stream.events[at].clone()).collect();
            assert_eq!(stream.reduced(&workspace, events), stream.golden, "{}: {order:?}", stream.id);
        }
    }
}

#[test]
fn a_log_at_once_is_the_log_step_by_step() {
    let workspace = workspace(&root());
    for stream in streams(&workspace) {
        let mut log = stream.events.clone();
        interpret::order(&mut log);
        // Whoever stops after any number of steps has the state of what was taken.
        for taken in 0..=log.len() {
            let mut replay = Replay::new(&workspace, stream.reducer, stream.is_partitioned);
            log[..taken].iter().for_each(|event| replay.apply(event.clone()));
            let step_by_step = interpret::state_line(&replay.finish().expect("every hook is answered"));
            let mut turned = log[..taken].to_vec();
            turned.reverse();
            assert_eq!(step_by_step, stream.reduced(&workspace, turned), "{}: {taken} events", stream.id);
            if taken == log.len() {
                assert_eq!(step_by_step, stream.golden, "{}", stream.id);
            }
        }
    }
}

/// An anomaly of every kind that an event can bring.
#[test]
fn every_kind_of_anomaly_is_shown_by_a_written_stream() {
    let workspace = workspace(&root());
    let mut shown: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for stream in streams(&workspace).iter().filter(|stream| !stream.is_partitioned) {
        let state: Value = serde_json::from_str(&stream.golden).unwrap();
        let kinds = state["anomalies"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap().to_owned());
        shown.entry(&stream.reducer.meta.name).or_default().extend(kinds);
    }
    for reducer in &workspace.reducers {
        let shown = &shown[&*reducer.meta.name];
        let kinds = reducer.anomalies.iter().map(|anomaly| &*anomaly.kind).chain(["divergent_duplicate"]);
        for kind in kinds {
            // Guards keep a mission from every move that its machine refuses.
            let is_reachable = (&*reducer.meta.name, kind) != ("mission", "invalid_transition");
            assert_eq!(shown.iter().any(|it| it == kind), is_reachable, "{}: {kind}", reducer.meta.name);
        }
    }
}
