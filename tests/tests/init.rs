//! Does `init` make a project that works at once, and does it leave alone what is there?

use std::fs;
use std::path::Path;
use std::process::Output;

use tests::implementation::{Implementation, Language};
use tests::{root, tree};

fn codegen(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    command.args(arguments).current_dir(folder).output().expect("the command runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn the_new_project_is_clean_and_its_packages_work() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = codegen(folder.path(), &["init", "tickets"]);
    assert!(made.status.success(), "{}", told(&made));
    let project = folder.path().join("tickets");
    for arguments in [&["check"][..], &["lint"], &["fmt", "--check"]] {
        let clean = codegen(&project, arguments);
        assert!(clean.status.success() && clean.stdout.is_empty(), "{arguments:?}: {}", told(&clean));
    }
    for path in [".pre-commit-config.yaml", ".github/workflows/contracts.yml", ".gitattributes", "README.md"] {
        assert!(project.join(path).is_file(), "{path}");
    }
    let line = r#"{"id":1,"event_type":"TicketClosed","payload":{"ticket_id":"T-1","resolution":""}}"#;
    let answer = r#"{"errors":[{"code":"min_length","params":{"limit":1},"path":"/resolution"}],"id":1,"valid":false}"#;
    for language in [Language::Rust, Language::Python, Language::TypeScript] {
        let package = Implementation::new(language, &project);
        assert_eq!(package.answers(format!("{line}\n").as_bytes()), [answer], "{language:?}");
    }
}

#[test]
fn what_the_new_configuration_has_behind_a_hash_can_be_switched_on() {
    let project = tempfile::tempdir().expect("a temporary folder");
    assert!(codegen(project.path(), &["init"]).status.success());
    let change = |path: &str, from: &str, to: &str| {
        let text = fs::read_to_string(project.path().join(path)).expect("init made it");
        assert!(text.contains(from), "{path}: {text}");
        tree::write(project.path(), &[(path, &text.replace(from, to))]);
    };
    for setting in ["[", "enabled", "source", "templates", "out"] {
        change("codegen.toml", &format!("\n# {setting}"), &format!("\n{setting}"));
    }
    let node = "      node_id:    {type: Id, doc: Who wrote it.}\n";
    let clock = "      clock:      {";
    change("contracts/base.yaml", clock, &format!("{node}{clock}"));
    tree::copy(&root().join("examples/sql-ddl"), &project.path().join("templates/sql"));
    let made = codegen(project.path(), &[]);
    assert!(made.status.success(), "{}", told(&made));
    for path in ["generated/sql/ticket.sql", "generated/python/event_contracts/cloudevents.py"] {
        assert!(project.path().join(path).is_file(), "{path}");
    }
}

#[test]
fn nothing_is_written_where_something_is_in_the_way() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("README.md", "mine"), ("contracts/ticket.yaml", "mine, too")]);
    let before = tree::contents(folder.path());
    let output = codegen(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(2));
    let said = told(&output);
    assert!(said.starts_with("error: nothing was written, since these are there already: "), "{said}");
    assert!(said.contains("contracts/ticket.yaml`") && said.contains("README.md`"), "{said}");
    assert_eq!(tree::contents(folder.path()), before);
}

#[test]
fn a_project_inside_another_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("codegen.toml", "")]);
    let output = codegen(folder.path(), &["init", "inner"]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("this project lies inside that of"), "{}", told(&output));
}
