//! Does every accepted text stay text in every output: same shape as with a harmless one, nothing run, equal when read
//! back?

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::emit::FileSet;
use codegen::source::SourceMap;
use serde_json::{Value, json};
use tests::hostile::{Case, Slots, cases, contract, filled};
use tests::script::{run, script};
use tests::{node_modules, python};

/// The outputs of all contracts with hostile texts, and of their twins with harmless ones, in folders of their own.
struct Outputs {
    folder: tempfile::TempDir,
    hostile: FileSet,
    twin: FileSet,
}

static OUTPUTS: LazyLock<Outputs> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("canary"), "alive").unwrap();
    let hostile = emitted(&folder.path().join("hostile"), str::to_owned);
    let twin = emitted(&folder.path().join("twin"), harmless);
    Outputs { folder, hostile, twin }
});

/// A number of the same sign, nothing to read for nothing to read, else `x`.
fn harmless(payload: &str) -> String {
    if payload.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return " ".to_owned();
    }
    let quoted = payload.starts_with('"');
    let number = payload.trim_matches('"').parse::<f64>();
    match number {
        Ok(number) if quoted => format!("\"{}\"", if number < 0.0 { -1 } else { 1 }),
        Ok(number) if number < 0.0 => "-1".to_owned(),
        Ok(_) => "1".to_owned(),
        Err(_) => "x".to_owned(),
    }
}

/// The accepted cases; one whose text is long has its slots in contracts of their own, which else were too long.
fn accepted() -> Vec<Case> {
    let is_long = |case: &Case| case.payload.len() > 1_000;
    let (long, short): (Vec<Case>, Vec<Case>) =
        cases().into_iter().filter(|case| case.code.is_none()).partition(is_long);
    let parts = long.iter().flat_map(|case| {
        case.slots.iter().enumerate().map(|(at, slot)| Case {
            id: format!("{}X{at}", case.id),
            payload: case.payload.clone(),
            slots: vec![slot.clone()],
            code: None,
        })
    });
    short.into_iter().chain(parts).collect()
}

fn family(case: &Case) -> String {
    case.id.to_lowercase()
}

/// Writes a contract for each case, generates everything from them, and writes that beside them.
fn emitted(root: &Path, text: impl Fn(&str) -> String) -> FileSet {
    fs::create_dir_all(root.join("contracts")).unwrap();
    for case in accepted() {
        let slots: Slots = case.slots.iter().map(|slot| filled(slot, &text(&case.payload))).collect();
        let path = root.join(format!("contracts/{}.yaml", family(&case)));
        fs::write(path, contract(&family(&case), &case.id, &slots)).unwrap();
    }
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let files = codegen::files(root, &Config::default(), &mut sources, &mut out).unwrap();
    let files = files.unwrap_or_else(|| panic!("{}", render_text(&out.sorted(&sources), &sources, false)));
    for (path, content) in files.iter() {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), content).unwrap();
    }
    files
}

fn package(side: &str, target: &str) -> PathBuf {
    OUTPUTS.folder.path().join(side).join("generated").join(target)
}

#[test]
fn both_give_the_same_files() {
    let paths = |files: &FileSet| files.iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&OUTPUTS.hostile), paths(&OUTPUTS.twin));
}

#[test]
fn json_has_the_shape_of_the_harmless_twin() {
    for (path, content) in OUTPUTS.hostile.iter().filter(|(path, _)| path.ends_with(".schema.json")) {
        let twin = OUTPUTS.twin.get(path).unwrap();
        let [hostile, twin] = [content, twin].map(|text| shape(&serde_json::from_slice(text).unwrap()));
        assert_eq!(hostile, twin, "{path}");
    }
}

/// The value with every text that can come from a slot left out.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => json!("text"),
        Value::Number(_) => json!(0),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn python_has_the_shape_of_the_harmless_twin_reads_every_text_back_and_runs_none() {
    let mut command = script(python(), "hostile_package.py");
    command.args(["hostile", "twin"].map(|side| package(side, "python"))).current_dir(OUTPUTS.folder.path());
    assert_eq!(run(&mut command, &expectations()), "done\n");
    the_canary_lives();
}

#[test]
fn typescript_has_the_shape_of_the_harmless_twin() {
    let [hostile, twin] = ["hostile", "twin"].map(|side| package(side, "typescript"));
    let mut command = script("node", "shapes.mjs");
    command.arg(node_modules()).arg(&hostile).arg(&twin);
    assert_eq!(run(&mut command, ""), "");
}

#[test]
fn javascript_reads_every_text_back_and_runs_none() {
    let folder = package("hostile", "typescript");
    std::os::unix::fs::symlink(node_modules(), folder.join("node_modules")).unwrap();
    let mut compiler = Command::new("node");
    compiler.arg(node_modules().join("typescript/bin/tsc")).args(["--pretty", "false"]).current_dir(&folder);
    assert_eq!(run(&mut compiler, ""), "");
    let mut values = script("node", "hostile_values.mjs");
    values.arg(&folder).current_dir(OUTPUTS.folder.path());
    assert_eq!(run(&mut values, &expectations()), "done\n");
    the_canary_lives();
}

fn expectations() -> String {
    let line = |case: Case| {
        let case = json!({"family": family(&case), "prefix": case.id, "payload": case.payload, "slots": case.slots});
        format!("{case}\n")
    };
    accepted().into_iter().map(line).collect::<Vec<_>>().concat()
}

fn the_canary_lives() {
    let folder = OUTPUTS.folder.path();
    assert_eq!(fs::read_to_string(folder.join("canary")).unwrap(), "alive");
    let names: BTreeSet<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}
