//! Hooks of a domain enter: do the packages answer by them as their vectors say, and does the reference answer by the
//! vectors alone?

use std::path::Path;
use std::process::{Command, Output};

use codegen::config::Config;
use codegen::diagnostic::{Diagnostic, Diagnostics, Severity};
use codegen::source::SourceMap;
use serde_json::{Value, json};
use tests::corpus::{Replay, replay};
use tests::implementation::{Implementation, Language};
use tests::{node_modules, project, python, root, tree};

const LANGUAGES: [Language; 3] = [Language::Rust, Language::Python, Language::TypeScript];

/// A project with the contracts, vectors and sources of the domain.
fn hooked() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    tree::copy(&root().join("tests/domains/hooked/contracts"), &folder.path().join("contracts"));
    folder
}

fn codegen(folder: &Path, arguments: &[&str], lines: &str) -> Output {
    tree::write(folder, &[("lines", lines)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
    command.current_dir(folder).args(arguments).arg("lines").output().unwrap()
}

fn lines(values: &[Value]) -> String {
    values.iter().fold(String::new(), |text, value| text + &value.to_string() + "\n")
}

/// Lines of which the hooks are asked what the vectors answer, and some of which they are asked nothing.
fn covered() -> String {
    let came = |payload: Value| json!({"id": 1, "event_type": "VisitorCame", "payload": payload});
    lines(&[
        came(json!({"badge": "AB-09", "visitor": "AB-09"})),
        came(json!({"badge": "AB-08", "visitor": "ZZ-10"})),
        came(json!({"badge": "ZZ-10", "visitor": "ZZ-10", "note": null, "host": {"name": "Grace"}})),
        came(json!({"badge": "AA-09", "visitor": {"first": "Ada", "last": "Lovelace"}})),
        came(json!({"badge": "AA-00", "visitor": "AB-09", "note": "late", "host": {"name": "Grace"}})),
        came(json!({"badge": "AA-00", "visitor": "AB-09", "note": "late"})),
        came(json!({"badge": "ab-09", "visitor": 7})),
        came(json!({"v": 1, "number": "AB-09"})),
        came(json!({"v": 1})),
        came(json!({"v": 2, "number": "AB-09"})),
        json!({"id": 2, "event_type": "GateMoved", "payload": {"to": "open", "by": "AB-09"}}),
    ])
}

#[test]
fn packages_are_tested_with_all_vectors_and_agree_with_the_reference() {
    let folder = hooked();
    project::generate(folder.path());
    let expected = codegen(folder.path(), &["validate"], &covered());
    let expected = String::from_utf8(expected.stdout).unwrap();
    assert_eq!(expected.lines().filter(|line| line.contains(r#""rule":"#)).count(), 3, "{expected}");
    tree::write(folder.path(), &[("generated/rust/examples/machines.rs", &program())]);
    let logs = logs(folder.path());
    let log_lines: Vec<&str> = logs.iter().flat_map(|log| [log.line.as_str(), "\n"]).collect();
    for language in LANGUAGES {
        let package = Implementation::with_programs(language, folder.path(), &["replays"]);
        let states = package.replays(log_lines.concat().as_bytes());
        for (log, state) in logs.iter().zip(&states) {
            assert_eq!(*state, log.answer, "{language:?}: {}\n{}", log.name, log.line);
        }
        assert_eq!(states.len(), logs.len());
        let moved = package.moves(move_of_guest(language).as_bytes());
        let moved: Value = serde_json::from_str(&moved[0]).unwrap();
        assert_eq!(moved["violations"], json!(["staff_seals", "told_twice"]), "{language:?}");
        assert_eq!(package.answers(covered().as_bytes()), expected.lines().collect::<Vec<_>>(), "{language:?}");
        runs_every_vector(language, folder.path());
    }
}

/// A visit with the badge `AB-09`, by somebody else perhaps.
fn came(clock: u32, visitor: &Value, more: &Value) -> Value {
    let mut payload = json!({"badge": "AB-09", "visitor": visitor, "host": {"name": "Grace"}});
    payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event(clock, "VisitorCame", &payload)
}

fn event(clock: u32, event_type: &str, payload: &Value) -> Value {
    let id = format!("01ARZ3NDEKTSV4RRFFQ69G5FA{clock}");
    json!({"event_id": id, "event_type": event_type, "clock": clock, "payload": payload})
}

/// Logs of which all steps ask what the vectors answer, with what the reference makes of them: those that are generated,
/// and one that comes by every step.
fn logs(folder: &Path) -> Vec<Replay> {
    let workspace = project::workspace(folder);
    let reducer = workspace.reducers.iter().find(|reducer| reducer.meta.name == "visits").unwrap();
    let cases = std::fs::read_to_string(folder.join("fixtures/generated/hooked/visits_replay.jsonl")).unwrap();
    let generated = cases.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut logs: Vec<Vec<Value>> = generated.map(|case| case["events"].as_array().unwrap().clone()).collect();
    logs.push(vec![
        came(1, &json!("AB-09"), &json!({"note": "late", "host": null})),
        came(2, &json!("AB-09"), &json!({"note": "late", "host": null})),
        came(3, &json!("ZZ-10"), &json!({})),
        came(4, &json!("ZZ-10"), &json!({"host": {"name": "#1"}})),
        came(5, &json!({"first": "Ada", "last": "Lovelace"}), &json!({})),
        event(6, "VisitorCame", &json!({"v": 1, "number": "AB-09"})),
        event(7, "GateMoved", &json!({"to": "closed", "by": "AB-09"})),
        event(8, "GateMoved", &json!({"to": "sealed", "by": "ZZ-10"})),
    ]);
    let replays = logs.iter().enumerate().map(|(at, log)| {
        let lines: Vec<String> = log.iter().map(Value::to_string).collect();
        replay(&workspace, reducer, format!("log {at}"), false, &lines)
    });
    let replays: Vec<Replay> = replays.collect();
    let whole: Value = serde_json::from_str(&replays.last().unwrap().answer).unwrap();
    let kinds = whole["state"]["anomalies"].as_array().unwrap().iter().map(|anomaly| anomaly["kind"].as_str().unwrap());
    assert!(whole["state"]["labels"].as_array().unwrap().contains(&json!("nobody")), "{whole}");
    assert_eq!(kinds.collect::<Vec<_>>(), ["uncertain", "long_label", "invalid_transition"], "{whole}");
    replays
}

/// A guest seals the gate, which the rules of the machine ask two hooks about.
const REFUSED: &str = r#"{"to":"sealed","by":"ZZ-10","detail":{"told":[1,{"now":"open"}]}}"#;

fn move_of_guest(language: Language) -> String {
    let machine = if language == Language::Python { "GateFlow" } else { "gateFlowMachine" };
    let question = json!({
        "family": "hooked", "machine": machine, "from": "closed", "to": "sealed", "event_type": "GateMoved",
        "payload_text": REFUSED,
    });
    format!("{question}\n")
}

/// The same question put to the crate.
fn program() -> String {
    format!(
        r##"
use event_contracts::hooked::{{Gate, GateMovedPayload, gate_flow}};

fn main() {{
    let payload = GateMovedPayload::from_json(br#"{REFUSED}"#).unwrap();
    let codes = gate_flow::violations(Some(Gate::Closed), Gate::Sealed, &payload);
    println!("{{{{\"violations\":{{codes:?}}}}}}");
}}
"##
    )
}

/// Runs the suite that the package carries; a vector that is not kept breaks it.
fn runs_every_vector(language: Language, project: &Path) {
    let told = suite(language, project);
    assert!(told.status.success(), "{language:?}: {}", text(&told));
    let vectors = match language {
        Language::Rust => project.join("generated/rust/fixtures/generated/hooks.json"),
        Language::Python => project.join("generated/python/event_contracts/conformance/fixtures/generated/hooks.json"),
        Language::TypeScript => project.join("generated/typescript/fixtures/generated/hooks.json"),
    };
    let kept = std::fs::read_to_string(&vectors).unwrap();
    let changed = kept.replacen(r##""returns":"#AB-09""##, r##""returns":"#AB-10""##, 1);
    assert_ne!(kept, changed);
    std::fs::write(&vectors, changed).unwrap();
    let told = suite(language, project);
    assert!(!told.status.success() && text(&told).contains("label"), "{language:?}: {}", text(&told));
}

fn suite(language: Language, project: &Path) -> Output {
    let mut command = match language {
        Language::Rust => {
            let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            command.args(["test", "--offline", "--quiet", "--test", "hooks", "--target-dir"]);
            command.arg(root().join("target/agreement")).current_dir(project.join("generated/rust"));
            command
        }
        Language::Python => {
            let mut command = Command::new(python());
            command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "event_contracts/conformance/test_hooks.py"]);
            command.current_dir(project.join("generated/python"));
            command
        }
        Language::TypeScript => {
            let mut command = Command::new("node");
            command.args(["--test", "dist/hooks.test.js"]).current_dir(project.join("generated/typescript"));
            command
        }
    };
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|part| String::from_utf8_lossy(part)).concat()
}

#[test]
fn sources_and_signatures_pass_the_checkers_of_their_language() {
    let folder = hooked();
    project::generate(folder.path());
    let package = folder.path().join("generated/python");
    let mut mypy = Command::new(python());
    mypy.args(["-m", "mypy", "--strict", "--no-incremental", "--cache-dir", "/dev/null", "."]).current_dir(&package);
    let told = mypy.output().unwrap();
    assert!(told.status.success(), "{}", text(&told));
    let wrong = "def label(visitor: int, class_: str | None) -> str:\n    return str(visitor)\n";
    std::fs::write(package.join("event_contracts/hooks/_label.py"), wrong).unwrap();
    let told = mypy.output().unwrap();
    assert!(text(&told).contains("hooks/__init__.py"), "a source of another signature: {}", text(&told));

    let package = folder.path().join("generated/typescript");
    std::os::unix::fs::symlink(node_modules(), package.join("node_modules")).unwrap();
    let wrong = "export function label(visitor: number): string {\n  return String(visitor);\n}\n";
    std::fs::write(package.join("src/hooks/label.ts"), wrong).unwrap();
    let mut compiler = Command::new("node");
    compiler.arg(node_modules().join("typescript/bin/tsc")).arg("--project").arg(&package);
    let told = compiler.output().unwrap();
    assert!(text(&told).contains("hooks/index.ts"), "a source of another signature: {}", text(&told));
}

/// The plainest visitor, `AA-00`, has no vector: another one is found that has.
#[test]
fn generated_cases_ask_what_the_vectors_answer() {
    let folder = hooked();
    project::generate(folder.path());
    let cases = std::fs::read_to_string(folder.path().join("fixtures/generated/hooked/visitor_came.jsonl")).unwrap();
    let ids: Vec<String> = cases
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    for id in ["least", "rule-badge_checked", "rule-guest_has_host"] {
        assert!(ids.iter().any(|found| *found == format!("VisitorCame:{id}")), "{id} is not in {ids:?}");
    }
    let told = codegen(folder.path(), &["validate"], &cases);
    assert!(told.stderr.is_empty(), "{}", text(&told));
}

#[test]
fn the_reference_stops_at_a_call_that_no_vector_answers() {
    let folder = hooked();
    let known = json!({"id": 1, "event_type": "VisitorCame", "payload": {"badge": "AB-09", "visitor": "AB-09"}});
    let unknown = json!({"id": 2, "event_type": "VisitorCame", "payload": {"badge": "QQ-00", "visitor": "AB-09"}});
    let told = codegen(folder.path(), &["validate"], &lines(&[known, unknown]));
    assert_eq!(told.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&told.stdout), "{\"errors\":[],\"id\":1,\"valid\":true}\n");
    assert_eq!(
        String::from_utf8_lossy(&told.stderr),
        "error: no vector of the hook `has_check_digit` has the args {\"badge\":\"QQ-00\"}; \
         add one to `hooks/check_digits.json`, or ask a generated package\n"
    );
}

#[test]
fn a_reducer_calls_hooks_in_lets_guards_and_the_rules_of_machines() {
    let folder = hooked();
    let came = |clock, visitor: &str| came(clock, &visitor.into(), &json!({}));
    let moved = |clock, to: &str, by: &str| event(clock, "GateMoved", &json!({"to": to, "by": by}));
    let log = [
        came(1, "AB-09"),
        came(2, "ZZ-10"),
        came(3, "ZZ-10"),
        moved(4, "closed", "AB-09"),
        moved(5, "sealed", "ZZ-10"),
    ];
    let told = codegen(folder.path(), &["replay", "visits"], &lines(&log));
    assert_eq!(told.status.code(), Some(0), "{}", text(&told));
    let state: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(state["labels"], json!(["#AB-09", "#ZZ-10", "#ZZ-10 (Grace)", "#ZZ-10"]));
    assert_eq!(
        state["last"],
        json!({"badge": "AB-09", "kind": "guest", "shown": "#ZZ-10 (Grace)", "visitor": "ZZ-10"})
    );
    assert_eq!(state["guests"], json!({"#ZZ-10": 2}));
    assert_eq!(state["gate"], "closed");
    assert_eq!(state["anomalies"][0]["message"], "closed -> sealed", "{state}");
    let mut sent = came(1, "AB-09");
    sent["sent_by"] = "QQ-00".into();
    // A step, the rule of a machine, the rule of an envelope, the rule of a payload.
    for (log, hook) in [
        (vec![came(1, "CC-00")], "visitor_kind"),
        (vec![moved(1, "closed", "AB-09"), moved(2, "sealed", "DD-00")], "visitor_kind"),
        (vec![sent], "has_check_digit"),
        (vec![event(1, "VisitorCame", &json!({"badge": "QQ-00", "visitor": "AB-09"}))], "has_check_digit"),
    ] {
        for more in [&[][..], &["--sorted"]] {
            let told = codegen(folder.path(), &[&["replay", "visits"], more].concat(), &lines(&log));
            assert_eq!((told.status.code(), told.stdout.is_empty()), (Some(1), true), "{}", text(&told));
            let said = String::from_utf8_lossy(&told.stderr);
            assert!(said.starts_with(&format!("error: no vector of the hook `{hook}` has the args ")), "{said}");
        }
    }
}

#[test]
fn calls_that_do_not_fit_are_refused_where_they_stand() {
    let folder = hooked();
    let found = |call: &str| {
        let contract = format!(
            "language: 1\ncontract: asks\nversion: 1.0.0\nimports: [labels]\n\
             scalars: {{Name: {{base: string, min_length: 1}}}}\n\
             events:\n  Asked:\n    fields:\n      badge: Badge\n      name: Name\n      kind: Kind\n      \
             visitor: Visitor\n      maybe: opt<Visitor>\n      note: opt<string>\n      extra: json\n      bag: object\n    \
             rules:\n      - {{code: asked, check: {}}}\n",
            json!(call)
        );
        tree::write(folder.path(), &[("contracts/asks.yaml", &contract)]);
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).unwrap();
        let findings = out.sorted(&sources).into_iter().filter(|finding| is_of_hooks(finding));
        findings.map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect::<Vec<_>>()
    };
    for call in [
        "has_check_digit(p.badge)",
        "label(p.visitor, null) == p.name",
        "label(p.visitor, p.note).startsWith(label(p.visitor, p.name))",
        "p.maybe == null || visitor_kind(p.maybe, p.note) != p.kind",
        "mentions(p.extra, \"x\") || mentions(p.bag, label(p.visitor, label(p.visitor, null)))",
    ] {
        assert_eq!(found(call), [""; 0], "{call}");
    }
    for (call, said) in [
        ("has_check_digit()", "expression-syntax: `has_check_digit` takes 1 arg, found 0"),
        ("label(p.visitor) == ''", "expression-syntax: `label` takes 2 args, found 1"),
        ("has_check_digit(p.name)", "expression-type: `badge` of `has_check_digit` takes `Badge`, found `Name`"),
        ("has_check_digit('AB-09')", "expression-type: `badge` of `has_check_digit` takes `Badge`, found `string`"),
        ("has_check_digit(p.kind)", "expression-type: `badge` of `has_check_digit` takes `Badge`, found `Kind`"),
        ("label(p.badge, null) == ''", "expression-type: `visitor` of `label` takes `Visitor`, found `Badge`"),
        ("label(p.maybe, null) == ''", "unchecked-opt: this may be none here, and `visitor` of `label` is not"),
        ("mentions(p, 'x')", "expression-type: a hook is not given a whole payload or envelope"),
        (
            "visit_of_entry(p.bag) == null",
            "expression-type: `visit_of_entry` is an `upcast`, which no expression calls",
        ),
        ("label(p.visitor, null)", "expression-type: a condition takes `bool`, found `string`"),
        ("p.has_check_digit(p.badge)", "expression-syntax: `has_check_digit` is not called like this"),
        ("has_check_digits(p.badge)", "unknown-name: no function is named `has_check_digits`"),
    ] {
        assert_eq!(found(call), [said], "{call}");
    }
}

/// What is only noted, or is not used by a contract that asks one question, says nothing of hooks.
fn is_of_hooks(finding: &Diagnostic) -> bool {
    finding.severity != Severity::Note && finding.rule.id != "unused-declaration"
}

/// A rule of a record may ask a hook about values that are the vectors of another one.
#[test]
fn vectors_are_judged_in_the_order_in_which_they_need_each_other() {
    let sources = "implementations: {rust: hooks/parts.rs, python: hooks/parts.py, typescript: hooks/parts.ts}";
    let found = |odd: &str| {
        let folder = tempfile::tempdir().unwrap();
        let contract = format!(
            "language: 1\ncontract: parts\nversion: 1.0.0\n\
             records:\n  Part: {{fields: {{count: int}}, rules: [{{code: odd, check: is_odd(p.count)}}]}}\n\
             events:\n  PartMade: {{fields: {{part: Part, parts: list<Part>}}}}\n\
             hooks:\n  more: {{kind: derive, args: {{part: Part}}, returns: Part, vectors: hooks/more.yaml, {sources}}}\n  \
             is_odd: {{kind: predicate, args: {{count: int}}, returns: bool, vectors: hooks/odd.yaml, {sources}}}\n"
        );
        tree::write(folder.path(), &[("contracts/parts.yaml", &contract), ("contracts/hooks/odd.yaml", odd)]);
        let more = "[{args: [{count: 1}], returns: {count: 3}}]";
        tree::write(folder.path(), &[("contracts/hooks/more.yaml", more), ("contracts/hooks/parts.rs", "")]);
        tree::write(folder.path(), &[("contracts/hooks/parts.py", ""), ("contracts/hooks/parts.ts", "")]);
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).unwrap();
        out.sorted(&sources).iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("[{args: [1], returns: true}, {args: [3], returns: true}]"), [""; 0]);
    assert_eq!(
        found("[{args: [1], returns: true}]"),
        ["a rule of the answer calls a hook with args that none of its vectors has"]
    );
    assert_eq!(
        found("[{args: [1], returns: true}, {args: [3], returns: false}]"),
        ["the answer is refused by its own type: `rule`"]
    );
    assert_eq!(
        found("[]"),
        [
            "a rule of the arg `part` calls a hook with args that none of its vectors has",
            "a rule of the answer calls a hook with args that none of its vectors has",
            "the hook `is_odd` has no vector",
        ]
    );
}

/// Only languages that are generated need a source, and a source that changes is a difference.
#[test]
fn sources_are_wanted_and_watched_as_the_configuration_says() {
    let folder = hooked();
    std::fs::remove_file(folder.path().join("contracts/hooks/label.py")).unwrap();
    let found = |config: &Config| {
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        codegen::workspace(folder.path(), config, &mut sources, &mut out).unwrap();
        out.sorted(&sources)
            .into_iter()
            .filter(|finding| is_of_hooks(finding))
            .map(|finding| finding.rule.id)
            .collect::<Vec<_>>()
    };
    let mut config = Config::default();
    assert_eq!(found(&config), ["hook-file"]);
    config.python.enabled = false;
    assert_eq!(found(&config), [""; 0]);

    tree::write(folder.path(), &[("codegen.toml", "[python]\nenabled = false\n")]);
    let run = |verb: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
        command.current_dir(folder.path()).arg(verb).output().unwrap()
    };
    assert!(run("generate").status.success());
    assert!(run("check").status.success());
    let source = folder.path().join("contracts/hooks/label.rs");
    let written = std::fs::read_to_string(&source).unwrap();
    std::fs::write(&source, written.replace('\n', "\r\n")).unwrap();
    assert!(run("check").status.success(), "the ends of lines are those of no system");
    std::fs::write(&source, written + "// More.\n").unwrap();
    let told = run("check");
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told).contains("generated/rust/src/hooks/label.rs"), "{}", text(&told));
}

/// Nobody can say whether these fixtures are right: neither is called wrong, and generating stops.
#[test]
fn written_fixtures_that_no_vector_answers_are_told() {
    let folder = hooked();
    let lost = event(1, "VisitorCame", &json!({"badge": "QQ-00", "visitor": "AB-09"}));
    let fixture = |id: &str, path: &str, more: Value| {
        let mut entry =
            json!({"id": id, "path": path, "expected_result": "valid", "notes": "", "min_version": "1.0.0"});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entry
    };
    let manifest = json!({"fixtures": [
        fixture("lost", "lost.json", json!({"event_type": "VisitorCame"})),
        fixture("day", "day.jsonl", json!({
            "fixture_type": "replay", "goldens": [{"reducer": "visits", "path": "day_output.json"}],
        })),
    ]});
    let files = [
        ("fixtures/manifest.json", manifest.to_string()),
        ("fixtures/lost.json", lost["payload"].to_string()),
        ("fixtures/day.jsonl", lines(&[lost])),
        ("fixtures/day_output.json", "{}\n".to_owned()),
    ];
    tree::write(folder.path(), &files.each_ref().map(|(path, text)| (*path, text.as_str())));
    let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
    let told = command.current_dir(folder.path()).args(["generate", "--format", "json"]).output().unwrap();
    assert_eq!(told.status.code(), Some(1), "{}", text(&told));
    let report: Value = serde_json::from_slice(&told.stdout).unwrap();
    let found = report["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap());
    let found: Vec<&str> = found.filter(|id| id.starts_with("fixture-")).collect();
    assert_eq!(found, ["fixture-verdict", "fixture-replay"]);
    assert_eq!(text(&told).matches("no vector of the hook `has_check_digit`").count(), 2, "{}", text(&told));
}
