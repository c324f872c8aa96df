//! Does `new` add what was asked for, in order for `check`, `lint` and `fmt`, and nothing that the contracts refuse?

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
    assert!(stderr.contains("`ParcelReturned` stands at the end of `events` in contracts/parcel.yaml"), "{stderr}");
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

/// Runs each call, after which everything is in order for all commands.
fn added(root: &Path, calls: &[&[&str]]) {
    for call in calls {
        let (code, stdout, stderr) = codegen(root, &[&["new"], *call].concat());
        assert_eq!((code, stdout.as_str()), (0, ""), "{call:?}: {stderr}");
        for command in [&["fmt", "--check"][..], &["lint"], &["generate", "-q"], &["check", "-q"]] {
            assert_eq!(codegen(root, command), (0, String::new(), String::new()), "{command:?} behind {call:?}");
        }
    }
}

#[test]
fn a_project_grows_from_an_empty_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    added(
        folder.path(),
        &[
            &["family", "parcel", "--doc", "Parcels on their way."],
            &["enum", "parcel", "Lane", "planned", "no", "lost", "--set", "terminal=lost", "--doc", "Where one is."],
            &[
                &["machine", "parcel", "parcel_flow", "--states", "Lane", "--doc", "Which lane may follow which."][..],
                &["--edge", "none=planned", "--edge", "planned=no,lost", "--edge", "no=lost"],
            ]
            .concat(),
        ],
    );
    let expected = "\
# yaml-language-server: $schema=../schemas/contract.draft-07.schema.json
language: 1
contract: parcel
version: 1.0.0
doc: Parcels on their way.

enums:
  Lane:
    doc: Where one is.
    values: [planned, \"no\", lost]
    sets:
      terminal: [lost]

machines:
  parcel_flow:
    doc: Which lane may follow which.
    states: Lane
    edges:
      none:    [planned]
      planned: [\"no\", lost]
      \"no\":    [lost]
";
    assert_eq!(contract(folder.path()), expected);
}

#[test]
fn a_reducer_takes_all_events_of_its_contract_in_the_only_order_that_it_sees() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(codegen(folder.path(), &["init", "-q"]).0, 0);
    added(
        folder.path(),
        &[
            &["family", "parcel", "--doc", "Parcels on their way."],
            &["event", "parcel", "ParcelPosted", "--doc", "It was handed in.", "--field", "weight={type: int, min: 0}"],
            &["event", "parcel", "ParcelLost", "--doc", "Nobody finds it."],
        ],
    );
    let (code, _, stderr) = codegen(folder.path(), &["new", "reducer", "parcel", "parcels", "--doc", "What is known."]);
    assert!(code == 2 && stderr.contains("`parcel` sees no profile"), "{stderr}");
    let text = contract(folder.path()).replace("\nevents:", "imports: [base]\n\nevents:");
    tree::write(folder.path(), &[("contracts/parcel.yaml", &text)]);
    added(folder.path(), &[&["reducer", "parcel", "parcels", "--doc", "What is known."]]);
    let expected = "
reducers:
  parcels:
    doc: What is known.
    profile: log
    consumes: [ParcelPosted, ParcelLost]
    slots:
      event_count: {count: deduped}
    anomalies:
      malformed_payload: \"payload of {e.event_type} is invalid at {error.path}: {error.code}\"
    handle:
      ParcelPosted: []
      ParcelLost:   []
";
    assert!(contract(folder.path()).ends_with(expected), "{}", contract(folder.path()));
    let event = r#"{"event_id":"01J00000000000000000000001","event_type":"ParcelLost","timestamp":"2026-01-01T00:00:00Z","clock":1,"payload":{}}"#;
    tree::write(folder.path(), &[("log.jsonl", event)]);
    let (code, state, _) = codegen(folder.path(), &["replay", "parcels", "log.jsonl"]);
    assert_eq!((code, state.as_str()), (0, "{\"anomalies\":[],\"event_count\":1}\n"));
    // A group, and the same events under a name that is taken.
    added(folder.path(), &[&["reducer", "ticket", "tickets", "--consumes", "Tickets", "--doc", "How many."]]);
    let before = tree::contents(folder.path());
    let (code, stdout, _) = codegen(folder.path(), &["new", "reducer", "parcel", "ticket"]);
    assert!(code == 1 && stdout.contains("error[name-collision]"), "{stdout}");
    assert_eq!(tree::contents(folder.path()), before);
}

#[test]
fn a_contract_is_begun_only_where_there_is_none_and_all_others_hold() {
    let folder = project::parcel(CONTRACT);
    let before = tree::contents(folder.path());
    for (call, expected, words) in [
        (&["family", "parcel"][..], 2, "there is `contracts/parcel.yaml` already"),
        (&["family", "../parcel"], 2, "is no name of a contract"),
        (&["family", "Parcel"], 2, "is no name of a contract"),
        (&["family", "freight", "--import", "nothing"], 1, "nothing was written"),
        (&["enum", "parcel", "Lane"], 2, "<VALUES>..."),
        (&["enum", "parcel", "Lane", "a", "--set", "b"], 2, "write a name, `=` and names"),
        (&["enum", "parcel", "Lane", "a", "--set", "b=c"], 1, "nothing was written"),
        (&["machine", "parcel", "flow", "--states", "Lane", "--edge", "none=a"], 1, "nothing was written"),
        (&["machine", "parcel", "flow", "--states", "Lane"], 2, "--edge"),
        (&["reducer", "parcel", "all", "--profile", "log"], 1, "nothing was written"),
    ] {
        let (code, stdout, stderr) = codegen(folder.path(), &[&["new"], call].concat());
        assert_eq!(code, expected, "{call:?}: {stdout}{stderr}");
        assert!(stderr.contains(words), "{call:?}: {stderr}");
        assert_eq!(stdout.contains("error["), expected == 1, "{call:?}: {stdout}");
    }
    assert_eq!(tree::contents(folder.path()), before);
}
