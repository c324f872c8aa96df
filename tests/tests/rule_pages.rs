//! Every rule's page enters; each bad example must meet its rule, each good one must not.

use std::collections::BTreeMap;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Rule};
use codegen::source::SourceMap;

const HEAD: &str = "language: 1\ncontract: example\nversion: 1.0.0\n";

/// The fences behind `heading` as files of the folder of contracts: YAML as contracts, JSON by the path beside it.
fn contracts(page: &str, heading: &str) -> BTreeMap<String, String> {
    let from = page.find(heading).unwrap_or_else(|| panic!("no `{heading}` in:\n{page}"));
    let rest = &page[from + heading.len()..];
    let rest = &rest[..rest.find("\nGood:").unwrap_or(rest.len())];
    let fences = |mark| rest.split(mark).skip(1).map(|fence: &str| fence.split("\n```").next().unwrap());
    let contracts = fences("```yaml\n").map(|text| {
        let whole = if text.contains("language:") { text.to_owned() } else { format!("{HEAD}{text}") };
        let name = whole.lines().find_map(|line| line.strip_prefix("contract: ")).unwrap_or("example");
        (format!("{name}.yaml"), format!("{whole}\n"))
    });
    let schemas = fences("```json ").filter_map(|fence| fence.split_once('\n'));
    contracts.chain(schemas.map(|(path, text)| (path.to_owned(), text.to_owned()))).collect()
}

fn findings(contracts: &BTreeMap<String, String>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in contracts {
        let path = folder.path().join("contracts").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).unwrap();
    out.sorted(&sources).iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
}

#[test]
fn each_page_shows_what_its_rule_reports() {
    let mut problems = Vec::new();
    let rooms: [&[&Rule]; 2] = [codegen::resolve::RULES, codegen::load::raw::RULES];
    for rule in rooms.into_iter().flatten() {
        let meets = |found: &[String]| found.iter().any(|line| line.starts_with(&format!("{}: ", rule.id)));
        let bad = findings(&contracts(rule.page, "Bad:"));
        if !meets(&bad) {
            problems.push(format!("the bad example of {} reports {bad:#?}", rule.id));
        }
        let good = findings(&contracts(rule.page, "Good:"));
        if !good.is_empty() {
            problems.push(format!("the good example of {} reports {good:#?}", rule.id));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_contracts_of_this_repository_are_clean() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::workspace(root, &Config::default(), &mut sources, &mut out).unwrap();
    assert_eq!(codegen::diagnostic::render_text(&out.sorted(&sources), &sources, false), "");
}
