//! Do the packages decide by any expression as the reference interpreter does?

use std::collections::BTreeSet;
use std::fmt::Write;

use codegen::interpret::validate_lines;
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
    assert!(expressions.len() > 300, "{} expressions", expressions.len());

    let folder = tempfile::tempdir().unwrap();
    tree::write(folder.path(), &[("contracts/x.yaml", &contract(&expressions))]);
    project::generate(folder.path());
    let mut lines = String::new();
    for _ in 0..40 {
        let mut payload = payloads().new_tree(&mut runner).unwrap().current();
        payload["free"] = false.into();
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
            let parted = parted(expected, answer, line, &expressions);
            assert_eq!(answer, expected, "{language:?} parts on {parted:#?} in {line}");
        }
    }
}

/// The expressions that one answer holds broken and the other does not.
fn parted<'e>(expected: &str, answer: &str, line: &str, expressions: &'e [String]) -> Vec<&'e String> {
    let broken = |answer: &str| -> BTreeSet<String> {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let codes = answer["errors"].as_array().unwrap().iter().map(|error| error["params"]["rule"].to_string());
        codes.collect()
    };
    let number = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<usize>().ok();
    let line: Value = serde_json::from_str(line).unwrap();
    let at = number(line["event_type"].as_str().unwrap()).unwrap();
    let (expected, answer) = (broken(expected), broken(answer));
    let rules = expected.symmetric_difference(&answer).filter_map(|code| number(code));
    rules.map(|rule| &expressions[at * RULES_A_RECORD + rule]).collect()
}

/// `from` and `to` stand in rules of machines only.
fn reads_the_payload_alone(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    !words.into_iter().any(|word| matches!(word, "from" | "to"))
}

/// The sample contract, with a record like its `Sample` for each row of rules, and an event for each record. Rules at random
/// contradict each other; `free` keeps all of them, or the contract would be refused.
fn contract(expressions: &[String]) -> String {
    let (before, rest) = CONTRACT.split_once("  Sample:\n").unwrap();
    let (fields, after) = rest.split_once("unions:").unwrap();
    let fields = fields.replacen("    fields:\n", "    fields:\n      free:    bool\n", 1);
    let mut text = before.to_owned();
    let mut events = String::new();
    for (at, rules) in expressions.chunks(RULES_A_RECORD).enumerate() {
        let rule = |(at, check): (usize, &String)| json!({"code": format!("rule{at}"), "check": format!("({check}) || p.free")});
        let rules: Vec<Value> = rules.iter().enumerate().map(rule).collect();
        writeln!(text, "  Sample{at}:\n{fields}    rules: {}", Value::from(rules)).unwrap();
        writeln!(events, "  Asked{at}: {{payload: Sample{at}}}").unwrap();
    }
    format!("{text}unions:{after}events:\n{events}")
}
