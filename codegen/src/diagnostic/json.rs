//! Findings and their sources enter; one JSON document leaves.

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Diagnostic, Label};
use crate::source::SourceMap;

/// Findings as a JSON document, version 1; its schema is [`json_schema`].
pub fn render_json(findings: &[&Diagnostic], sources: &SourceMap) -> String {
    let document = Document { version: 1, findings: findings.iter().map(|d| Finding::new(d, sources)).collect() };
    let mut text = serde_json::to_string_pretty(&document).expect("findings are plain data");
    text.push('\n');
    text
}

/// The JSON Schema of what [`render_json`] writes, kept in `docs/diagnostics.schema.json`.
pub fn json_schema() -> Schema {
    schemars::schema_for!(Document)
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

/// One finding.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The rule, as `codegen explain` takes it.
    id: &'a str,
    /// `error`, `warning` or `note`.
    severity: &'a str,
    /// What is wrong, in one sentence.
    message: &'a str,
    /// How to put it right.
    help: Option<&'a str>,
    /// Where; null when the run as a whole is meant.
    place: Option<Place<'a>>,
    /// Other places that belong to it.
    related: Vec<Place<'a>>,
}

/// A range of text in a file.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    /// The file, relative to the project's root, `/` between segments.
    path: &'a str,
    /// Line of the first character, from 1.
    line: usize,
    /// Column of the first character, counted in code points from 1.
    column: usize,
    /// Line behind the last character.
    end_line: usize,
    /// Column behind the last character.
    end_column: usize,
    /// What is there, in a few words; may be empty.
    text: &'a str,
}

impl<'a> Finding<'a> {
    fn new(finding: &'a Diagnostic, sources: &'a SourceMap) -> Self {
        Self {
            id: finding.rule.id,
            severity: finding.severity.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
            place: finding.primary.as_ref().map(|label| Place::new(label, sources)),
            related: finding.related.iter().map(|label| Place::new(label, sources)).collect(),
        }
    }
}

impl<'a> Place<'a> {
    fn new(label: &'a Label, sources: &'a SourceMap) -> Self {
        let span = label.span;
        let (start, end) = (sources.position(span.file, span.start), sources.position(span.file, span.end));
        Self {
            path: sources.path(span.file),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            text: &label.text,
        }
    }
}
