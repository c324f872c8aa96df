//! Do the real readers of Python, TypeScript and Rust take what the encoders made for what it is: text?

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use codegen::emit::encode::{python, rust, typescript};
use serde_json::json;
use tests::script::{run, script};
use tests::{hostile, node_modules};

#[test]
fn python_reads_every_hostile_text_back() {
    let cases = hostile::texts().into_iter().map(|text| {
        let (string, comment, docstring) = (python::string(&text), python::comment(&text), python::docstring(&text, 4));
        json!({"text": text, "string": string, "comment": comment, "docstring": docstring})
    });
    assert_eq!(run(&mut script(tests::python(), "encoded.py"), &lines(cases)), "");
}

#[test]
fn javascript_reads_every_hostile_text_back() {
    let cases = hostile::texts().into_iter().map(|text| {
        let block = typescript::doc_block(&text, &[("deprecated", &text)], 2);
        let (string, comment) = (typescript::string(&text), typescript::comment(&text));
        json!({"text": text, "string": string, "comment": comment, "block": block})
    });
    assert_eq!(run(&mut script("node", "encoded.mjs"), &lines(cases)), "");
}

/// Behind every doc and comment stands a fault that the compiler must still see.
#[test]
fn no_text_gives_orders_to_the_typescript_compiler() {
    let mut source = String::new();
    let texts = hostile::texts();
    for (at, text) in texts.iter().enumerate() {
        let block = typescript::doc_block(text, &[("deprecated", text)], 0);
        writeln!(
            source,
            "{block}{}\nexport const v{at}: number = {};",
            typescript::comment(text),
            typescript::string(text)
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("docs.ts"), source).unwrap();
    let output = Command::new("node")
        .arg(node_modules().join("typescript/bin/tsc"))
        .args(["--noEmit", "--pretty", "false", "--target", "es2022", "docs.ts"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.matches("error TS2322").count(), texts.len(), "{said}");
    assert_eq!(said.matches("error TS").count(), texts.len(), "{said}");
}

#[test]
fn rustdoc_finds_no_link_no_markup_and_no_test_in_any_text() {
    let folder = tempfile::tempdir().unwrap();
    let texts = hostile::texts();
    let mut source = String::from("//! All hostile texts.\n");
    for (at, text) in texts.iter().enumerate() {
        write!(source, "{}pub struct Doc{at};\n{}\n", rust::outer_doc(text, 0), rust::comment(text)).unwrap();
    }
    fs::write(folder.path().join("docs.rs"), source).unwrap();
    let built = rustdoc(folder.path(), &["-D", "warnings", "docs.rs"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let tested = rustdoc(folder.path(), &["--test", "docs.rs"]);
    assert!(String::from_utf8_lossy(&tested.stdout).contains("running 0 tests"), "{tested:?}");
    for (at, text) in texts.iter().enumerate() {
        let page = fs::read_to_string(folder.path().join(format!("doc/docs/struct.Doc{at}.html"))).unwrap();
        let Some((_, docs)) = page.split_once("<div class=\"docblock\">") else {
            assert_eq!(rust::outer_doc(text, 0), "", "{text:?} is not shown");
            continue;
        };
        let (docs, _) = docs.split_once("</div>").unwrap();
        let words = docs.replace("<p>", "").replace("</p>", "");
        assert!(!words.contains('<'), "{docs} from {text:?}");
    }
}

fn rustdoc(folder: &Path, arguments: &[&str]) -> Output {
    let rustdoc = std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let mut command = Command::new(rustdoc);
    command.args(["--edition", "2024", "--crate-type", "lib"]).args(arguments).current_dir(folder);
    command.output().unwrap()
}

fn lines(cases: impl Iterator<Item = serde_json::Value>) -> String {
    cases.map(|case| format!("{case}\n")).collect::<Vec<_>>().concat()
}
