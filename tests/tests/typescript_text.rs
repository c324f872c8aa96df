//! Can a text of a contract become code of the TypeScript package, or read back as another text?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tests::hostile::{Case, Slots, cases, contract, filled};
use tests::implementation::{Implementation, Language};
use tests::{node_modules, project, root, tree};

#[test]
fn hostile_texts_stay_texts_in_every_slot() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.code.is_none()).collect();
    let folder = tempfile::tempdir().unwrap();
    let projects = ["hostile", "harmless"].map(|name| folder.path().join(name));
    generate(&projects[0], &cases, |case| &case.payload);
    generate(&projects[1], &cases, |_| "x y");
    Implementation::new(Language::TypeScript, &projects[0]);

    let mut script = Command::new("node");
    script
        .arg(root().join("tests/scripts/typescript_shapes.mjs"))
        .args(projects.map(|project| project.join("generated/typescript")))
        .arg(node_modules());
    let mut child = script.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let rows: Vec<Value> = cases.iter().map(row).collect();
    child.stdin.take().unwrap().write_all(Value::from(rows).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A project with a family for each case, which holds a text in all slots of the case.
fn generate<'a>(project: &Path, cases: &'a [Case], text: impl Fn(&'a Case) -> &'a str) {
    for case in cases {
        let slots: Slots = text_slots(case).map(|slot| filled(slot, text(case))).collect();
        let name = case.id.to_lowercase();
        let contract = contract(&name, &case.id, &slots);
        tree::write(project, &[(&format!("contracts/{name}.yaml"), &contract)]);
    }
    project::generate(project);
}

/// What the script has to know of a case.
fn row(case: &Case) -> Value {
    let texts: BTreeMap<&str, &str> = text_slots(case).map(|slot| (slot, case.payload.as_str())).collect();
    json!({"module": case.id.to_lowercase(), "texts": texts, "is_identifier": is_identifier(&case.payload)})
}

/// A key that is an identifier is not quoted: the code differs from that of the harmless text.
fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Patterns and typed defaults are no texts; a contract holds the largest texts but once.
fn text_slots(case: &Case) -> impl Iterator<Item = &str> {
    let slots = case.slots.iter().map(String::as_str);
    let slots = slots.filter(|slot| *slot != "pattern" && !slot.starts_with("default:"));
    slots.take(if case.payload.len() > 10_000 { 1 } else { usize::MAX })
}
