//! Do the packages decide by any expression as the reference interpreter does?

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity};
use codegen::interpret::validate_lines;
use codegen::source::SourceMap;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Value, json};
use tests::expressions::{ACCEPTED, CONTRACT};
use tests::implementation::{Implementation, Language};
use tests::random_expressions::{bools, payloads};
use tests::{project, tree};

/// Fewer than the errors that are kept.
const RULES_A_RECORD: usize = 80;

#[test]
fn compiled_expressions_decide_as_interpreted_ones_do() {
    let config = ProptestConfig { rng_seed: RngSeed::Fixed(20_261_120), ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let mut expressions: Vec<String> = ACCEPTED.iter().map(|text| (*text).to_owned()).collect();
    for depth in 0..4 {
        expressions.extend((0..150).map(|_| bools(depth).new_tree(&mut runner).unwrap().current()));
    }
    expressions.retain(|text| reads_the_payload_alone(text));
    expressions.sort();
    expressions.dedup();

    let folder = tempfile::tempdir().unwrap();
    let write = |expressions: &[String]| tree::write(folder.path(), &[("contracts/x.yaml", &contract(expressions))]);
    write(&expressions);
    let never_kept = never_kept(folder.path());
    let mut at = 0..;
    expressions.retain(|_| at.next().is_some_and(|at| !never_kept.contains(&at)));
    assert!(expressions.len() > 300, "{} expressions", expressions.len());
    write(&expressions);
    project::generate(folder.path());
    let mut lines = String::new();
    for _ in 0..40 {
        let payload = payloads().new_tree(&mut runner).unwrap().current();
        for at in 0..expressions.chunks(RULES_A_RECORD).len() {
            let line = json!({"event_type": format!("Asked{at}"), "payload": payload});
            writeln!(lines, "{line}").unwrap();
        }
    }
    let mut expected = Vec::new();
    validate_lines(&project::workspace(folder.path()), lines.as_bytes(), &mut expected).unwrap();
    let expected = String::from_utf8(expected).unwrap();
    for language in [Language::Rust, Language::Python, Language::TypeScript] {
        let answers = Implementation::new(language, folder.path()).answers(lines.as_bytes());
        for ((line, expected), answer) in lines.lines().zip(expected.lines()).zip(&answers) {
            let parted = parted(expected, answer, &expressions);
            assert_eq!(answer, expected, "{language:?} parts on {parted:#?} in {line}");
        }
    }
}

/// The rules that a contract may not hold, since no value keeps them.
fn never_kept(root: &Path) -> BTreeSet<usize> {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(root, &Config::default(), &mut sources, &mut found).unwrap();
    let found = found.sorted(&sources);
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error);
    let rules = errors.map(|error| {
        assert_eq!(error.rule.id, "record-unsatisfiable", "{}", error.message);
        let (_, rest) = error.message.split_once("the rule `rule").unwrap();
        rest.split_once('`').unwrap().0.parse().unwrap()
    });
    rules.collect()
}

/// The expressions that one answer holds broken and the other does not.
fn parted<'e>(expected: &str, answer: &str, expressions: &'e [String]) -> Vec<&'e String> {
    let broken = |answer: &str| -> BTreeSet<String> {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let codes = answer["errors"].as_array().unwrap().iter().map(|error| error["params"]["rule"].to_string());
        codes.collect()
    };
    let number = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<usize>().ok();
    let (expected, answer) = (broken(expected), broken(answer));
    let rules = expected.symmetric_difference(&answer).filter_map(|code| number(code));
    rules.map(|rule| &expressions[rule]).collect()
}

/// `from` and `to` stand in rules of machines only.
fn reads_the_payload_alone(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    !words.into_iter().any(|word| matches!(word, "from" | "to"))
}

/// The sample contract, with a record like its `Sample` for each row of rules, and an event for each record.
fn contract(expressions: &[String]) -> String {
    let (before, rest) = CONTRACT.split_once("  Sample:\n").unwrap();
    let (fields, after) = rest.split_once("unions:").unwrap();
    let mut text = before.to_owned();
    let mut events = String::new();
    for (at, rules) in expressions.chunks(RULES_A_RECORD).enumerate() {
        let first = at * RULES_A_RECORD;
        let rule = |(at, check): (usize, &String)| json!({"code": format!("rule{}", first + at), "check": check});
        let rules: Vec<Value> = rules.iter().enumerate().map(rule).collect();
        writeln!(text, "  Sample{at}:\n{fields}    rules: {}", Value::from(rules)).unwrap();
        writeln!(events, "  Asked{at}: {{payload: Sample{at}}}").unwrap();
    }
    format!("{text}unions:{after}events:\n{events}")
}
