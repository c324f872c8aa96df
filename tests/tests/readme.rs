//! README.md enters: is what it shows what happens?

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use regex::Regex;
use tests::root;

const CODEGEN: &str = env!("CARGO_BIN_EXE_codegen-under-test");

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README")
}

/// The fences of a language, without their marks.
fn fences(text: &str, language: &str) -> Vec<String> {
    let fence = Regex::new(&format!(r"(?ms)^```{language}\n(.*?)^```$")).expect("a regex");
    fence.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn the_contract_that_it_shows_is_a_part_of_the_real_one() {
    let contract = fs::read_to_string(root().join("contracts/connector.yaml")).expect("there is a contract");
    let [shown] = &fences(&readme(), "yaml")[..] else { panic!("one contract is shown") };
    let mut rest = contract.lines();
    for line in shown.lines() {
        assert!(rest.any(|real| real == line), "contracts/connector.yaml has no such line from here on: {line}");
    }
}

#[test]
fn every_console_line_prints_what_it_shows() {
    let shown = fences(&readme(), "console").concat();
    let shown: Vec<(&str, &str)> = shown.split("$ ").skip(1).filter_map(|one| one.split_once('\n')).collect();
    assert!(!shown.is_empty(), "the README shows the command at work");
    for (line, printed) in shown {
        let script = line.replace("cargo run -q -p codegen --", CODEGEN);
        let output = Command::new("sh").args(["-c", &format!("{script} 2>&1")]).current_dir(root()).output();
        let output = output.expect("sh can be started");
        assert_eq!(String::from_utf8_lossy(&output.stdout), printed, "$ {line}");
    }
}

#[test]
fn the_commands_are_those_that_there_are() {
    let row = Regex::new(r"(?m)^\| `([a-z]+)` \|").expect("a regex");
    let told: BTreeSet<String> = row.captures_iter(&readme()).map(|found| found[1].to_owned()).collect();
    let help = Command::new(CODEGEN).arg("--help").output().expect("the command can be started").stdout;
    let verb = Regex::new(r"(?m)^  ([a-z]+) {2,}\S").expect("a regex");
    let help = String::from_utf8(help).expect("help is text");
    let mut there: BTreeSet<String> = verb.captures_iter(&help).map(|found| found[1].to_owned()).collect();
    assert!(there.remove("help"), "clap adds help:\n{help}");
    assert_eq!(told, there);
}

#[test]
fn the_tasks_that_it_names_are_those_that_there_are() {
    let tasks = fs::read_to_string(root().join("xtask/src/main.rs")).expect("xtask has a main");
    let task = Regex::new(r"cargo xtask ([a-z]+)").expect("a regex");
    for page in ["README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(page)).expect("the page is there");
        let mut named = task.captures_iter(&text).map(|found| found[1].to_owned()).peekable();
        assert!(named.peek().is_some(), "{page} names a task");
        for task in named {
            assert!(tasks.contains(&format!("[\"{task}\"")), "{page}: `cargo xtask {task}` is no task");
        }
    }
}
