//! Schemas of this command enter again: is the contract that they are imported to the one that they were made of?

use std::collections::BTreeMap;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::emit::json_schema;
use codegen::import::{Wanted, import};
use codegen::model::Workspace;
use codegen::source::SourceMap;
use tests::{project, root, tree};

/// The schemas of payloads and envelopes by family, then by name.
fn schemas(workspace: &Workspace) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut families: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, text) in json_schema::emit(workspace, &Config::default()).iter() {
        let text = String::from_utf8(text.to_vec()).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
        let id = schema["$id"].as_str().unwrap();
        let family = id.strip_prefix("urn:contract:").unwrap().split(':').next().unwrap();
        if name != json_schema::BUNDLE {
            families.entry(family.to_owned()).or_default().insert(name.to_owned(), text);
        }
    }
    families
}

/// What is lost, and the contract.
fn imported(files: &BTreeMap<String, String>) -> (String, String) {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let imported = import(&files, &Wanted::default(), &mut sources, &mut out);
    let told = render_text(&out.sorted(&sources), &sources, false);
    (told.clone(), imported.unwrap_or_else(|| panic!("{told}")).text)
}

/// The first line that two texts do not share.
fn difference(before: &str, after: &str) -> Option<String> {
    let lines = before.lines().map(Some).chain([None]).zip(after.lines().map(Some).chain([None]));
    let (before, after) = lines.into_iter().find(|(before, after)| before != after)?;
    Some(format!("{}\n  instead of {}", after.unwrap_or("nothing"), before.unwrap_or("nothing")))
}

#[test]
fn what_was_generated_comes_back() {
    let (mut compared, mut wrong) = (0, Vec::new());
    let domains = ["order", "corners", "expressions", "folds", "names", "foreign"];
    let folders = domains.iter().map(|domain| root().join("tests/domains").join(domain)).chain([root()]);
    for folder in folders {
        for (family, before) in schemas(&project::workspace(&folder)) {
            let (told, contract) = imported(&before);
            assert_eq!(told, "", "{} {family}\n{contract}", folder.display());
            let again = tempfile::tempdir().unwrap();
            let path = format!("contracts/{family}.yaml");
            tree::write(again.path(), &[("codegen.toml", ""), (path.as_str(), &contract)]);
            let after = schemas(&project::workspace(again.path()));
            for (name, text) in &before {
                compared += 1;
                let now = after[&family].get(name).map_or("", String::as_str);
                wrong.extend(difference(text, now).map(|difference| format!("{family} {name}: {difference}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 90, "{compared} schemas");
}

#[test]
fn a_rule_that_calls_a_hook_is_told_to_be_lost() {
    let folder = root().join("tests/domains/hooked");
    let (told, contract) = imported(&schemas(&project::workspace(&folder))["hooked"]);
    let lost = told.matches("warning[import-loses]: the rule `").count();
    assert!(lost > 0 && lost == told.matches("warning[").count(), "{told}");
    assert!(contract.contains("\nevents:\n"), "the events are there: {contract}");
}

#[test]
fn of_the_schemas_of_a_project_one_contract_is_imported_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    tree::write(folder.path(), &[("codegen.toml", "")]);
    let schemas = root().join("schemas");
    let run = |arguments: &[&str]| {
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        let output = command.current_dir(folder.path()).arg("import").arg(&schemas).args(arguments).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), text)
    };
    let (code, told) = run(&[]);
    assert_eq!(code, Some(1));
    assert!(
        told.contains("these are schemas of 5 contracts: `base`, `connector`, `lifecycle`, `status`, `sync`"),
        "{told}"
    );
    for (family, counts) in [("connector", "5 events and 8 types"), ("base", "0 events and 9 types")] {
        let (code, told) = run(&["--family", family]);
        assert_eq!((code, told), (Some(0), format!("{counts} in contracts/{family}.yaml; next: `codegen lint`\n")));
    }
    let contract = std::fs::read_to_string(folder.path().join("contracts/connector.yaml")).unwrap();
    assert!(contract.contains("\nversion: 2.7.0\n") && contract.contains("since: 2.7.0"), "{contract}");
    let bundle = schemas.join(json_schema::BUNDLE);
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output = command.current_dir(folder.path()).arg("import").arg(bundle).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("error[import-schema]: this schema holds what others say"), "{told}");
}

/// Events as types of each other, payloads with a name of their own, records in several unions.
const ENTANGLED: &str = "\
language: 1
contract: parcel
version: 1.2.0

enums:
  Kind: {values: [home, shop], aliases: {house: home}, sets: {one: [home]}}

records:
  Archive: {doc: Old things., fields: {location: string, part: opt<ParcelPacked>}}
  Home: {doc: A home., closed: true, fields: {street: string, bell: opt<string>}}
  Shop: {fields: {street: string, counter: int}}

unions:
  Place: {doc: Where., tag: kind, tag_type: Kind, default_tag: home, variants: {home: Home, shop: Shop}}
  Other: {tag: what, variants: {h: Home, s: Shop}}

events:
  ParcelPacked:   {doc: It was packed., fields: {parcel_id: string, at: opt<Place>, only: {type: Kind.one, default: home}}}
  ParcelArchived: {doc: An event., payload: Archive, wire: parcel.archived}
  ParcelDropped:  {payload: Archive}
  ParcelPlaced:   {doc: Placed., payload: Place}
  ParcelsMerged:  {fields: {parts: list<ParcelPacked>, archive: Archive, home: Home, other: Other, place: Place}}
";

#[test]
fn nothing_breaks_between_a_contract_and_what_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    tree::write(folder.path(), &[("codegen.toml", ""), ("contracts/parcel.yaml", ENTANGLED)]);
    let before = &schemas(&project::workspace(folder.path()))["parcel"];
    let (told, contract) = imported(before);
    assert_eq!(told, "");
    let again = tempfile::tempdir().unwrap();
    tree::write(again.path(), &[("codegen.toml", ""), ("contracts/parcel.yaml", &contract)]);
    assert_eq!(&schemas(&project::workspace(again.path()))["parcel"], before, "{contract}");
    for (old, new) in [(&folder, &again), (&again, &folder)] {
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
        let output =
            command.current_dir(new.path()).args(["breaking", "-q", "--against"]).arg(old.path()).output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stdout).unwrap().as_str()),
            (Some(0), ""),
            "{contract}"
        );
    }
}
