//! Projects with hand-written fixtures enter: is each wrong one told, with the place to look at?

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity, render_text};
use codegen::source::SourceMap;
use serde_json::{Value, json};
use tests::tree;

const CONTRACT: &str = "language: 1\ncontract: doors\nversion: 1.0.0\n\
    records:\n  Envelope: {fields: {id: string, event_type: string, payload: {type: object, default: {}}}}\n\
    profiles:\n  log: {envelope: Envelope, order_by: [e.id], dedup_by: e.id}\n\
    events:\n  Opened: {fields: {by: string}}\n\
    reducers:\n  doors:\n    profile: log\n    consumes: [Opened]\n    malformed: ignore\n    slots: {opened: int, by: opt<string>}\n\
    \x20   handle: {Opened: [{inc: opened, set: {by: p.by}}]}\n";

const STREAM: &str = "{\"id\": \"2\", \"event_type\": \"Opened\", \"payload\": {\"by\": \"grace\"}}\n\
    {\"id\": \"1\", \"event_type\": \"Opened\", \"payload\": {\"by\": \"ada\"}}\n\
    {\"id\": \"3\", \"event_type\": \"Opened\", \"payload\": {}}\n";

const GOLDEN: &str = "{\"anomalies\":[],\"by\":\"grace\",\"opened\":2}\n";

/// A project with one payload that is refused, and one stream.
struct Project {
    manifest: Value,
    stream: String,
    golden: Option<String>,
}

impl Default for Project {
    fn default() -> Self {
        let refused = json!({
            "id": "nobody", "path": "doors/invalid/nobody.json", "expected_result": "invalid", "event_type": "Opened",
            "notes": "", "min_version": "1.0.0", "expected_errors": [{"code": "required", "path": "/by"}],
        });
        let replay = json!({
            "id": "twice", "path": "doors/replay/twice.jsonl", "expected_result": "valid", "fixture_type": "replay",
            "notes": "", "min_version": "1.0.0", "goldens": [{"reducer": "doors", "path": "doors/replay/twice_output.json"}],
        });
        Self {
            manifest: json!({"fixtures": [refused, replay]}),
            stream: STREAM.to_owned(),
            golden: Some(GOLDEN.to_owned()),
        }
    }
}

impl Project {
    /// The errors of a run, as they are printed.
    fn errors(&self) -> String {
        let manifest = serde_json::to_string_pretty(&self.manifest).expect("a value is JSON");
        self.errors_with(&manifest)
    }

    fn errors_with(&self, manifest: &str) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut files = vec![
            ("contracts/doors.yaml", CONTRACT),
            ("fixtures/manifest.json", manifest),
            ("fixtures/doors/invalid/nobody.json", "{}"),
            ("fixtures/doors/replay/twice.jsonl", &self.stream),
        ];
        files.extend(self.golden.iter().map(|golden| ("fixtures/doors/replay/twice_output.json", golden.as_str())));
        tree::write(folder.path(), &files);
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        let files = codegen::files(folder.path(), &Config::default(), &mut sources, &mut out).expect("it can be read");
        let all = out.sorted(&sources);
        let errors: Vec<_> = all.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert_eq!(files.is_none(), !errors.is_empty(), "nothing is generated beside an error");
        render_text(&errors, &sources, false)
    }
}

/// Whether the text holds all of the parts, in their order.
fn assert_told(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some(at) = rest.find(part) else { panic!("`{part}` is not told, or not in its place:\n{text}") };
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn right_fixtures_are_no_findings() {
    assert_eq!(Project::default().errors(), "");
}

#[test]
fn another_verdict_than_expected_is_told_at_the_entry() {
    let mut project = Project::default();
    project.manifest["fixtures"][0]["expected_errors"][0]["code"] = "type".into();
    let message =
        "error[fixture-verdict]: the fixture `nobody` is invalid, which its entry does not say: `required` at \"/by\"";
    assert_told(&project.errors(), &[message, "fixtures/manifest.json:12:13"]);
    project = Project::default();
    project.manifest["fixtures"][0]["expected_result"] = "valid".into();
    assert_told(&project.errors(), &[message]);
}

#[test]
fn an_entry_that_leads_nowhere_is_told() {
    for (member, value, told) in [
        ("event_type", json!("Openned"), "is of the event `Openned`, which nobody declares"),
        ("path", json!("doors/invalid/missing.json"), "there is no file `fixtures/doors/invalid/missing.json`"),
        ("path", json!(7), "entry 1 has no text `id` or no text `path`"),
        ("id", json!("twice"), "two fixtures are called `twice`"),
    ] {
        let mut project = Project::default();
        project.manifest["fixtures"][0][member] = value;
        assert_told(&project.errors(), &["error[fixture-manifest]: ", told, "fixtures/manifest.json:"]);
    }
    let mut project = Project::default();
    project.manifest["fixtures"][1].as_object_mut().unwrap().remove("goldens");
    assert_told(&project.errors(), &["error[fixture-manifest]: the stream `twice` has no list `goldens`"]);
    for (manifest, told) in [("{}", "has no list `fixtures`"), ("{", "is no JSON that can be read: `bad_json`")] {
        assert_told(&Project::default().errors_with(manifest), &["error[fixture-manifest]: ", told]);
    }
}

#[test]
fn a_golden_that_is_missing_or_of_an_unknown_reducer_is_told_at_its_path() {
    let without = Project { golden: None, ..Project::default() };
    let told =
        ["error[fixture-manifest]: there is no file `fixtures/doors/replay/twice_output.json`", "manifest.json:22:19"];
    assert_told(&without.errors(), &told);
    let mut project = Project::default();
    project.manifest["fixtures"][1]["goldens"][0]["reducer"] = "door".into();
    let told =
        ["error[fixture-replay]: `twice` is reduced by `door`, which is no reducer", "help: did you mean `doors`?"];
    assert_told(&project.errors(), &told);
    project = Project::default();
    project.manifest["fixtures"][1]["goldens"][0]["partition"] = true.into();
    assert_told(&project.errors(), &["error[fixture-replay]: ", "the reducer `doors` has no `partition_by`"]);
}

#[test]
fn a_golden_that_differs_is_told_with_the_event_that_made_the_difference() {
    let wrong = Project { golden: Some(GOLDEN.replace("grace", "ada")), ..Project::default() };
    let told = [
        "error[fixture-replay]: `doors` reduces `twice` to `\"grace\"` at \"/by\", and the golden says `\"ada\"`",
        "fixtures/doors/replay/twice.jsonl:1:1",
        "this event makes it so",
        "help: `codegen replay doors fixtures/doors/replay/twice.jsonl` prints the state",
    ];
    assert_told(&wrong.errors(), &told);
    let short = Project { golden: Some(GOLDEN.replace("\"by\":\"grace\",", "")), ..Project::default() };
    assert_told(&short.errors(), &["to `\"grace\"` at \"/by\", and the golden says nothing"]);
    for golden in [GOLDEN.trim_end().to_owned(), GOLDEN.replace(',', ", "), String::from("{")] {
        let spelled = Project { golden: Some(golden), ..Project::default() };
        assert_told(&spelled.errors(), &["`doors/replay/twice_output.json` is no line of canonical JSON"]);
    }
}

#[test]
fn a_line_that_is_no_envelope_is_told_at_that_line() {
    let stream = STREAM.replace("\"id\": \"1\"", "\"id\": 1");
    let broken = Project { stream, ..Project::default() };
    let told = ["error[fixture-replay]: this line is no envelope: `type` at \"/id\"", "twice.jsonl:2:1"];
    assert_told(&broken.errors(), &told);
}
