//! Calls that make no sense, and those for help, enter: do the commands of all packages answer alike?

use std::path::Path;

use tests::implementation::{Implementation, Language};
use tests::tree;

const CONTRACT: &str = "\
language: 1
contract: parcel
version: 1.0.0
scalars:
  Id: {base: string, min_length: 1}
records:
  Envelope: {fields: {id: Id, event_type: Id, source: Id, at: {type: string, format: date-time}, payload: object}}
events:
  ParcelMoved: {fields: {}}
profiles:
  log: {envelope: Envelope, order_by: [e.at, e.id], dedup_by: e.id}
reducers:
  parcels: {profile: log, consumes: [ParcelMoved], malformed: ignore, slots: {moves: int}, handle: {ParcelMoved: [{inc: [moves]}]}}
";

/// No package understands these, though some library of arguments might.
const MISUSED: &[&[&str]] = &[
    &[],
    &["valid"],
    &["validate", "--env"],
    &["validate", "--env=Envelope"],
    &["validate", "--envelopes"],
    &["validate", "-e"],
    &["validate", "-", "-"],
    &["replay"],
    &["replay", "--sorted"],
    &["replay", "parcels", "--part"],
    &["replay", "parcels", "--sort"],
    &["replay", "parcels", "--skip"],
    &["replay", "parcels", "--sorted=1"],
    &["replay", "parcels", "--skip_invalid"],
    &["replay", "parcels", "--envelope"],
    &["replay", "parcels", "-s"],
    &["replay", "parcels", "-", "-"],
    &["cloudevents", "--rev"],
    &["cloudevents", "--reversed"],
];

/// Understood in any order and any number of times: without lines they say nothing, or the state of no events.
const UNDERSTOOD: &[(&[&str], &str)] = &[
    (&["validate"], ""),
    (&["validate", "-", "--envelope"], ""),
    (&["validate", "--envelope=Envelope", "--envelope="], ""),
    (&["replay", "--sorted", "parcels", "--skip-invalid", "-", "--sorted"], "{\"anomalies\":[],\"moves\":0}\n"),
];

#[test]
fn commands_refuse_and_understand_the_same_calls() {
    for (has_cloudevents, settings) in [(false, ""), (true, "[cloudevents]\nenabled = true\nsource = \"source\"\n")] {
        let folder = tempfile::tempdir().unwrap();
        for package in packages(folder.path(), settings) {
            let language = package.language;
            let (code, help, complaint) = package.run(&["--help"]);
            assert_eq!((code, complaint.as_str()), (Some(0), ""), "{language:?}");
            assert!(help.contains("validate") && help.contains("replay"), "{language:?}: {help}");
            assert_eq!(help.to_lowercase().contains("cloudevents"), has_cloudevents, "{language:?}: {help}");
            assert_eq!(package.run(&["cloudevents"]).0, Some(if has_cloudevents { 0 } else { 2 }), "{language:?}");
            for arguments in MISUSED {
                let (code, out, complaint) = package.run(arguments);
                assert_eq!((code, out.as_str()), (Some(2), ""), "{language:?} {arguments:?}");
                assert!(complaint.to_lowercase().starts_with("usage: "), "{language:?} {arguments:?}: {complaint}");
            }
            for (arguments, said) in UNDERSTOOD {
                let told = package.run(arguments);
                assert_eq!(told, (Some(0), (*said).to_owned(), String::new()), "{language:?} {arguments:?}");
            }
        }
    }
}

fn packages(project: &Path, settings: &str) -> [Implementation; 3] {
    tree::write(project, &[("codegen.toml", settings), ("contracts/parcel.yaml", CONTRACT)]);
    let mut generate = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    generate.arg("-q").current_dir(project).assert().success();
    [Language::Python, Language::TypeScript, Language::Rust].map(|language| Implementation::new(language, project))
}
