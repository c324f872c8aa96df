//! Does every accepted text stay text in every output: same shape as with a harmless one, nothing run, equal when read
//! back?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::emit::FileSet;
use codegen::source::SourceMap;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
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
fn rust_has_the_shape_of_the_harmless_twin_and_reads_every_text_back() {
    let sources = |files: &FileSet| -> Vec<(String, Vec<u8>)> {
        let modules =
            files.iter().filter(|(path, _)| path.starts_with("generated/rust/src/") && !path.contains("/support/"));
        modules.map(|(path, text)| (path.to_owned(), text.to_vec())).collect()
    };
    // A pattern becomes a table, which is another one for another pattern.
    let patterns: Vec<String> = accepted()
        .iter()
        .filter(|case| case.slots == ["pattern"])
        .map(|case| format!("/{}.rs", family(case)))
        .collect();
    let mut literals = BTreeMap::new();
    for ((path, hostile), (_, twin)) in sources(&OUTPUTS.hostile).into_iter().zip(sources(&OUTPUTS.twin)) {
        let (shape, found) = rust_shape(&hostile);
        let twin = rust_shape(&twin).0;
        let differs = shape.iter().zip(&twin).position(|(one, other)| one != other);
        let around =
            |tokens: &[String]| differs.map(|at| tokens[at.saturating_sub(9)..(at + 9).min(tokens.len())].join(" "));
        let is_pattern = patterns.iter().any(|name| path.ends_with(name));
        assert!(is_pattern || shape == twin, "{path}: {:?} is not {:?}", around(&shape), around(&twin));
        literals.insert(path, found);
    }
    for case in accepted().iter().filter(|case| case.slots.iter().any(|slot| slot == "enum_value")) {
        let found = &literals[&format!("generated/rust/src/{}.rs", family(case))];
        assert!(found.contains(&case.payload), "{}: no literal reads as {:?}", case.id, case.payload);
    }
}

/// The tokens of a file without docs and with every literal alike, and the texts of its literals.
fn rust_shape(source: &[u8]) -> (Vec<String>, BTreeSet<String>) {
    let file = syn::parse_file(std::str::from_utf8(source).unwrap()).unwrap();
    let (mut shape, mut texts) = (Vec::new(), BTreeSet::new());
    tokens(file.into_token_stream(), &mut shape, &mut texts);
    (shape, texts)
}

fn tokens(stream: TokenStream, shape: &mut Vec<String>, texts: &mut BTreeSet<String>) {
    let all: Vec<TokenTree> = stream.into_iter().collect();
    let mut rest = all.as_slice();
    while let Some((token, behind)) = rest.split_first() {
        rest = behind;
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => rest = behind_doc(rest, shape),
            // An arm that is too long for a line.
            TokenTree::Group(group) if is_braced_literal(group) => {
                tokens(group.stream(), shape, texts);
                shape.push(",".to_owned());
            }
            TokenTree::Group(group) => {
                shape.push(format!("{:?}", group.delimiter()));
                tokens(group.stream(), shape, texts);
                // Layout over several lines has one more.
                shape.pop_if(|last| last == ",");
                shape.push("end".to_owned());
            }
            TokenTree::Literal(literal) => {
                texts.extend(syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value()));
                shape.push("literal".to_owned());
            }
            other => shape.push(other.to_string()),
        }
    }
}

fn is_braced_literal(group: &Group) -> bool {
    let parts: Vec<TokenTree> = group.stream().into_iter().collect();
    group.delimiter() == Delimiter::Brace && matches!(parts[..], [TokenTree::Literal(_)])
}

/// What stands behind a doc attribute whose `#` was just read; any other attribute is part of the shape.
fn behind_doc<'t>(rest: &'t [TokenTree], shape: &mut Vec<String>) -> &'t [TokenTree] {
    let bang = usize::from(matches!(rest.first(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!'));
    let is_doc = matches!(rest.get(bang), Some(TokenTree::Group(group))
        if group.stream().into_iter().next().is_some_and(|first| first.to_string() == "doc"));
    if is_doc {
        return &rest[bang + 1..];
    }
    shape.push("#".to_owned());
    rest
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
