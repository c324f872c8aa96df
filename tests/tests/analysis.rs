//! Does the analysis find what no log of a contract can do, beside errors and in one run, and nothing in good contracts?

use std::collections::BTreeSet;
use std::path::Path;

use codegen::analyze::search::{Budget, explore};
use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity};
use codegen::interpret::{self, reduce};
use codegen::json::{Value, canonical};
use codegen::source::SourceMap;
use tests::project;

/// A folder with the contracts of a domain.
fn project_of(domain: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let contracts = tests::root().join("tests/domains").join(domain).join("contracts");
    tests::tree::copy(&contracts, &folder.path().join("contracts"));
    folder
}

/// What a command tells about a project: rule and line of every finding but those about generated files.
fn told(verb: &str, folder: &Path) -> BTreeSet<(String, u64)> {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.arg(verb).args(["--format", "json", "-C"]).arg(folder).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("findings are JSON");
    let findings = found["findings"].as_array().expect("a list of findings").iter();
    let told = findings.map(|finding| {
        let text = |key: &str| finding[key].as_str().unwrap_or_else(|| panic!("`{key}` of {finding}")).to_owned();
        assert!(!text("help").is_empty(), "{finding}");
        (text("id"), finding["start"]["line"].as_u64().unwrap_or_else(|| panic!("no place: {finding}")))
    });
    told.collect()
}

/// The line of the contract that holds a text.
fn line_of(contract: &str, text: &str) -> u64 {
    let lines: Vec<_> = contract.lines().zip(1..).filter(|(line, _)| line.contains(text)).collect();
    assert_eq!(lines.len(), 1, "{text}");
    lines[0].1
}

#[test]
fn six_mistakes_are_found_in_one_run() {
    let folder = project_of("mistakes");
    let contract = std::fs::read_to_string(folder.path().join("contracts/mistakes.yaml")).expect("it is there");
    let expected: BTreeSet<(String, u64)> = [
        ("state-unreachable", "  job:   "),
        ("edge-dead", "running: [paused, done, queued]"),
        ("handler-missing", "  jobs:  "),
        ("anomaly-not-produced", "ended_early:"),
        ("move-twice", "move: {state: JobState.done}}"),
        ("precedence-without-effect", "last: [JobNoted]"),
    ]
    .map(|(rule, text)| (rule.to_owned(), line_of(&contract, text)))
    .into();
    for verb in ["check", "generate"] {
        assert_eq!(told(verb, folder.path()), expected, "{verb}");
    }
}

/// Findings of a domain but for notes.
fn warnings(domain: &str) -> Vec<&'static str> {
    let folder = project_of(domain);
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).expect("it can be read");
    let found = out.sorted(&sources);
    found.into_iter().filter(|found| found.severity != Severity::Note).map(|found| found.rule.id).collect()
}

#[test]
fn good_reducers_give_no_warnings_and_their_claims_hold() {
    // Scalars for which other families of that project have a use.
    assert_eq!(warnings("mission"), ["unused-declaration"; 2]);
}

#[test]
fn every_log_that_is_found_leads_where_the_search_says() {
    let workspace = project::workspace(&tests::root().join("tests/domains/mission"));
    for reducer in &workspace.reducers {
        let found = explore(&workspace, reducer, Budget::default()).expect("logs can be made");
        assert!(found.is_complete, "{}", reducer.meta.name);
        let profile = &workspace.profiles[reducer.profile];
        // Every kind of anomaly, and every edge, by its shortest log.
        let mut shown = BTreeSet::new();
        let steps = found.steps.iter().filter(|step| {
            let kinds = step.anomalies.iter().map(|kind| format!("{kind:?}"));
            let asked = step.asked.iter().map(|asked| format!("{asked:?}"));
            kinds.chain(asked).fold(false, |is_new, what| shown.insert(what) || is_new)
        });
        for step in steps {
            let log = found.log_of(step);
            let mut events = found.envelopes(&log);
            // The order in which they come does not matter.
            events.reverse();
            let events = events.iter().map(|event| interpret::receive_value(&workspace, profile, event));
            let events: Vec<_> = events.collect::<Result<_, _>>().expect("envelopes are accepted");
            let last = events[0].id.clone();
            let state = reduce(&workspace, reducer, events, false);
            let Some(Value::Array(anomalies)) = state.get("anomalies") else { panic!("no anomalies in {state:?}") };
            let of_last = anomalies.iter().filter(|anomaly| anomaly.get("event_id") == Some(&last.as_str().into()));
            let kinds: Vec<&str> = of_last.filter_map(|anomaly| anomaly.get("kind")?.as_str()).collect();
            assert_eq!(kinds, step.anomalies, "{}: {}", found.describe(&log), canonical(&state));
        }
    }
}
