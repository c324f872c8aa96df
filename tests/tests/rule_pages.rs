//! Every rule's page enters; each bad example must meet its rule, each good one must not.

use std::collections::BTreeMap;
use std::path::Path;

use codegen::config::{self, Config};
use codegen::diagnostic::{Diagnostics, Rule, Severity};
use codegen::import::Wanted;
use codegen::load::{admit, yaml};
use codegen::source::SourceMap;

const HEAD: &str = "language: 1\ncontract: example\nversion: 1.0.0\ndoc: An example.\n";

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

/// What is found in contracts; of notes only those of the rule that is asked about, since good contracts have others.
fn findings(contracts: &BTreeMap<String, String>, asked: &Rule) -> Vec<String> {
    found(contracts, |root, sources, out| {
        codegen::workspace(root, &Config::default(), sources, out).unwrap();
        out.retain(|finding| finding.severity != Severity::Note || finding.rule.id == asked.id);
    })
}

/// The same by `lint`.
fn linted(contracts: &BTreeMap<String, String>) -> Vec<String> {
    found(contracts, |root, sources, out| codegen::lint(root, &Config::default(), sources, out).unwrap())
}

fn found(
    contracts: &BTreeMap<String, String>,
    find: impl FnOnce(&Path, &mut SourceMap, &mut Diagnostics),
) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    // Sources of hooks are taken as they are.
    let sources =
        ["hooks/labels.rs", "hooks/labels.py", "hooks/labels.ts"].map(|path| (path.to_owned(), String::new()));
    for (name, text) in contracts.iter().chain(sources.iter().map(|(path, text)| (path, text))) {
        let path = folder.path().join("contracts").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    find(folder.path(), &mut sources, &mut out);
    out.sorted(&sources).iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
}

#[test]
fn each_page_shows_what_its_rule_reports() {
    let mut problems = Vec::new();
    let foreign = codegen::load::rules::RULES.iter().filter(|rule| is_about_other_files(rule));
    for rule in codegen::resolve::RULES
        .iter()
        .chain(codegen::resolve::REDUCER_RULES)
        .chain(codegen::analyze::rules::RULES)
        .chain(codegen::load::raw::RULES)
        .chain(foreign)
    {
        let meets = |found: &[String]| found.iter().any(|line| line.starts_with(&format!("{}: ", rule.id)));
        let bad = findings(&contracts(rule.page, "Bad:"), rule);
        if !meets(&bad) {
            problems.push(format!("the bad example of {} reports {bad:#?}", rule.id));
        }
        let good = findings(&contracts(rule.page, "Good:"), rule);
        if !good.is_empty() {
            problems.push(format!("the good example of {} reports {good:#?}", rule.id));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What is found in the schemas of a page.
fn imported(page: &str, heading: &str) -> Vec<&'static str> {
    let files = contracts(page, heading).into_iter().map(|(path, text)| (path, text.into_bytes()));
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::import::import(&files.collect::<Vec<_>>(), &Wanted::default(), &mut sources, &mut out);
    ids(&out, &sources)
}

#[test]
fn each_page_of_import_shows_what_its_rule_reports() {
    for rule in codegen::import::rules::RULES {
        let bad = imported(rule.page, "Bad:");
        assert!(bad.contains(&rule.id), "the bad example of {} reports {bad:?}", rule.id);
        assert_eq!(imported(rule.page, "Good:"), Vec::<&str>::new(), "the good example of {}", rule.id);
    }
}

#[test]
fn each_page_of_lint_shows_what_its_rule_reports() {
    for rule in codegen::lint::rules::RULES {
        let is_it = |line: &&String| line.starts_with(&format!("{}: ", rule.id));
        let bad = linted(&contracts(rule.page, "Bad:"));
        assert!(bad.iter().any(|line| is_it(&line)), "the bad example of {} reports {bad:#?}", rule.id);
        let good = linted(&contracts(rule.page, "Good:"));
        let is_error = |line: &&String| {
            let id = line.split(':').next().unwrap_or_default();
            codegen::rules().iter().any(|rule| rule.id == id && rule.severity == Severity::Error)
        };
        assert_eq!(good.iter().find(|line| is_it(line) || is_error(line)), None, "the good example of {}", rule.id);
    }
}

/// Whether a rule is about files that contracts name: their examples are whole folders.
fn is_about_other_files(rule: &Rule) -> bool {
    rule.id.starts_with("external-") || rule.id.starts_with("hook-")
}

/// The fences of one language behind `heading`, as they stand.
fn fences<'a>(page: &'a str, heading: &str, language: &str) -> Vec<&'a str> {
    let (_, rest) = page.split_once(heading).unwrap_or_else(|| panic!("no `{heading}` in:\n{page}"));
    let rest = rest.split("\nGood:").next().expect("there is a first part");
    let fences = rest.split(language).skip(1);
    fences.map(|fence| fence.split("```").next().expect("there is a first part")).collect()
}

fn ids(out: &Diagnostics, sources: &SourceMap) -> Vec<&'static str> {
    out.sorted(sources).iter().map(|finding| finding.rule.id).collect()
}

fn read_yaml(text: &str) -> Vec<&'static str> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    if let Some(file) = admit(&mut sources, "contracts/example.yaml", text.as_bytes(), &mut out) {
        yaml::parse(&sources, file, &mut out);
    }
    ids(&out, &sources)
}

fn read_toml(text: &str) -> Vec<&'static str> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let file = sources.add("codegen.toml", text);
    config::read(&sources, file, &mut out);
    ids(&out, &sources)
}

fn assert_shown(rule: &Rule, language: &str, read: fn(&str) -> Vec<&'static str>) {
    for bad in fences(rule.page, "Bad:", language) {
        assert!(read(bad).contains(&rule.id), "{}: {:?} of\n{bad}", rule.id, read(bad));
    }
    for good in fences(rule.page, "Good:", language) {
        assert_eq!(read(good), Vec::<&str>::new(), "{}: of\n{good}", rule.id);
    }
}

#[test]
fn each_page_about_files_shows_what_its_rule_reports() {
    for rule in codegen::load::rules::RULES.iter().filter(|rule| !is_about_other_files(rule)) {
        assert_shown(rule, "```yaml\n", read_yaml);
    }
    for rule in config::rules::RULES {
        assert_shown(rule, "```toml\n", read_toml);
    }
}

/// A project of one custom target, with the files that an example shows in place of its own; what is found when it is
/// generated.
fn generated(page: &str, heading: &str) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let off = ["rust", "python", "typescript", "fixtures", "docs"].map(|name| format!("[{name}]\nenabled = false\n"));
    let custom = "[[custom]]\ntemplates = \"templates\"\nout = \"sql\"\n".to_owned();
    let mut files = BTreeMap::from([
        ("codegen.toml".to_owned(), custom),
        (
            "templates/target.toml".to_owned(),
            "version = 1\ncomment = \"--\"\n[options]\nstrict = false\n[[template]]\nfile = \"family.sql.j2\"\n\
             each = \"family\"\npath = \"{{ family.name }}.sql\"\n"
                .to_owned(),
        ),
        ("templates/family.sql.j2".to_owned(), "{{ family.name }}\n".to_owned()),
        ("contracts/example.yaml".to_owned(), format!("{HEAD}events: {{ExampleMade: {{}}, ExampleSent: {{}}}}\n")),
    ]);
    for language in ["```toml ", "```jinja "] {
        let named = fences(page, heading, language).into_iter().filter_map(|fence| fence.split_once('\n'));
        files.extend(named.map(|(path, text)| (path.to_owned(), text.to_owned())));
    }
    if let [contract] = fences(page, heading, "```yaml\n")[..] {
        files.insert("contracts/example.yaml".to_owned(), format!("{HEAD}{contract}"));
    }
    let settings = files.get_mut("codegen.toml").expect("a project has settings");
    *settings = format!("{}{settings}", off.concat());
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    tests::tree::write(folder.path(), &files);
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let project = codegen::load::project(folder.path(), &mut sources, &mut out).unwrap();
    codegen::files(&project.root, &project.config, &mut sources, &mut out).unwrap();
    out.retain(|finding| finding.severity == Severity::Error);
    ids(&out, &sources)
}

#[test]
fn each_page_about_targets_shows_what_its_rule_reports() {
    let emitted = [codegen::emit::custom::rules::RULES, codegen::emit::cloudevents::rules::RULES];
    for rule in config::target_rules::RULES.iter().chain(emitted.into_iter().flatten()) {
        let bad = generated(rule.page, "Bad:");
        assert!(!bad.is_empty() && bad.iter().all(|id| *id == rule.id), "the bad example of {}: {bad:?}", rule.id);
        assert_eq!(generated(rule.page, "Good:"), Vec::<&str>::new(), "the good example of {}", rule.id);
    }
}

#[test]
fn the_contracts_of_this_repository_are_clean() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    codegen::lint(root, &Config::default(), &mut sources, &mut out).unwrap();
    out.retain(|finding| finding.severity != Severity::Note);
    assert_eq!(codegen::diagnostic::render_text(&out.sorted(&sources), &sources, false), "");
}
