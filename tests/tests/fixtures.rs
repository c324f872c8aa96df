//! Do the fixtures, written and generated, show what their contracts accept and refuse?

use std::collections::BTreeSet;

use codegen::config::Config;
use codegen::emit::{FileSet, fixtures};
use codegen::fault::Code;
use codegen::interpret::check_payload;
use codegen::json::read;
use codegen::model::{Payload, Presence, Type, Workspace};
use serde_json::Value;
use tests::project::workspace;
use tests::root;

#[test]
fn every_written_fixture_is_judged_as_its_manifest_says() {
    let workspace = workspace(&root());
    let folder = root().join("fixtures");
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let listed = manifest["fixtures"].as_array().unwrap();
    let written = codegen::load::fixtures::written_fixtures(&folder, fixtures::GENERATED).unwrap();
    let paths: BTreeSet<&str> = listed.iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    assert_eq!(paths, written.keys().map(String::as_str).filter(|&path| path != "manifest.json").collect());
    for entry in listed {
        let event = workspace.event_named(entry["event_type"].as_str().unwrap()).unwrap();
        let payload = read(&written[entry["path"].as_str().unwrap()]).unwrap();
        let faults = check_payload(&workspace, event, &payload).err().unwrap_or_default();
        let found: Vec<_> = faults.iter().map(|fault| (fault.code.as_str(), fault.pointer())).collect();
        let expected = entry["expected_errors"].as_array().into_iter().flatten();
        let expected: Vec<_> = expected
            .map(|error| (error["code"].as_str().unwrap(), error["path"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(found, expected, "{entry}");
        assert_eq!(entry["expected_result"], if found.is_empty() { "valid" } else { "invalid" }, "{entry}");
    }
}

#[test]
fn every_required_field_is_left_out_and_every_rule_broken_once() {
    for folder in [root(), root().join("tests/domains/order")] {
        let workspace = workspace(&folder);
        let cases = generated(&workspace);
        for event in &workspace.events {
            let name = &event.wire;
            let fails = |code: &str, matches: &dyn Fn(&Value) -> bool| {
                let errors = cases.iter().filter(|case| case["event_type"] == **name).map(|case| &case["errors"]);
                errors
                    .filter_map(Value::as_array)
                    .any(|e| !e.is_empty() && e.iter().all(|error| error["code"] == code && matches(error)))
            };
            let Payload::Record(record) = event.payload else { continue };
            let record = &workspace.records[record];
            for field in
                record.fields.iter().filter(|field| matches!(field.presence, Presence::Required | Presence::Nullable))
            {
                let path = format!("/{}", field.meta.name);
                assert!(fails("required", &|error| error["path"] == *path), "{name}{path}");
            }
            for rule in &record.rules {
                assert!(fails("rule", &|error| error["params"]["rule"] == *rule.code), "{name}: {}", rule.code);
            }
            for field in &record.fields {
                let Type::Enum(ty) = &field.ty else { continue };
                for at in ty.only.clone().unwrap_or_else(|| (0..workspace.enums[ty.id].values.len()).collect()) {
                    let text = &workspace.enums[ty.id].values[at].text;
                    let accepts = |case: &Value| case["valid"] == true && case["payload"][&field.meta.name] == **text;
                    let own = |case: &&Value| field.mixin.is_some() || case["event_type"] == **name;
                    let shown = cases.iter().filter(own).any(accepts);
                    assert!(shown, "{name}/{} never holds {text}", field.meta.name);
                }
            }
        }
    }
}

#[test]
fn every_code_of_a_parsed_value_is_shown() {
    let cases = generated(&workspace(&root().join("tests/domains/order")));
    let shown: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| case["errors"].as_array().unwrap())
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    let text_stage =
        ["too_large", "bad_utf8", "too_deep", "bad_json", "duplicate_key", "lone_surrogate", "number_not_finite"];
    let all: BTreeSet<&str> =
        Code::ALL.iter().map(|code| code.as_str()).filter(|code| !text_stage.contains(code)).collect();
    assert_eq!(shown, all);
    let mut ids = BTreeSet::new();
    for case in &cases {
        assert!(ids.insert(case["id"].as_str().unwrap()), "two cases have one id: {case}");
    }
}

fn generated(workspace: &Workspace) -> Vec<Value> {
    let files: FileSet = fixtures::emit(workspace, &Config::default());
    let lines =
        files.iter().filter(|(path, _)| *path != "generated/manifest.json").map(|(_, content)| content.to_vec());
    let lines: Vec<u8> = lines.collect::<Vec<_>>().concat();
    lines
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}
