//! `data/acceptance.yaml` and `data/faults.yaml` enter: is each of their rows shown by tests that are there?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::faults::declared;

/// Names of the tests in a folder, those of `proptest!` too.
fn tests_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_in(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for part in text.split("#[test]").skip(1) {
            let name = part.split_once("fn ").and_then(|(_, rest)| rest.split_once('(')).map(|(name, _)| name);
            found.extend(name.map(str::to_owned));
        }
    }
}

fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in ["src", "tests", "../tests/tests"] {
        tests_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found
}

#[test]
fn every_fault_is_played_or_asked_about_by_tests_that_are_there() {
    let (known, mut names) = (tests(), BTreeSet::new());
    for fault in declared() {
        assert!(names.insert(fault.name.clone()), "{} stands twice", fault.name);
        assert_ne!(fault.tests.is_empty(), fault.passes.is_empty(), "{}: played, or asked about", fault.name);
        for test in &fault.tests {
            assert!(known.contains(test), "{}: there is no test `{test}`", fault.name);
        }
    }
}

#[test]
fn every_row_of_what_was_asked_for_is_shown_by_tests_that_are_there() {
    type Rows = BTreeMap<String, Vec<String>>;
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Acceptance {
        packages: BTreeMap<String, Rows>,
        faults: Rows,
        lessons: Rows,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/acceptance.yaml");
    let asked: Acceptance = yaml_serde::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let faults: BTreeSet<String> = declared().into_iter().map(|fault| fault.name).collect();
    let known = tests();
    assert_eq!((asked.packages.len(), asked.faults.len(), asked.lessons.len()), (15, 52, 29));
    let mut used = BTreeSet::new();
    for (row, shown_by) in asked.packages.values().chain([&asked.faults, &asked.lessons]).flatten() {
        assert!(!shown_by.is_empty(), "nothing shows: {row}");
        for name in shown_by {
            assert!(known.contains(name) || faults.contains(name), "{row}: there is no test or fault `{name}`");
            used.insert(name);
        }
    }
    let lone: Vec<&String> = faults.iter().filter(|fault| !used.contains(fault)).collect();
    assert_eq!(lone, Vec::<&String>::new(), "faults that nobody asked for");
}
