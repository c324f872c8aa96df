//! Does anything that means nothing change what the reducers of the committed Rust crate make of a log: its order, copies,
//! interruptions, its length?

use std::io::Write;
use std::sync::LazyLock;

use codegen::interpret::{order, receive_value, reduce};
use codegen::json::{Value, canonical, read};
use codegen::model::{Reducer, Workspace};
use event_contracts::support::fold::{self, Fold, Incremental, ReplayOptions, Replayed};
use event_contracts::support::{Faults, to_json};
use event_contracts::{ConnectorReducer, MissionReducer, SyncReducer, WpStatusReducer, replay_lines};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tests::corpus::Streams;
use tests::project;

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| project::workspace(&tests::root()));

fn log(reducer: &Reducer, seed: u64, length: usize) -> Vec<Value> {
    let mut log = Streams::new(&WORKSPACE, reducer, Vec::new()).events(seed);
    log.truncate(length);
    log
}

fn lines(events: &[Value]) -> Vec<u8> {
    events.iter().flat_map(|event| (canonical(event) + "\n").into_bytes()).collect()
}

fn state(name: &str, log: impl fold::Source, is_partitioned: bool) -> String {
    let options = ReplayOptions { partition: is_partitioned, ..ReplayOptions::default() };
    let Replayed { state, bad } = replay_lines(name, log, options).expect("the log can be read");
    state.unwrap_or_else(|| panic!("{name}: {bad:?}"))
}

/// The same by way of a file, which is read a second time where it is not in order.
fn state_of_file(name: &str, log: &[u8], is_partitioned: bool) -> String {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(log).expect("it can be written");
    state(name, fold::File::open(file.path()).expect("it can be opened"), is_partitioned)
}

/// What the interpreter makes of a log, and the log in its order.
fn interpreted(reducer: &Reducer, log: &[Value], is_partitioned: bool) -> (String, Vec<Value>) {
    let profile = &WORKSPACE.profiles[reducer.profile];
    let mut received: Vec<_> =
        log.iter().map(|event| receive_value(&WORKSPACE, profile, event).expect("an envelope")).collect();
    order(&mut received);
    let sorted = received.iter().map(|event| event.envelope.clone()).collect();
    let state = reduce(&WORKSPACE, reducer, received, is_partitioned).expect("no hook is called");
    (canonical(&state), sorted)
}

/// The state of a log that is interrupted, saved and resumed behind so many events.
fn interrupted<F: Fold>(new: fn() -> Incremental<F>, log: &[Value], at: usize) -> String {
    let typed = |event: &Value| event_contracts::support::from_json::<F::Envelope>(canonical(event).as_bytes());
    let mut reducer = new();
    for (nth, event) in log.iter().enumerate() {
        if nth == at {
            reducer = Incremental::resume(&reducer.save()).expect("what was saved is resumed");
        }
        reducer.apply(&typed(event).expect("an envelope")).expect("the log is in order");
    }
    to_json(&Incremental::resume(&reducer.save()).unwrap_or(reducer).finish())
}

fn interrupted_by_name(name: &str, log: &[Value], at: usize) -> String {
    match name {
        "connector" => interrupted(ConnectorReducer::new, log, at),
        "mission" => interrupted(MissionReducer::new, log, at),
        "sync" => interrupted(SyncReducer::new, log, at),
        "wp_status" => interrupted(WpStatusReducer::new, log, at),
        other => panic!("no reducer {other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(60) })]

    #[test]
    fn order_and_copies_change_nothing(
        seed in any::<u64>(),
        length in 0_usize..40,
        turns in prop::collection::vec((any::<u32>(), 0_usize..3), 40),
    ) {
        for reducer in &WORKSPACE.reducers {
            let (name, log) = (&*reducer.meta.name, log(reducer, seed, length));
            let copies = log.iter().zip(&turns).flat_map(|(event, (_, copies))| std::iter::repeat_n(event, 1 + copies));
            let mut other: Vec<(u32, &Value)> = copies.zip(turns.iter().cycle().map(|(turn, _)| *turn)).map(|(event, turn)| (turn, event)).collect();
            other.sort_by_key(|(turn, _)| *turn);
            let other: Vec<Value> = other.into_iter().map(|(_, event)| event.clone()).collect();
            for is_partitioned in [false, reducer.partition_by.is_some()] {
                let (expected, sorted) = interpreted(reducer, &log, is_partitioned);
                prop_assert_eq!(&state(name, &lines(&log)[..], is_partitioned), &expected, "{}", name);
                prop_assert_eq!(&state(name, &lines(&other)[..], is_partitioned), &expected, "{}: shuffled", name);
                prop_assert_eq!(&state_of_file(name, &lines(&other), is_partitioned), &expected, "{}: a file", name);
                prop_assert_eq!(&state_of_file(name, &lines(&sorted), is_partitioned), &expected, "{}: in order", name);
            }
        }
    }

    #[test]
    fn interruptions_change_nothing(seed in any::<u64>(), length in 0_usize..30, at in 0_usize..30) {
        for reducer in &WORKSPACE.reducers {
            let log = log(reducer, seed, length);
            let (expected, sorted) = interpreted(reducer, &log, false);
            prop_assert_eq!(interrupted_by_name(&reducer.meta.name, &sorted, at), expected, "{}", reducer.meta.name);
        }
    }
}

/// An event of a connector.
fn connector_event(number: usize, event_type: &str, clock: u64, id: &str, more: &str) -> Value {
    let text = format!(
        r#"{{"event_id":"01JQ0000000000000{number:09}","event_type":"{event_type}","aggregate_id":"a","node_id":"n",
        "timestamp":"2026-01-01T00:00:00Z","lamport_clock":{clock},"correlation_id":"01JQ0000000000000000000000",
        "project_uuid":"123e4567-e89b-12d3-a456-426614174000","payload":{{"connector_id":"{id}","connector_type":"t",
        "provider":"p","mission_id":"m","project_uuid":"123e4567-e89b-12d3-a456-426614174000","actor_id":"x",
        "actor_type":"service","endpoint_url":"https://example.org/","recorded_at":"2026-01-01T00:00:00Z"{more}}}}}"#
    );
    read(text.as_bytes()).expect("it is JSON")
}

const PROVISIONED: &str = r#","credentials_ref":"r","config_hash":"h""#;
const CHECKED: &str = r#","health_status":"healthy","latency_ms":1"#;

fn reducer(name: &str) -> &'static Reducer {
    WORKSPACE.reducers.iter().find(|reducer| reducer.meta.name == name).expect("a reducer of this repository")
}

/// Many events of the largest clock: of some entities, one of them named as no object's member should be; unknown types too.
#[test]
fn a_long_log_of_one_clock_is_folded_as_the_interpreter_folds_it() {
    const LARGEST: u64 = 9_007_199_254_740_991;
    let ids = ["__proto__", "constructor", "a", "b"];
    let event = |number: usize| {
        let (event_type, more) = match number {
            0..4 => ("ConnectorProvisioned", PROVISIONED),
            _ if number.is_multiple_of(50) => ("ConnectorExploded", ""),
            _ if number.is_multiple_of(70) => ("Elsewhere", ""),
            _ => ("ConnectorHealthChecked", CHECKED),
        };
        connector_event(number, event_type, LARGEST, ids[number % 4], more)
    };
    let mut log: Vec<Value> = (0..20_000).map(event).collect();
    log.reverse();
    for is_partitioned in [false, true] {
        let (expected, sorted) = interpreted(reducer("connector"), &log, is_partitioned);
        assert_eq!(is_partitioned, expected.contains(r#""__proto__":{"#));
        for log in [&log, &sorted] {
            assert!(state_of_file("connector", &lines(log), is_partitioned) == expected, "{is_partitioned}");
        }
    }
}

/// A move of a work package, two of which happen at a time.
fn move_of_a_package(number: usize) -> Value {
    let from = ["", r#","from_lane":"planned""#, r#","from_lane":"claimed""#][number % 3];
    let to = ["planned", "claimed", "in_progress"][number % 3];
    let (package, clock) = (number / 3, number / 2);
    let text = format!(
        r#"{{"event_id":"01JQ0000000000000{number:09}","event_type":"WPStatusChanged","aggregate_id":"a","node_id":"n",
        "timestamp":"2026-01-01T00:00:00Z","lamport_clock":{clock},"correlation_id":"01JQ0000000000000000000000",
        "project_uuid":"123e4567-e89b-12d3-a456-426614174000","payload":{{"mission_slug":"m","wp_id":"WP{package:06}",
        "to_lane":"{to}"{from},"actor":"x","execution_mode":"worktree"}}}}"#
    );
    read(text.as_bytes()).expect("it is JSON")
}

/// A log is read in large pieces: what happened together may stand in two of them.
#[test]
fn a_long_log_of_small_groups_is_folded_as_the_interpreter_folds_it() {
    let log: Vec<Value> = (0..9_000).map(move_of_a_package).collect();
    for name in ["wp_status", "mission"] {
        let (expected, _) = interpreted(reducer(name), &log, false);
        assert!(expected.contains("from_lane_mismatch"), "{name}: moves of one time do not see each other");
        assert!(state_of_file(name, &lines(&log), false) == expected, "{name}");
        let sorted = ReplayOptions { sorted: true, ..ReplayOptions::default() };
        let streamed = replay_lines(name, &lines(&log)[..], sorted).expect("the log can be read");
        assert!(streamed.state.as_ref() == Some(&expected), "{name}: a stream");
    }
}

#[test]
fn a_line_at_the_limit_is_an_event_and_a_longer_one_is_none() {
    const MOST: usize = 4 << 20;
    let line = |length: usize| {
        let empty =
            canonical(&connector_event(0, "ConnectorProvisioned", 0, "a", &format!(r#"{PROVISIONED},"more":"""#)));
        empty.replace(r#""more":"""#, &format!(r#""more":"{}""#, "x".repeat(length - empty.len())))
    };
    let at_limit = line(MOST);
    assert_eq!(at_limit.len(), MOST);
    let small = connector_event(0, "ConnectorProvisioned", 0, "a", PROVISIONED);
    assert_eq!(state("connector", at_limit.as_bytes(), false), interpreted(reducer("connector"), &[small], false).0);
    let refused =
        replay_lines("connector", line(MOST + 1).as_bytes(), ReplayOptions::default()).expect("it can be read");
    let faults = refused.bad.iter().filter_map(|bad| bad.faults.as_ref());
    let codes = faults.flat_map(Faults::as_slice);
    assert_eq!(codes.map(|fault| fault.code.as_str()).collect::<Vec<_>>(), ["too_large"]);
    assert_eq!(refused.state, None);
}
