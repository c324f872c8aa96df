//! Contracts with reducers enter: do the replays that are generated of them show every edge, refusal and anomaly?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use codegen::config::Config;
use codegen::emit::{FileSet, fixtures};
use codegen::interpret::{self, Received};
use codegen::json;
use codegen::model::{Action, Machine, Reducer, Workspace};
use serde_json::Value;
use tests::project::workspace;
use tests::root;

/// The cases of one reducer, and what it is said that none shows.
struct Replays {
    cases: Vec<Value>,
    unreached: BTreeSet<String>,
}

/// The contracts of this repository and those of the other domain, each with the replays of its reducers.
fn domains() -> &'static [(Workspace, BTreeMap<String, Replays>); 2] {
    static DOMAINS: OnceLock<[(Workspace, BTreeMap<String, Replays>); 2]> = OnceLock::new();
    DOMAINS.get_or_init(|| {
        [root(), root().join("tests/domains/order")].map(|folder| {
            let workspace = workspace(&folder);
            let replays = replays(&workspace);
            (workspace, replays)
        })
    })
}

fn replays(workspace: &Workspace) -> BTreeMap<String, Replays> {
    let files: FileSet = fixtures::emit(workspace, &Config::default());
    let manifest: Value = serde_json::from_slice(files.get("generated/manifest.json").unwrap()).unwrap();
    let listed = manifest["files"].as_array().unwrap().iter().filter(|entry| entry.get("reducer").is_some());
    let read = listed.map(|entry| {
        let content = std::str::from_utf8(files.get(text(entry, "path")).unwrap()).unwrap();
        let cases: Vec<Value> = content.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(entry["cases"], cases.len(), "{entry}");
        let family = workspace.families.iter().find(|family| entry["family"] == *family.meta.name).unwrap();
        assert_eq!(text(entry, "min_version"), family.version.0, "{entry}");
        let unreached = entry["unreached"].as_array().into_iter().flatten();
        let unreached = unreached.map(|name| name.as_str().unwrap().to_owned()).collect();
        (text(entry, "reducer").to_owned(), Replays { cases, unreached })
    });
    read.collect()
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}"))
}

/// What a case is about, behind the name of its reducer.
fn about(case: &Value) -> &str {
    text(case, "id").split_once('/').unwrap().1
}

/// The machines that a reducer moves or asks.
fn machines<'w>(workspace: &'w Workspace, reducer: &Reducer) -> Vec<&'w Machine> {
    let actions = reducer.reactions.iter().flat_map(codegen::model::Reaction::actions);
    let asked: BTreeSet<_> = actions
        .filter_map(|reached| match reached.action {
            Action::Move { machine, .. } | Action::Check { machine, .. } => Some(*machine),
            _ => None,
        })
        .collect();
    asked.into_iter().map(|id| &workspace.machines[id]).collect()
}

#[test]
fn every_edge_and_refusal_and_anomaly_is_shown_or_said_to_be_unreached() {
    for (workspace, replays) in domains() {
        assert_eq!(replays.len(), workspace.reducers.iter().count());
        for reducer in &workspace.reducers {
            let Replays { cases, unreached } = &replays[&reducer.meta.name];
            let shown: BTreeSet<&str> = cases.iter().map(about).collect();
            assert_eq!(shown.len(), cases.len(), "two cases of {} have one id", reducer.meta.name);
            let mut wanted = vec!["empty".to_owned(), "anomaly:divergent_duplicate".to_owned()];
            wanted.extend(reducer.anomalies.iter().map(|anomaly| format!("anomaly:{}", anomaly.kind)));
            wanted.extend(reducer.partition_by.iter().map(|_| "partitioned".to_owned()));
            for machine in machines(workspace, reducer) {
                let states: Vec<&str> =
                    workspace.enums[machine.states].values.iter().map(|value| &*value.text).collect();
                for from in [None].into_iter().chain((0..states.len()).map(Some)) {
                    for (to, name) in states.iter().enumerate() {
                        let is_edge = interpret::is_allowed(machine, from, to);
                        let refused = if is_edge { "" } else { ":refused" };
                        let from = from.map_or("none", |from| states[from]);
                        wanted.push(format!("{}:{from}->{name}{refused}", machine.meta.name));
                    }
                }
            }
            for name in wanted {
                assert!(shown.contains(&*name) != unreached.contains(&name), "{}: {name}", reducer.meta.name);
            }
        }
    }
}

#[test]
fn what_no_log_can_show_is_known() {
    let [(_, replays), _] = domains();
    let unreached = |name: &str| replays[name].unreached.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(unreached("connector"), ["connector_lifecycle:healthy->healthy:refused"], "such a check is no move");
    assert_eq!(unreached("sync"), [""; 0]);
    assert_eq!(unreached("wp_status"), [""; 0]);
    // Guards keep every event away from the machine that it would refuse.
    let mission = unreached("mission");
    assert_eq!(mission.len(), 10, "{mission:?}");
    assert!(mission.iter().all(|name| name.ends_with(":refused") || *name == "anomaly:invalid_transition"));
}

#[test]
fn a_refusal_that_needs_a_second_parcel_is_found() {
    let [_, (_, replays)] = domains();
    let Replays { cases, unreached } = &replays["orders"];
    assert!(unreached.is_empty(), "{unreached:?}");
    assert!(cases.iter().any(|case| about(case) == "order_life:shipped->shipped:refused"));
}

#[test]
fn every_case_shows_what_it_is_called() {
    for (_, replays) in domains() {
        for (name, Replays { cases, .. }) in replays {
            for case in cases.iter().filter(|case| case.get("partition").is_none()) {
                let anomalies = case["state"]["anomalies"].as_array().unwrap();
                let last = case["events"].as_array().unwrap().last().map(|event| &event["event_id"]);
                let of_last: Vec<&str> = anomalies
                    .iter()
                    .filter(|anomaly| Some(&anomaly["event_id"]) == last)
                    .map(|anomaly| text(anomaly, "kind"))
                    .collect();
                match about(case).split_once(':').map_or((about(case), ""), |(first, rest)| (first, rest)) {
                    ("empty", _) => assert_eq!((last, anomalies.len()), (None, 0)),
                    ("anomaly", kind) => assert!(anomalies.iter().any(|it| it["kind"] == *kind), "{case}"),
                    (_, what) if what.ends_with(":refused") => assert!(!of_last.is_empty(), "{case}"),
                    _ => assert!(of_last.is_empty(), "{name}: {case}"),
                }
            }
        }
    }
}

#[test]
fn every_case_comes_to_its_state_in_any_order_and_number() {
    for (workspace, replays) in domains() {
        for (name, Replays { cases, .. }) in replays {
            let reducer = workspace.reducers.iter().find(|reducer| reducer.meta.name == *name).unwrap();
            let profile = &workspace.profiles[reducer.profile];
            for case in cases {
                let receive = |event: &Value| {
                    interpret::receive(workspace, profile, event.to_string().as_bytes(), json::MAX_BYTES).unwrap()
                };
                let events: Vec<Received> = case["events"].as_array().unwrap().iter().map(receive).collect();
                let again = events.iter().rev().chain(&events).cloned().collect();
                let is_partitioned = case["partition"] == true;
                let expected = json::canonical(&json::read(case["state"].to_string().as_bytes()).unwrap());
                for log in [events.clone(), again] {
                    let state =
                        interpret::reduce(workspace, reducer, log, is_partitioned).expect("every hook is answered");
                    assert_eq!(json::canonical(&state), expected, "{}", case["id"]);
                }
                if is_partitioned {
                    let parts = case["state"]["partitions"].as_object().unwrap();
                    assert_eq!(parts.len(), 2, "{case}");
                }
            }
        }
    }
}
