//! Does `new event` add what was asked for, and nothing that the contracts would refuse?

use std::fs;
use std::path::Path;

use tests::{project, tree};

const CONTRACT: &str = "\
language: 1
contract: parcel
version: 1.0.0
doc: What happens to parcels.

events:
  ParcelPosted:
    doc: Somebody posted a parcel.
    fields:
      parcel_id: {type: string, min_length: 1, max_length: 40, doc: The label on it.}  # printed
  # The last one so far.
  ParcelLost: {doc: Nobody finds it., fields: {parcel_id: {type: string, min_length: 1, max_length: 40}}}

groups:
  Parcels: [ParcelPosted, ParcelLost]
";

/// Exit code, stdout and stderr.
fn codegen(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.current_dir(root).args(arguments).output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn contract(root: &Path) -> String {
    fs::read_to_string(root.join("contracts/parcel.yaml")).expect("the contract is there")
}

/// What is told about an event that is refused, after which everything is as it was.
fn refused(text: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = project::parcel(text);
    let before = tree::contents(folder.path());
    let told = codegen(folder.path(), &[&["new", "event"], arguments].concat());
    assert_eq!(tree::contents(folder.path()), before, "{arguments:?}");
    told
}

#[test]
fn an_event_stands_behind_the_others_and_everything_else_as_it_was() {
    let folder = project::parcel(CONTRACT);
    let (code, stdout, stderr) = codegen(
        folder.path(),
        &[
            &["new", "event", "parcel", "ParcelReturned", "--doc", "It came back."][..],
            &["--field", "reason={type: string, max_length: 80}", "--field", "parcel_ids=list<string>"],
        ]
        .concat(),
    );
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("`ParcelReturned` stands behind the other events of contracts/parcel.yaml"), "{stderr}");
    let added = "  ParcelReturned:
    doc: It came back.
    fields:
      reason:     {type: string, max_length: 80}
      parcel_ids: list<string>

groups:";
    assert_eq!(contract(folder.path()), CONTRACT.replacen("\ngroups:", added, 1));
    assert_eq!(codegen(folder.path(), &["fmt", "--check"]).0, 0);
    assert_eq!(codegen(folder.path(), &["lint"]), (0, String::new(), String::new()));
    assert_eq!(codegen(folder.path(), &["generate", "-q"]).0, 0);
}

#[test]
fn lint_asks_for_what_nobody_said() {
    let folder = project::parcel(CONTRACT);
    assert_eq!(codegen(folder.path(), &["new", "event", "parcel", "ParcelReturned"]).0, 0);
    let (code, stdout, _) = codegen(folder.path(), &["lint"]);
    assert_eq!(code, 1);
    assert!(stdout.starts_with("warning[missing-doc]: ") && stdout.contains("`ParcelReturned`"), "{stdout}");
}

#[test]
fn a_section_is_made_where_there_is_none() {
    let text = "language: 1\ncontract: parcel\nversion:   1.0.0 # of the contract";
    let folder = project::parcel(text);
    let (code, _, stderr) = codegen(folder.path(), &["new", "event", "parcel", "ParcelPosted", "--field", "id=string"]);
    assert_eq!(code, 0, "{stderr}");
    let expected = format!("{text}\n\nevents:\n  ParcelPosted:\n    fields:\n      id: string\n");
    assert_eq!(contract(folder.path()), expected);
}

#[test]
fn a_contract_that_is_not_there_is_told_with_the_one_that_was_meant() {
    let told = |family| refused(CONTRACT, &[family, "ParcelReturned"]);
    let error = |help: &str| (2, String::new(), format!("error: there is no contract {help}\n"));
    assert_eq!(told("parcle"), error("`parcle`; did you mean `parcel`?"));
    assert_eq!(told("invoice"), error("`invoice`; there are parcel"));
}

#[test]
fn nothing_is_written_that_the_contracts_would_refuse() {
    for (arguments, rule, place) in [
        (&["parcel", "ParcelLost"][..], "yaml-duplicate-key", "contracts/parcel.yaml:13:3"),
        (&["parcel", "Parcels"], "name-collision", "contracts/parcel.yaml:"),
        (&["parcel", "parcel lost"], "name-syntax", "contracts/parcel.yaml:13:3"),
        (&["parcel", "ParcelReturned", "--field", "id=strng"], "unknown-name", "contracts/parcel.yaml:15:11"),
        (&["parcel", "ParcelReturned", "--field", "id=list<string"], "type-syntax", "contracts/parcel.yaml:15:22"),
        (
            &["parcel", "ParcelReturned", "--field", "id={type: string}, x: {a}"],
            "yaml-syntax",
            "contracts/parcel.yaml:15:",
        ),
    ] {
        let (code, stdout, stderr) = refused(CONTRACT, arguments);
        assert_eq!(code, 1, "{arguments:?}: {stdout}{stderr}");
        assert!(stdout.contains(&format!("error[{rule}]: ")), "{arguments:?}: {stdout}");
        assert!(stdout.contains(&format!("--> {place}")), "{arguments:?}: {stdout}");
        assert!(stderr.contains("nothing was written"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn what_cannot_be_done_is_said_in_a_line() {
    let (code, _, stderr) =
        refused("language: 1\ncontract: parcel\nversion: 1.0.0\nevents: {A: {}}\n", &["parcel", "B"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("`events` of `contracts/parcel.yaml` is written in brackets"), "{stderr}");
    let (code, _, stderr) = refused("language: 1\ncontract: parcel\nversion: x\n", &["parcel", "B"]);
    assert_eq!((code, stderr.as_str()), (2, "error: the project has errors; `codegen check` shows them\n"));
    let (code, _, stderr) = refused(CONTRACT, &["parcel", "B", "--field", "reason"]);
    assert!(code == 2 && stderr.contains("write a name, `=` and a type of the contract language"), "{stderr}");
}
