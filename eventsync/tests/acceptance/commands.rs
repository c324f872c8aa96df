//! `data/commands.yaml` enters; does the real command take what it says, and end as it says?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::events::events;
use crate::home::{Home, Said};

#[derive(Deserialize)]
struct Declared {
    commands: BTreeMap<String, BTreeSet<String>>,
    forbidden: Vec<String>,
    runs: Vec<Run>,
    environment: BTreeMap<String, Setting>,
    settings: BTreeMap<String, Setting>,
}

#[derive(Deserialize)]
struct Run {
    #[serde(rename = "run")]
    arguments: Vec<String>,
    exit: i32,
    #[serde(default)]
    says: String,
    #[serde(default)]
    given: Given,
}

#[derive(Deserialize, Default)]
struct Given {
    #[serde(default)]
    config: Option<String>,
    #[serde(default)]
    store: Option<String>,
    #[serde(default)]
    captured: usize,
    #[serde(default)]
    consented: bool,
}

#[derive(Deserialize)]
struct Setting {
    reader: String,
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn declared() -> Declared {
    let text = fs::read_to_string(package().join("data/commands.yaml")).unwrap();
    yaml_serde::from_str(&text).unwrap()
}

/// The help of a command, and of every one below it.
fn helps(home: &Home, path: &[&str], found: &mut BTreeMap<String, String>) {
    let said = home.run(&[path, &["--help"]].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{path:?}");
    let listed = said.out.split_once("Commands:\n").map(|(_, rest)| rest.split("\n\n").next().unwrap().to_owned());
    for line in listed.iter().flat_map(|listed| listed.lines()) {
        let name = line.split_whitespace().next().unwrap_or_default();
        if line.starts_with("  ") && !line.starts_with("   ") && name != "help" {
            helps(home, &[path, &[name]].concat(), found);
        }
    }
    found.insert(path.join(" "), said.out);
}

/// The long flags in a help.
fn flags(help: &str) -> BTreeSet<String> {
    let options = help.split_once("Options:\n").map_or("", |(_, options)| options);
    let begins = |line: &&str| line.trim_start().starts_with('-');
    let long = options.lines().filter(begins).filter_map(|line| line.split_once("--")).map(|(_, rest)| rest);
    let names = long.map(|rest| rest.split(|one: char| !one.is_ascii_alphanumeric() && one != '-').next().unwrap());
    names.filter(|name| !["help", "version"].contains(name)).map(str::to_owned).collect()
}

#[test]
fn every_command_and_flag_is_declared_and_every_declared_one_is_there() {
    let mut found = BTreeMap::new();
    helps(&Home::new(), &[], &mut found);
    let is_leaf = |path: &str| !found.keys().any(|other| other.starts_with(&format!("{path} ")));
    let real: BTreeMap<String, BTreeSet<String>> = found
        .iter()
        .filter(|(path, _)| !path.is_empty() && is_leaf(path))
        .map(|(path, help)| (path.clone(), flags(help)))
        .collect();
    assert_eq!(real, declared().commands);
}

#[test]
fn no_help_text_path_or_printed_key_holds_a_forbidden_word() {
    let (home, declared) = (Home::new(), declared());
    let mut texts = BTreeMap::new();
    helps(&home, &[], &mut texts);
    for command in ["status --json", "now --json", "migrate --json", "mode", "server"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        texts.insert(command.to_owned(), home.run(&arguments).out);
    }
    assert_eq!(home.feed(&["capture"], events(0..2).as_bytes()).code, Some(0));
    let paths = crate::home::files(&home.root()).into_keys().map(|path| path.display().to_string());
    texts.insert("paths".to_owned(), paths.collect::<Vec<_>>().join("\n"));
    let schema = home.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").join("\n");
    texts.insert("schema".to_owned(), schema);
    for (name, text) in texts {
        for word in &declared.forbidden {
            assert!(!text.to_lowercase().contains(word), "{name}: {text}");
        }
    }
}

fn prepared(given: &Given) -> Home {
    let home = Home::new();
    if given.captured > 0 {
        assert_eq!(home.feed(&["capture"], events(0..given.captured).as_bytes()).code, Some(0));
    }
    if given.consented {
        assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    }
    for (name, text) in [("config.toml", &given.config), ("sync.db", &given.store)] {
        if let Some(text) = text {
            fs::create_dir_all(home.root()).unwrap();
            fs::write(home.root().join(name), text).unwrap();
        }
    }
    home
}

#[test]
fn every_run_ends_as_declared_and_keeps_data_and_diagnostics_apart() {
    for run in declared().runs {
        let home = prepared(&run.given);
        let arguments: Vec<&str> = run.arguments.iter().map(String::as_str).collect();
        let said: Said = home.feed(&arguments, b"");
        assert_eq!(said.code, Some(run.exit), "{arguments:?}: {said:?}");
        assert!(said.err.contains(&run.says), "{arguments:?}: {said:?}");
        let is_refusal = run.exit != 0 && arguments.first() != Some(&"status");
        let has_data = !said.out.is_empty() && arguments.first() != Some(&"now");
        assert!(!(is_refusal && has_data), "a refusal prints no data: {arguments:?}: {said:?}");
        assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "no colour off a terminal");
        assert!(!said.err.contains("panicked"), "{arguments:?}: {said:?}");
        if let Some(text) = &run.given.store {
            assert_eq!(&fs::read_to_string(home.root().join("sync.db")).unwrap(), text);
        }
    }
}

/// Sources of the command by path, without their comments.
fn sources(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            let name = path.strip_prefix(package().join("src")).unwrap().to_str().unwrap().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.insert(name, code);
        }
    }
}

#[test]
fn every_variable_and_every_setting_has_one_reader() {
    let (declared, mut files) = (declared(), BTreeMap::new());
    sources(&package().join("src"), &mut files);
    let readers = |name: &str| -> Vec<&String> {
        let literal = format!("\"{name}\"");
        files.iter().filter(|(_, code)| code.contains(&literal)).map(|(path, _)| path).collect()
    };
    for (name, variable) in &declared.environment {
        assert_eq!(readers(name), [&variable.reader], "{name}");
    }
    let is_variable = |text: &&str| text.starts_with("SPEC_KITTY_") || text.starts_with("EVENTSYNC_");
    for name in files.values().flat_map(|code| code.split('"')).filter(is_variable) {
        assert!(declared.environment.contains_key(name), "{name} is declared nowhere");
    }
    for (name, setting) in declared.settings.iter().filter(|(_, setting)| setting.reader != "none") {
        let key = name.rsplit('.').next().unwrap();
        let code = files.get(&setting.reader).unwrap_or_else(|| panic!("{name}: no file {}", setting.reader));
        assert!(code.contains(&format!("\"{key}\"")), "{name} is not read by {}", setting.reader);
    }
    assert!(readers("max_queue_size").is_empty(), "it is taken and means nothing");
}

#[test]
fn every_public_function_is_called_by_another() {
    let mut files = BTreeMap::new();
    sources(&package().join("src"), &mut files);
    let code: String = files.values().map(|code| code.split("#[cfg(test)]").next().unwrap()).collect();
    // What passes a name on calls nothing.
    let called: String =
        code.split("pub use ").map(|part| part.split_once(';').map_or(part, |(_, rest)| rest)).collect();
    let words: Vec<&str> = called.split(|one: char| !one.is_alphanumeric() && one != '_').collect();
    let mut public = code.split("pub fn ").skip(1).map(|rest| rest.split(['(', '<']).next().unwrap());
    assert!(public.clone().count() > 100);
    let alone = public.find(|name| words.iter().filter(|word| word == &name).count() < 2);
    assert_eq!(alone, None, "only tests call it, or nobody");
}

#[test]
fn every_command_that_a_text_advises_is_one() {
    let (declared, mut files) = (declared().commands, BTreeMap::new());
    sources(&package().join("src"), &mut files);
    let mut advised = BTreeSet::new();
    for code in files.values() {
        advised.extend(code.split("`eventsync ").skip(1).map(|rest| rest.split('`').next().unwrap().to_owned()));
    }
    assert!(advised.len() > 10, "{advised:?}");
    for advice in advised {
        let words: Vec<&str> = advice.split_whitespace().collect();
        let named = |count: usize| declared.get(&words[..count.min(words.len())].join(" "));
        let flags = named(2).or_else(|| named(1)).unwrap_or_else(|| panic!("there is no command `eventsync {advice}`"));
        for flag in words.iter().filter_map(|word| word.strip_prefix("--")) {
            assert!(flags.contains(flag), "there is no flag `--{flag}`: `eventsync {advice}`");
        }
    }
}
