//! The sources of `codegen` and `eventsync` enter: does every room know only the rooms that `xtask::rooms` lets it know?

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use tests::sources::sources;
use xtask::rooms::{DISK, EVENTSYNC_ROOMS, EXCEPTIONS, ROOMS, Room, TARGETS};

/// Each crate of rooms, and its table.
const CRATES: [(&str, &[Room]); 2] = [("codegen", ROOMS), ("eventsync", EVENTSYNC_ROOMS)];

static LITERALS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r##"(?s)r(#+)".*?"#+|'\\?"'|"(?:[^"\\]|\\.)*"|(?m-s://.*$)"##).expect("a regex"));
static FROM_ROOT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bcrate::(\w+)(?:::(\w+))?").expect("a regex"));
static FROM_HERE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b((?:super::)+)(\w+)(?:::(\w+))?").expect("a regex"));

/// The module path of a file, without the crate: `codegen/src/emit/rust/mod.rs` is `emit`, `rust`.
fn module(path: &str) -> Vec<&str> {
    let (_, path) = path.split_once("/src/").expect("a source of a crate");
    path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect()
}

/// A source without its comments and the insides of its literals: there, names are those of generated code.
fn code(text: &str) -> String {
    LITERALS.replace_all(text, "").into_owned()
}

/// Paths from the crate's root that a file names: the first two segments of each, where there are two.
fn named(path: &str, text: &str) -> BTreeSet<String> {
    let depth = module(path).len();
    let code = code(text);
    let mut found: BTreeSet<String> = FROM_ROOT.captures_iter(&code).map(|found| joined(&found)).collect();
    // As many `super` as the file is deep reach the root too.
    for chain in FROM_HERE.captures_iter(&code) {
        let reaches_root = chain[1].len() / "super::".len() >= depth;
        let is_room = CRATES.iter().any(|(_, rooms)| rooms.iter().any(|room| room.name == &chain[2]));
        if reaches_root && is_room {
            found.insert(match chain.get(3) {
                Some(part) => format!("{}::{}", &chain[2], part.as_str()),
                None => chain[2].to_owned(),
            });
        }
    }
    found
}

fn joined(found: &regex::Captures) -> String {
    match found.get(2) {
        Some(part) => format!("{}::{}", &found[1], part.as_str()),
        None => found[1].to_owned(),
    }
}

fn may_name(room: &Room, named: &str) -> bool {
    let first = named.split("::").next().expect("a path has a first segment");
    first == room.name || room.knows.iter().any(|known| *known == "*" || *known == first || *known == named)
}

#[test]
fn every_room_has_a_row_in_the_table_and_every_row_a_room() {
    for (name, table) in CRATES {
        let files = sources(&format!("{name}/src"), &["rs"]);
        let rooms: BTreeSet<&str> =
            files.iter().map(|(path, _)| module(path)[0]).filter(|room| !["lib", "main"].contains(room)).collect();
        let rows: BTreeSet<&str> = table.iter().map(|room| room.name).collect();
        assert_eq!(rooms, rows, "{name}/src and xtask/src/rooms.rs");
    }
}

#[test]
fn no_room_names_one_that_it_may_not_know() {
    let mut wrong = Vec::new();
    let sources = CRATES.iter().flat_map(|(name, table)| {
        sources(&format!("{name}/src"), &["rs"]).into_iter().map(move |(path, text)| (*table, path, text))
    });
    for (table, path, text) in sources {
        let module = module(&path);
        let Some(room) = table.iter().find(|room| room.name == module[0]) else { continue };
        let part = module.join("::");
        let exception = EXCEPTIONS.iter().find(|exception| part.starts_with(exception.name));
        for named in named(&path, &text) {
            if !may_name(room, &named) && !exception.is_some_and(|exception| may_name(exception, &named)) {
                wrong.push(format!("{path} names `{named}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "see xtask/src/rooms.rs:\n{}", wrong.join("\n"));
}

#[test]
fn a_group_after_crate_is_written_as_several_imports() {
    // The table above is checked line by line; `use crate::{a, b}` would slip through.
    for (path, text) in CRATES.iter().flat_map(|(name, _)| sources(&format!("{name}/src"), &["rs"])) {
        assert!(!code(&text).contains("crate::{"), "{path}: one `use crate::room...` a room");
    }
}

#[test]
fn no_target_names_another() {
    let mut wrong = Vec::new();
    for (path, text) in sources("codegen/src/emit", &["rs"]) {
        let Some(own) = module(&path).get(1).copied().filter(|part| TARGETS.contains(part)) else { continue };
        for other in TARGETS.iter().filter(|other| **other != own) {
            let name = Regex::new(&format!(r"\b(emit|super)::{other}\b")).expect("a regex");
            if name.is_match(&text) {
                wrong.push(format!("{path} names `{other}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_rooms_at_the_ends_touch_the_disk() {
    let disk = Regex::new(r"\bstd::(fs\b|\{[^}]*\bfs\b)|\btempfile::|\binclude_dir!").expect("a regex");
    for (path, text) in sources("codegen/src", &["rs"]) {
        let room = module(&path)[0];
        assert!(DISK.contains(&room) || !disk.is_match(&text), "{path} names the disk");
    }
}

#[test]
fn the_drawing_says_what_the_table_says() {
    let page = std::fs::read_to_string(tests::root().join("ARCHITECTURE.md")).expect("the page is there");
    let rows: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .filter(|(_, rest)| rest.matches('|').count() == 2)
        .map(|(room, rest)| (room, rest.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim()))
        .collect();
    let table: Vec<(&str, String)> = ROOMS.iter().map(|room| (room.name, room.knows.join(", "))).collect();
    let table: Vec<(&str, &str)> = table.iter().map(|(room, knows)| (*room, knows.as_str())).collect();
    assert_eq!(rows, table, "ARCHITECTURE.md and xtask/src/rooms.rs");
}
