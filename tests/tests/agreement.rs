//! Do all implementations of one contract decide alike?

use codegen::interpret::validate_lines;
use tests::corpus::{fixture_lines, mutant_lines, protocol, vector_lines};
use tests::project;
use tests::vector_contract::vector_contract;

/// More than this is not worth reading.
const SHOWN: usize = 30;

#[test]
fn every_implementation_gives_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (vectors, cases) = vector_contract();
    project::of_everything(folder.path(), &vectors);
    let workspace = project::workspace(folder.path());
    let json_event = &cases.iter().find(|case| case.id == "S0705").unwrap().event_type;
    let mut lines = vector_lines(&cases);
    lines.extend(protocol(json_event));
    lines.extend(fixture_lines(&folder.path().join("fixtures")));
    lines.extend(mutant_lines(&workspace));

    let mut input = Vec::new();
    for line in &lines {
        input.extend_from_slice(&line.bytes);
        input.push(b'\n');
    }
    let mut output = Vec::new();
    validate_lines(&workspace, &input[..], &mut output).unwrap();
    let reference: Vec<&str> = std::str::from_utf8(&output).unwrap().lines().collect();
    assert_eq!(reference.len(), lines.len());
    let mut differences = Vec::new();
    for (line, answer) in lines.iter().zip(&reference) {
        if line.answer.as_deref().is_some_and(|expected| expected != *answer) {
            differences.push(format!("{}\n  {answer}\n  {}", line.name, line.answer.as_deref().unwrap()));
        }
    }
    let valid = reference.iter().filter(|answer| answer.ends_with("\"valid\":true}")).count();
    println!("{valid} of {}", lines.len());
    differences.truncate(SHOWN);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
