//! The pages below docs/commands, and that about custom targets, enter: does every command that they show print what
//! stands there, and does each command, each of its options, have its place on a page? `BLESS=1` writes what the commands print now.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use regex::Regex;
use tests::pages::played;
use tests::root;
use tests::sources::sources;

const CODEGEN: &str = env!("CARGO_BIN_EXE_codegen-under-test");

/// Pages that are about all commands.
const OF_ALL: [&str; 2] = ["README", "formats"];

/// By name, without `.md`.
fn pages() -> BTreeMap<String, String> {
    let name = |path: &str| path.rsplit('/').next().expect("a last part").trim_end_matches(".md").to_owned();
    sources("docs/commands", &["md"]).into_iter().map(|(path, text)| (name(&path), text)).collect()
}

#[test]
fn every_page_shows_what_happens() {
    let custom = sources("docs", &["md"]).into_iter().filter(|(path, _)| path == "docs/custom-targets.md");
    for (path, text) in sources("docs/commands", &["md"]).into_iter().chain(custom) {
        let now = played(&text, CODEGEN);
        if std::env::var_os("BLESS").is_some() {
            fs::write(root().join(&path), &now).expect("the page is written");
        } else {
            assert_eq!(text, now, "{path}");
        }
    }
}

fn help(command: &[&str]) -> String {
    let output = Command::new(CODEGEN).args(command).arg("--help").output().expect("the command can be started");
    String::from_utf8(output.stdout).expect("help is text")
}

/// The commands that a help lists.
fn listed(help: &str) -> BTreeSet<String> {
    let (_, commands) = help.split_once("\nCommands:\n").unwrap_or_default();
    let commands = commands.split("\n\n").next().expect("a first part");
    let command = Regex::new(r"(?m)^  ([a-z]+) {2,}\S").expect("a regex");
    let names = command.captures_iter(commands).map(|found| found[1].to_owned());
    names.filter(|name| name != "help").collect()
}

fn options(help: &str) -> BTreeSet<String> {
    let option = Regex::new(r"(?m)^ +(?:-[a-zA-Z], )?(--[a-z0-9-]+)").expect("a regex");
    option.captures_iter(help).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_command_and_option_has_its_place() {
    let pages = pages();
    let all = help(&[]);
    let commands = listed(&all);
    assert!(commands.contains("generate") && commands.contains("man"), "{commands:?}");
    let named: BTreeSet<String> = pages.keys().filter(|name| !OF_ALL.contains(&name.as_str())).cloned().collect();
    assert_eq!(named, commands, "pages, and commands");
    let everywhere = options(&all);
    assert!(everywhere.contains("--quiet"), "{everywhere:?}");
    for option in &everywhere {
        assert!(pages["README"].contains(option.as_str()), "docs/commands/README.md lacks {option}");
    }
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    for command in &commands {
        assert!(pages["README"].contains(&format!("]({command}.md)")), "docs/commands/README.md lacks {command}");
        assert!(readme.contains(&format!("](docs/commands/{command}.md)")), "README.md lacks {command}");
        let help_of = help(&[command]);
        let parts = listed(&help_of);
        let forms = parts.iter().map(|part| (format!("codegen {command} {part}"), help(&[command, part])));
        for (form, help) in forms.chain([(format!("codegen {command}"), help_of.clone())]) {
            assert!(pages[command].contains(&form), "{command}.md lacks `{form}`");
            for option in options(&help).difference(&everywhere) {
                assert!(pages[command].contains(option.as_str()), "{command}.md lacks {option} of `{form}`");
            }
        }
    }
}
