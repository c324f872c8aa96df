//! Does the TypeScript package of any contract compile, whatever its names are and however its families overlap?

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::names_contract::{accepted, names};
use tests::{node_modules, project, tree};

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
