//! Do the formats for tools say what the text says, in the form that their readers accept?

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::project::parcel;
use tests::script::{run, script};
use tests::tree;

/// Two errors: one with a second place, one whose message holds what formats have to escape.
const FAULTY: &str = "\
language: 1
contract: parcel
version: 1.0.0
records:
  A: {fields: {size: int, \"<&\\\",%:\\n\": int}}
enums:
  A: [one]
";

const CLEAN: &str = "\
language: 1
contract: parcel
version: 1.0.0
records:
  Envelope: {fields: {id: string, event_type: string, payload: object}}
events:
  ParcelPosted: {fields: {parcel_id: {type: string, min_length: 2}}}
";

/// Exit code and stdout.
fn codegen(root: &Path, arguments: &[&str], input: &str) -> (i32, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.current_dir(root).args(arguments).write_stdin(input).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// A log that holds to the standard.
fn sarif(text: &str) -> Value {
    let schema = fs::read_to_string(tests::root().join("tests/vectors/sarif-2.1.0.schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // The published schema has one pattern that is no regular expression of ECMAScript; we do not print a language.
    for of in ["run", "toolComponent"] {
        schema["definitions"][of]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    log
}

/// What an XML reader makes of a report: attributes of the suite, then of each case with the element in it.
fn junit(text: &str) -> Value {
    serde_json::from_str(&run(&mut script(tests::python(), "junit.py"), text)).unwrap()
}

#[test]
fn github_commands_keep_their_text_in_its_place() {
    let (code, text) = codegen(parcel(FAULTY).path(), &["check", "--format", "github"], "");
    let expected = "\
::error file=contracts/parcel.yaml,line=5,endLine=5,col=3,endColumn=4,title=name-collision::\
`A` is declared twice in this contract%0Ahelp: scalars, types, enums, records, unions, mixins, events and groups share \
one namespace
::error file=contracts/parcel.yaml,line=5,endLine=5,col=27,endColumn=38,title=name-syntax::\
`<&\",%25:%0A` is no name%0Ahelp: a name begins with a letter, goes on with letters, digits and `_`, and has at most 64 \
characters
";
    assert_eq!((code, text.as_str()), (1, expected));
}

#[test]
fn sarif_holds_to_the_standard_and_knows_rules_and_places() {
    let folder = parcel(FAULTY);
    let (code, text) = codegen(folder.path(), &["check", "--format", "sarif"], "");
    let log = sarif(&text);
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!((code, run["results"].as_array().unwrap().len()), (1, 2));
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("name-collision"), &json!("error")));
    let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(rule["id"], "name-collision");
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# "));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "contracts/parcel.yaml");
    assert_eq!(place["region"], json!({"startLine": 5, "startColumn": 3, "endLine": 5, "endColumn": 4}));
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 7);
    // A log without results, and one about a line of an input.
    sarif(&codegen(parcel(CLEAN).path(), &["generate", "--format", "sarif"], "").1);
    let log = sarif(&codegen(parcel(CLEAN).path(), &["validate", "--format", "sarif"], "{}\n").1);
    assert_eq!(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "stdin");
}

/// Fixable in each way: what is removed with its line, with its comma, with the blanks before it; what is replaced.
const FIXABLE: &str = "\
language: 1
contract: parcel
version: 1.0.0
doc: Parcels on their way.
imports:
  - base
  - common
# codegen: ignore[missing-doc] once there was none
events:
  A: {doc: \"Überall 😀.\", wire: A, fields: {size: {type: int}}}  # codegen: ignore[unbounded] nothing grows
  B:
    doc: Another one.
    fields: {weight: {type: int}, fragile: {type: bool}, label: Id}
";

#[test]
fn sarif_carries_the_changes_that_fix_makes() {
    let folder = parcel(FIXABLE);
    let base = "language: 1\ncontract: base\nversion: 1.0.0\ndoc: Ours.\n";
    let common = base.replace("base", "common") + "scalars: {Id: {base: string, min_length: 1, doc: One.}}\n";
    tree::write(folder.path(), &[("contracts/base.yaml", base), ("contracts/common.yaml", &common)]);
    let (_, text) = codegen(folder.path(), &["lint", "--format", "sarif"], "");
    let log = sarif(&text);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let fixes: Vec<&Value> = results.iter().filter_map(|result| result.get("fixes")).collect();
    assert_eq!(fixes.len(), 7, "{text}");
    let mut replacements = Vec::new();
    for fix in fixes {
        let [change] = &fix[0]["artifactChanges"].as_array().unwrap()[..] else { panic!("one file: {fix}") };
        assert_eq!(change["artifactLocation"]["uri"], "contracts/parcel.yaml");
        assert!(fix[0]["description"]["text"].is_string(), "{fix}");
        for replacement in change["replacements"].as_array().unwrap() {
            let place = |line: &str, column: &str| {
                let number =
                    |name: &str| usize::try_from(replacement["deletedRegion"][name].as_u64().unwrap()).unwrap();
                offset(FIXABLE, number(line), number(column))
            };
            let text = replacement["insertedContent"]["text"].as_str().unwrap();
            replacements.push((place("startLine", "startColumn"), place("endLine", "endColumn"), text));
        }
    }
    replacements.sort_unstable();
    let mut applied = FIXABLE.to_owned();
    for (start, end, text) in replacements.into_iter().rev() {
        applied.replace_range(start..end, text);
    }
    codegen(folder.path(), &["lint", "--fix"], "");
    let after = fs::read_to_string(folder.path().join("contracts/parcel.yaml")).unwrap();
    assert_eq!(applied, after);
    assert!(!after.contains("type:") && !after.contains("- base") && !after.contains("ignore"), "{after}");
}

#[test]
fn a_change_that_leaves_no_contract_is_not_made_and_keeps_no_other_from_being_made() {
    let folder = parcel(FIXABLE);
    let only = FIXABLE.replace("  - common\n", "").replace(", label: Id", "");
    let base = "language: 1\ncontract: base\nversion: 1.0.0\ndoc: Ours.\n";
    tree::write(folder.path(), &[("contracts/base.yaml", base), ("contracts/parcel.yaml", &only)]);
    let (_, text) = codegen(folder.path(), &["lint", "--format", "sarif"], "");
    let log = sarif(&text);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let offered = |result: &&Value| result.get("fixes").is_some();
    assert_eq!(results.iter().filter(offered).count(), 6, "{text}");
    let (code, _) = codegen(folder.path(), &["lint", "--fix"], "");
    let after = fs::read_to_string(folder.path().join("contracts/parcel.yaml")).unwrap();
    assert!(code == 1 && after.contains("- base") && !after.contains("type:"), "{after}");
}

/// The byte at a line and column, both from 1, as the log counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    before + text[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}

#[test]
fn junit_is_read_with_every_text_as_it_was() {
    let (code, text) = codegen(parcel(FAULTY).path(), &["check", "--format", "junit"], "");
    let report = junit(&text);
    assert_eq!(code, 1);
    assert_eq!(report["suite"]["tests"], "2");
    assert_eq!(report["suite"]["failures"], "2");
    let case = &report["cases"][1];
    assert_eq!(case["name"], "name-syntax at contracts/parcel.yaml:5:27");
    assert_eq!((&case["file"], &case["line"]), (&json!("contracts/parcel.yaml"), &json!("5")));
    assert_eq!((&case["element"], &case["type"]), (&json!("failure"), &json!("error")));
    assert_eq!(case["message"], "`<&\",%:\n` is no name");
    let (code, text) = codegen(parcel(CLEAN).path(), &["generate", "--format", "junit"], "");
    let report = junit(&text);
    assert_eq!((code, &report["suite"]["tests"], &report["suite"]["failures"]), (0, &json!("1"), &json!("0")));
}

#[test]
fn drift_is_findings_to_every_tool() {
    let folder = parcel(CLEAN);
    for (format, word) in [
        ("json", "\"id\": \"generated-file-missing\""),
        ("github", "title=generated-file-missing::"),
        ("sarif", "\"ruleId\": \"generated-file-missing\""),
        ("junit", "generated-file-missing at "),
    ] {
        let (code, text) = codegen(folder.path(), &["check", "--format", format], "");
        assert!(code == 1 && text.contains(word), "{format}: {text}");
    }
}

#[test]
fn lint_and_fmt_speak_every_format() {
    let folder = parcel(&CLEAN.replace("version: 1.0.0", "version:   1.0.0"));
    for (arguments, id) in [(&["lint"][..], "missing-doc"), (&["fmt", "--check"], "contract-layout")] {
        let run = |format| codegen(folder.path(), &[arguments, &["--format", format]].concat(), "");
        let (code, log) = run("sarif");
        let log = sarif(&log);
        assert_eq!((code, &log["runs"][0]["results"][0]["ruleId"]), (1, &json!(id)));
        let (code, report) = run("junit");
        let report = junit(&report);
        assert!(code == 1 && report["cases"][0]["element"] == "failure", "a warning fails lint: {report}");
        assert!(run("github").1.contains(&format!("title={id}::")));
        let document: Value = serde_json::from_str(&run("json").1).unwrap();
        assert_eq!(document["findings"][0]["id"], id);
    }
}

#[test]
fn breaking_speaks_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let rule = tests::root().join("tests/breaking/replay-edge-kept");
    tree::write(folder.path(), &[("codegen.toml", "")]);
    tree::copy(&rule.join("current"), folder.path());
    tree::copy(&rule.join("previous"), &folder.path().join("v1"));
    let run = |format| codegen(folder.path(), &["breaking", "--against", "v1", "--format", format], "");
    let (code, log) = run("sarif");
    let result = &sarif(&log)["runs"][0]["results"][0];
    assert_eq!((code, &result["ruleId"]), (1, &json!("replay-edge-kept")));
    let was = &result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(was, "v1/contracts/example.yaml");
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains("\nnote: shortest log found that folds differently, 1 event:\n{\""), "{text}");
    let report = junit(&run("junit").1);
    assert_eq!((&report["suite"]["failures"], &report["cases"][0]["element"]), (&json!("1"), &json!("failure")));
    let github = run("github").1;
    assert!(github.contains("title=replay-edge-kept::") && github.contains("%0Anote: its state was:%0A"), "{github}");
    let document: Value = serde_json::from_str(&run("json").1).unwrap();
    assert_eq!(document["findings"][0]["notes"].as_array().unwrap().len(), 3);
}

const BAD_LINE: &str = r#"{"id":1,"event_type":"ParcelPosted","payload":{"parcel_id":"p"}}"#;

#[test]
fn an_invalid_line_is_a_finding_at_its_line() {
    let folder = parcel(CLEAN);
    tree::write(folder.path(), &[("lines.jsonl", &format!("{}\n{BAD_LINE}\n", BAD_LINE.replace("\"p\"", "\"p1\"")))]);
    let (code, text) = codegen(folder.path(), &["validate", "lines.jsonl", "--format", "github"], "");
    let expected = "::error file=lines.jsonl,line=2,endLine=2,col=1,endColumn=1,title=payload-invalid::\
                    `min_length` at `/parcel_id`\n";
    assert_eq!((code, text.as_str()), (1, expected));
    let (code, text) = codegen(folder.path(), &["validate", "lines.jsonl", "--format", "json"], "");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &document["findings"][0]["id"]), (1, &json!("payload-invalid")));
    assert_eq!(
        (&document["findings"][0]["path"], &document["findings"][0]["start"]["line"]),
        (&"lines.jsonl".into(), &2.into())
    );
}

#[test]
fn formats_for_findings_are_refused_where_data_is_printed() {
    for arguments in [&["rules"][..], &["explain", "yaml-tag"], &["config", "--show"]] {
        let arguments = [arguments, &["--format", "sarif"]].concat();
        assert_eq!(codegen(parcel(CLEAN).path(), &arguments, ""), (2, String::new()), "{arguments:?}");
    }
}

#[test]
fn whole_events_are_judged_with_their_payload() {
    let folder = parcel(CLEAN);
    let envelope = |payload: &str| format!(r#"{{"id":"e","event_type":"ParcelPosted","payload":{payload}}}"#);
    let lines = [
        envelope(r#"{"parcel_id":"p1"}"#),
        envelope(r#"{"parcel_id":"p"}"#),
        r#"{"event_type":"ParcelPosted","payload":{}}"#.into(),
        r#"{"id":"e","event_type":"Nothing","payload":{}}"#.into(),
        envelope("7"),
        "[]".into(),
    ];
    let (code, text) = codegen(folder.path(), &["validate", "--envelope"], &lines.join("\n"));
    let paths = |line: &str| -> Vec<String> {
        let answer: Value = serde_json::from_str(line).unwrap();
        let errors = answer["errors"].as_array().unwrap().iter();
        errors.map(|error| format!("{} {}", error["code"], error["path"]).replace('"', "")).collect()
    };
    let found: Vec<Vec<String>> = text.lines().map(paths).collect();
    let expected: [&[&str]; 6] = [
        &[],
        &["min_length /payload/parcel_id"],
        &["required /id", "required /payload/parcel_id"],
        &["union_tag /event_type"],
        &["type /payload"],
        &["type "],
    ];
    assert_eq!(code, 1);
    assert_eq!(found, expected);
    let (code, _) = codegen(folder.path(), &["validate", "--envelope=Envelope"], &lines[0]);
    assert_eq!(code, 0);
    assert_eq!(codegen(folder.path(), &["validate", "--envelope=Envelop"], &lines[0]), (2, String::new()));
}

#[test]
fn odd_names_of_files_stay_in_their_place() {
    let folder = parcel(CLEAN);
    tree::write(folder.path(), &[("100%, a:b ü.jsonl", BAD_LINE)]);
    let run = |format| codegen(folder.path(), &["validate", "100%, a:b ü.jsonl", "--format", format], "").1;
    assert!(run("github").starts_with("::error file=100%25%2C a%3Ab ü.jsonl,line=1,"), "{}", run("github"));
    let place = &sarif(&run("sarif"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "100%25%2C%20a%3Ab%20%C3%BC.jsonl");
    assert_eq!(junit(&run("junit"))["cases"][0]["file"], "100%, a:b ü.jsonl");
}

#[test]
fn a_warning_fails_no_case_of_a_run_that_it_does_not_fail() {
    let folder = parcel(&format!("{CLEAN}scalars: {{Unused: {{base: int}}}}\n"));
    let (code, report) = codegen(folder.path(), &["generate", "--format", "junit"], "");
    let report = junit(&report);
    assert_eq!((code, &report["suite"]["tests"], &report["suite"]["failures"]), (0, &json!("1"), &json!("0")));
    assert_eq!(report["cases"][0]["element"], "system-out");
}
