//! README.md and the page of adoption enter: is what they show what happens?

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use regex::Regex;
use tests::root;

const CODEGEN: &str = env!("CARGO_BIN_EXE_codegen-under-test");

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README")
}

/// The fences of a language, without their marks.
fn fences(text: &str, language: &str) -> Vec<String> {
    let fence = Regex::new(&format!(r"(?ms)^```{language}\n(.*?)^```$")).expect("a regex");
    fence.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn the_contract_that_it_shows_is_a_part_of_the_real_one() {
    let contract = fs::read_to_string(root().join("contracts/connector.yaml")).expect("there is a contract");
    let [shown] = &fences(&readme(), "yaml")[..] else { panic!("one contract is shown") };
    let mut rest = contract.lines();
    for line in shown.lines() {
        assert!(rest.any(|real| real == line), "contracts/connector.yaml has no such line from here on: {line}");
    }
}

#[test]
fn every_console_line_prints_what_it_shows() {
    let shown = fences(&readme(), "console").concat();
    let shown: Vec<(&str, &str)> = shown.split("$ ").skip(1).filter_map(|one| one.split_once('\n')).collect();
    assert!(!shown.is_empty(), "the README shows the command at work");
    for (line, printed) in shown {
        let script = line.replace("cargo run -q -p codegen --", CODEGEN);
        let output = Command::new("sh").args(["-c", &format!("{script} 2>&1")]).current_dir(root()).output();
        let output = output.expect("sh can be started");
        assert_eq!(String::from_utf8_lossy(&output.stdout), printed, "$ {line}");
    }
}

#[test]
fn the_commands_are_those_that_there_are() {
    let row = Regex::new(r"(?m)^\| \[`([a-z]+)`\]\(docs/commands/[a-z]+\.md\) \|").expect("a regex");
    let told: BTreeSet<String> = row.captures_iter(&readme()).map(|found| found[1].to_owned()).collect();
    let help = Command::new(CODEGEN).arg("--help").output().expect("the command can be started").stdout;
    let verb = Regex::new(r"(?m)^  ([a-z]+) {2,}\S").expect("a regex");
    let help = String::from_utf8(help).expect("help is text");
    let mut there: BTreeSet<String> = verb.captures_iter(&help).map(|found| found[1].to_owned()).collect();
    assert!(there.remove("help"), "clap adds help:\n{help}");
    assert_eq!(told, there);
}

#[test]
fn the_tasks_that_it_names_are_those_that_there_are() {
    let tasks = fs::read_to_string(root().join("xtask/src/main.rs")).expect("xtask has a main");
    let task = Regex::new(r"cargo xtask ([a-z]+)").expect("a regex");
    for page in ["README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(page)).expect("the page is there");
        let mut named = task.captures_iter(&text).map(|found| found[1].to_owned()).peekable();
        assert!(named.peek().is_some(), "{page} names a task");
        for task in named {
            assert!(tasks.contains(&format!("[\"{task}\"")), "{page}: `cargo xtask {task}` is no task");
        }
    }
}

#[test]
fn the_page_of_adoption_names_the_versions_that_there_are() {
    let page = fs::read_to_string(root().join("docs/adoption.md")).expect("the page is there");
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let version = Regex::new(r#"(?m)^\s*"?version"?\s*[=:]\s*"([^"]+)""#).expect("a regex");
    let pins = [
        ("generated/rust/Cargo.toml", "`event-contracts = \"=VERSION\"`"),
        ("generated/python/pyproject.toml", "`event-contracts==VERSION`"),
        ("generated/typescript/package.json", "`\"event-contracts\": \"VERSION\"`"),
    ];
    for (package, pin) in pins {
        let pin = pin.replace("VERSION", &version.captures(&read(package)).expect("a version")[1]);
        assert!(page.contains(&pin), "{package}: the page does not say {pin}");
    }
    let needs = [
        ("generated/rust/Cargo.toml", r#"rust-version = "(.+)""#, "Rust VERSION"),
        ("generated/python/pyproject.toml", r#"requires-python = ">=(.+)""#, "Python VERSION"),
        ("generated/python/pyproject.toml", "pydantic>=([0-9.]+)", "pydantic VERSION"),
        ("generated/typescript/package.json", r#""node": ">=(.+)""#, "Node VERSION"),
    ];
    for (package, needed, said) in needs {
        let needed = Regex::new(needed).expect("a regex");
        let said = said.replace("VERSION", &needed.captures(&read(package)).expect("a minimum")[1]);
        assert!(page.contains(&said), "{package}: the page does not say {said}");
    }
    let family = Regex::new(r"(?m)^\| `([a-z]+)` \| ([0-9.]+) \|").expect("a regex");
    let told: BTreeSet<(String, String)> =
        family.captures_iter(&page).map(|found| (found[1].to_owned(), found[2].to_owned())).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    for (family, version) in told {
        let contract = read(&format!("contracts/{family}.yaml"));
        assert!(contract.contains(&format!("\nversion: {version}\n")), "{family} is not {version}");
    }
}

#[test]
fn the_page_of_adoption_imports_what_the_package_offers() {
    let page = fs::read_to_string(root().join("docs/adoption.md")).expect("the page is there");
    let package = fs::read_to_string(root().join("generated/python/event_contracts/__init__.py")).expect("a package");
    let imports = fences(&page, "python").concat();
    let imports = imports.lines().filter_map(|line| line.strip_prefix("from event_contracts import "));
    let names: Vec<&str> = imports.flat_map(|names| names.split(", ")).collect();
    assert!(names.len() > 5, "{names:?}");
    let holds_reducers = package.contains("\"reduce_");
    for name in names {
        let is_of_a_reducer = name.starts_with("reduce_") || name.starts_with("Reduced");
        assert!(package.contains(&format!("\"{name}\"")) || is_of_a_reducer && !holds_reducers, "{name}");
    }
    let code = Regex::new(r"`([A-Z][A-Z_]+)`").expect("a regex");
    for found in code.captures_iter(&page) {
        assert!(package.contains(&format!("\"{}\"", &found[1])), "{}", &found[1]);
    }
}
