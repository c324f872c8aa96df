//! Does the command do what its users expect: exit codes, stdout and stderr, colours, pages, one JSON layout?

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The command, started in a folder.
fn codegen(folder: &Path) -> Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    command.current_dir(folder).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Exit code, stdout and stderr of a run.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = codegen(folder).args(arguments).output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("all output is UTF-8");
    (output.status.code().expect("no signal ended it"), text(output.stdout), text(output.stderr))
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

#[test]
fn bad_arguments_exit_with_2_and_say_so_on_stderr() {
    let folder = folder(&[]);
    for arguments in [
        &["frobnicate"][..],
        &["rules", "--format", "yaml"],
        &["rules", "-q", "-v"],
        &["explain"],
        &["explain", "yaml-ancor"],
        &["config"],
        &["completions", "cmd"],
        &["-C", "nowhere", "config", "--show"],
    ] {
        let (code, stdout, stderr) = run(folder.path(), arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.starts_with("error: "), "{arguments:?}: {stderr}");
    }
}

#[test]
fn help_and_version_are_data() {
    let folder = folder(&[]);
    for arguments in [&["--help"][..], &["help", "rules"], &["--version"]] {
        let (code, stdout, stderr) = run(folder.path(), arguments);
        assert!(code == 0 && stdout.contains("codegen") && stderr.is_empty(), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_slip_in_an_id_is_answered_with_the_nearest() {
    let (_, _, stderr) = run(folder(&[]).path(), &["explain", "yaml-ancor"]);
    assert_eq!(stderr, "error: there is no rule `yaml-ancor`; did you mean `yaml-anchor`?\n");
}

#[test]
fn the_configuration_is_found_upwards_and_printed_whole() {
    let folder = folder(&[("codegen.toml", "schemas = \"json\"\n"), ("a/b/c.txt", "")]);
    let (code, stdout, stderr) = run(&folder.path().join("a/b"), &["config", "--show"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("schemas = \"json\"") && stdout.contains("[typescript]"), "{stdout}");
    assert_eq!(run(folder.path(), &["-C", "a", "config", "--show"]).1, stdout);
    let (_, json, _) = run(folder.path(), &["config", "--show", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("a document");
    assert_eq!(json["schemas"], "json");
    assert_eq!(toml::from_str::<Value>(&stdout).expect("what is printed is TOML"), json);
}

const SLIPS: &str = "contract = \"x\"\n[rust]\nenabled = 1\n";

#[test]
fn findings_go_to_stdout_with_their_source_and_their_number_to_stderr() {
    let folder = folder(&[("codegen.toml", SLIPS)]);
    let (code, stdout, stderr) = run(folder.path(), &["config", "--show"]);
    assert_eq!(code, 1);
    let expected = "\
error[config-unknown-key]: unknown setting `contract`
 --> codegen.toml:1:1
  |
1 | contract = \"x\"
  | ^^^^^^^^
  |
  = help: did you mean `contracts`?

error[config-type]: `rust.enabled` is `true` or `false`, not of type integer
 --> codegen.toml:3:11
  |
3 | enabled = 1
  |           ^
  |
  = help: `codegen config --show` prints every setting with its value

";
    assert_eq!(stdout, expected);
    assert_eq!(stderr, "2 errors\n");
    assert_eq!(run(folder.path(), &["-q", "config", "--show"]), (1, expected.to_owned(), String::new()));
}

#[test]
fn colours_obey_flag_and_environment() {
    let folder = folder(&[("codegen.toml", SLIPS)]);
    let coloured = |flag: &str, variables: &[(&str, &str)]| {
        let mut command = codegen(folder.path());
        command.args(["config", "--show", "--color", flag]).envs(variables.iter().copied());
        command.output().expect("the command starts").stdout.contains(&0x1b)
    };
    assert!(!coloured("auto", &[]), "a pipe is no terminal");
    assert!(coloured("always", &[]));
    assert!(coloured("auto", &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured("auto", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured("never", &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn findings_as_json_fit_the_published_schema() {
    let folder = folder(&[("codegen.toml", SLIPS)]);
    let (code, stdout, _) = run(folder.path(), &["--format", "json", "config", "--show"]);
    let document: Value = serde_json::from_str(&stdout).expect("a document");
    assert_eq!(code, 1);
    let first = &document["findings"][0];
    assert_eq!(
        (&document["version"], &first["id"], &first["severity"]),
        (&1.into(), &"config-unknown-key".into(), &"error".into())
    );
    assert_eq!(
        (&first["path"], &first["start"]["line"], &first["start"]["column"]),
        (&"codegen.toml".into(), &1.into(), &1.into())
    );
    assert_eq!((&first["end"]["column"], &first["help"]), (&9.into(), &"did you mean `contracts`?".into()));
    let schema = serde_json::to_value(codegen::diagnostic::json_schema()).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("a valid schema").validate(&document).expect("the document fits");
}

#[test]
fn the_published_schema_of_findings_is_the_one_we_keep_to() {
    let path = tests::root().join("docs/findings.schema.json");
    let now = serde_json::to_string_pretty(&codegen::diagnostic::json_schema()).expect("a schema is JSON") + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &now).expect("the schema is written");
    }
    assert_eq!(fs::read_to_string(&path).expect("the schema is committed"), now);
}

#[test]
fn the_schema_of_contracts_is_printed_in_either_draft() {
    for (arguments, dialect) in [
        (&["schema"][..], "https://json-schema.org/draft/2020-12/schema"),
        (&["schema", "--draft-07"], "http://json-schema.org/draft-07/schema#"),
    ] {
        let (code, stdout, stderr) = run(folder(&[]).path(), arguments);
        let schema: Value = serde_json::from_str(&stdout).expect("a schema is JSON");
        assert_eq!((code, stderr.as_str(), &schema["$schema"]), (0, "", &dialect.into()));
    }
}

#[test]
fn a_folder_of_contracts_that_is_not_there_is_one_line_and_exit_2() {
    let folder = folder(&[("codegen.toml", "contracts = \"events\"\n")]);
    for arguments in [&[][..], &["generate"], &["check"], &["validate"]] {
        let (code, stdout, stderr) = run(folder.path(), arguments);
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (2, "", 1), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: there is no folder `") && stderr.contains("/events`"), "{stderr}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder is there").count(), 1, "nothing was written");
}

#[test]
fn contracts_with_errors_are_told_whole_and_nothing_is_written() {
    let broken = "language: 1\ncontract: x\nversion: 1.0.0\nrecords: {R: {fields: {a: Strin, b: Num}}}\n";
    let folder = folder(&[("contracts/x.yaml", broken), ("contracts/z.yaml", "language: 1\ncontract: z\n")]);
    for arguments in [&[][..], &["check"]] {
        let (code, stdout, stderr) = run(folder.path(), arguments);
        assert_eq!((code, stderr.as_str()), (1, "3 errors\n"), "{arguments:?}");
        assert!(stdout.contains("help: did you mean `string`?"), "{stdout}");
        for place in ["contracts/x.yaml:4:27", "contracts/x.yaml:4:37", "contracts/z.yaml:1:1"] {
            assert!(stdout.contains(place), "{arguments:?} does not name {place}:\n{stdout}");
        }
    }
    assert_eq!(tests::tree::contents(folder.path()).len(), 2, "nothing was written");
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let folder = folder(&[]);
    let (_, stdout, _) = run(folder.path(), &["rules", "--format", "json"]);
    let list: Value = serde_json::from_str(&stdout).expect("a document");
    let ids: Vec<_> =
        list["rules"].as_array().expect("a list").iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let mut pages: Vec<_> = fs::read_dir(tests::root().join("codegen/rules"))
        .expect("the folder of pages")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("an id").replace(".md", ""))
        .collect();
    pages.sort();
    assert_eq!(ids, pages, "a room whose rules `codegen rules` does not list, or a page that nothing uses");
    for id in ids {
        let (code, page, _) = run(folder.path(), &["explain", id]);
        assert_eq!(code, 0, "{id}");
        let title = page.strip_prefix("# ").and_then(|page| page.lines().next()).unwrap_or_default();
        let fences = page.lines().filter(|line| line.starts_with("```")).count();
        let why = page.lines().nth(2).unwrap_or_default();
        assert!(title.len() > 5 && why.len() > 20, "{id}: a page has a title and says why");
        assert!(fences >= 4, "{id}: a bad and a good example");
    }
}

#[test]
fn manual_pages_name_the_verbs() {
    let place = folder(&[]);
    let (code, page, _) = run(place.path(), &["man"]);
    assert!(code == 0 && page.starts_with(".ie") && page.contains("codegen\\-replay(1)"), "{page}");
    let (code, page, _) = run(place.path(), &["man", "replay"]);
    assert!(code == 0 && page.contains("skip\\-invalid") && page.contains("Reduce events to a state"), "{page}");
    let (code, _, told) = run(place.path(), &["man", "frobnicate"]);
    assert_eq!((code, told.as_str()), (2, "error: there is no command `frobnicate`; `codegen --help` lists all\n"));
}

#[test]
fn completions_name_the_verbs() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, _) = run(folder(&[]).path(), &["completions", shell]);
        assert!(code == 0 && script.contains("explain") && script.contains("color"), "{shell}");
    }
}
