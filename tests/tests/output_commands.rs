//! A project on the disk and the command as users run it enter: are `generate` and `check` what the README promises?

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use tests::tree;

const CONTRACT: &str = "\
language: 1
contract: parcel
version: 1.0.0
doc: Parcels on their way.
enums:
  ParcelState: [posted, delivered]
events:
  ParcelPosted:
    doc: A parcel was handed in.
    fields: {parcel_id: string, state: ParcelState}
";

/// A project of its own.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    tree::write(folder.path(), &[("codegen.toml", ""), ("contracts/parcel.yaml", CONTRACT)]);
    folder
}

fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
    command.current_dir(root).args(arguments).env_remove("NO_COLOR");
    command
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    command(root, arguments).output().expect("the command can be started")
}

/// Runs and expects an exit code; what was printed.
fn expect(root: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(root, arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?} in {}:\n{text}", root.display());
    text
}

/// A generated file to play with: the last by path is a schema or source that names the event.
fn some_generated(root: &Path) -> String {
    let about = |(path, content): &(String, Vec<u8>)| {
        path.contains('/') && !path.starts_with("contracts/") && String::from_utf8_lossy(content).contains("handed in")
    };
    tree::contents(root).into_iter().find(about).expect("something is generated from the contract").0
}

#[test]
fn generate_then_check_is_clean_and_generate_again_writes_nothing() {
    let folder = project();
    let root = folder.path();
    assert!(expect(root, &["check"], 1).contains("error[generated-file-missing]"));
    expect(root, &[], 0);
    assert!(expect(root, &["check"], 0).contains("up to date"));
    let before = tree::times(root);
    assert!(expect(root, &["generate"], 0).contains("0 written, 0 removed"));
    assert_eq!(tree::times(root), before);
}

#[test]
fn check_leaves_no_trace_whatever_it_finds() {
    let folder = project();
    let root = folder.path();
    let untouched = |story: &str, code| {
        let before = (tree::times(root), tree::contents(root));
        expect(root, &["check"], code);
        assert_eq!((tree::times(root), tree::contents(root)), before, "{story}");
    };
    untouched("nothing is generated yet", 1);
    expect(root, &[], 0);
    untouched("all is current", 0);
    tree::write(root, &[("contracts/parcel.yaml", &CONTRACT.replace("handed in", "posted"))]);
    untouched("the contract changed", 1);
    tree::write(root, &[(some_generated(root).as_str(), "edited")]);
    untouched("a file was edited by hand", 1);
    tree::write(root, &[("contracts/parcel.yaml", "language: [")]);
    untouched("the contract is broken", 1);
}

#[test]
fn one_letter_of_a_description_makes_check_fail_with_a_diff() {
    let folder = project();
    let root = folder.path();
    expect(root, &[], 0);
    tree::write(root, &[("contracts/parcel.yaml", &CONTRACT.replace("handed in", "handed on"))]);
    let report = expect(root, &["check"], 1);
    assert!(report.contains("error[generated-file-stale]"), "{report}");
    assert!(report.contains("\n@@ ") && report.contains("\n+") && report.contains("handed on"), "{report}");
    expect(root, &[], 0);
    expect(root, &["check"], 0);
}

#[test]
fn a_file_edited_by_hand_is_named_and_nothing_is_written() {
    let folder = project();
    let root = folder.path();
    expect(root, &[], 0);
    let edited = some_generated(root);
    let content = fs::read_to_string(root.join(&edited)).unwrap();
    tree::write(
        root,
        &[
            (edited.as_str(), &(content + "\nedited by hand\n")),
            ("contracts/parcel.yaml", &CONTRACT.replace("posted, delivered", "posted, delivered, lost")),
        ],
    );
    let before = tree::contents(root);
    for arguments in [&["check"][..], &["generate"]] {
        let report = expect(root, arguments, 1);
        assert!(report.contains(&format!("error[generated-file-hand-edited]: `{edited}`")), "{report}");
        assert!(report.contains("-edited by hand"), "{report}");
        assert_eq!(tree::contents(root), before, "{arguments:?}");
    }
    expect(root, &["generate", "--overwrite"], 0);
    expect(root, &["check"], 0);
}

#[test]
fn what_is_generated_no_more_is_removed_and_what_was_never_ours_stays() {
    let folder = project();
    let root = folder.path();
    let second = CONTRACT.replace("parcel", "letter").replace("Parcel", "Letter");
    tree::write(root, &[("contracts/letter.yaml", &second)]);
    expect(root, &[], 0);
    let all = tree::contents(root);
    fs::remove_file(root.join("contracts/letter.yaml")).unwrap();
    tree::write(root, &[("schemas/letter.txt", "mine")]);
    let report = expect(root, &["check"], 1);
    assert!(report.contains("error[generated-file-orphan]"), "{report}");
    expect(root, &[], 0);
    expect(root, &["check"], 0);
    let left = tree::contents(root);
    let removed: Vec<_> = all.keys().filter(|path| !left.contains_key(*path)).collect();
    assert!(removed.len() > 1 && removed.iter().all(|path| path.contains("letter")), "{removed:?}");
    assert_eq!(left["schemas/letter.txt"], b"mine");
}

#[test]
fn the_same_contracts_give_the_same_bytes_wherever_and_however_the_command_runs() {
    let here = project();
    expect(here.path(), &[], 0);
    let wanted = tree::contents(here.path());

    let there = tempfile::tempdir().expect("a temporary folder can be made");
    let root = there.path().join("another name, of another length");
    tree::write(&root, &[("codegen.toml", ""), ("contracts/parcel.yaml", CONTRACT)]);
    let mut strange = command(&root.join("contracts"), &[]);
    strange
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("LANG", "ja_JP.SJIS")
        .env("TZ", "Pacific/Kiritimati")
        .env("HOME", "/nowhere");
    strange.env("SOURCE_DATE_EPOCH", "1").env("RAYON_NUM_THREADS", "1").env("USER", "somebody");
    assert!(strange.status().expect("the command can be started").success());
    assert_eq!(tree::contents(&root), wanted);
}

#[test]
#[cfg(unix)]
fn the_mask_of_new_files_changes_no_byte_and_is_no_drift() {
    let folder = project();
    let root = folder.path();
    let program = env!("CARGO_BIN_EXE_codegen-under-test");
    let masked = |umask: &str, verb: &str| {
        let script = format!("umask {umask} && exec \"$0\" {verb}");
        Command::new("sh").args(["-c", &script, program]).current_dir(root).status().expect("sh can be started")
    };
    assert!(masked("077", "generate").success());
    assert!(masked("002", "check").success());
}

#[test]
#[cfg(unix)]
fn an_output_that_leads_out_of_the_project_is_refused() {
    let (folder, elsewhere) = (project(), tempfile::tempdir().expect("a temporary folder can be made"));
    let root = folder.path();
    std::os::unix::fs::symlink(elsewhere.path(), root.join("schemas")).unwrap();
    for arguments in [&["check"][..], &["generate"], &["generate", "--overwrite"]] {
        let report = expect(root, arguments, 1);
        assert!(report.contains("error[generated-file-blocked]"), "{report}");
        assert!(report.contains("`schemas` is a symbolic link"), "{report}");
    }
    assert_eq!(tree::contents(elsewhere.path()).len(), 0);
    assert!(!root.join("generated").exists(), "nothing is written where something is refused");
}

#[test]
#[cfg(unix)]
fn a_folder_without_permission_is_one_line_with_the_path_and_leaves_the_old_tree() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65534;
    let folder = project();
    let root = folder.path();
    expect(root, &[], 0);
    tree::write(root, &[("contracts/parcel.yaml", &CONTRACT.replace("posted, delivered", "posted, lost"))]);
    let before = tree::contents(root);
    let closed = root.join("schemas");
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    // The last of the outputs that can be closed is; all others are open to whoever runs.
    open_to_all(root);
    mode(&closed, 0o555);
    let copy = folder.path().join("codegen-copy");
    fs::copy(env!("CARGO_BIN_EXE_codegen-under-test"), &copy).unwrap();
    mode(&copy, 0o755);
    let mut command = Command::new(&copy);
    command.current_dir(root);
    // No permission stops root; only root can become somebody else.
    let is_root = fs::write(closed.join("probe"), "").is_ok();
    if is_root {
        fs::remove_file(closed.join("probe")).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().expect("the command can be started");
    mode(&closed, 0o777);
    fs::remove_file(&copy).unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.starts_with("error: cannot write `") && error.contains("/schemas/"), "{error}");
    assert_eq!(tree::contents(root), before);
    expect(root, &[], 0);
    expect(root, &["check"], 0);
}

/// Lets everybody write below a folder.
#[cfg(unix)]
fn open_to_all(root: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(root, 0o777);
    for path in tree::times(root).keys() {
        let place = root.join(path);
        open(&place, if place.is_dir() { 0o777 } else { 0o666 });
    }
}
