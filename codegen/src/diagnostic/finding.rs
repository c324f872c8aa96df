//! Findings and their sources enter; what tools are told about each leaves, the same for every format.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Diagnostic, Edit, Label, Rule, Severity};
use crate::source::{self, SourceMap, Span};

/// One finding as tools read it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// The rule, as `codegen explain` takes it.
    pub id: &'static str,
    /// `error`, `warning` or `note`.
    #[schemars(with = "String")]
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: Cow<'a, str>,
    /// What shows it, where that is more than a place: a log and the states that it folds to; else empty.
    pub notes: &'a [String],
    /// How to put it right.
    pub help: Option<&'a str>,
    /// Whether `codegen lint --fix` puts it right.
    pub fixable: bool,
    /// The file, relative to the project's root, `/` between segments; null when the run as a whole is meant.
    pub path: Option<Cow<'a, str>>,
    /// The first character; null when there is no path.
    pub start: Option<Position>,
    /// Behind the last character; null when there is no path.
    pub end: Option<Position>,
    /// Other places that belong to it.
    pub related: Vec<Related<'a>>,
    /// What puts it right without a decision.
    #[serde(skip)]
    pub(super) changes: Vec<Change<'a>>,
    #[serde(skip)]
    pub(super) rule: &'static Rule,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, counted in code points from 1.
    pub column: usize,
}

/// Another place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Related<'a> {
    /// What is there, in a few words; may be empty.
    pub message: &'a str,
    /// The file.
    pub path: &'a str,
    /// The first character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

/// A part of a file that gives way to a text.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The file.
    pub path: &'a str,
    /// The first character that goes.
    pub start: Position,
    /// Behind the last one.
    pub end: Position,
    /// What stands there instead.
    pub text: &'a str,
}

impl<'a> Finding<'a> {
    /// A diagnostic with its places as lines and columns.
    pub fn new(finding: &'a Diagnostic, sources: &'a SourceMap) -> Self {
        let place = finding.primary.as_ref();
        let (start, end) = place.map(|label| ends(label.span, sources)).unzip();
        Self {
            id: finding.rule.id,
            severity: finding.severity,
            message: Cow::Borrowed(&finding.message),
            notes: &finding.notes,
            help: finding.help.as_deref(),
            fixable: !finding.fix.is_empty(),
            path: place.map(|label| Cow::Borrowed(sources.path(label.span.file))),
            start,
            end,
            related: finding.related.iter().map(|label| Related::new(label, sources)).collect(),
            changes: finding.fix.iter().map(|edit| Change::new(edit, sources)).collect(),
            rule: finding.rule,
        }
    }

    /// A finding about a whole line of an input that is not kept.
    pub fn of_line(rule: &'static Rule, message: String, path: &'a str, line: usize) -> Self {
        let place = Some(Position { line, column: 1 });
        Self {
            id: rule.id,
            severity: rule.severity,
            message: Cow::Owned(message),
            notes: &[],
            help: None,
            fixable: false,
            path: Some(Cow::Borrowed(path)),
            start: place,
            end: place,
            related: Vec::new(),
            changes: Vec::new(),
            rule,
        }
    }

    /// Message, what shows it, and way out, for formats that have one text.
    pub(super) fn text(&self) -> String {
        let notes = self.notes.iter().map(|note| format!("\nnote: {note}"));
        let help = self.help.map(|help| format!("\nhelp: {help}"));
        std::iter::once(self.message.to_string()).chain(notes).chain(help).collect()
    }
}

impl<'a> Related<'a> {
    fn new(label: &'a Label, sources: &'a SourceMap) -> Self {
        let (start, end) = ends(label.span, sources);
        Self { message: &label.text, path: sources.path(label.span.file), start, end }
    }
}

impl<'a> Change<'a> {
    fn new(edit: &'a Edit, sources: &'a SourceMap) -> Self {
        let file = edit.span.file;
        let (start, end) = edit.extent(sources.text(file));
        let (start, end) = ends(Span::new(file, start, end), sources);
        Self { path: sources.path(file), start, end, text: &edit.text }
    }
}

fn ends(span: Span, sources: &SourceMap) -> (Position, Position) {
    let position = |offset| {
        let source::Position { line, column } = sources.position(span.file, offset);
        Position { line, column }
    };
    (position(span.start), position(span.end))
}
