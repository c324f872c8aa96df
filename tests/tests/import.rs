//! Do schemas that others wrote become the contract that a person would expect, with all told that it does not say?
//!
//! Each folder of `tests/import` holds schemas, `arguments` where there are some, and what comes of them: `expected.yaml`,
//! and `expected.txt`, all that is told. `BLESS=1` writes what comes now.

use std::fs;
use std::path::Path;

use tests::{expected, root, tree};

/// Exit code, stdout and stderr.
fn codegen(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.current_dir(root).args(arguments).output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

const SCHEMA: &str = r#"{"title": "Parcel", "type": "object", "required": ["id"], "properties": {"id": {"type": "string", "minLength": 1}}}"#;

/// A new project without contracts, beside these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[&[("codegen.toml", "")], files].concat());
    folder
}

#[test]
fn a_contract_that_is_there_is_left_alone() {
    let folder = folder(&[("parcel.json", SCHEMA), ("contracts/parcel.yaml", "mine")]);
    let before = tree::contents(folder.path());
    let (code, stdout, stderr) = codegen(folder.path(), &["import", "parcel.json"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_eq!(
        stderr,
        "error: nothing was written, since `contracts/parcel.yaml` is there already; `--overwrite` replaces it\n"
    );
    assert_eq!(tree::contents(folder.path()), before);
    let (code, stdout, stderr) = codegen(folder.path(), &["import", "parcel.json", "--overwrite"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert_eq!(stderr, "0 events and 1 type in contracts/parcel.yaml; next: `codegen lint`\n");
    let contract = fs::read_to_string(folder.path().join("contracts/parcel.yaml")).expect("it is there");
    assert!(contract.contains("id: {type: string, min_length: 1}"), "{contract}");
}

#[test]
fn a_contract_goes_where_it_is_asked_for() {
    let folder = folder(&[("schemas/parcel.json", SCHEMA), ("schemas/notes.txt", "none")]);
    let (code, contract, stderr) =
        codegen(folder.path(), &["import", "schemas", "--out", "-", "--event", "ParcelPosted"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let expected = "language: 1\ncontract: parcel\nversion: 1.0.0\n\nevents:\n  ParcelPosted:\n    title: Parcel\n    fields:\n      \
                    id: {type: string, min_length: 1}\n";
    assert_eq!(contract, expected);
    assert!(!folder.path().join("contracts").exists(), "nothing is written");
    let (code, _, stderr) = codegen(folder.path(), &["import", "schemas/parcel.json", "--out", "drafts/post.yaml"]);
    assert_eq!((code, stderr.as_str()), (0, "0 events and 1 type in drafts/post.yaml; next: `codegen lint`\n"));
    let written = fs::read_to_string(folder.path().join("drafts/post.yaml")).expect("it is written");
    assert!(written.contains("contract: post\n"), "its file names it: {written}");
    let (code, _, stderr) = codegen(folder.path(), &["import", "schemas/parcel.json", "--family", "post"]);
    assert_eq!((code, stderr.as_str()), (0, "0 events and 1 type in contracts/post.yaml; next: `codegen lint`\n"));
}

#[test]
fn losses_do_not_fail_a_run_and_stand_beside_data() {
    let folder = folder(&[("x.json", r#"{"title": "X", "type": "object", "properties": {"a": {"not": {}}}}"#)]);
    let (code, stdout, stderr) = codegen(folder.path(), &["import", "x.json", "--out", "-"]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("language: 1\n") && !stdout.contains("import-loses"), "{stdout}");
    assert!(stderr.starts_with("warning[import-loses]: `not` at `x.json#/properties/a` is lost\n"), "{stderr}");
    let (code, stdout, _) = codegen(folder.path(), &["import", "x.json", "--format", "json", "-q"]);
    let told: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    let first = &told["findings"][0];
    assert_eq!((code, &first["id"], &first["path"]), (0, &"import-loses".into(), &"x.json".into()), "{stdout}");
    assert_eq!(first["start"], serde_json::json!({"line": 1, "column": 55}));
}

#[test]
fn what_cannot_be_read_is_told_at_its_place_and_nothing_is_written() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let large = format!("\"{}\"", "x".repeat(1 << 20));
    let cases = [
        ("{\n  \"a\": x\n}", "this is no JSON", "2:8"),
        ("", "this is no JSON", "1:1"),
        ("[1]", "a JSON Schema is an object, and this is array", "1:1"),
        ("{\"a\": 1,\n \"a\": 2}", "this key stands in its object twice", "2:2"),
        (&deep, "more than 64 lists and objects are inside each other", "1:1"),
        (&large, "this file is larger than 1048576 bytes", "1:1"),
        ("{\"minimum\": 1e999}", "`number_not_finite`", "1:1"),
        ("{\"title\": \"\\ud800\"}", "`lone_surrogate`", "1:1"),
    ];
    for (text, message, place) in cases {
        let folder = folder(&[("x.json", text), ("y.json", SCHEMA)]);
        let (code, stdout, stderr) = codegen(folder.path(), &["import", "x.json", "y.json"]);
        assert_eq!((code, stderr.as_str()), (1, "1 error\nnothing was written\n"), "{stdout}");
        assert!(stdout.starts_with("error[import-schema]: ") && stdout.contains(message), "{message}: {stdout}");
        assert!(stdout.contains(&format!("--> x.json:{place}\n")), "{place}: {stdout}");
        assert!(!folder.path().join("contracts").exists());
    }
    let folder = folder(&[("x.json", SCHEMA), ("empty/x.txt", "")]);
    for (arguments, message) in [
        (&["import", "none.json"][..], "error: cannot read `./none.json`"),
        (&["import", "empty"], "error: there is no `*.json` in `empty`\n"),
        (&["import"], "error: the following required arguments were not provided"),
    ] {
        let (code, stdout, stderr) = codegen(folder.path(), arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.starts_with(message), "{stderr}");
    }
}

#[test]
fn names_that_do_not_fit_are_told() {
    let folder = folder(&[("2024.json", SCHEMA), ("text.json", r#"{"type": "string"}"#)]);
    for (arguments, message) in [
        (&["import", "2024.json"][..], "error[import-name]: `2024` cannot be the name of a contract\n"),
        (&["import", "2024.json", "--family", "../x"], "error[import-name]: `../x` cannot be the name of a contract\n"),
        (
            &["import", "2024.json", "text.json", "--family", "x", "--event", "Parzel"],
            "error[import-name]: no file has an object `Parzel` that could be an event\n",
        ),
        (
            &["import", "text.json", "--event", "TextSaid"],
            "error[import-name]: `TextSaid` is no object, and so no payload of an event\n",
        ),
    ] {
        let (code, stdout, stderr) = codegen(folder.path(), arguments);
        assert_eq!((code, stderr.as_str()), (1, "1 error\nnothing was written\n"), "{stdout}");
        assert!(stdout.starts_with(message), "{stdout}");
    }
    assert!(!folder.path().join("contracts").exists());
}

#[test]
fn a_contract_that_the_project_would_refuse_is_not_written() {
    let other = "language: 1\ncontract: other\nversion: 1.0.0\nevents: {ParcelPosted: {fields: {}}}\n";
    let folder = folder(&[("parcel.json", SCHEMA), ("contracts/other.yaml", other)]);
    let before = tree::contents(folder.path());
    let (code, stdout, stderr) = codegen(folder.path(), &["import", "parcel.json", "--event", "ParcelPosted"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stdout.contains("error[duplicate-event]") && stdout.contains("contracts/parcel.yaml"), "{stdout}");
    assert!(stderr.ends_with("nothing was written: these are errors of the project with `contracts/parcel.yaml`\n"));
    assert_eq!(tree::contents(folder.path()), before);
}

#[test]
fn every_schema_becomes_the_contract_that_is_expected() {
    let mut wrong = Vec::new();
    let cases = fs::read_dir(root().join("tests/import")).expect("the cases are there");
    for case in cases.map(|case| case.expect("an entry").path()) {
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let folder = tempfile::tempdir().expect("a temporary folder");
        tree::copy(&case, folder.path());
        let mut arguments = vec!["import", ".", "-v"];
        let more = fs::read_to_string(case.join("arguments")).unwrap_or_default();
        arguments.extend(more.split_whitespace());
        let (code, told, message) = codegen(folder.path(), &arguments);
        assert_eq!(code, 0, "{name}: {told}{message}");
        wrong.extend(expected::difference(&name, &format!("{told}{message}"), &case.join("expected.txt")));
        let contracts = tree::contents(&folder.path().join("contracts"));
        let [(path, contract)] = contracts.iter().collect::<Vec<_>>()[..] else { panic!("{name}: one contract") };
        let contract = String::from_utf8(contract.clone()).expect("text");
        wrong.extend(expected::difference(&name, &format!("# {path}\n{contract}"), &case.join("expected.yaml")));
        // It is one that every other command takes.
        fs::write(folder.path().join("codegen.toml"), "[rust]\nenabled = false\n").expect("a file is written");
        for command in [&["generate", "-q"][..], &["check"], &["fmt", "--check"]] {
            let (code, stdout, stderr) = codegen(folder.path(), command);
            assert_eq!(code, 0, "{name} {command:?}: {stdout}{stderr}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_cases_show_every_kind_of_loss() {
    let cases = fs::read_dir(root().join("tests/import")).expect("the cases are there");
    let told = cases.map(|case| fs::read_to_string(case.expect("an entry").path().join("expected.txt")).expect("text"));
    let told = told.collect::<Vec<_>>().concat();
    for id in ["warning[import-loses]", "note[import-null]", "note[import-renames]"] {
        assert!(told.contains(id), "{id}");
    }
}
