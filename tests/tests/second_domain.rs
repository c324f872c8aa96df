//! A new folder with nothing but contracts of another domain enters: does one command make packages of it that their
//! compilers and type checkers accept, and that decide as the contracts say?

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::implementation::{Implementation, Language};
use tests::{python, root, tree};

/// One after the other: the crates are built in one folder.
#[test]
fn an_order_and_bills_with_foreign_types_become_packages() {
    becomes_packages("tests/domains/order/contracts");
    becomes_packages("tests/domains/foreign/contracts");
}

fn becomes_packages(contracts: &str) {
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
    let (lines, answers) = generated_cases(&project.path().join("fixtures/generated"));
    for language in [Language::Rust, Language::Python, Language::TypeScript] {
        // The package is compiled before it answers.
        let found = Implementation::new(language, project.path()).answers(lines.as_bytes());
        let differs = found.iter().zip(&answers).find(|(found, answer)| found != answer);
        assert_eq!((differs, found.len()), (None, answers.len()), "{language:?}");
    }
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
