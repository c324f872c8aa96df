//! The README of this command enters: does every command that it shows print what stands there?
//!
//! A fence that names a file is written, lines of `console` fences are run in one folder, in order. A line that ends in `&`
//! starts a receiver, of which the page shows port 7001, 7002 and so on. Times are compared by their form. `BLESS=1` writes
//! what is printed now.

use std::path::Path;
use std::process::Command;

use crate::home::Home;
use crate::stub::Stub;

/// What a page shows for any moment.
const MOMENT: &str = "2026-01-31T12:00:00.000000+00:00";

#[test]
fn every_command_prints_what_the_page_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let page = std::fs::read_to_string(&path).expect("a page");
    let now = played(&page);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, now).expect("the page is written");
    } else {
        assert_eq!(page, now);
    }
}

#[test]
fn the_commands_of_the_page_are_those_that_there_are() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a page");
    let table = page.split("## Commands").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a table");
    let told: std::collections::BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('|').next())
        .flat_map(
            |cell| if cell.contains(' ') && !cell.contains("`, `") { vec![cell] } else { cell.split(", `").collect() },
        )
        .filter_map(|cell| cell.split([' ', '`']).next())
        .filter(|name| !["grant", "revoke", "retire", "unretire"].contains(name))
        .collect();
    let help = Home::new().run(&["--help"]).out;
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("commands");
    let there: std::collections::BTreeSet<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    assert_eq!(told, there);
}

#[test]
fn the_script_of_the_page_is_one() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a page");
    let script = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a script");
    let stub = Stub::with_script(script);
    assert!(stub.url.starts_with("http://127.0.0.1:"), "it is read, and served");
}

/// The page with what its commands print.
fn played(page: &str) -> String {
    let (home, folder) = (Home::new(), tempfile::tempdir().expect("a folder"));
    let mut stubs = Vec::new();
    let mut parts = page.split("```");
    let mut now = parts.next().unwrap_or_default().to_owned();
    while let (Some(fence), Some(prose)) = (parts.next(), parts.next()) {
        let (head, content) = fence.split_once('\n').expect("a fence has lines");
        let content = match head.split_once(' ') {
            Some((_, name)) => {
                std::fs::write(folder.path().join(name), content).expect("a file of the page");
                content.to_owned()
            }
            None if head == "console" => content
                .lines()
                .filter_map(|line| line.strip_prefix("$ "))
                .map(|line| format!("$ {line}\n{}", printed(&home, folder.path(), line, &mut stubs)))
                .collect::<Vec<String>>()
                .concat(),
            None => content.to_owned(),
        };
        now += &["```", head, "\n", &content, "```", prose].concat();
    }
    now
}

/// What a line prints, both streams as they come; what differs from run to run as the page has it.
fn printed(home: &Home, folder: &Path, line: &str, stubs: &mut Vec<(Stub, String)>) -> String {
    if let Some(line) = line.strip_suffix(" &") {
        let record = line.split("--record ").nth(1).expect("a receiver of the page records");
        let shown = format!("http://127.0.0.1:{}", 7001 + stubs.len());
        stubs.push((Stub::recording(&folder.join(record)), shown.clone()));
        return shown + "\n";
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_eventsync")).parent().expect("a folder");
    let line = stubs.iter().fold(line.to_owned(), |line, (stub, shown)| line.replace(shown, &stub.url));
    let mut shell: Command = Command::new("sh");
    shell.args(["-c", &format!("{{ {line}; }} 2>&1")]).current_dir(folder).env_clear();
    let path = format!("{}:/usr/bin:/bin", binary.display());
    let output = shell.env("PATH", path).env("SPEC_KITTY_HOME", home.root()).output().expect("sh runs");
    let text = String::from_utf8(output.stdout).expect("all output is UTF-8");
    stubs.iter().fold(timeless(&text), |text, (stub, shown)| text.replace(&stub.url, shown))
}

/// A text in which all moments are one.
fn timeless(text: &str) -> String {
    let mut parts = text.split("+00:00");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let start = out.len() - (MOMENT.len() - "+00:00".len());
        out.replace_range(start.., MOMENT);
        out += part;
    }
    out
}
