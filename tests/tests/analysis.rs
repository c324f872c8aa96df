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

#[test]
fn good_reducers_give_no_warnings_and_their_claims_hold() {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(&tests::root(), &Config::default(), &mut sources, &mut out).expect("it can be read");
    let found = out.sorted(&sources);
    let loud = found.iter().filter(|found| found.severity != Severity::Note).map(|found| found.rule.id);
    assert_eq!(loud.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn every_log_that_is_found_leads_where_the_search_says() {
    let workspace = project::workspace(&tests::root());
    for reducer in &workspace.reducers {
        let found = explore(&workspace, reducer, Budget::default()).expect("logs can be made");
        assert!(found.is_complete, "{}", reducer.meta.name);
        let profile = &workspace.profiles[reducer.profile];
        // Every kind of anomaly, and every edge, by its shortest log.
        let mut shown = BTreeSet::new();
        let steps = found.steps.iter().filter(|step| {
            let kinds = step.anomalies.iter().map(|kind| format!("{kind:?}"));
            let asked = step.asked.iter().map(|asked| format!("{asked:?}"));
            kinds.chain(asked).filter(|what| shown.insert(what.clone())).count() > 0
        });
        for step in steps {
            let log = found.log_of(step);
            let mut events = found.envelopes(&log);
            // The order in which they come does not matter.
            events.reverse();
            let events = events.iter().map(|event| interpret::receive_value(&workspace, profile, event));
            let events: Vec<_> = events.collect::<Result<_, _>>().expect("envelopes are accepted");
            let last = events[0].id.clone();
            let state = reduce(&workspace, reducer, events, false).expect("every hook is answered");
            let Some(Value::Array(anomalies)) = state.get("anomalies") else { panic!("no anomalies in {state:?}") };
            let of_last = anomalies.iter().filter(|anomaly| anomaly.get("event_id") == Some(&last.as_str().into()));
            let kinds: Vec<&str> = of_last.filter_map(|anomaly| anomaly.get("kind")?.as_str()).collect();
            assert_eq!(kinds, step.anomalies, "{}: {}", found.describe(&log), canonical(&state));
        }
    }
}

/// Doors that open and close, as far as a test does not say otherwise.
const DOORS: &str = r#"language: 1
contract: doors
version: 1.0.0
enums: {State: [open, closed]}
machines:
  door: {states: State, edges: {none: [open], open: [closed], closed: [open]}}
records:
  Envelope: {fields: {id: string, clock: int, event_type: string, payload: {type: object, default: {}}}}
profiles:
  log: {envelope: Envelope, order_by: [e.clock, e.id], dedup_by: e.id}
events:
  Opened: {fields: {door_id: string, force: {type: bool, default: false}}}
  Closed: {fields: {door_id: string}}
reducers:
  doors:
    profile: log
    consumes: [Opened, Closed]
    partition_by: p.door_id
    anomalies: {malformed_payload: "bad payload at {error.path}", invalid_transition: "{from} -> {to}"}
    slots: {state: {machine: door}, opened: int}
    handle:
      Opened: [{move: {state: State.open}, inc: opened}]
      Closed: [{move: {state: State.closed}}]
"#;

/// Findings but for notes of the contract of doors with some texts replaced by others: rule, and what is said there.
fn doors(changes: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let mut contract = DOORS.to_owned();
    for (from, to) in changes {
        assert!(contract.contains(from), "{from}");
        contract = contract.replace(from, to);
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    tests::tree::write(folder.path(), &[("contracts/doors.yaml", &contract)]);
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).expect("it can be read");
    let found = out.sorted(&sources).into_iter().filter(|found| found.severity != Severity::Note);
    let told = found.map(|found| {
        let label = found.primary.as_ref().map_or("", |label| &label.text);
        (found.rule.id, format!("{}; {label}", found.message))
    });
    told.collect()
}

fn claim(given: &str, form: &str, then: &str) -> Vec<(&'static str, String)> {
    let given = if given.is_empty() { String::new() } else { format!("given: {given}, ") };
    let claims = format!("    claims: [{{name: c, {given}{form}, then: \"{then}\"}}]\n");
    doors(&[(
        "      Closed: [{move: {state: State.closed}}]\n",
        &format!("      Closed: [{{move: {{state: State.closed}}}}]\n{claims}"),
    )])
}

#[test]
fn claims_are_decided_from_every_state_and_in_every_order() {
    assert_eq!(claim("s.state == State.open", "after: [Closed]", "s.state == State.closed"), []);
    assert_eq!(claim("s.state != null", "after: [Opened, Closed]", "s.state == State.closed"), []);
    assert_eq!(claim("", "after: [Opened]", "s.opened > 0"), [], "a count is tried as far as it is compared");
    let failed = |found: Vec<(&'static str, String)>| {
        let [(rule, told)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*rule, "claim-failed");
        told.split_once("; ").expect("it has a log").1.to_owned()
    };
    assert_eq!(failed(claim("", "after: [Closed]", "s.state == State.closed")), "after Closed: `s.state` is null");
    assert_eq!(
        failed(claim("s.opened > 1", "after: [Closed]", "s.opened > 2")),
        "after Opened, then Closed, then Opened, then Closed: `s.opened` is 2",
        "the log is the shortest"
    );
    assert_eq!(
        failed(claim("s.state == State.open", "together: [Closed, Opened]", "s.state == State.closed")),
        "after Opened, then together Closed and Opened: `s.state` is \"open\"",
        "one of the orders is against it"
    );
}

#[test]
fn a_claim_that_cannot_be_decided_is_told() {
    for (given, told) in
        [("s.opened > 5000", "states that were reached"), ("s.state == null && s.opened > 0", "is given")]
    {
        let found = claim(given, "after: [Opened]", "s.opened > 0");
        assert!(matches!(found.as_slice(), [("claim-undecided", message)] if message.contains(told)), "{found:?}");
    }
}

#[test]
fn entities_are_told_apart_by_a_guard_too() {
    let slots = ("opened: int}", "opened: int, door_id: opt<string>}");
    let step = "[{move: {state: State.open}, inc: opened, set: {door_id: p.door_id}}]";
    let opened = ("[{move: {state: State.open}, inc: opened}]", step);
    let unpartitioned = ("    partition_by: p.door_id\n", "");
    let rules = |found: Vec<(&'static str, String)>| found.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>();
    assert_eq!(rules(doors(&[slots, opened])), Vec::<&str>::new());
    assert_eq!(rules(doors(&[slots, opened, unpartitioned])), ["partition-missing"]);
    let guard = format!("[{{when: s.door_id != null && s.door_id != p.door_id, skip: true}}, {}", &step[1..]);
    assert_eq!(rules(doors(&[slots, (opened.0, &guard), unpartitioned])), Vec::<&str>::new());
}

#[test]
fn an_anomaly_behind_a_guard_that_never_holds_is_found() {
    let anomaly = ("invalid_transition: \"{from} -> {to}\"}", "invalid_transition: \"{from} -> {to}\", odd: \"odd\"}");
    let guarded = |when: &str| {
        let steps = format!("[{{when: {when}, reject: odd}}, {{move: {{state: State.open}}, inc: opened}}]");
        doors(&[anomaly, ("[{move: {state: State.open}, inc: opened}]", &steps)])
    };
    assert_eq!(guarded("p.force"), []);
    assert_eq!(guarded("s.opened == 3"), []);
    let found = guarded("s.state == null && s.opened > 0");
    assert!(
        matches!(found.as_slice(), [("anomaly-not-produced", told)] if told.contains("no log gets there")),
        "{found:?}"
    );
}

#[test]
fn names_made_of_reducers_collide_with_those_declared() {
    for taken in ["DoorsReducer", "DoorsAnomaly", "DoorsAnomalyKind", "ReducedDoorsState", "PartitionedDoorsState"] {
        let found = doors(&[("records:\n", &format!("records:\n  {taken}: {{fields: {{}}}}\n"))]);
        assert!(matches!(found.as_slice(), [("name-collision", told)] if told.contains(taken)), "{taken}: {found:?}");
    }
}

/// Findings of a gate that refuses whom a condition names, beside one claim. Hooks answer by these vectors alone.
fn gate(refused: &str, then: &str, known: &str, odd: &str) -> Vec<(&'static str, String)> {
    let hook = |name: &str, arg: &str| {
        format!(
            "{{kind: predicate, args: {{{arg}}}, returns: bool, vectors: hooks/{name}.yaml, implementations: \
             {{rust: hooks/all.rs, python: hooks/all.py, typescript: hooks/all.ts}}}}"
        )
    };
    let contract = format!(
        "language: 1\ncontract: gates\nversion: 1.0.0\nenums: {{Mark: [plain, odd]}}\n\
         records: {{Envelope: {{fields: {{id: string, clock: int, event_type: string, payload: {{type: object, default: {{}}}}}}}}}}\n\
         profiles: {{log: {{envelope: Envelope, order_by: [e.clock, e.id], dedup_by: e.id}}}}\n\
         events: {{Passed: {{fields: {{by: string, mark: Mark}}}}}}\n\
         hooks:\n  is_known: {}\n  is_odd: {}\n\
         reducers:\n  gate:\n    profile: log\n    consumes: [Passed]\n    malformed: ignore\n    \
         anomalies: {{refused: not let in}}\n    slots: {{passed: {{type: bool, init: false}}}}\n    handle:\n      Passed:\n        \
         - {{when: {refused:?}, reject: refused}}\n        - set: {{passed: \"true\"}}\n    \
         claims: [{{name: all pass, after: [Passed], then: {then:?}}}]\n",
        hook("known", "by: string"),
        hook("odd", "mark: Mark"),
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [("gates.yaml", contract.as_str()), ("hooks/known.yaml", known), ("hooks/odd.yaml", odd)];
    let sources = ["hooks/all.rs", "hooks/all.py", "hooks/all.ts"].map(|path| (path, ""));
    tests::tree::write(&folder.path().join("contracts"), &[&files[..], &sources].concat());
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).expect("it can be read");
    let found = out.sorted(&sources).into_iter().filter(|found| found.severity != Severity::Note);
    let found = found.filter(|found| found.rule.id != "unused-declaration");
    found.map(|found| (found.rule.id, found.message.clone())).collect()
}

#[test]
fn what_vectors_do_not_tell_of_hooks_is_not_decided() {
    let (passes, fails) = ("[{args: [ada], returns: false}]", "[{args: [ada], returns: true}]");
    let both = |odd: bool| format!("[{{args: [plain], returns: false}}, {{args: [odd], returns: {odd}}}]");
    let undecided = |why: &str| vec![("claim-undecided", format!("whether `all pass` holds is not decided: {why}"))];
    let unanswered = |hook: &str, args: &str, file: &str| {
        undecided(&format!(
            "no vector of the hook `{hook}` has the args {args}; add one to `hooks/{file}`, or ask a generated package"
        ))
    };
    let failed = vec![("claim-failed", "`all pass` does not hold".to_owned())];
    let texts = |known: &str| gate("is_known(p.by)", "s.passed", known, &both(false));
    assert_eq!(texts(passes), unanswered("is_known", "{\"by\":\"x\"}", "known.yaml"));
    assert_eq!(texts(fails), failed, "what a vector shows is enough");
    let all = "[{args: [x], returns: false}, {args: [z], returns: false}, {args: [\"\"], returns: false}]";
    assert_eq!(texts(all), undecided("it holds in the 2 states that were reached, and there are more"));

    let marks = |then: &str, odd: &str| gate("is_odd(p.mark)", then, passes, odd);
    let never = vec![("anomaly-not-produced", "nothing produces the anomaly `refused`".to_owned())];
    assert_eq!(marks("s.passed", &both(false)), never, "there are no other args");
    assert_eq!(marks("s.passed", &both(true)), failed);
    let one = marks("s.passed", "[{args: [plain], returns: false}]");
    assert_eq!(one, unanswered("is_odd", "{\"mark\":\"odd\"}", "odd.yaml"));
    let asked = marks("s.passed && !is_known('zoe')", &both(false));
    assert_eq!(asked, unanswered("is_known", "{\"by\":\"zoe\"}", "known.yaml"));
}
