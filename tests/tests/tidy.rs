//! Everything that people wrote in the repository enters: does it keep the habits of CONTRIBUTING.md?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;
use tests::root;
use tests::sources::sources;

/// No file of ours is longer: where one wants more, it usually wants a second subject.
const MOST_LINES: usize = 450;

const CODE: &[&str] = &["rs", "py", "ts", "mts", "mjs", "js", "j2", "sh"];

/// Code that people wrote: the packages and what is copied into the generated ones.
fn code() -> Vec<(String, String)> {
    let folders = ["bench", "codegen", "eventsync", "tests", "xtask", "templates"];
    folders.iter().flat_map(|folder| sources(folder, CODE)).collect()
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == ending)
}

#[test]
fn every_rust_file_says_first_what_enters_and_what_leaves() {
    for (path, text) in code().iter().filter(|(path, _)| has_ending(path, "rs")) {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 20, "{path}: the first line is `{first}`");
    }
}

#[test]
fn no_file_is_too_long() {
    let too_long: Vec<String> = code()
        .iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
}

#[test]
fn no_name_is_one_that_says_nothing() {
    let names = Regex::new(r"(?i)\b(?:fn|struct|enum|trait|mod|type|const|static|def|class|function|interface)\s+(\w*(?:process|handle|manager|helper|util)\w*)").expect("a regex");
    for (path, text) in code() {
        if let Some(name) = names.captures(&text) {
            panic!("{path}: `{}` says nothing", &name[1]);
        }
        let file = Path::new(&path).file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let empty = ["process", "handle", "manager", "helper", "util", "misc", "common"];
        assert!(!empty.iter().any(|word| file.trim_end_matches('s') == *word), "{path} says nothing by its name");
    }
}

#[test]
fn templates_lay_out_and_decide_nothing() {
    let filters =
        Regex::new(r"\|\s*(upper|lower|title|capitalize|replace|format|tojson|safe|default|d)\b").expect("a regex");
    // One layout or another may depend on a value; a row of cases is a mapping, which belongs into the emitter.
    let comparisons = Regex::new(r#"\{%-?\s*elif[^%]*(?:==|!=|\bin\b)\s*["'(\[]"#).expect("a regex");
    for (path, text) in sources("templates", &["j2"]) {
        for (number, line) in text.lines().enumerate() {
            assert!(
                !filters.is_match(line),
                "{path}:{}: casing and values are decided before the template",
                number + 1
            );
            assert!(!comparisons.is_match(line), "{path}:{}: cases are told apart before the template", number + 1);
            assert!(!line.contains("{% set") && !line.contains("{%- set"), "{path}:{}: no variables", number + 1);
        }
    }
}

#[test]
fn every_link_between_our_pages_leads_somewhere() {
    let pages: BTreeMap<String, String> = sources("", &["md"]).into_iter().collect();
    let link = Regex::new(r"\[[^\]]*\]\(([^)\s]+)\)").expect("a regex");
    let mut broken = Vec::new();
    for (page, text) in &pages {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in link.captures_iter(&without_code(text)).map(|found| found[1].to_owned()) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { page.clone() } else { normal(folder, file) };
            let known = pages.get(&file);
            let found = root().join(&file).exists()
                && (anchor.is_empty() || known.is_some_and(|text| anchors(text).contains(anchor)));
            if !found {
                broken.push(format!("{page} links to {target}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_decision_stands_in_the_index() {
    let index = std::fs::read_to_string(root().join("docs/adr/README.md")).expect("the index is there");
    for (page, text) in sources("docs/adr", &["md"]).iter().filter(|(page, _)| !page.ends_with("README.md")) {
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        let name = page.trim_start_matches("docs/adr/");
        assert!(index.contains(&format!("[{title}]({name})")), "docs/adr/README.md lacks {name}: {title}");
    }
}

/// The text of a page outside its fences and code spans.
fn without_code(text: &str) -> String {
    let parts: Vec<&str> = text.split("```").step_by(2).collect();
    parts.join("").split('`').step_by(2).collect()
}

/// A relative path seen from a folder, its `..` taken away.
fn normal(folder: &str, path: &str) -> String {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "." | "" => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    segments.join("/")
}

/// What GitHub makes of the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let words = |heading: &str| heading.to_lowercase().replace(' ', "-");
    let kept = |heading: String| heading.chars().filter(|one| one.is_alphanumeric() || "-_".contains(*one)).collect();
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| kept(words(line.trim_start_matches('#').trim())))
        .collect()
}
