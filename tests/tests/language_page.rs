//! Does every example of `docs/language.md` load, or meet the finding that it is an example of?

use std::fs;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity, render_text};
use codegen::source::SourceMap;
use tests::{root, tree};

/// The examples of the page: what stands behind `yaml` in the fence, and the text.
fn examples() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/language.md")).unwrap();
    let fenced = page.split("\n```").skip(1).step_by(2);
    let examples = fenced.filter_map(|block| block.strip_prefix("yaml")).map(|block| {
        let (kind, text) = block.split_once('\n').unwrap();
        (kind.trim().to_owned(), text.to_owned())
    });
    examples.collect()
}

/// The ids of what is found in an example, and the report.
fn found(text: &str) -> (Vec<&'static str>, String) {
    let named = text.lines().find_map(|line| line.strip_prefix("contract: "));
    let name = named.map_or("example", |rest| rest.split_whitespace().next().unwrap());
    let head = if named.is_some() { "" } else { "language: 1\ncontract: example\nversion: 1.2.0\n" };
    let folder = tempfile::tempdir().unwrap();
    let schema = r#"{"$defs": {"Party": {"type": "object", "properties": {"name": {"type": "string"}}}}}"#;
    let contract = (format!("contracts/{name}.yaml"), format!("{head}{text}"));
    tree::write(folder.path(), &[(&contract.0, &contract.1), ("contracts/schemas/party.schema.json", schema)]);
    let vectors = r#"[{"args": {"driver": "Ada"}, "returns": "A."}]"#;
    let sources = ["rs", "py", "ts"].map(|ending| (format!("contracts/hooks/initials.{ending}"), String::new()));
    tree::write(folder.path(), &[("contracts/hooks/initials.json", vectors)]);
    tree::write(folder.path(), &sources.each_ref().map(|(path, text)| (path.as_str(), text.as_str())));
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).unwrap();
    // Good examples have notes, too.
    let findings: Vec<_> = out.sorted(&sources).into_iter().filter(|found| found.severity != Severity::Note).collect();
    (findings.iter().map(|one| one.rule.id).collect(), render_text(&findings, &sources, false))
}

#[test]
fn examples_load_without_a_finding_and_slips_are_refused() {
    let examples = examples();
    assert!(examples.len() >= 15, "{} examples", examples.len());
    let mut wrong = Vec::new();
    for (kind, text) in examples {
        let (ids, report) = found(&text);
        let as_said = match kind.strip_prefix("refused ") {
            Some(id) => !ids.is_empty() && ids.iter().all(|found| *found == id),
            None => kind.is_empty() && ids.is_empty(),
        };
        if !as_said {
            wrong.push(format!("{kind}\n{text}\n{report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
