//! Does `codegen validate` judge lines as they come and say with its exit code how it went?

use std::path::Path;

use tests::project::parcel;
use tests::tree;

const CONTRACT: &str = "\
language: 1
contract: parcel
version: 1.0.0
events:
  ParcelPosted: {fields: {parcel_id: {type: string, min_length: 2}}}
";

/// Exit code, stdout and stderr.
fn validate(root: &Path, arguments: &[&str], input: impl Into<Vec<u8>>) -> (Option<i32>, String, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.current_dir(root).arg("validate").args(arguments).write_stdin(input).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const GOOD: &str = r#"{"id":"a","event_type":"ParcelPosted","payload":{"parcel_id":"p1"}}"#;

#[test]
fn the_exit_code_says_whether_all_lines_are_valid() {
    let folder = parcel(CONTRACT);
    let good = "{\"errors\":[],\"id\":\"a\",\"valid\":true}\n";
    assert_eq!(validate(folder.path(), &[], format!("{GOOD}\n{GOOD}")), (Some(0), good.repeat(2), String::new()));
    assert_eq!(validate(folder.path(), &[], ""), (Some(0), String::new(), String::new()));
    let (code, answers, _) = validate(folder.path(), &[], format!("{GOOD}\n\n{GOOD}\n"));
    let empty = "{\"errors\":[{\"code\":\"bad_json\",\"params\":{},\"path\":\"\"}],\"id\":null,\"valid\":false}\n";
    assert_eq!((code, answers), (Some(1), [good, empty, good].concat()), "an empty line is a case");
}

#[test]
fn lines_may_stand_in_a_file() {
    let folder = parcel(CONTRACT);
    tree::write(folder.path(), &[("lines.jsonl", GOOD)]);
    assert_eq!(validate(folder.path(), &["lines.jsonl"], "").0, Some(0));
    let (code, answers, told) = validate(folder.path(), &["missing.jsonl"], "");
    assert_eq!((code, answers.as_str()), (Some(2), ""));
    assert!(told.contains("missing.jsonl"), "{told}");
}

#[test]
fn a_line_that_is_too_long_is_passed_and_the_next_one_judged() {
    let folder = parcel(CONTRACT);
    let (code, answers, _) = validate(folder.path(), &[], format!("{}\n{GOOD}\n", "x".repeat(9 << 20)));
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(code, Some(1));
    assert!(answers[0].contains("too_large") && answers[1].contains("\"valid\":true"), "{answers:?}");
}

#[test]
fn without_contracts_that_can_be_used_nothing_is_judged() {
    let folder =
        parcel("language: 1\ncontract: parcel\nversion: 1.0.0\nevents: {ParcelPosted: {fields: {a: Strng}}}\n");
    let (code, answers, told) = validate(folder.path(), &[], GOOD);
    assert_eq!((code, answers.as_str()), (Some(2), ""));
    assert!(told.contains("codegen check"), "{told}");
}
