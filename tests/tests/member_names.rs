//! May slots and fields be called as what the support code of a package has itself?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use codegen::model::names::{check_field_name, collision_key};
use regex::Regex;
use serde_json::{Map, Value, json};
use tests::corpus::{Streams, replay};
use tests::implementation::{Implementation, Language};
use tests::{node_modules, project, python, root, tree};

/// Logs of each reducer.
const LOGS: u64 = 4;

/// How a slot or field can be held, and the effect that changes it; `@` is its name.
const KINDS: &[(&str, &str, &str)] = &[
    (r#"{"type": "opt<string>"}"#, "set", "p.@"),
    (r#"{"type": "list<string>", "default": []}"#, "append", "e.event_id"),
    (r#"{"type": "set<string>", "default": []}"#, "add", "e.event_id"),
    (r#"{"type": "map<string int>", "default": {}}"#, "inc", "@[e.event_id]"),
    (r#"{"type": "int", "default": 0}"#, "inc", "@"),
    (r#"{"type": "Part", "default": {}}"#, "inc", "@.hits"),
];

#[test]
fn slots_and_fields_may_be_called_as_members_of_the_support_code() {
    let folder = tempfile::tempdir().unwrap();
    let names = member_names();
    assert!(
        ["parts", "freeze", "adopt", "new", "to_json", "model_dump"].iter().all(|name| names.contains(*name)),
        "{names:?}"
    );
    tree::write(folder.path(), &[("contracts/words.yaml", &contract(&names).to_string())]);
    project::generate(folder.path());
    check_python(&folder.path().join("generated/python"));
    let workspace = project::workspace(folder.path());
    let replays: Vec<_> = (workspace.reducers.iter())
        .flat_map(|reducer| (0..LOGS).map(move |seed| (reducer, seed)))
        .map(|(reducer, seed)| {
            let lines = Streams::new(&workspace, reducer, Vec::new()).log(seed);
            replay(&workspace, reducer, format!("log {seed} for {}", reducer.meta.name), false, &lines)
        })
        .collect();
    let asked: Vec<u8> = replays.iter().flat_map(|replay| format!("{}\n", replay.line).into_bytes()).collect();
    for language in [Language::Python, Language::TypeScript, Language::Rust] {
        let package = Implementation::with_programs(language, folder.path(), &["replays"]);
        let answers = package.replays(&asked);
        assert_eq!(answers.len(), replays.len());
        for (replay, answer) in replays.iter().zip(answers) {
            assert!(answer == replay.answer, "{language:?}, {}\n{}\n{answer}", replay.name, replay.answer);
        }
    }
}

/// All that the support code of any language, or a base of its classes, calls a member, as far as a contract can call
/// something so.
fn member_names() -> BTreeSet<String> {
    let bases = "from pydantic import BaseModel as M; print(*dir(M), *dir(type(M)), *dir(str), *dir(tuple))";
    let bases = Command::new(python()).args(["-c", bases]).output().unwrap();
    let bases = String::from_utf8(bases.stdout).unwrap();
    let of_bases = bases.split_whitespace().filter(|name| !name.starts_with('_')).map(str::to_owned);
    let mut names: BTreeMap<String, String> = of_bases.map(|name| (collision_key(&name), name)).collect();
    let member = Regex::new(r"(?:\.|\b(?:def|fn|get|readonly) )_*([a-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)").unwrap();
    for language in ["python", "typescript", "rust"] {
        for entry in fs::read_dir(root().join("templates").join(language).join("support")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            let found = member.captures_iter(&text).map(|found| found[1].to_owned());
            names.extend(found.map(|name| (collision_key(&name), name)));
        }
    }
    // Every state has `anomalies` of its own.
    let is_free = |name: &String| check_field_name(name).is_ok() && name != "anomalies";
    names.into_values().filter(is_free).collect()
}

/// Two reducers: one has a slot of each name, the other a record with a field of each name.
fn contract(names: &BTreeSet<String>) -> Value {
    let object = |pairs: Vec<(String, Value)>| Value::Object(pairs.into_iter().collect::<Map<_, _>>());
    let said = object(names.iter().map(|name| (name.clone(), "opt<string>".into())).collect());
    let (mut slots, mut fields) = (Vec::new(), Vec::new());
    let (mut of_slots, mut of_fields) = (Vec::new(), Vec::new());
    for (name, (ty, act, operand)) in names.iter().zip(KINDS.iter().cycle()) {
        let field: Value = serde_json::from_str(ty).unwrap();
        slots.push((name.clone(), field["type"].clone()));
        fields.push((name.clone(), field));
        of_slots.push(effect(act, name, name, operand));
        of_fields.push(effect(act, &format!("held.{name}"), name, operand));
    }
    let reducer = |slots: Value, effects: Vec<Value>| json!({"profile": "log", "consumes": ["Said"], "malformed": "ignore", "slots": slots, "handle": {"Said": effects}});
    json!({
        "language": 1,
        "contract": "words",
        "version": "1.0.0",
        "records": {
            "Envelope": {"fields": {
                "event_id": "string",
                "event_type": "string",
                "at": {"type": "string", "format": "date-time"},
                "payload": "object",
            }},
            "Part": {"fields": {"hits": {"type": "int", "default": 0}}},
            "Words": {"fields": object(fields)},
        },
        "events": {"Said": {"fields": said}},
        "profiles": {"log": {"envelope": "Envelope", "order_by": ["e.at", "e.event_id"], "dedup_by": "e.event_id"}},
        "reducers": {
            "of_slots": reducer(object(slots), of_slots),
            "of_fields": reducer(json!({"held": {"type": "Words", "init": {}}}), of_fields),
        },
    })
}

/// A step that changes what stands at `path`, which ends in `name`.
fn effect(act: &str, path: &str, name: &str, operand: &str) -> Value {
    if act == "inc" {
        json!({act: [operand.replace('@', path)]})
    } else {
        json!({act: {path: operand.replace('@', name)}})
    }
}

fn check_python(package: &Path) {
    let mut mypy = Command::new(python());
    mypy.args(["-m", "mypy", "--strict", "--cache-dir", "/dev/null", "event_contracts"]);
    let mut pyright = Command::new("node");
    pyright.arg(node_modules().join("pyright/index.js")).arg("--pythonpath").arg(python());
    let mut warned = Command::new(python());
    warned.args(["-W", "error", "-c", "import event_contracts.words"]).env("PYTHONDONTWRITEBYTECODE", "1");
    for mut command in [mypy, pyright, warned] {
        let output = command.current_dir(package).output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&told));
    }
}
