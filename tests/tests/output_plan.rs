//! Files in memory and a folder in any state enter: does each difference get its one meaning, and is nobody's work lost?

use std::fs;
use std::path::Path;

use codegen::diagnostic::{Diagnostics, Finding, render_json};
use codegen::emit::FileSet;
use codegen::output::{MANIFEST, Plan, State, exclusively, plan, recover};
use codegen::source::SourceMap;
use tests::tree;

const OUTPUTS: &[&str] = &["out", "schemas"];

fn planned(root: &Path, files: &[(&str, &str)]) -> Plan {
    let mut set = FileSet::default();
    for (path, text) in files {
        set.add(*path, *text);
    }
    plan(root, OUTPUTS, set).expect("the disk can be read")
}

fn generate(root: &Path, files: &[(&str, &str)], overwrite: bool) -> codegen::output::Written {
    let work = || {
        recover(root).expect("nothing stands in the way");
        planned(root, files).write(overwrite, &mut |_| {}).expect("the disk can be written")
    };
    exclusively(root, || panic!("nobody else is here"), work).expect("the lock can be taken")
}

fn states(plan: &Plan) -> Vec<(&str, &State)> {
    plan.differences().iter().map(|difference| (difference.path.as_str(), &difference.state)).collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

const FILES: &[(&str, &str)] = &[("out/a.rs", "a\n"), ("out/src/b.rs", "b\n"), ("schemas/c.json", "{}\n")];

#[test]
fn an_empty_folder_gets_all_files_and_a_second_run_touches_nothing() {
    let folder = folder();
    let root = folder.path();
    let plan = planned(root, FILES);
    let missing = ["codegen.manifest.json", "out/a.rs", "out/src/b.rs", "schemas/c.json"];
    assert_eq!(states(&plan), missing.map(|path| (path, &State::Missing)));
    let first = generate(root, FILES, false);
    assert_eq!((first.written, first.removed, first.unchanged), (3, 0, 0));
    assert!(planned(root, FILES).is_current());
    assert_eq!(tree::contents(root).len(), 4);

    let before = tree::times(root);
    let second = generate(root, FILES, false);
    assert_eq!((second.written, second.removed, second.unchanged), (0, 0, 3));
    assert_eq!(tree::times(root), before);
}

#[test]
fn a_changed_contract_makes_its_file_stale_and_only_that_file_is_replaced() {
    let folder = folder();
    let root = folder.path();
    generate(root, FILES, false);
    let changed = [FILES[0], FILES[1], ("schemas/c.json", "{\"a\":1}\n")];
    let plan = planned(root, &changed);
    assert_eq!(states(&plan), [(MANIFEST, &State::Stale), ("schemas/c.json", &State::Stale)]);
    let report = plan.report_text();
    assert!(
        report.contains("--- schemas/c.json\n+++ schemas/c.json (generated)\n@@ -1 +1 @@\n-{}\n+{\"a\":1}\n"),
        "{report}"
    );

    let before = tree::times(root);
    assert_eq!(generate(root, &changed, false).written, 1);
    let after = tree::times(root);
    assert_eq!(after["out/a.rs"], before["out/a.rs"]);
    assert_eq!(fs::read_to_string(root.join("schemas/c.json")).unwrap(), "{\"a\":1}\n");
}

#[test]
fn a_file_that_nothing_generates_any_more_goes_with_the_folder_it_leaves_empty() {
    let folder = folder();
    let root = folder.path();
    generate(root, FILES, false);
    tree::write(root, &[("out/notes.txt", "mine")]);
    let fewer = [FILES[2]];
    assert_eq!(
        states(&planned(root, &fewer)),
        [(MANIFEST, &State::Stale), ("out/a.rs", &State::Orphan), ("out/src/b.rs", &State::Orphan)]
    );
    assert_eq!(generate(root, &fewer, false).removed, 2);
    let left: Vec<String> = tree::contents(root).into_keys().collect();
    assert_eq!(left, [MANIFEST, "out/notes.txt", "schemas/c.json"]);
    assert!(!root.join("out/src").exists());
}

#[test]
fn a_file_edited_by_hand_is_named_and_kept_until_it_is_given_up() {
    let folder = folder();
    let root = folder.path();
    generate(root, FILES, false);
    tree::write(root, &[("out/a.rs", "a, edited\n"), ("out/src/b.rs", "b, edited\n")]);
    // `a` changes in the contracts too, `b` is generated no more: neither makes the edit ours.
    let changed = [("out/a.rs", "a2\n"), FILES[2]];
    let plan = planned(root, &changed);
    assert_eq!(
        states(&plan),
        [(MANIFEST, &State::Stale), ("out/a.rs", &State::HandEdited), ("out/src/b.rs", &State::HandEdited)]
    );
    let refused: Vec<&str> = plan.refused(false).iter().map(|refused| refused.path.as_str()).collect();
    assert_eq!(refused, ["out/a.rs", "out/src/b.rs"]);
    assert!(plan.refusal_text(false).contains("error[generated-file-hand-edited]: `out/a.rs`"));
    assert!(plan.refusal_text(false).contains("--overwrite"));

    assert!(plan.refused(true).is_empty());
    generate(root, &changed, true);
    assert!(planned(root, &changed).is_current());
    assert!(!root.join("out/src/b.rs").exists());
}

#[test]
fn a_hand_edit_that_equals_the_plan_is_no_difference() {
    let folder = folder();
    let root = folder.path();
    generate(root, FILES, false);
    tree::write(root, &[("out/a.rs", "a2\n")]);
    let changed = [("out/a.rs", "a2\n"), FILES[1], FILES[2]];
    assert_eq!(states(&planned(root, &changed)), [(MANIFEST, &State::Stale)]);
    assert_eq!(generate(root, &changed, false).written, 0);
    assert!(planned(root, &changed).is_current());
}

#[test]
fn a_file_of_somebody_else_is_never_written_over() {
    let folder = folder();
    let root = folder.path();
    tree::write(root, &[("out/a.rs", "mine\n"), ("out/src/b.rs", "b\n"), ("out/other.rs", "other\n")]);
    let plan = planned(root, FILES);
    let refused: Vec<_> = plan.refused(false).iter().map(|refused| (&*refused.path, &refused.state)).collect();
    assert_eq!(refused, [("out/a.rs", &State::Foreign)]);

    generate(root, FILES, true);
    generate(root, &[], false);
    let left: Vec<String> = tree::contents(root).into_keys().collect();
    assert_eq!(left, [MANIFEST, "out/other.rs"], "what was taken over is ours to remove, the other file is not");
}

#[test]
fn a_place_outside_the_outputs_is_refused() {
    let folder = folder();
    let root = folder.path();
    for path in ["src/main.rs", "outside/a.rs", "out/../a.rs", "/etc/a.rs", "out//a.rs", "out", "out/./a.rs"] {
        let plan = planned(root, &[(path, "x")]);
        let refused = plan.refused(true);
        assert!(matches!(refused[..], [one] if matches!(one.state, State::Blocked(_))), "{path}: {refused:?}");
    }
}

#[test]
#[cfg(unix)]
fn nothing_is_written_or_removed_through_a_symbolic_link() {
    let (folder, elsewhere) = (folder(), folder());
    let root = folder.path();
    generate(root, FILES, false);
    tree::copy(&root.join("out"), elsewhere.path());
    fs::remove_dir_all(root.join("out")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.join("out")).unwrap();
    fs::remove_file(root.join("schemas/c.json")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("a.rs"), root.join("schemas/c.json")).unwrap();

    for files in [FILES, &[("schemas/c.json", "{}\n")]] {
        let plan = planned(root, files);
        let refused: Vec<&str> = plan.refused(true).iter().map(|refused| refused.path.as_str()).collect();
        assert_eq!(refused, ["out/a.rs", "out/src/b.rs", "schemas/c.json"]);
        assert!(plan.report_text().contains("symbolic link"), "{}", plan.report_text());
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_and_the_reverse_are_refused() {
    let folder = folder();
    let root = folder.path();
    tree::write(root, &[("out/a.rs/keep", "x"), ("schemas", "a file")]);
    let plan = planned(root, FILES);
    let refused: Vec<&str> = plan.refused(true).iter().map(|refused| refused.path.as_str()).collect();
    assert_eq!(refused, ["out/a.rs", "schemas/c.json"]);
}

#[test]
fn another_version_of_the_tool_in_the_manifest_is_no_difference() {
    let folder = folder();
    let root = folder.path();
    generate(root, FILES, false);
    let manifest = fs::read_to_string(root.join(MANIFEST)).unwrap();
    let older = manifest.replace(&format!("codegen {}", env!("CARGO_PKG_VERSION")), "codegen 0.0.1");
    assert_ne!(older, manifest, "the manifest names the version");
    fs::write(root.join(MANIFEST), older).unwrap();
    assert!(planned(root, FILES).is_current());
}

#[test]
fn a_manifest_that_is_none_or_points_outside_is_an_error_that_names_it() {
    let folder = folder();
    for text in ["<<<<<<< ours\n", "{\"files\":{\"../secret\":\"00\"}}", "{\"files\":{\"/etc/passwd\":\"00\"}}", "[]"] {
        tree::write(folder.path(), &[(MANIFEST, text)]);
        let error = plan(folder.path(), OUTPUTS, FileSet::default()).expect_err(text).to_string();
        assert!(error.contains(MANIFEST) && !error.contains('\n'), "{error}");
    }
}

#[test]
fn a_file_that_an_editor_gave_other_line_ends_or_that_is_no_text_is_reported_all_the_same() {
    let folder = folder();
    let root = folder.path();
    generate(root, FILES, false);
    for edited in [&b"\xc3\xa9\r\n\xc3\xa9\r\n\xc3\xa9"[..], b"\xff\xfe\n", b"a", b""] {
        fs::write(root.join("out/a.rs"), edited).unwrap();
        let plan = planned(root, &[("out/a.rs", "\u{e9}\n\u{e9}\n"), FILES[1], FILES[2]]);
        let mut sources = SourceMap::default();
        assert_eq!(plan.findings(plan.differences(), &mut sources).len(), 2);
        assert!(plan.report_text().contains("`out/a.rs` was generated, and edited by hand since"));
    }
}

#[test]
fn tools_get_the_first_line_that_differs() {
    let folder = folder();
    let root = folder.path();
    generate(root, &[("out/a.rs", "one\ntwo\nthree\n"), FILES[1]], false);
    tree::write(root, &[("out/a.rs", "one\ntwo\nthree, edited\n")]);
    let plan = planned(root, &[("out/a.rs", "one\ntwo\nthree\n"), ("out/new.rs", "new\n")]);
    let mut sources = SourceMap::default();
    let mut findings = Diagnostics::default();
    findings.extend(plan.findings(plan.differences(), &mut sources));
    let findings: Vec<_> = findings.sorted(&sources).into_iter().map(|one| Finding::new(one, &sources)).collect();
    let document = render_json(&findings);
    let document: serde_json::Value = serde_json::from_str(&document).expect("the report is JSON");
    let found: Vec<(&str, &str, u64)> = document["findings"]
        .as_array()
        .expect("findings are a list")
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["path"].as_str().unwrap(), one["start"]["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("generated-file-stale", MANIFEST, 1),
            ("generated-file-hand-edited", "out/a.rs", 3),
            ("generated-file-missing", "out/new.rs", 1),
            ("generated-file-orphan", "out/src/b.rs", 1),
        ]
    );
}
