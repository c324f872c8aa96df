//! `docs/breaking.md` enters: is what it shows what happens, and are its rules those that there are?

use std::fs;
use std::process::Command;

use codegen::breaking::rules::RULES;
use codegen::config;
use codegen::diagnostic::Diagnostics;
use codegen::source::SourceMap;
use tempfile::TempDir;
use tests::{root, tree};

fn page() -> String {
    fs::read_to_string(root().join("docs/breaking.md")).expect("the page is there")
}

/// The fences that begin so, without their marks: what stands behind the beginning on its line, and the text.
fn fences(text: &str, language: &str) -> Vec<(String, String)> {
    let mark = format!("\n```{language}");
    let fence = |part: &str| {
        let (behind, rest) = part.split_once('\n').expect("a line");
        (behind.trim().to_owned(), rest.split("```").next().expect("a first part").to_owned())
    };
    text.split(&mark).skip(1).map(fence).collect()
}

/// A repository whose tag `v1.0.0` holds the previous contracts of a rule, and whose work tree the current ones.
fn repository(rule: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let versions = root().join("tests/breaking").join(rule);
    let git = |arguments: &str| {
        let identity = "-c user.name=A -c user.email=a@example.org";
        let script = format!("git {identity} {arguments}");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(folder.path());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        assert!(command.status().expect("git is installed").success(), "{script}");
    };
    tree::copy(&versions.join("previous"), folder.path());
    git("init -q");
    git("add .");
    git("commit -q -m previous");
    git("tag v1.0.0");
    tree::copy(&versions.join("current"), folder.path());
    folder
}

#[test]
fn every_command_prints_what_the_page_shows() {
    let shown = fences(&page(), "console");
    assert!(shown.len() >= 2, "the page shows the command at work");
    for (rule, shown) in shown {
        let (line, printed) = shown.strip_prefix("$ ").and_then(|rest| rest.split_once('\n')).expect("a command");
        let script = line.replace("codegen ", &format!("{} ", env!("CARGO_BIN_EXE_codegen-under-test")));
        let folder = repository(&rule);
        let output = Command::new("sh").args(["-c", &format!("{script} 2>&1")]).current_dir(folder.path()).output();
        let output = String::from_utf8(output.expect("sh can be started").stdout).expect("text");
        assert_eq!(output, printed, "$ {line} ({rule})");
    }
}

#[test]
fn the_settings_that_it_shows_can_be_read() {
    let [(_, shown)] = &fences(&page(), "toml")[..] else { panic!("one configuration is shown") };
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let file = sources.add("codegen.toml", shown.clone());
    let config = config::read(&sources, file, &mut out);
    assert!(out.is_empty(), "{:?}", out.sorted(&sources));
    assert_eq!((config.breaking.rules.len(), config.breaking.ignore.len()), (1, 1));
}

#[test]
fn it_lists_the_rules_that_there_are() {
    let rows = RULES.iter().map(|rule| {
        let title = rule.title();
        format!("| `{}` | {}{} |", rule.id, title[..1].to_lowercase(), &title[1..])
    });
    let wanted: Vec<String> = rows.collect();
    let page = page();
    let (_, list) = page.split_once("| rule | finds |\n|---|---|\n").expect("there is a list");
    assert_eq!(list.lines().collect::<Vec<_>>(), wanted);
}
