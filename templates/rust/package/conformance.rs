//! A category of test cases enters; its cases leave, with which an installed package can prove itself.

use std::fmt;

use crate::files::FIXTURES;
use crate::support::{Fault, Json};

/// A hand-written case.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixture {
    /// What the manifest says of it: `id`, `path`, `expected_result`, `event_type`, `notes`, `min_version` and, for a
    /// refused payload, `expected_errors`.
    pub entry: Json,
    /// Its path: `<category>/<type>/<file>`.
    pub path: &'static str,
    /// Its file: JSON, or JSON Lines.
    pub text: &'static str,
}

/// There are no such cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFixtures(String);

impl fmt::Display for UnknownFixtures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fixtures are of the category or type `{}`", self.0)
    }
}

impl std::error::Error for UnknownFixtures {}

impl Fixture {
    /// A text of the manifest's entry.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        match &self.entry {
            Json::Object(entry) => as_text(entry.get(key)?),
            _ => None,
        }
    }

    /// Codes and paths that the entry expects of a refused payload, in order.
    pub fn expected_errors(&self) -> Vec<(&str, &str)> {
        let Json::Object(entry) = &self.entry else { return Vec::new() };
        let Some(Json::Array(errors)) = entry.get("expected_errors") else { return Vec::new() };
        errors.iter().filter_map(code_and_path).collect()
    }

    /// The states that a log has to give, one a reducer.
    pub fn goldens(&self) -> Vec<Golden> {
        let Json::Object(entry) = &self.entry else { return Vec::new() };
        let Some(Json::Array(goldens)) = entry.get("goldens") else { return Vec::new() };
        let golden = |golden: &Json| {
            let Json::Object(golden) = golden else { return None };
            let state = text_of(as_text(golden.get("path")?)?)?.trim_end_matches('\n');
            let reducer = as_text(golden.get("reducer")?)?.into();
            Some(Golden { reducer, partition: golden.get("partition") == Some(&Json::Bool(true)), state })
        };
        goldens.iter().filter_map(golden).collect()
    }

    /// The first folder of its path.
    fn category(&self) -> Option<&'static str> {
        self.path.split('/').next()
    }

    /// The last folder of its path: logs of several families have no other.
    fn fixture_type(&self) -> Option<&'static str> {
        self.path.rsplit('/').nth(1)
    }
}

fn code_and_path(error: &Json) -> Option<(&str, &str)> {
    match error {
        Json::Object(error) => Some((as_text(error.get("code")?)?, as_text(error.get("path")?)?)),
        _ => None,
    }
}

fn as_text(value: &Json) -> Option<&str> {
    if let Json::String(text) = value { Some(text) } else { None }
}

/// All hand-written cases, as the manifest lists them.
pub fn list_fixtures() -> Vec<Fixture> {
    let manifest = text_of("manifest.json").and_then(|text| Json::from_json(text.as_bytes()).ok());
    let Some(Json::Object(manifest)) = manifest else { return Vec::new() };
    let Some(Json::Array(entries)) = manifest.get("fixtures") else { return Vec::new() };
    let fixture = |entry: &Json| {
        let Json::Object(members) = entry else { return None };
        let path = as_text(members.get("path")?)?;
        let (path, text) = FIXTURES.iter().find(|(name, _)| *name == path)?;
        Some(Fixture { entry: entry.clone(), path, text })
    };
    entries.iter().filter_map(fixture).collect()
}

/// The cases of a category, or those of one type (`valid`, `invalid`, `replay`).
///
/// # Errors
/// If no case is of this category, or the type is another.
pub fn load_fixtures(category: &str, fixture_type: Option<&str>) -> Result<Vec<Fixture>, UnknownFixtures> {
    let mut cases = list_fixtures();
    cases.retain(|case| case.category() == Some(category));
    if cases.is_empty() {
        return Err(UnknownFixtures(category.to_owned()));
    }
    if let Some(wanted) = fixture_type {
        if !matches!(wanted, "valid" | "invalid" | "replay") {
            return Err(UnknownFixtures(wanted.to_owned()));
        }
        cases.retain(|case| case.fixture_type() == Some(wanted));
    }
    Ok(cases)
}

/// The text of a file by its path in the folder of fixtures; `generated/` has the cases made from the contracts.
pub fn text_of(path: &str) -> Option<&'static str> {
    FIXTURES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Every payload made from the contracts, as a line for `validate` with the answer in it.
pub fn generated_lines() -> impl Iterator<Item = &'static str> {
    generated(false)
}

/// Every log made from the contracts, as `{"id", "reducer", "events", "state"}` and perhaps `"partition": true`.
pub fn generated_replays() -> impl Iterator<Item = &'static str> {
    generated(true)
}

fn generated(are_logs: bool) -> impl Iterator<Item = &'static str> {
    let is_log = |path: &str| path.ends_with("_replay.jsonl");
    let files = FIXTURES.iter().filter(|(path, _)| path.starts_with("generated/") && path.ends_with(".jsonl"));
    files.filter(move |(path, _)| is_log(path) == are_logs).flat_map(|(_, text)| text.lines())
}

/// The state that a hand-written log has to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Golden {
    /// The reducer.
    pub reducer: Box<str>,
    /// Whether entities are reduced by themselves.
    pub partition: bool,
    /// The state as canonical JSON.
    pub state: &'static str,
}

/// Code and path of faults, as manifests list them.
pub fn codes_and_paths(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.code.as_str(), fault.path.as_str())).collect()
}
