//! Does every rule about changes report just what the folder named after it in `tests/breaking` expects, and leave its
//! twin alone?
//!
//! Such a folder holds three projects: `previous`, `current`, which breaks it, and `twin`, which looks like it and breaks
//! nothing; and `expected.txt`, what is printed about `current`. `BLESS=1` writes what is printed now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use codegen::breaking::rules::RULES;
use codegen::breaking::{Side, compare};
use codegen::config::Config;
use codegen::diagnostic::{Diagnostic, Diagnostics, Severity, render_text};
use codegen::load::{baseline, project};
use codegen::source::SourceMap;
use tests::project::without_sources;
use tests::{expected, tree};

/// What is found in a project against another version of it.
struct Found {
    sources: SourceMap,
    findings: Diagnostics,
}

impl Found {
    fn all(&self) -> Vec<&Diagnostic> {
        self.findings.sorted(&self.sources)
    }

    fn text(&self, findings: &[&Diagnostic]) -> String {
        render_text(findings, &self.sources, false)
    }
}

/// Compares the folder `new` with the folder `old`, both below `root`.
fn compared(root: &Path, old: &str, new: &str) -> Found {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let current = project(&root.join(new), &mut sources, &mut found).expect("the project can be read");
    let contracts = Config::default().contracts;
    let old = baseline(root, &current.root, &contracts, old).expect("there is an older version");
    // As the command does it: sources of hooks are no part of what is compared.
    let settings = without_sources(Config { contracts: old.contracts.clone(), ..Config::default() });
    let before = codegen::resolved_in(&old.files, &settings, &mut sources, &mut found).expect("it can be read");
    let now = without_sources(current.config.clone());
    let after = codegen::resolved(&root.join(new), &now, &mut sources, &mut found).expect("it can be read");
    let told = |found: &Diagnostics, sources: &SourceMap| render_text(&found.sorted(sources), sources, false);
    let (Some(before), Some(after)) = (before, after) else { panic!("{new}: {}", told(&found, &sources)) };
    let mut findings = Diagnostics::default();
    let packages =
        |config: Option<&Config>| config.map(|it| vec![("rust", it.rust.crate_name.clone())]).unwrap_or_default();
    let before = Side { workspace: &before, packages: packages(old.config.as_ref()) };
    let after = Side { workspace: &after, packages: packages(old.config.as_ref().map(|_| &current.config)) };
    compare(&before, &after, &current.config.breaking, &sources, &mut findings);
    Found { sources, findings }
}

fn folder(rule: &str) -> PathBuf {
    tests::root().join("tests/breaking").join(rule)
}

fn rules() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.id).filter(|id| *id != "breaking-setting-unused")
}

#[test]
fn every_rule_reports_what_its_folder_expects() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = compared(&folder(rule), "previous", "current");
        let (now, file) = (found.text(&found.all()), folder(rule).join("expected.txt"));
        wrong.extend(expected::fault(rule, &now, &file));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_names_both_places_and_a_way_out() {
    for rule in rules() {
        let found = compared(&folder(rule), "previous", "current");
        for finding in found.all() {
            let of = |span: codegen::source::Span| found.sources.path(span.file).starts_with("previous/");
            assert!(finding.related.iter().any(|label| of(label.span)), "{rule}: {} has no old place", finding.message);
            let new = finding.primary.as_ref().is_some_and(|label| !of(label.span));
            let family_is_gone = rule == "source-family-kept" || rule == "source-package-same";
            assert!(new || family_is_gone, "{rule}: {} has no new place", finding.message);
            assert!(
                finding.help.as_ref().is_some_and(|help| !help.is_empty()),
                "{rule}: {} helps nobody",
                finding.message
            );
        }
    }
}

#[test]
fn no_twin_is_reported() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = compared(&folder(rule), "previous", "twin");
        // To take a name out is no safe change; what the rule asks for is how it is done.
        let accepted = if rule == "wire-name-reserved" { "source-field-kept" } else { "" };
        let loud: Vec<&Diagnostic> = found
            .all()
            .into_iter()
            .filter(|it| (it.severity != Severity::Note || it.rule.id == rule) && it.rule.id != accepted)
            .collect();
        if !loud.is_empty() {
            wrong.push(format!("the twin of {rule}:\n{}", found.text(&loud)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn equal_contracts_break_nothing_whichever_rule_they_are_of() {
    for rule in rules() {
        for version in ["previous", "current", "twin"] {
            let found = compared(&folder(rule), version, version);
            assert_eq!(found.text(&found.all()), "", "{rule}: {version}");
        }
    }
}

#[test]
fn each_page_shows_its_folder() {
    const HEAD: &str = "language: 1\ncontract: example\nversion: 1.0.0\n";
    for rule in RULES.iter().filter(|rule| rule.id != "breaking-setting-unused") {
        for (heading, version) in [("\nBefore:\n", "previous"), ("\nBad:\n", "current"), ("\nGood:\n", "twin")] {
            let (_, rest) = rule.page.split_once(heading).unwrap_or_else(|| panic!("{}: no {heading}", rule.id));
            let rest = rest.split("\nBad:\n").next().and_then(|rest| rest.split("\nGood:\n").next()).expect("a part");
            let fences = |mark: &str| {
                let fences = rest.split(mark).skip(1);
                fences.map(|fence| fence.split("```").next().expect("a part").to_owned()).collect::<Vec<_>>()
            };
            let whole = |text: String| if text.contains("language:") { text } else { format!("{HEAD}{text}") };
            let contracts = fences("```yaml\n").into_iter().map(whole).map(|text| {
                let name = text.lines().find_map(|line| line.strip_prefix("contract: ")).expect("a name");
                (format!("contracts/{name}.yaml"), text.clone())
            });
            let settings = fences("```toml\n").into_iter().map(|text| ("codegen.toml".to_owned(), text));
            let vectors = fences("```json ").into_iter().map(|fence| {
                let (name, text) = fence.split_once('\n').expect("a line");
                (format!("contracts/{name}"), text.to_owned())
            });
            let shown: BTreeMap<String, String> = contracts.chain(settings).chain(vectors).collect();
            let there = tree::contents(&folder(rule.id).join(version));
            let text = |bytes| String::from_utf8(bytes).expect("a contract is text");
            let there: BTreeMap<String, String> = there.into_iter().map(|(path, bytes)| (path, text(bytes))).collect();
            assert_eq!(shown, there, "{}: {version}", rule.id);
        }
    }
}
