//! The pages below docs/commands, and that about custom targets, enter: does every command that they show print what stands there?
//!
//! A fence that names a file (```` ```yaml contracts/parcel.yaml ````) is written into a folder of the page, and the
//! lines of `console` fences are run in it, in order. `BLESS=1` writes what they print now.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use tests::sources::sources;
use tests::{root, tree};

const CODEGEN: &str = env!("CARGO_BIN_EXE_codegen-under-test");

#[test]
fn every_page_shows_what_happens() {
    let pages = sources("docs/commands", &["md"]);
    assert!(!pages.is_empty(), "the commands have pages");
    let custom = sources("docs", &["md"]).into_iter().filter(|(path, _)| path == "docs/custom-targets.md");
    for (path, text) in pages.into_iter().chain(custom) {
        let now = played(&text);
        if std::env::var_os("BLESS").is_some() {
            fs::write(root().join(&path), &now).expect("the page is written");
        } else {
            assert_eq!(text, now, "{path}");
        }
    }
}

/// The page with what its commands print.
fn played(page: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("codegen.toml", "")]);
    let mut parts = page.split("```");
    let mut now = parts.next().unwrap_or_default().to_owned();
    while let (Some(fence), Some(prose)) = (parts.next(), parts.next()) {
        let (head, content) = fence.split_once('\n').expect("a fence has lines");
        let content = match head.split_once(' ') {
            Some((_, path)) => {
                tree::write(folder.path(), &[(path, content)]);
                content.to_owned()
            }
            None if head == "console" => {
                content.lines().filter(|line| line.starts_with("$ ")).fold(String::new(), |mut shown, line| {
                    write!(shown, "{line}\n{}", printed(folder.path(), &line[2..])).expect("a string takes everything");
                    shown
                })
            }
            None => content.to_owned(),
        };
        write!(now, "```{head}\n{content}```{prose}").expect("a string takes everything");
    }
    now
}

/// What a line of a shell prints, both streams as they come.
fn printed(folder: &Path, line: &str) -> String {
    let line = line.replace("codegen ", &format!("{CODEGEN} "));
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{{ {line}; }} 2>&1")]).current_dir(folder);
    let output = shell.env_remove("CLICOLOR_FORCE").output().expect("sh can be started");
    String::from_utf8(output.stdout).expect("all output is UTF-8")
}
