//! Do reducers mean what the design says: one order, one state for a set of events, groups, overrides, anomalies?
//!
//! Asked of the reference interpreter, which is the meaning; the generated packages are compared with it.

use std::collections::BTreeSet;
use std::fs;

use codegen::interpret::{self, Received, ReplayOptions};
use codegen::json::{self, Value};
use codegen::model::{Reducer, Workspace};
use codegen::output::TemporaryRuns;
use tests::project;

/// A project in a temporary folder.
fn workspace(contracts: &[(&str, &str)]) -> Workspace {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("contracts")).expect("a folder is made");
    for (name, text) in contracts {
        fs::write(folder.path().join("contracts").join(format!("{name}.yaml")), text).expect("a file is written");
    }
    project::workspace(folder.path())
}

fn reducer<'w>(workspace: &'w Workspace, name: &str) -> &'w Reducer {
    workspace.reducers.iter().find(|reducer| reducer.meta.name == name).expect("the reducer is declared")
}

fn receive(workspace: &Workspace, reducer: &Reducer, event: &serde_json::Value) -> Received {
    let profile = &workspace.profiles[reducer.profile];
    interpret::receive(workspace, profile, event.to_string().as_bytes(), 1 << 22)
        .unwrap_or_else(|faults| panic!("{event}: {faults:?}"))
}

fn reduce(workspace: &Workspace, name: &str, events: &[serde_json::Value], partition: bool) -> serde_json::Value {
    let reducer = reducer(workspace, name);
    let events = events.iter().map(|event| receive(workspace, reducer, event)).collect();
    let state = interpret::reduce(workspace, reducer, events, partition).expect("every hook is answered");
    serde_json::from_str(&json::canonical(&state)).expect("a state is JSON")
}

fn ordering_contract(id: &str, with_clock: bool) -> String {
    let format = if id == "string" { String::new() } else { format!(", format: {id}") };
    let (clock, order) = if with_clock {
        ("lamport_clock: {type: int, min: 0}, ", "[e.lamport_clock, e.timestamp, e.event_id]")
    } else {
        ("", "[e.timestamp, e.event_id]")
    };
    format!(
        "language: 1\ncontract: ticks\nversion: 1.0.0\n\
         scalars:\n  Id: {{base: string{format}}}\n\
         records:\n  Envelope: {{fields: {{event_id: Id, event_type: string, {clock}timestamp: {{type: string, format: date-time}}, payload: {{type: object, default: {{}}}}}}}}\n\
         events:\n  Tick: {{fields: {{}}}}\n\
         profiles:\n  log: {{envelope: Envelope, order_by: {order}, dedup_by: e.event_id}}\n\
         reducers:\n  ticks:\n    profile: log\n    consumes: [Tick]\n    malformed: ignore\n    slots: {{ids: list<Id>}}\n    handle: {{Tick: [{{append: {{ids: e.event_id}}}}]}}\n"
    )
}

#[test]
fn the_order_of_events_is_that_of_the_vectors() {
    for case in tests::vectors("ordering.json") {
        let id = case["id_format"].as_str().unwrap();
        let contract = ordering_contract(id, case["clock_in_key"].as_bool().unwrap());
        let workspace = workspace(&[("ticks", &contract)]);
        let events = case["events"].as_array().unwrap();
        let state = reduce(&workspace, "ticks", events, false);
        assert_eq!(state["ids"], case["expected_order"], "{}: {}", case["id"], case["note"]);
        let anomalies: Vec<_> = state["anomalies"].as_array().unwrap().iter().map(identity).collect();
        let expected: Vec<_> = case["anomalies"].as_array().unwrap().iter().map(identity).collect();
        assert_eq!(anomalies, expected, "{}: {}", case["id"], case["note"]);
        let reducer = reducer(&workspace, "ticks");
        let mut log: Vec<_> = events.iter().map(|event| receive(&workspace, reducer, event)).collect();
        interpret::order(&mut log);
        let mut seen = BTreeSet::new();
        log.retain(|event| seen.insert(event.id.clone()));
        let payloads: Vec<String> = log.iter().map(|event| json::canonical(event.payload())).collect();
        let expected = case["surviving_payloads"].as_array().unwrap();
        let expected: Vec<String> = expected
            .iter()
            .map(|payload| json::canonical(&json::read(payload.to_string().as_bytes()).unwrap()))
            .collect();
        assert_eq!(payloads, expected, "{}: {}", case["id"], case["note"]);
    }
}

fn identity(anomaly: &serde_json::Value) -> (String, String, String) {
    (anomaly["kind"].to_string(), anomaly["event_id"].to_string(), anomaly["params"].to_string())
}

fn mission() -> Workspace {
    project::workspace(&tests::root())
}

/// An event of a mission log; `n` gives its id and its time.
fn event(kind: &str, n: u32, clock: u32, payload: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({
        "event_id": format!("01J000000000000000000{n:05}"), "event_type": kind, "aggregate_id": "m",
        "timestamp": format!("2026-01-01T00:00:{n:02}Z"), "node_id": "n", "lamport_clock": clock,
        "project_uuid": "123e4567-e89b-12d3-a456-426614174000", "correlation_id": "01J0000000000000000000000Z",
        "payload": payload,
    })
}

fn started(n: u32, clock: u32) -> serde_json::Value {
    let payload = serde_json::json!({"mission_id": "m", "mission_type": "t", "initial_phase": "plan", "actor": "a"});
    event("MissionStarted", n, clock, &payload)
}

fn completed(n: u32, clock: u32) -> serde_json::Value {
    let payload = serde_json::json!({"mission_id": "m", "mission_type": "t", "final_phase": "done", "actor": "a"});
    event("MissionCompleted", n, clock, &payload)
}

fn cancelled(n: u32, clock: u32) -> serde_json::Value {
    event("MissionCancelled", n, clock, &serde_json::json!({"mission_id": "m", "reason": "r", "actor": "a"}))
}

fn entered(n: u32, clock: u32, phase: &str) -> serde_json::Value {
    event("PhaseEntered", n, clock, &serde_json::json!({"mission_id": "m", "phase_name": phase, "actor": "a"}))
}

fn lane(n: u32, clock: u32, from: Option<&str>, to: &str, more: &serde_json::Value) -> serde_json::Value {
    let mut payload = serde_json::json!({
        "mission_slug": "s", "wp_id": "WP01", "to_lane": to, "actor": "a", "execution_mode": "worktree",
    });
    if let Some(from) = from {
        payload["from_lane"] = from.into();
    }
    payload.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    event("WPStatusChanged", n, clock, &payload)
}

fn kinds(state: &serde_json::Value) -> Vec<&str> {
    state["anomalies"].as_array().unwrap().iter().map(|anomaly| anomaly["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_cancellation_wins_whatever_order_its_group_is_in() {
    let workspace = mission();
    for (first, second) in [(2, 3), (3, 2)] {
        let log = [started(1, 1), completed(first, 2), cancelled(second, 2)];
        let state = reduce(&workspace, "mission", &log, false);
        assert_eq!(state["mission_status"], "cancelled");
        assert_eq!(kinds(&state), ["superseded"]);
    }
}

#[test]
fn a_cancellation_wins_with_the_start_in_its_group() {
    let workspace = mission();
    for (start, end, cancel) in [(1, 2, 3), (3, 2, 1), (2, 3, 1)] {
        let state = reduce(&workspace, "mission", &[started(start, 1), completed(end, 1), cancelled(cancel, 1)], false);
        assert_eq!((state["mission_status"].as_str(), kinds(&state)), (Some("cancelled"), vec!["superseded"]));
    }
}

#[test]
fn a_refused_cancellation_beats_nothing() {
    let workspace = mission();
    let mut malformed = cancelled(3, 2);
    malformed["payload"] = serde_json::json!({});
    let state = reduce(&workspace, "mission", &[started(1, 1), completed(2, 2), malformed], false);
    assert_eq!(state["mission_status"], "completed");
    assert_eq!(kinds(&state), ["event_after_terminal"], "folded again whole, it comes after the completion");
    let state = reduce(&workspace, "mission", &[completed(2, 2), cancelled(3, 2)], false);
    assert_eq!(state.get("mission_status"), None);
    assert_eq!(kinds(&state), ["event_before_start", "event_before_start"]);
}

#[test]
fn phases_of_a_cancelled_group_stand_and_nothing_follows_an_end() {
    let workspace = mission();
    let log =
        [started(1, 1), cancelled(2, 2), entered(3, 2, "build"), cancelled(4, 3), entered(5, 4, "late"), started(6, 5)];
    let state = reduce(&workspace, "mission", &log, false);
    assert_eq!(state["phases_entered"], serde_json::json!(["plan", "build"]));
    assert_eq!(kinds(&state), ["event_after_terminal"; 3]);
    assert_eq!(state["event_count"], 6);
    assert_eq!(state["last_processed_event_id"], log[5]["event_id"]);
}

#[test]
fn work_packages_are_delegated_and_their_anomalies_carried_over() {
    let workspace = mission();
    let none = serde_json::json!({});
    let log = [
        started(1, 1),
        lane(2, 2, None, "planned", &none),
        lane(3, 3, Some("planned"), "claimed", &none),
        lane(4, 4, Some("claimed"), "done", &none),
        lane(5, 5, Some("planned"), "claimed", &none),
    ];
    let state = reduce(&workspace, "mission", &log, false);
    assert_eq!(state["wp_states"]["WP01"]["current_lane"], "claimed");
    assert_eq!(kinds(&state), ["wp_anomaly", "wp_anomaly"]);
    let inner: Vec<_> = state["anomalies"].as_array().unwrap().iter().map(|a| a["params"]["kind"].clone()).collect();
    assert_eq!(inner, ["malformed_payload", "from_lane_mismatch"], "parse comes first, whatever the order of the log");
    assert_eq!(state["anomalies"][1]["message"], "work package WP01: expected claimed, got planned");
}

#[test]
fn fields_of_every_anomaly_are_added_to_those_of_the_reducer_and_not_of_its_delegates() {
    let contract = "\
language: 1
contract: doors
version: 1.0.0
records:
  Envelope: {fields: {id: string, clock: int, event_type: string, payload: {type: object, default: {}}}}
profiles:
  log: {envelope: Envelope, order_by: [e.clock, e.id], dedup_by: e.id}
events:
  Opened: {fields: {by: string}}
  Closed: {fields: {by: string}}
reducers:
  closings:
    profile: log
    consumes: [Closed]
    anomalies: {malformed_payload: \"bad payload at {error.path}\"}
    anomaly_fields: {clock: e.clock}
    slots: {closed: int}
    handle: {Closed: [{inc: closed}]}
  doors:
    profile: log
    consumes: [Opened]
    anomalies: {malformed_payload: \"bad payload of {wire}\", inner: \"{a.message} at {a.clock}\"}
    anomaly_fields: {wire: \"text(raw.by, 'nobody')\"}
    slots: {opened: int}
    delegate: {closings: {reducer: closings, anomalies_as: inner}}
    handle: {Opened: [{inc: opened}]}
";
    let event = |id: &str, clock: u32, event_type: &str| serde_json::json!({"id": id, "clock": clock, "event_type": event_type});
    let log = [event("a", 1, "Closed"), event("b", 2, "Opened")];
    let state = reduce(&workspace(&[("doors", contract)]), "doors", &log, false);
    let inner = serde_json::json!({"kind": "malformed_payload", "params": {"path": "/by", "clock": 1}});
    assert_eq!(
        state["anomalies"],
        serde_json::json!([
            {"kind": "malformed_payload", "event_id": "b", "params": {"wire": "nobody"}, "message": "bad payload of nobody"},
            {"kind": "inner", "event_id": "a", "params": inner, "message": "bad payload at /by at 1"},
        ])
    );
}

#[test]
fn concurrent_moves_are_judged_against_the_start_of_their_group() {
    let workspace = mission();
    let none = serde_json::json!({});
    let review = serde_json::json!({"review_ref": "R1"});
    let log = [
        lane(1, 1, None, "planned", &none),
        lane(2, 2, Some("planned"), "claimed", &none),
        lane(3, 3, Some("claimed"), "in_progress", &none),
        lane(4, 4, Some("doing"), "for_review", &none),
        // In one group: both start from `for_review`, and the rollback goes last although its id is first.
        lane(5, 5, Some("for_review"), "in_progress", &review),
        lane(6, 5, Some("for_review"), "in_review", &none),
    ];
    let state = reduce(&workspace, "wp_status", &log, false);
    assert_eq!(state["wp_states"]["WP01"]["current_lane"], "in_progress");
    assert_eq!(kinds(&state), [""; 0]);
}

#[test]
fn the_state_is_a_function_of_the_set_of_events() {
    let workspace = mission();
    let none = serde_json::json!({});
    let log =
        [started(1, 1), entered(2, 2, "build"), lane(3, 2, None, "planned", &none), cancelled(4, 3), completed(5, 3)];
    let once = reduce(&workspace, "mission", &log, false);
    let mut order: Vec<usize> = (0..log.len()).collect();
    permutations(&mut order, 0, &mut |order| {
        let mut shuffled: Vec<_> = order.iter().map(|&at| log[at].clone()).collect();
        assert_eq!(reduce(&workspace, "mission", &shuffled, false), once, "{order:?}");
        shuffled.extend(log.iter().cloned());
        assert_eq!(reduce(&workspace, "mission", &shuffled, false), once, "{order:?}, twice");
    });
}

fn permutations(items: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == items.len() {
        return visit(items);
    }
    for at in from..items.len() {
        items.swap(from, at);
        permutations(items, from + 1, visit);
        items.swap(from, at);
    }
}

#[test]
fn a_partitioned_log_is_reduced_part_by_part() {
    let workspace = mission();
    let none = serde_json::json!({});
    let mut other = lane(2, 1, None, "planned", &none);
    other["payload"]["mission_slug"] = "t".into();
    let mut lost = lane(3, 2, None, "planned", &none);
    lost["payload"].as_object_mut().unwrap().remove("mission_slug");
    let log = [lane(1, 1, None, "planned", &none), other, lost];
    let state = reduce(&workspace, "wp_status", &log, true);
    let parts: Vec<_> = state["partitions"].as_object().unwrap().keys().collect();
    assert_eq!(parts, ["s", "t"]);
    assert_eq!(state["partitions"]["t"]["event_count"], 1);
    assert_eq!(kinds(&state["rest"]), ["malformed_payload"]);
    let whole = reduce(&workspace, "wp_status", &log[..1], true);
    assert_eq!(whole.get("rest"), None, "an empty rest is left out");
}

/// The state of a log given as lines, or the numbers of the lines that keep it from being made.
fn replayed(workspace: &Workspace, log: &[serde_json::Value], options: ReplayOptions) -> Result<String, Vec<usize>> {
    let lines = log.iter().flat_map(|event| [event.to_string(), "\n".to_owned()]).collect::<String>();
    let mut runs = TemporaryRuns::default();
    let reducer = reducer(workspace, "mission");
    let replayed =
        interpret::replay_lines(workspace, reducer, options, &mut runs, lines.as_bytes(), |_| {}).expect("it is read");
    replayed.state.map(|state| json::canonical(&state)).ok_or(replayed.bad.iter().map(|bad| bad.line).collect())
}

#[test]
fn a_log_larger_than_memory_is_sorted_outside_it() {
    let workspace = mission();
    let mut log: Vec<_> = (2..60).map(|n| entered(n % 50, n % 13, &format!("phase {}", n % 50))).collect();
    log.push(started(1, 0));
    log.extend(log.clone());
    let whole = replayed(&workspace, &log, ReplayOptions::default());
    assert!(whole.is_ok());
    for held_bytes in [0, 1000, 5000] {
        let options = ReplayOptions { held_bytes, ..ReplayOptions::default() };
        assert_eq!(replayed(&workspace, &log, options), whole, "{held_bytes} bytes in memory");
    }
}

#[test]
fn a_log_in_order_is_streamed_and_one_out_of_order_refused() {
    let workspace = mission();
    let log = [started(1, 1), entered(2, 2, "build"), entered(3, 2, "test"), cancelled(4, 3)];
    let sorted = ReplayOptions { sorted: true, ..ReplayOptions::default() };
    assert_eq!(replayed(&workspace, &log, sorted), replayed(&workspace, &log, ReplayOptions::default()));
    let swapped = [log[0].clone(), log[2].clone(), log[1].clone()];
    assert_eq!(replayed(&workspace, &swapped, sorted), Err(vec![3]));
}

#[test]
fn a_line_that_is_no_envelope_stops_the_replay_unless_it_is_left_out() {
    let workspace = mission();
    let log = [started(1, 1), serde_json::json!({"event_id": "x"}), entered(2, 2, "build")];
    assert_eq!(replayed(&workspace, &log, ReplayOptions::default()), Err(vec![2]));
    let skipping = ReplayOptions { skip_invalid: true, ..ReplayOptions::default() };
    let without = [log[0].clone(), log[2].clone()];
    assert_eq!(replayed(&workspace, &log, skipping), replayed(&workspace, &without, ReplayOptions::default()));
}

#[test]
fn an_empty_log_gives_the_empty_state() {
    let workspace = mission();
    let state = reduce(&workspace, "mission", &[], false);
    let expected = serde_json::json!({"anomalies": [], "event_count": 0, "phases_entered": [], "wp_states": {}});
    assert_eq!(state, expected);
    assert!(matches!(
        interpret::reduce(&workspace, reducer(&workspace, "wp_status"), Vec::new(), true),
        Ok(Value::Object(_))
    ));
}
