//! A new folder with nothing but contracts of another domain enters: does one command make packages of it that their
//! compilers and type checkers accept, and that decide as the contracts say?

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::implementation::{Implementation, Language};
use tests::script::run;
use tests::{python, root, tree};

/// One after the other: the crates are built in one folder.
#[test]
fn an_order_and_bills_with_foreign_types_become_packages() {
    becomes_packages("tests/domains/order/contracts", &[], |_| {});
    let program = ("generated/rust/examples/foreign.rs", include_str!("../domains/foreign/program.rs"));
    becomes_packages("tests/domains/foreign/contracts", &[program], foreign_types_are_those_of_typify);
}

fn becomes_packages(contracts: &str, programs: &[(&str, &str)], and: impl Fn(&Path)) {
    let project = tempfile::tempdir().unwrap();
    tree::copy(&root().join(contracts), &project.path().join("contracts"));
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
        command.current_dir(project.path());
        command
    };
    succeeds(&mut command());
    succeeds(command().arg("check"));
    type_checks_in_python(&project.path().join("generated/python"));
    tree::write(project.path(), programs);
    let (lines, answers) = generated_cases(&project.path().join("fixtures/generated"));
    for language in [Language::Rust, Language::Python, Language::TypeScript] {
        // The package is compiled before it answers.
        let found = Implementation::new(language, project.path()).answers(lines.as_bytes());
        let differs = found.iter().zip(&answers).find(|(found, answer)| found != answer);
        assert_eq!((differs, found.len()), (None, answers.len()), "{language:?}");
    }
    and(project.path());
}

/// A program reads bills, looks at one, and makes parties of its own.
fn foreign_types_are_those_of_typify(project: &Path) {
    let bill = r#"{"balance":12,"buyer":{"address":{"city":"Ghent","position":[51.05,3.72]},"kind":"company","name":"Acme"},"history":[],"method":{"by":"transfer","iban":"BE71"}}"#;
    let (lines, _) = generated_cases(&project.join("fixtures/generated"));
    let cases = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let valid = cases.filter(|case| case["valid"] == true).map(|case| case["payload"].to_string());
    let bills: Vec<String> = std::iter::once(bill.to_owned()).chain(valid).collect();
    let mut program = Command::new(root().join("target/agreement/debug/examples/foreign"));
    let said = format!(
        "Acme in Ghent at (51.05, 3.72)\nby transfer to BE71\nsame text: true\n\
        Err(\"min_length\")\ntrue\nmade again: {}\n",
        bills.len()
    );
    assert_eq!(run(&mut program, &bills.join("\n")), said);
}

fn type_checks_in_python(package: &Path) {
    let mut mypy = Command::new(python());
    mypy.args(["-m", "mypy", "--strict", "--no-incremental", "--cache-dir", "/dev/null", "."]).current_dir(package);
    succeeds(&mut mypy);
}

/// The generated cases as lines for `validate`, and the answer that each of them names.
fn generated_cases(folder: &Path) -> (String, Vec<String>) {
    let (mut lines, mut answers) = (String::new(), Vec::new());
    for (path, text) in tree::contents(folder) {
        let text = String::from_utf8(text).unwrap();
        for line in text.lines().filter(|_| path != "manifest.json") {
            let case: Value = serde_json::from_str(line).unwrap();
            if case.get("event_type").is_none() {
                continue;
            }
            let answer = ["errors", "id", "valid"].map(|member| format!("\"{member}\":{}", case[member]));
            answers.push(format!("{{{}}}", answer.join(",")));
            lines.push_str(line);
            lines.push('\n');
        }
    }
    assert!(answers.len() > 100, "{} cases", answers.len());
    (lines, answers)
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&said));
}
