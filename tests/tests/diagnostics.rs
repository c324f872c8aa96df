//! Does every rule report just what the folder named after it in `tests/diagnostics` expects?
//!
//! Such a folder is a project and `expected.txt`, what is printed about it. `x.yaml.repeat` stands for a file
//! `x.yaml` too long to keep: `prefix`, `unit` times `count`, `suffix`. `BLESS=1` writes what is printed now.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::diagnostic::{Diagnostic, Diagnostics, Severity, render_text};
use codegen::load::project;
use codegen::source::SourceMap;
use tests::{case, expected, tree};

/// Rules that no folder of files can show, and the tests that show them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("breaking-setting-unused", "breaking_command.rs"),
    ("contract-file", "discovery.rs"),
    ("contract-layout", "fmt.rs"),
    ("contracts-limit", "discovery.rs"),
    ("fixture-manifest", "written_fixtures.rs"),
    ("fixture-replay", "written_fixtures.rs"),
    ("fixture-verdict", "written_fixtures.rs"),
    ("generated-file-blocked", "output_plan.rs"),
    ("generated-file-foreign", "output_plan.rs"),
    ("generated-file-hand-edited", "output_plan.rs"),
    ("generated-file-missing", "output_plan.rs"),
    ("generated-file-orphan", "output_plan.rs"),
    ("generated-file-stale", "output_plan.rs"),
    ("import-loses", "import.rs"),
    ("import-name", "import.rs"),
    ("import-null", "import.rs"),
    ("import-renames", "import.rs"),
    ("import-schema", "import.rs"),
    ("layout-refused", "fmt.rs"),
    ("payload-invalid", "formats.rs"),
];

fn folder() -> PathBuf {
    tests::root().join("tests/diagnostics")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name")).collect()
}

/// What is printed about the project in the folder of a rule; of notes only those of that rule, and for a rule of
/// `lint` what that rule finds, beside errors.
fn printed(rule: &str, fixture: &Path) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, bytes) in tree::contents(fixture) {
        let (path, bytes) = match path.strip_suffix(".repeat") {
            Some(path) => {
                let repeat = serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
                (path.to_owned(), case::repeated(&repeat).into_bytes())
            }
            None => (path, bytes),
        };
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().expect("a file has a folder")).expect("a folder is made");
        fs::write(place, bytes).expect("a file is written");
    }
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let project = project(folder.path(), &mut sources, &mut found).expect("a project can be read");
    if let Some(rule) = codegen::lint::rules::RULES.iter().copied().find(|known| known.id == rule) {
        codegen::lint(&project.root, &project.config, &mut sources, &mut found).expect("contracts can be read");
        found.retain(|finding| finding.rule == rule || finding.severity == Severity::Error);
    } else if !found.has_errors() && (!project.config.custom.is_empty() || project.config.cloudevents.enabled) {
        codegen::files(&project.root, &project.config, &mut sources, &mut found).expect("a project can be read");
    } else if !found.has_errors() {
        codegen::workspace(&project.root, &project.config, &mut sources, &mut found).expect("contracts can be read");
    }
    let is_asked = |found: &&Diagnostic| found.severity != Severity::Note || found.rule.id == rule;
    let found: Vec<_> = found.sorted(&sources).into_iter().filter(is_asked).collect();
    render_text(&found, &sources, false)
}

#[test]
fn every_rule_reports_what_its_folder_expects() {
    let mut wrong = Vec::new();
    for rule in names(&folder()) {
        let fixture = folder().join(&rule);
        let (now, file) = (printed(&rule, &fixture), fixture.join("expected.txt"));
        wrong.extend(expected::fault(&rule, &now, &file));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_folder_or_another_test() {
    let pages = names(&tests::root().join("codegen/rules"));
    let rules: BTreeSet<_> = pages.iter().map(|page| page.trim_end_matches(".md").to_owned()).collect();
    let mut shown = names(&folder());
    // Those about changes need two versions: `breaking.rs` asks for their folders.
    shown.extend(names(&tests::root().join("tests/breaking")));
    for (rule, test) in ELSEWHERE {
        let text = fs::read_to_string(tests::root().join("tests/tests").join(test)).expect("the test is there");
        assert!(text.contains(rule) || text.contains(&state(rule)), "{test} does not speak of {rule}");
        shown.insert((*rule).to_owned());
    }
    assert_eq!(rules.difference(&shown).collect::<Vec<_>>(), Vec::<&String>::new(), "rules without a folder");
    assert_eq!(shown.difference(&rules).collect::<Vec<_>>(), Vec::<&String>::new(), "folders without a rule");
}

/// `generated-file-hand-edited` is the state `HandEdited` of a file.
fn state(rule: &str) -> String {
    let words = rule.trim_start_matches("generated-file-").split('-');
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
