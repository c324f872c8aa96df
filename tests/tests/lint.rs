//! Does `codegen lint` weigh what it finds as the project says, heed comments, and put right only what it may?

use std::fs;
use std::path::Path;

use codegen::config::Config;
use codegen::diagnostic::Diagnostics;
use codegen::source::SourceMap;
use tempfile::TempDir;
use tests::{root, tree};

const HEAD: &str = "language: 1\ncontract: parcel\nversion: 1.0.0\ndoc: Parcels.\n";

fn project(configuration: &str, contract: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let contract = format!("{HEAD}{contract}");
    tree::write(folder.path(), &[("codegen.toml", configuration), ("contracts/parcel.yaml", &contract)]);
    folder
}

/// Exit code, findings as `path:line id` with their severity, and what stands on stderr.
fn lint(folder: &Path, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.current_dir(folder).args(["lint", "--format", "json"]).args(arguments).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = document["findings"].as_array().unwrap().iter().map(|finding| {
        let (path, line) = (text(&finding["path"]), &finding["start"]["line"]);
        format!("{path}:{line} {} {}", text(&finding["id"]), text(&finding["severity"]))
    });
    (output.status.code().unwrap(), findings.collect(), String::from_utf8(output.stderr).unwrap())
}

const HELD: &str = "events:\n  ParcelHeld: {fields: {parcel_id: string}}\n";

#[test]
fn warnings_fail_and_notes_are_told_on_request() {
    let folder = project("", HELD);
    let warnings = ["contracts/parcel.yaml:6 missing-doc warning", "contracts/parcel.yaml:6 id-may-be-empty warning"];
    assert_eq!(lint(folder.path(), &[]), (1, warnings.map(str::to_owned).to_vec(), "2 warnings\n".into()));
    let (_, told, _) = lint(folder.path(), &["-v"]);
    assert!(told.contains(&"contracts/parcel.yaml:6 unbounded note".to_owned()), "{told:?}");
    let clean = "events:\n  ParcelHeld: {doc: It waits., fields: {weight: int}}\n";
    assert_eq!(lint(project("", clean).path(), &[]), (0, vec![], String::new()));
}

#[test]
fn a_project_weighs_rules() {
    let weights = "[lint]\nmissing-doc = \"off\"\nid-may-be-empty = {level = \"error\", reason = \"We lost parcels.\"}\nunbounded = \"warning\"\n";
    let (code, told, _) = lint(project(weights, HELD).path(), &[]);
    let expected = ["contracts/parcel.yaml:6 id-may-be-empty error", "contracts/parcel.yaml:6 unbounded warning"];
    assert_eq!((code, told), (1, expected.map(str::to_owned).to_vec()));
    let weights = "[lint]\nmissing-doc = \"note\"\nid-may-be-empty = \"note\"\n";
    assert_eq!(lint(project(weights, HELD).path(), &[]).0, 0, "notes fail nothing");
}

#[test]
fn what_no_project_may_weigh_is_refused() {
    for (setting, expected) in [
        ("missing-docs = \"off\"", "codegen.toml:2 config-value error"),
        ("unknown-name = \"warning\"", "codegen.toml:2 config-value error"),
        ("missing-doc = \"loud\"", "codegen.toml:2 config-value error"),
        ("missing-doc = 3", "codegen.toml:2 config-type error"),
        ("pattern-unsafe = \"warning\"", "codegen.toml:2 config-value error"),
        ("pattern-unsafe = {level = \"off\", reason = \"x\"}", "codegen.toml:2 config-value error"),
        ("ignore = [{rule = \"missing-doc\", path = \"contracts/parcel.yaml\"}]", "codegen.toml:2 config-value error"),
        ("ignore = [{rule = \"yaml-tag\", path = \"a\", reason = \"b\"}]", "codegen.toml:2 config-value error"),
        ("missing-doc = {level = \"off\", why = \"x\"}", "codegen.toml:2 config-unknown-key error"),
    ] {
        let (code, told, _) = lint(project(&format!("[lint]\n{setting}\n"), HELD).path(), &[]);
        assert!(code == 1 && told.contains(&expected.to_owned()), "{setting}: {told:?}");
    }
}

#[test]
fn comments_ignore_one_rule_on_one_line() {
    let contract = "\
events:
  # codegen: ignore[missing-doc] the importer knows it
  # and nobody else
  ParcelHeld: {fields: {parcel_id: string}}   # codegen: ignore[id-may-be-empty] as the importer sends it
  # codegen: ignore[missing-doc, id-may-be-empty] both
  ParcelLost: {fields: {parcel_id: string}}
  ParcelSent: {fields: {parcel_id: string}}
";
    let (_, told, _) = lint(project("", contract).path(), &[]);
    let expected = ["contracts/parcel.yaml:11 missing-doc warning", "contracts/parcel.yaml:11 id-may-be-empty warning"];
    assert_eq!(told, expected);
}

#[test]
fn a_project_ignores_a_rule_in_one_contract_and_hears_when_it_need_not() {
    let ignore = |path: &str| {
        format!("[[lint.ignore]]\nrule = \"missing-doc\"\npath = \"contracts/{path}.yaml\"\nreason = \"Old.\"\n")
    };
    let (_, told, _) = lint(project(&(ignore("parcel") + &ignore("other")), HELD).path(), &[]);
    let expected = ["codegen.toml:6 suppression-unused warning", "contracts/parcel.yaml:6 id-may-be-empty warning"];
    assert_eq!(told, expected);
}

#[test]
fn weights_and_comments_hold_for_every_command() {
    let contract =
        "scalars:\n  # codegen: ignore[unused-declaration] for others\n  Id: {base: string}\n  Note: {base: string}\n";
    let check = |configuration: &str| {
        let folder = project(configuration, contract);
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        let output = command.current_dir(folder.path()).args(["generate", "--format", "github"]).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap().matches("unused-declaration").count())
    };
    assert_eq!(check(""), (0, 1));
    assert_eq!(check("[lint]\nunused-declaration = \"off\"\n"), (0, 0));
    assert_eq!(check("[lint]\nunused-declaration = \"error\"\n"), (1, 1), "an error keeps generate from writing");
}

#[test]
fn contracts_with_errors_are_not_linted_and_no_suppression_is_called_unused() {
    let contract = "events:\n  # codegen: ignore[missing-doc] why not\n  ParcelHeld: {fields: {weight: gram}}\n";
    let (code, told, _) = lint(project("", contract).path(), &[]);
    assert_eq!((code, told), (1, vec!["contracts/parcel.yaml:7 unknown-name error".to_owned()]));
}

#[test]
fn fix_changes_what_takes_no_decision_and_nothing_else() {
    let contract = "\
imports: [base, money]   # two of them
enums:
  Lane: {doc: Where it is., values: [{value: here}, there]}  # codegen: ignore[missing-doc] it had none once
events:
  ParcelSent: {doc: It went., wire: ParcelSent, fields: {lane: {type: Lane}, weight: Weight, parcel_id: string}}
";
    let folder = project("", contract);
    let base = "language: 1\ncontract: base\nversion: 1.0.0\ndoc: Shared.\nscalars: {Weight: int}\n"
        .replace("Weight: int", "Weight: {base: int}");
    let money = "language: 1\ncontract: money\nversion: 1.0.0\ndoc: Money.\n";
    tree::write(folder.path(), &[("contracts/base.yaml", &base), ("contracts/money.yaml", money)]);
    let (code, told, said) = lint(folder.path(), &["--fix"]);
    assert_eq!((code, told), (1, vec!["contracts/parcel.yaml:9 id-may-be-empty warning".to_owned()]));
    assert_eq!(said, "1 warning\n5 fixed\n");
    let expected = "\
imports: [base]   # two of them
enums:
  Lane: {doc: Where it is., values: [here, there]}
events:
  ParcelSent: {doc: It went., fields: {lane: Lane, weight: Weight, parcel_id: string}}
";
    let fixed = fs::read_to_string(folder.path().join("contracts/parcel.yaml")).unwrap();
    assert_eq!(fixed, format!("{HEAD}{expected}"));
    assert_eq!(fs::read_to_string(folder.path().join("contracts/base.yaml")).unwrap(), base);
    assert_eq!(lint(folder.path(), &["--fix"]).2, "1 warning\n0 fixed\n", "twice changes nothing");
}

#[test]
fn a_fix_that_would_break_the_contract_is_not_made() {
    let contract = "imports:\n  - base\nevents:\n  ParcelSent: {doc: It went., fields: {weight: int}}\n";
    let folder = project("", contract);
    tree::write(
        folder.path(),
        &[("contracts/base.yaml", "language: 1\ncontract: base\nversion: 1.0.0\ndoc: Shared.\n")],
    );
    let (code, told, _) = lint(folder.path(), &["--fix"]);
    assert_eq!((code, told), (1, vec!["contracts/parcel.yaml:6 unused-import warning".to_owned()]));
    assert_eq!(fs::read_to_string(folder.path().join("contracts/parcel.yaml")).unwrap(), format!("{HEAD}{contract}"));
}

#[test]
fn an_ambiguous_pattern_is_taken_with_a_reason_and_told_at_every_use() {
    let contract = "scalars: {Code: {base: string, pattern: \"(?:a|[ab])+\", examples: [aab]}}\nevents:\n  ParcelSent: {doc: It went., fields: {code: Code}}\n";
    let (code, told, _) = lint(project("", contract).path(), &[]);
    assert_eq!((code, told), (1, vec!["contracts/parcel.yaml:5 pattern-unsafe error".to_owned()]));
    let folder = project("[lint]\npattern-unsafe = {level = \"warning\", reason = \"Inputs are short.\"}\n", contract);
    let (code, told, _) = lint(folder.path(), &[]);
    assert_eq!((code, told), (1, vec!["contracts/parcel.yaml:5 pattern-unsafe warning".to_owned()]));
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let lines = ["aabab", "aba", "abc"]
        .map(|code| format!("{{\"id\":0,\"event_type\":\"ParcelSent\",\"payload\":{{\"code\":\"{code}\"}}}}\n"));
    let output = command.current_dir(folder.path()).arg("validate").write_stdin(lines.concat()).output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let valid: Vec<bool> = answers.lines().map(|line| line.contains("\"valid\":true")).collect();
    assert_eq!(valid, [true, true, false], "{answers}");
    // What is refused for another reason stays refused.
    let (_, told, _) = lint(
        project(
            "[lint]\npattern-unsafe = {level = \"warning\", reason = \"x\"}\n",
            &contract.replace("(?:a|[ab])+", "^a"),
        )
        .path(),
        &[],
    );
    assert_eq!(told, ["contracts/parcel.yaml:5 pattern-unsafe error"]);
}

#[test]
fn what_was_made_for_foreign_types_is_nobodys_fault() {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let folder = root().join("tests/domains/foreign");
    codegen::lint(&folder, &Config::default(), &mut sources, &mut out).unwrap();
    for finding in out.sorted(&sources) {
        assert!(!finding.message.contains("`External"), "{}: {}", finding.rule.id, finding.message);
    }
}

#[test]
fn the_page_lists_every_rule_in_its_group() {
    let page = fs::read_to_string(root().join("docs/commands/lint.md")).unwrap();
    for rule in codegen::lint::rules::RULES {
        let row = format!("| `{}` | {} | {} |", rule.id, rule.severity.as_str(), rule.title());
        assert!(page.contains(&row), "docs/commands/lint.md lacks\n{row}");
    }
    assert_eq!(page.matches("\n| `").count(), codegen::lint::rules::RULES.len(), "and no other");
}
