//! Does any log at random fold differently where nothing was found about it?
//!
//! All contracts of the rules about replay are compared with each other; where nothing is found, logs of random events in
//! random order have to fold alike.

use std::fs;
use std::path::PathBuf;

use codegen::breaking::{Side, compare};
use codegen::config::Config;
use codegen::diagnostic::Diagnostics;
use codegen::fault::Fault;
use codegen::interpret::{receive_value, reduce};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Type, Workspace};
use codegen::source::SourceMap;
use tests::corpus::{Instances, Random};
use tests::project::without_sources;
use tests::root;

/// Logs that are tried for each pair.
const LOGS: u64 = 40;
const EVENTS: usize = 8;

fn versions(sources: &mut SourceMap) -> Vec<(PathBuf, Workspace)> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("tests/breaking"))
        .expect("the folder is there")
        .map(|rule| rule.expect("an entry").path())
        .filter(|rule| rule.file_name().is_some_and(|name| name.to_string_lossy().starts_with("replay-")))
        .flat_map(|rule| ["previous", "current", "twin"].map(|version| rule.join(version)))
        .collect();
    folders.sort();
    let mut load = |folder: &PathBuf| {
        let workspace =
            codegen::resolved(folder, &without_sources(Config::default()), sources, &mut Diagnostics::default());
        workspace.expect("it can be read").expect("it has no errors")
    };
    folders.iter().map(|folder| (folder.clone(), load(folder))).collect()
}

/// Whether anything that an old log could show is found.
fn is_told(old: &Workspace, new: &Workspace, sources: &SourceMap) -> bool {
    let mut out = Diagnostics::default();
    let side = |workspace| Side { workspace, packages: Vec::new() };
    compare(&side(old), &side(new), &Config::default().breaking, sources, &mut out);
    let is_about_logs = |id: &str| id.starts_with("replay-") || id.starts_with("wire-");
    out.sorted(sources).iter().any(|finding| is_about_logs(finding.rule.id))
}

/// A log of the events that a reducer takes, some of them twice or under one clock.
fn log(workspace: &Workspace, reducer: &Reducer, seed: u64) -> Vec<Value> {
    let envelope = Type::Record(workspace.profiles[reducer.profile].envelope);
    let mut instances = Instances { workspace, random: Random::new(seed) };
    let mut log = Vec::new();
    for number in 0..EVENTS {
        let reaction = instances.random.pick(&reducer.reactions).event;
        let payload = instances.value(&workspace.events[reaction].payload.ty(), 0);
        let Value::Object(mut members) = instances.value(&envelope, 0) else { unreachable!("a record") };
        let clock = instances.random.below(EVENTS / 2).to_string();
        members.insert("clock".to_owned(), clock.parse::<f64>().expect("a number").into());
        members.insert("id".to_owned(), format!("{number:03}").into());
        members.insert("event_type".to_owned(), workspace.events[reaction].wire.as_str().into());
        members.insert("payload".to_owned(), payload);
        log.push(Value::Object(members));
    }
    log
}

/// The state that both versions print: the slots of the old one, and the identities of anomalies. None where an envelope
/// is refused; a fault where a hook is asked what no vector answers.
fn folded(workspace: &Workspace, reducer: &Reducer, old: &Reducer, log: &[Value]) -> Result<Option<String>, Fault> {
    let profile = &workspace.profiles[reducer.profile];
    let events: Result<Vec<_>, _> = log.iter().map(|event| receive_value(workspace, profile, event)).collect();
    let Ok(events) = events else { return Ok(None) };
    let Value::Object(mut state) = reduce(workspace, reducer, events, false)? else { unreachable!("a state") };
    state.retain(|name, _| name == "anomalies" || old.slots.iter().any(|slot| slot.name == *name));
    if let Some(Value::Array(anomalies)) = state.get_mut("anomalies") {
        for anomaly in anomalies {
            if let Value::Object(parts) = anomaly {
                parts.remove("message");
            }
        }
    }
    Ok(Some(canonical(&Value::Object(state))))
}

#[test]
fn no_log_folds_differently_without_a_finding() {
    let mut sources = SourceMap::default();
    let versions = versions(&mut sources);
    let mut silent = 0;
    for (at, (old_name, old)) in versions.iter().enumerate() {
        // Of each rule with its own versions, and with those of the next.
        let first = at / 3 * 3;
        for (new_name, new) in versions.iter().skip(first).take(6) {
            if is_told(old, new, &sources) {
                continue;
            }
            silent += 1;
            for before in &old.reducers {
                let Some(after) = new.reducers.iter().find(|it| it.meta.name == before.meta.name) else { continue };
                for seed in 0..LOGS {
                    let log = log(old, before, seed);
                    let both = (folded(old, before, before, &log), folded(new, after, before, &log));
                    let (Ok(was), Ok(is)) = both else { continue };
                    assert_eq!(was, is, "{} -> {}", old_name.display(), new_name.display());
                }
            }
        }
    }
    assert!(silent > 80, "only {silent} pairs were silent: the test asks too little");
}
