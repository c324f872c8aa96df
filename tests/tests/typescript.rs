//! Does the TypeScript package of any contract compile, whatever its names are and however its families overlap?

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tests::{node_modules, project, tree, vectors};

#[test]
fn every_accepted_name_compiles_in_every_place() {
    let folder = tempfile::tempdir().unwrap();
    tree::write(folder.path(), &[("contracts/names.yaml", &names().to_string())]);
    project::generate(folder.path());
    compile(folder.path());
    let said =
        run(folder.path(), "import { Values } from './dist/names.js'; console.log(Object.values(Values).length);");
    assert_eq!(said.trim(), accepted("enum_value").len().to_string());
}

#[test]
fn families_may_share_names_with_each_other_and_with_modules_of_the_package() {
    let folder = tempfile::tempdir().unwrap();
    let family = |name: &str, import: &str, event: &str| {
        format!(
            "language: 1\ncontract: {name}\nversion: 1.0.0\n{import}\
             scalars: {{Schema: {{base: string, min_length: 1}}}}\n\
             enums: {{Status: {{values: [a, b], sets: {{some: [a]}}}}}}\n\
             mixins: {{Shared: {{fields: {{schema: Schema, status: Status.some}}, \
             rules: [{{code: said, check: p.status == Status.a}}]}}}}\n\
             events: {{{event}: {{mixins: [Shared], fields: {{result: Schema}}}}}}\n"
        )
    };
    tree::write(
        folder.path(),
        &[
            ("contracts/index.yaml", &family("index", "", "First")),
            ("contracts/support.yaml", &family("support", "", "Second")),
            (
                "contracts/third.yaml",
                "language: 1\ncontract: third\nversion: 1.0.0\nimports: [index, support]\n\
                 events: {Third: {fields: {first: First, second: list<Second>}}}\n",
            ),
        ],
    );
    project::generate(folder.path());
    compile(folder.path());
    let said = run(
        folder.path(),
        "const top = await import('./dist/index.js');
         const { Status } = await import('./dist/index-family.js');
         const line = { schema: 'x', status: 'b', result: '' };
         console.log('Status' in top, 'FirstPayload' in top, typeof top.Schema, Status.a);
         console.log(JSON.stringify(top.validate('First', line)));",
    );
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "false true undefined a");
    let faults: Value = serde_json::from_str(lines[1]).unwrap();
    let codes: Vec<&Value> = faults.as_array().unwrap().iter().map(|fault| &fault["code"]).collect();
    assert_eq!(codes, ["min_length", "enum"]);
}

/// A contract in which every name that the vectors accept stands where its kind may stand.
fn names() -> Value {
    let members = |names: &[String], value: &dyn Fn(&str) -> Value| -> Value {
        names.iter().map(|name| (name.clone(), value(name))).collect::<serde_json::Map<_, _>>().into()
    };
    let (fields, values, types) = (accepted("field"), accepted("enum_value"), accepted("type"));
    let shapes =
        [json!({"fields": {"text": "string"}}), json!({"fields": {"next": "opt<Values>", "map": "map<string Map>"}})];
    let records: serde_json::Map<String, Value> =
        types.iter().enumerate().map(|(at, name)| (name.clone(), shapes[at % shapes.len()].clone())).collect();
    let mut holder = serde_json::Map::new();
    for (at, name) in types.iter().enumerate() {
        holder.insert(format!("member{at}"), format!("list<{name}>").into());
    }
    json!({
        "language": 1,
        "contract": "names",
        "version": "1.0.0",
        "enums": {"Values": {"values": values, "sets": {"all": values}, "rank": values}},
        "records": records,
        "events": {
            "Named": {"fields": members(&fields, &|_| "opt<Values>".into()), "rules": rules(&fields)},
            "Held": {"fields": holder},
        },
        "machines": {"flow": {"states": "Values", "edges": {"none": values}}},
    })
}

/// Rules that read every field whose name may stand behind a dot.
fn rules(fields: &[String]) -> Value {
    let readable = |field: &&String| !["false", "in", "null", "true"].contains(&field.as_str());
    let readable: Vec<&String> = fields.iter().filter(readable).collect();
    let rule = |(at, fields): (usize, &[&String])| {
        let tests: Vec<String> = fields.iter().map(|field| format!("p.{field} == Values.done")).collect();
        json!({"code": format!("rule{at}"), "check": format!("!({})", tests.join(" && "))})
    };
    readable.chunks(50).enumerate().map(rule).collect::<Vec<_>>().into()
}

/// The names of a kind that the vectors accept beside each other.
fn accepted(kind: &str) -> Vec<String> {
    let mut keys = std::collections::BTreeSet::new();
    let cases = vectors("names.json").into_iter().filter(|case| case["kind"] == kind && case["expect"] == "emit");
    let names = cases.map(|case| case["name"].as_str().unwrap().to_owned());
    names.filter(|name| keys.insert(codegen::model::names::collision_key(name))).collect()
}

/// Compiles the package below a project, in place.
fn compile(project: &Path) {
    let package = project.join("generated/typescript");
    symlink(node_modules(), package.join("node_modules")).unwrap();
    let output = Command::new("node").arg(node_modules().join("typescript/bin/tsc")).current_dir(&package).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What a script in the folder of the package prints.
fn run(project: &Path, script: &str) -> String {
    let package = project.join("generated/typescript");
    fs::write(package.join("script.mjs"), script).unwrap();
    let output = Command::new("node").arg("script.mjs").current_dir(&package).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
