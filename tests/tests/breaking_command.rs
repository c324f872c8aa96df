//! Does `codegen breaking` compare with commits, folders and bundles as its users expect, and say in one line why it cannot?

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use tests::tree;

const HEAD: &str = "language: 1\ncontract: shop\nversion: 1.0.0\n";
const OLD: &str =
    "events:\n  OrderPlaced: {fields: {id: string, note: opt<string>}}\n  OrderSplit:  {fields: {id: string}}\n";
const NEW: &str =
    "reserved: {events: [OrderSplit]}\nevents:\n  OrderPlaced: {fields: {id: string, note: opt<string>}}\n";

fn contract(body: &str) -> String {
    format!("{HEAD}{body}")
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(identity).args(arguments);
    let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").output();
    let output = output.expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Exit code, stdout and stderr of a run.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
    command.current_dir(folder).args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    // Temporary folders must not be taken for parts of a repository around them.
    command.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir());
    let output = command.output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("all output is UTF-8");
    (output.status.code().expect("no signal ended it"), text(output.stdout), text(output.stderr))
}

fn against(folder: &Path, other: &str) -> (i32, String, String) {
    run(folder, &["breaking", "--against", other])
}

/// A repository with the old contracts in its first commit, tagged `v1`, and the new ones in its second.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q"]);
    for (body, tag) in [(OLD, "v1"), (NEW, "v2")] {
        tree::write(folder.path(), &[("contracts/shop.yaml", &contract(body)), ("README.md", tag)]);
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", tag]);
        git(folder.path(), &["tag", tag]);
    }
    folder
}

#[test]
fn a_commit_is_read_without_touching_the_work_tree() {
    let folder = repository();
    let before = (tree::contents(folder.path()), tree::times(folder.path()));
    for reference in ["v1", "HEAD~1", "refs/tags/v1", "main^"] {
        let (code, stdout, stderr) = against(folder.path(), reference);
        assert_eq!((code, stderr.as_str()), (1, "2 errors\n"), "{reference}");
        assert!(
            stdout.contains("error[wire-event-kept]: the event `OrderSplit`, which is reserved, is gone"),
            "{stdout}"
        );
        assert!(stdout.contains(&format!("{reference}:contracts/shop.yaml:6:3")), "{stdout}");
    }
    assert_eq!((tree::contents(folder.path()), tree::times(folder.path())), before);
}

#[test]
fn nothing_is_found_where_nothing_breaks() {
    let folder = repository();
    let clean = |other: &str| (0, String::new(), format!("nothing breaks against {other}\n"));
    assert_eq!(against(folder.path(), "v2"), clean("v2"));
    let added = NEW.replace("note: opt<string>", "note: opt<string>, remark: opt<string>");
    tree::write(folder.path(), &[("contracts/shop.yaml", &contract(&added))]);
    assert_eq!(against(folder.path(), "v2"), clean("v2"), "what is not committed counts as new");
    assert_eq!(run(folder.path(), &["-q", "breaking", "--against", "v2"]), (0, String::new(), String::new()));
}

#[test]
fn a_project_may_lie_anywhere_in_the_repository_and_have_its_contracts_anywhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q"]);
    let project = folder.path().join("services/a shop");
    tree::write(
        &project,
        &[("codegen.toml", "contracts = \"events\"\n"), ("events/shop.yaml", &contract(OLD)), ("src/a.txt", "")],
    );
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "old"]);
    // The folder of contracts was called otherwise then.
    fs::rename(project.join("events"), project.join("contracts")).expect("the folder is moved");
    tree::write(&project, &[("codegen.toml", ""), ("contracts/shop.yaml", &contract(NEW))]);
    let (code, stdout, _) = against(&project.join("src"), "HEAD");
    assert_eq!(code, 1);
    assert!(stdout.contains("HEAD:events/shop.yaml:6:3"), "{stdout}");
}

#[test]
fn a_hook_of_the_repository_may_run_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q"]);
    let project = folder.path().join("shop");
    tree::write(&project, &[("codegen.toml", ""), ("contracts/shop.yaml", &contract(OLD))]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "old"]);
    let hook =
        format!("#!/bin/sh\nexec {} -C shop breaking --against HEAD\n", env!("CARGO_BIN_EXE_codegen-under-test"));
    tree::write(folder.path(), &[(".git/hooks/pre-commit", &hook), ("shop/contracts/shop.yaml", &contract(NEW))]);
    let path = folder.path().join(".git/hooks/pre-commit");
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("the hook can be run");
    let mut command = Command::new("git");
    command.arg("-C").arg(folder.path()).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]);
    command.args(["commit", "-q", "-a", "-m", "new"]).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().expect("git is installed");
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && told.contains("error[wire-event-kept]"), "{told}");
}

#[test]
fn a_folder_and_its_folder_of_contracts_are_versions_too() {
    let folder = repository();
    let old = tempfile::tempdir().expect("a temporary folder");
    tree::write(old.path(), &[("contracts/shop.yaml", &contract(OLD))]);
    for path in [old.path().to_path_buf(), old.path().join("contracts")] {
        let (code, stdout, stderr) = against(folder.path(), path.to_str().expect("a plain path"));
        assert_eq!((code, stderr.as_str()), (1, "2 errors\n"));
        assert!(stdout.contains(&format!("{}/contracts/shop.yaml:6:3", old.path().display())), "{stdout}");
    }
}

#[test]
fn a_bundle_holds_the_contracts_and_their_schemas_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let party = "{\"$defs\": {\"Party\": {\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"}}, \"required\": [\"name\"]}}}";
    let body = format!("{OLD}types:\n  Party: {{external: {{schema: s/party.json, type: Party}}}}\n")
        .replace("id: string, note", "id: string, party: Party, note");
    tree::write(
        folder.path(),
        &[
            ("contracts/shop.yaml", &contract(&body)),
            ("contracts/s/party.json", party),
            ("contracts/s/unused.json", "{}"),
        ],
    );
    let (code, bundle, stderr) = run(folder.path(), &["export", "bundle"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(run(folder.path(), &["export", "bundle"]).1, bundle);
    let parsed: serde_json::Value = serde_json::from_str(&bundle).expect("a bundle is JSON");
    let expected = serde_json::json!({"bundle": 1, "contracts": {"s/party.json": party, "shop.yaml": contract(&body)}});
    assert_eq!(parsed, expected);
    tree::write(folder.path(), &[("old.json", &bundle)]);
    assert_eq!(against(folder.path(), "old.json").0, 0);
    tree::write(folder.path(), &[("contracts/shop.yaml", &contract(&body.replace("opt<string>", "string")))]);
    let (code, stdout, _) = against(folder.path(), "old.json");
    assert!(code == 1 && stdout.contains("old.json:contracts/shop.yaml:5:"), "{stdout}");
}

#[test]
fn contracts_with_errors_are_no_bundle() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("contracts/shop.yaml", "language: 1\n")]);
    let (code, stdout, stderr) = run(folder.path(), &["export", "bundle"]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("`codegen check`"), "{stdout}{stderr}");
}

#[test]
fn what_cannot_be_compared_with_is_told_in_one_line() {
    let lonely = tempfile::tempdir().expect("a temporary folder");
    tree::write(
        lonely.path(),
        &[("contracts/shop.yaml", &contract(NEW)), ("no.json", "[]"), ("v9.json", "{\"bundle\": 9}")],
    );
    tree::write(
        lonely.path(),
        &[("not.json", "{"), ("empty/a.txt", ""), ("text.json", "{\"bundle\":1,\"contracts\":{\"a.yaml\":1}}")],
    );
    tree::write(lonely.path(), &[("broken/contracts/shop.yaml", "language: 1\ncontract: shop\n")]);
    let repository = repository();
    git(repository.path(), &["checkout", "-q", "--orphan", "bare"]);
    git(repository.path(), &["rm", "-q", "-r", "--cached", "contracts"]);
    git(repository.path(), &["commit", "-q", "-m", "no contracts"]);
    let shallow = tempfile::tempdir().expect("a temporary folder");
    let origin = format!("file://{}", repository.path().display());
    git(shallow.path(), &["clone", "-q", "--depth=1", "--branch=main", "--no-tags", &origin, "clone"]);
    let clone = shallow.path().join("clone");
    for (folder, other, line) in [
        (lonely.path(), "main", "`main` is no folder or file here, and `"),
        (lonely.path(), "empty", "`empty` has no contracts: there is no folder `contracts` in it"),
        (
            lonely.path(),
            "no.json",
            "no.json` is no bundle of contracts: it has no `bundle: 1`; `codegen export bundle` makes one",
        ),
        (lonely.path(), "v9.json", "v9.json` is no bundle of contracts: its version is 9, and only 1 can be read"),
        (lonely.path(), "not.json", "not.json` is no bundle of contracts: it is no JSON (`bad_json`)"),
        (lonely.path(), "text.json", "text.json` is no bundle of contracts: `a.yaml` is no text, but of type number"),
        (
            lonely.path(),
            "broken",
            "the contracts of `broken` have errors; the first is at broken/contracts/shop.yaml:1:1: ",
        ),
        (repository.path(), "v3", "`v3` names no commit of this repository, and no folder or file; `git branch -a`"),
        (repository.path(), "-v1", "a value is required for '--against"),
        (repository.path(), "bare", "`bare` has no contracts: there is no folder `contracts` in it"),
        (&clone, "v1", "`v1` is not in this shallow clone; run `git fetch --unshallow --tags` first"),
        (&clone, "HEAD~1", "`HEAD~1` is not in this shallow clone"),
    ] {
        let (code, stdout, stderr) = against(folder, other);
        assert_eq!((code, stdout.as_str()), (2, ""), "{other}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(line), "{other}: {stderr}");
        assert!(other == "-v1" || stderr.lines().count() == 1, "{other}: {stderr}");
    }
    let nowhere = "`--against`";
    let (code, _, stderr) = run(lonely.path(), &["breaking"]);
    assert!(code == 2 && stderr.contains("--against"), "{nowhere}: {stderr}");
}

#[test]
fn a_machine_without_git_can_compare_with_folders() {
    let folder = repository();
    let run = |other: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
        let output = command.current_dir(folder.path()).args(["breaking", "--against", other]).env("PATH", "").output();
        String::from_utf8(output.expect("the command starts").stderr).expect("text")
    };
    assert!(run("v1").contains("the command `git` is not installed"), "{}", run("v1"));
    assert_eq!(run("."), "nothing breaks against .\n");
}

#[test]
fn a_file_that_is_a_link_in_the_commit_is_refused_as_it_is_on_the_disk() {
    let folder = repository();
    std::os::unix::fs::symlink("../README.md", folder.path().join("contracts/link.yaml")).expect("a link is made");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "a link"]);
    fs::remove_file(folder.path().join("contracts/link.yaml")).expect("the link is removed");
    let (code, _, stderr) = against(folder.path(), "HEAD");
    assert_eq!(code, 2);
    assert!(stderr.contains("HEAD:contracts/link.yaml") && stderr.contains("a contract is a plain file"), "{stderr}");
}

#[test]
fn what_was_deprecated_and_is_reserved_is_still_told_in_the_right_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let split = "OrderSplit:  {deprecated: {since: 1.0.0, reason: r}, fields: {id: string}}";
    let old = OLD
        .replace("OrderSplit:  {fields: {id: string}}", split)
        .replace("note: opt<string>", "note: {type: opt<string>, deprecated: {since: 1.0.0, reason: r}}");
    let new =
        NEW.replace("events: [OrderSplit]", "events: [OrderSplit], fields: [note]").replace(", note: opt<string>", "");
    tree::write(
        folder.path(),
        &[("old/contracts/shop.yaml", &contract(&old)), ("contracts/shop.yaml", &contract(&new))],
    );
    let (code, stdout, _) = against(folder.path(), "old");
    assert_eq!(code, 1);
    for words in [
        "the event `OrderSplit`, which was deprecated in 1.0.0 and is reserved, is gone: old JSON of this type cannot be read",
        "the event `OrderSplit`, deprecated in 1.0.0, is gone: code that names it does not compile",
        "the field `OrderPlaced.note`, deprecated in 1.0.0, is gone",
        "if none does, say so under `breaking.ignore`",
    ] {
        assert!(stdout.contains(words), "{words}: {stdout}");
    }
    assert!(!stdout.contains("wire-name-reserved"), "{stdout}");
}

#[test]
fn settings_say_what_counts() {
    let folder = repository();
    let set = |text: &str| {
        tree::write(folder.path(), &[("codegen.toml", text)]);
        against(folder.path(), "v1")
    };
    let wire = "wire-event-kept";
    for silent in ["wire = \"NONE\"", "wire = \"FORWARD\""] {
        let (code, stdout, _) = set(&format!("[breaking]\n{silent}\nsource = false\n"));
        assert!(code == 0 && !stdout.contains(wire), "{silent}: {stdout}");
    }
    let (_, stdout, _) = run(folder.path(), &["-v", "breaking", "--against", "v1"]);
    assert!(stdout.contains("note[wire-event-kept]"), "the other direction is told on request: {stdout}");
    let (code, stdout, _) =
        set("[breaking]\nsource = false\nrules.wire-event-kept = {severity = \"warning\", reason = \"r\"}\n");
    assert!(code == 0 && stdout.contains("warning[wire-event-kept]"), "{stdout}");
    let entry =
        "[breaking]\nsource = false\n[[breaking.ignore]]\nrule = \"RULE\"\nat = \"OrderSplit\"\nreason = \"r\"\n";
    assert_eq!(set(&entry.replace("RULE", wire)).0, 0);
    let (code, stdout, _) = set(&entry.replace("RULE", "wire-event-kpet"));
    assert!(
        code == 1 && stdout.contains("warning[breaking-setting-unused]") && stdout.contains("did you mean"),
        "{stdout}"
    );
    let (_, stdout, _) = set(&entry.replace("RULE", "wire-null-same"));
    assert!(stdout.contains("nothing is found by `wire-null-same` at `OrderSplit`"), "{stdout}");
    for wrong in [
        "wire = \"BOTH\"",
        "rules.wire-event-kept = {severity = \"warning\"}",
        "rules.a = 1",
        "ignore = [{rule = \"a\"}]",
    ] {
        let (code, stdout, _) = set(&format!("[breaking]\n{wrong}\n"));
        assert!(code == 1 && stdout.starts_with("error[config-"), "{wrong}: {stdout}");
    }
}

#[test]
fn findings_are_data_for_tools_too() {
    let folder = repository();
    let (_, stdout, _) = run(folder.path(), &["breaking", "--against", "v1", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&stdout).expect("a document");
    let finding = document["findings"].as_array().expect("a list").iter().find(|it| it["id"] == "wire-event-kept");
    let finding = finding.expect("it is there");
    assert_eq!(finding["related"][0]["path"], "v1:contracts/shop.yaml");
    assert_eq!(finding["path"], "contracts/shop.yaml");
}
