//! Findings and their sources enter; one JSON document leaves.

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Diagnostic, Label, Rule};
use crate::source::{self, SourceMap};

/// What `codegen --format json` prints: the findings of one run, by path, place, severity and id.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Findings of codegen")]
struct Document<'a> {
    /// The version of this layout. A new member raises no version; a removed or changed one does.
    version: u32,
    /// All findings.
    findings: &'a [Finding<'a>],
}

/// One finding as tools read it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// The rule, as `codegen explain` takes it.
    id: &'a str,
    /// `error`, `warning` or `note`.
    severity: &'a str,
    /// What is wrong, in one sentence.
    message: String,
    /// How to put it right.
    help: Option<&'a str>,
    /// The file, relative to the project's root, `/` between segments; null when the run as a whole is meant.
    path: Option<&'a str>,
    /// The first character; null when the file as a whole is meant.
    start: Option<Position>,
    /// Behind the last character.
    end: Option<Position>,
    /// Other places that belong to it.
    related: Vec<Related<'a>>,
    /// What would change, as a unified diff, where a generated file differs.
    diff: Option<String>,
}

/// A place in a text.
#[derive(Debug, Serialize, JsonSchema)]
struct Position {
    /// Line, from 1.
    line: usize,
    /// Column, counted in code points from 1.
    column: usize,
}

/// Another place.
#[derive(Debug, Serialize, JsonSchema)]
struct Related<'a> {
    /// What is there, in a few words; may be empty.
    message: &'a str,
    /// The file.
    path: &'a str,
    /// The first character.
    start: Position,
    /// Behind the last character.
    end: Position,
}

/// The document of these findings.
pub fn document(findings: &[Finding<'_>]) -> String {
    let mut text = serde_json::to_string_pretty(&Document { version: 1, findings }).expect("findings are plain data");
    text.push('\n');
    text
}

/// The JSON Schema of [`document`], kept in `docs/findings.schema.json`.
pub fn document_schema() -> Schema {
    schemars::schema_for!(Document<'_>)
}

impl<'a> Finding<'a> {
    /// A finding about contracts or configuration.
    pub fn located(finding: &'a Diagnostic, sources: &'a SourceMap) -> Self {
        let place = finding.primary.as_ref();
        let ends = place.map(|label| ends(label, sources));
        let (start, end) = ends.unzip();
        Self {
            id: finding.rule.id,
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            help: finding.help.as_deref(),
            path: place.map(|label| sources.path(label.span.file)),
            start,
            end,
            related: finding.related.iter().map(|label| Related::new(label, sources)).collect(),
            diff: None,
        }
    }

    /// A finding about a whole file that is generated.
    pub fn of_file(rule: &'a Rule, path: &'a str, message: String, help: &'a str, diff: Option<String>) -> Self {
        Self {
            id: rule.id,
            severity: rule.severity.as_str(),
            message,
            help: Some(help),
            path: Some(path),
            start: None,
            end: None,
            related: Vec::new(),
            diff,
        }
    }
}

impl<'a> Related<'a> {
    fn new(label: &'a Label, sources: &'a SourceMap) -> Self {
        let (start, end) = ends(label, sources);
        Self { message: &label.text, path: sources.path(label.span.file), start, end }
    }
}

fn ends(label: &Label, sources: &SourceMap) -> (Position, Position) {
    let position = |offset| {
        let source::Position { line, column } = sources.position(label.span.file, offset);
        Position { line, column }
    };
    (position(label.span.start), position(label.span.end))
}
