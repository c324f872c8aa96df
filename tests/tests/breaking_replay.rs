//! Do the logs that findings show fold as the findings say, and is none of their events idle?

use std::fs;
use std::path::Path;

use codegen::breaking::{Side, compare};
use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity, render_text};
use codegen::interpret::{receive_value, reduce};
use codegen::json::{Value, canonical, read};
use codegen::model::Workspace;
use codegen::source::SourceMap;
use tests::project::without_sources;
use tests::{root, tree};

/// A log of a finding, and the states that the finding tells.
struct Shown {
    finding: String,
    log: Vec<Value>,
    old: String,
    new: String,
}

fn workspace(folder: &Path, sources: &mut SourceMap) -> Workspace {
    let mut out = Diagnostics::default();
    let workspace =
        codegen::resolved(folder, &without_sources(Config::default()), sources, &mut out).expect("it can be read");
    workspace.unwrap_or_else(|| panic!("{}", render_text(&out.sorted(sources), sources, false)))
}

/// Every log that is shown where the folder `new` is compared with `old`.
fn shown(old: &Path, new: &Path) -> (Workspace, Workspace, Vec<Shown>, String) {
    let mut sources = SourceMap::default();
    let (before, after) = (workspace(old, &mut sources), workspace(new, &mut sources));
    let mut out = Diagnostics::default();
    let side = |workspace| Side { workspace, packages: Vec::new() };
    compare(&side(&before), &side(&after), &Config::default().breaking, &sources, &mut out);
    let findings = out.sorted(&sources);
    let all = findings.iter().filter_map(|finding| {
        let [log, old, new] = &finding.notes[..] else { return None };
        let log = log.lines().skip(1).map(|line| read(line.as_bytes()).expect("an envelope is JSON")).collect();
        let state = |note: &str| note.lines().nth(1).expect("a state").to_owned();
        Some(Shown {
            finding: format!("{}: {}", finding.rule.id, finding.message),
            log,
            old: state(old),
            new: state(new),
        })
    });
    let all = all.collect();
    let text = render_text(&findings, &sources, false);
    (before, after, all, text)
}

/// What a reducer makes of a log; none where it cannot read it.
fn folded(workspace: &Workspace, reducer: &str, log: &[Value]) -> Option<Value> {
    let reducer = workspace.reducers.iter().find(|it| it.meta.name == reducer)?;
    let profile = &workspace.profiles[reducer.profile];
    let events: Result<Vec<_>, _> = log.iter().map(|event| receive_value(workspace, profile, event)).collect();
    reduce(workspace, reducer, events.ok()?, false).ok()
}

/// A state without the texts of its anomalies, which may change.
fn identity(state: Value) -> Value {
    let Value::Object(mut members) = state else { return state };
    if let Some(Value::Array(anomalies)) = members.get_mut("anomalies") {
        for anomaly in anomalies {
            if let Value::Object(parts) = anomaly {
                parts.remove("message");
            }
        }
    }
    Value::Object(members)
}

fn assert_true(before: &Workspace, after: &Workspace, shown: &Shown, is_least: bool) {
    let names: Vec<&str> = before.reducers.iter().map(|reducer| reducer.meta.name.as_str()).collect();
    let as_told = |name: &&&str| {
        let fold = |workspace| folded(workspace, name, &shown.log).map(|state| canonical(&state));
        fold(before) == Some(shown.old.clone()) && fold(after) == Some(shown.new.clone())
    };
    let Some(name) = names.iter().find(as_told) else {
        panic!("{}: no reducer folds the log as told", shown.finding);
    };
    assert_ne!(shown.old, shown.new, "{}", shown.finding);
    for at in (0..shown.log.len()).filter(|_| is_least) {
        let mut less = shown.log.clone();
        less.remove(at);
        let fold = |workspace| folded(workspace, name, &less).map(identity);
        assert_eq!(fold(before), fold(after), "{}: event {at} is idle", shown.finding);
    }
}

#[test]
fn logs_of_all_rules_fold_as_told_and_hold_no_idle_event() {
    let mut logs = 0;
    let folder = root().join("tests/breaking");
    let mut rules: Vec<_> = fs::read_dir(&folder).expect("the folder is there").collect();
    rules.sort_by_key(|rule| rule.as_ref().expect("an entry").file_name());
    for rule in rules {
        let rule = rule.expect("an entry").path();
        let name = rule.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with("replay-") {
            continue;
        }
        let (before, after, shown, _) = shown(&rule.join("previous"), &rule.join("current"));
        for shown in &shown {
            // A slot that differs from the start differs in every log.
            assert_true(&before, &after, shown, !name.starts_with("replay-slot-") && name != "replay-delegate-same");
            logs += 1;
        }
    }
    assert!(logs >= 20, "only {logs} logs are shown");
}

#[test]
fn logs_of_a_real_contract_fold_as_told() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let old = place.path();
    tree::copy(&root().join("contracts"), &old.join("contracts"));
    for (from, to, wanted) in [
        ("in_progress: [for_review, approved, planned]", "in_progress: [for_review, planned]", "replay-edge-kept"),
        ("from in Lane.terminal && !p.force", "from in Lane.terminal", "replay-machine-rule-same"),
        ("read: group_start", "read: live", "replay-concurrent-same"),
        (
            "group_by: [p.wp_id, e.lamport_clock], last: [rollback]",
            "group_by: [p.wp_id, e.lamport_clock]",
            "replay-concurrent-same",
        ),
        ("partition_by: p.mission_slug", "partition_by: p.wp_id", "replay-partition-same"),
        ("reject: bootstrap_ignored", "warn: bootstrap_ignored", "replay-effect-same"),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        tree::copy(old, folder.path());
        let path = folder.path().join("contracts/status.yaml");
        let text = fs::read_to_string(&path).expect("the contract is there");
        assert!(text.contains(from), "{from}");
        // Guards that read the state at the start of the group have no meaning without one.
        let text = if to == "read: live" { text.replace("snap.", "s.") } else { text };
        fs::write(&path, text.replace(from, to)).expect("the contract is written");
        let (before, after, shown, text) = shown(old, folder.path());
        assert!(text.contains(&format!("[{wanted}]: ")), "{to}: {text}");
        for shown in &shown {
            assert_true(&before, &after, shown, true);
        }
        println!("{to}: {} logs\n{text}", shown.len());
    }
}

#[test]
fn a_change_that_no_log_shows_is_a_warning_that_says_how_far_the_search_went() {
    let old = root().join("tests/breaking/replay-guard-same/previous");
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::copy(&old, folder.path());
    let path = folder.path().join("contracts/example.yaml");
    let text = fs::read_to_string(&path).expect("the contract is there");
    // No count is negative, which no rule about expressions knows.
    let changed = text.replace("s.visits < 9", "s.visits < 9 && s.visits > -1");
    assert_ne!(text, changed);
    fs::write(&path, changed).expect("the contract is written");
    let mut sources = SourceMap::default();
    let (before, after) = (workspace(&old, &mut sources), workspace(folder.path(), &mut sources));
    let mut out = Diagnostics::default();
    let side = |workspace| Side { workspace, packages: Vec::new() };
    compare(&side(&before), &side(&after), &Config::default().breaking, &sources, &mut out);
    let [finding] = &out.sorted(&sources)[..] else {
        panic!("{}", render_text(&out.sorted(&sources), &sources, false))
    };
    assert_eq!((finding.rule.id, finding.severity), ("replay-guard-same", Severity::Warning));
    assert!(
        finding.notes[0].starts_with("none of ") && finding.notes[0].contains(" logs that were tried"),
        "{finding:?}"
    );
}

#[test]
fn a_search_is_the_same_on_every_run() {
    let rule = root().join("tests/breaking/replay-concurrent-same");
    let texts: Vec<String> = (0..3).map(|_| shown(&rule.join("previous"), &rule.join("current")).3).collect();
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]));
}
