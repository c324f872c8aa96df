//! `data/faults.yaml` enters; each of its rows that has passes is played against the real command.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::events::{events, id};
use crate::home::Home;
use crate::stub::Stub;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    #[serde(rename = "fault")]
    pub name: String,
    #[serde(default)]
    pub tests: Vec<String>,
    #[serde(default)]
    events: usize,
    #[serde(default)]
    script: Value,
    #[serde(default)]
    pub passes: Vec<Pass>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pass {
    exit: i32,
    ledger: Option<BTreeMap<String, usize>>,
    posts: Option<i64>,
    most_posts: Option<i64>,
    categories: Option<BTreeSet<String>>,
    rejections: Option<i64>,
    #[serde(default)]
    says: String,
    #[serde(default)]
    before: Vec<String>,
}

/// The rows of the file.
pub fn declared() -> Vec<Fault> {
    #[derive(Deserialize)]
    struct File {
        faults: Vec<Fault>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/faults.yaml");
    yaml_serde::from_str::<File>(&fs::read_to_string(path).unwrap()).unwrap().faults
}

/// The script with ids for `$0`, `$1` and so on; the higher numbers first, since `$1` begins `$10`.
fn script(fault: &Fault) -> String {
    if fault.script.is_null() {
        return String::new();
    }
    let mut text = fault.script.to_string();
    for at in (0..fault.events).rev() {
        text = text.replace(&format!("${at}"), &id(at));
    }
    text
}

fn play(fault: &Fault) {
    let (home, stub) = (Home::holding(&events(0..fault.events)), Stub::with_script(&script(fault)));
    home.external(&stub.url);
    let requests = || home.number("SELECT count(*) FROM delivery_attempts");
    for (at, pass) in fault.passes.iter().enumerate() {
        let name = format!("{}, pass {}", fault.name, at + 1);
        if !pass.before.is_empty() {
            let before: Vec<&str> = pass.before.iter().map(String::as_str).collect();
            let said = home.run(&before);
            assert_eq!(said.code, Some(0), "{name}: {said:?}");
        }
        let earlier = requests();
        let said = home.run(&["now", "--json"]);
        assert_eq!(said.code, Some(pass.exit), "{name}: {said:?}");
        assert!(said.err.contains(&pass.says), "{name}: {said:?}");
        if let Some(expected) = &pass.ledger {
            let expected: Vec<String> = expected.iter().map(|(status, count)| format!("{status}|{count}")).collect();
            assert_eq!(home.ledger(), expected, "{name}: {said:?}");
        }
        let posts = requests() - earlier;
        assert!(pass.posts.is_none_or(|expected| posts == expected), "{name}: {posts} requests: {said:?}");
        assert!(pass.most_posts.is_none_or(|most| posts <= most), "{name}: {posts} requests");
        if let Some(expected) = &pass.categories {
            let report = said.json();
            let failures = report["failures"].as_array().unwrap().iter();
            let found: BTreeSet<String> =
                failures.filter_map(|one| Some(one["category"].as_str()?.to_owned())).collect();
            assert_eq!(&found, expected, "{name}: {said:?}");
        }
        if let Some(expected) = pass.rejections {
            let found = home.number("SELECT coalesce(sum(rejection_count), 0) FROM delivery_ledger");
            assert_eq!(found, expected, "{name}");
        }
        let kept = home.number("SELECT count(*) FROM event_journal");
        assert_eq!(usize::try_from(kept).unwrap(), fault.events, "{name}: `now` never changes the journal's rows");
    }
}

#[test]
fn every_fault_that_a_script_can_show_ends_as_declared() {
    let played: Vec<Fault> = declared().into_iter().filter(|fault| !fault.passes.is_empty()).collect();
    assert!(played.len() >= 20);
    played.iter().for_each(play);
}
