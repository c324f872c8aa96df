//! Findings and their sources enter; one JSON document leaves.

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Diagnostic, Label};
use crate::source::{self, SourceMap};

/// Findings as a JSON document; its schema is [`json_schema`].
pub fn render_json(findings: &[&Diagnostic], sources: &SourceMap) -> String {
    let findings = findings.iter().map(|finding| Finding::new(finding, sources)).collect();
    let mut text = serde_json::to_string_pretty(&Document { version: 1, findings }).expect("findings are plain data");
    text.push('\n');
    text
}

/// The JSON Schema of what [`render_json`] gives, kept in `docs/findings.schema.json`.
pub fn json_schema() -> Schema {
    schemars::schema_for!(Document<'_>)
}

/// What `codegen --format json` prints: the findings of one run, by path, place, severity and id.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Findings of codegen")]
struct Document<'a> {
    /// The version of this layout. A new member raises no version; a removed or changed one does.
    version: u32,
    /// All findings.
    findings: Vec<Finding<'a>>,
}

/// One finding as tools read it.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The rule, as `codegen explain` takes it.
    id: &'a str,
    /// `error`, `warning` or `note`.
    severity: &'a str,
    /// What is wrong, in one sentence.
    message: String,
    /// What shows it, where that is more than a place: a log and the states that it folds to; else empty.
    notes: &'a [String],
    /// How to put it right.
    help: Option<&'a str>,
    /// The file, relative to the project's root, `/` between segments; null when the run as a whole is meant.
    path: Option<&'a str>,
    /// The first character; null when there is no path.
    start: Option<Position>,
    /// Behind the last character; null when there is no path.
    end: Option<Position>,
    /// Other places that belong to it.
    related: Vec<Related<'a>>,
}

/// A place in a text.
#[derive(Serialize, JsonSchema)]
struct Position {
    /// Line, from 1.
    line: usize,
    /// Column, counted in code points from 1.
    column: usize,
}

/// Another place.
#[derive(Serialize, JsonSchema)]
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

impl<'a> Finding<'a> {
    fn new(finding: &'a Diagnostic, sources: &'a SourceMap) -> Self {
        let place = finding.primary.as_ref();
        let ends = place.map(|label| ends(label, sources));
        let (start, end) = ends.unzip();
        Self {
            id: finding.rule.id,
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            notes: &finding.notes,
            help: finding.help.as_deref(),
            path: place.map(|label| sources.path(label.span.file)),
            start,
            end,
            related: finding.related.iter().map(|label| Related::new(label, sources)).collect(),
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
