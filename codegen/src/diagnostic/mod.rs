//! Findings enter from every room; a sorted, complete list leaves for the renderers.

mod edit;
mod finding;
mod github;
mod json;
mod junit;
mod sarif;
mod text;

pub use edit::Edit;
pub use finding::{Change, Finding, Position, Related};
pub use github::render_github;
pub use json::{json_schema, render_json};
pub use junit::render_junit;
pub use sarif::render_sarif;
pub use text::render_text;

use serde::{Serialize, Serializer};

use crate::source::{FileId, SourceMap, Span};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Worth a look; generation goes on.
    Warning,
    /// Printed on request only.
    Note,
}

impl Severity {
    /// The word shown to people and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a diagnostic is an instance of: a stable id and the page behind `codegen explain ID`.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// Severity unless the configuration says otherwise.
    pub severity: Severity,
    /// Markdown: a title line, why the rule exists, a bad and a good example.
    pub page: &'static str,
}

impl Rule {
    /// The first line of the page without its `# `.
    pub fn title(&self) -> &'static str {
        self.page.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

/// Declares a [`Rule`] whose page is `codegen/rules/<id>.md`.
macro_rules! rule {
    ($id:literal, $severity:ident) => {
        $crate::diagnostic::Rule {
            id: $id,
            severity: $crate::diagnostic::Severity::$severity,
            page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $id, ".md")),
        }
    };
}
pub(crate) use rule;

/// Declares the rules of a room, `NAME = "id", Severity;` each, and `RULES`, all of them.
macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident;)*) => {
        $(
            #[doc = concat!("`", $id, "`: see its page.")]
            pub const $name: $crate::diagnostic::Rule = $crate::diagnostic::rule!($id, $severity);
        )*
        /// All rules of this room.
        pub const RULES: &[&$crate::diagnostic::Rule] = &[$(&$name),*];
    };
}
pub(crate) use rules;

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, in a few words; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding.
    pub rule: &'static Rule,
    /// Its weight in this run.
    pub severity: Severity,
    /// Lower case, names in backticks, no final period.
    pub message: String,
    /// The place at fault and what is there; none when the whole run is meant.
    pub primary: Option<Label>,
    /// Further places, such as the first of two declarations.
    pub related: Vec<Label>,
    /// What shows it, where that is more than a place: each may have several lines.
    pub notes: Vec<String>,
    /// How to put it right.
    pub help: Option<String>,
    /// What puts it right without a change of meaning; empty where that takes a decision.
    pub fix: Vec<Edit>,
}

impl Diagnostic {
    /// A finding at a place.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        let primary = Some(Label { span, text: String::new() });
        Self { primary, ..Self::global(rule, message) }
    }

    /// A finding about the run as a whole.
    pub fn global(rule: &'static Rule, message: impl Into<String>) -> Self {
        let (severity, message) = (rule.severity, message.into());
        let (related, notes, fix) = (Vec::new(), Vec::new(), Vec::new());
        Self { rule, severity, message, primary: None, related, notes, help: None, fix }
    }

    /// Says what stands at the place at fault.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Adds what shows it.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds a change that puts it right.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix.push(Edit { span, text: text.into() });
        self
    }
}

/// The findings of a run, in the order they were made until [`Diagnostics::sorted`].
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Records one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Keeps the findings that `keep` wants, as it changes them.
    pub fn retain(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.found.retain_mut(keep);
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether any error stands in this file.
    pub fn has_errors_in(&self, file: FileId) -> bool {
        let is_here = |d: &Diagnostic| d.primary.as_ref().is_some_and(|place| place.span.file == file);
        self.found.iter().any(|d| d.severity == Severity::Error && is_here(d))
    }

    /// The first finding made, for those who ask about one thing.
    pub fn into_first(self) -> Option<Diagnostic> {
        self.found.into_iter().next()
    }

    /// How many findings are errors.
    pub fn error_count(&self) -> usize {
        self.found.iter().filter(|d| d.severity == Severity::Error).count()
    }

    /// How many findings can be put right without a decision.
    pub fn fixable(&self) -> usize {
        self.found.iter().filter(|d| !d.fix.is_empty()).count()
    }

    /// How many findings are errors of other rules than these.
    pub fn count_without(&self, rules: &[&Rule]) -> usize {
        let errors = self.found.iter().filter(|d| d.severity == Severity::Error);
        errors.filter(|d| rules.iter().all(|rule| rule.id != d.rule.id)).count()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All findings by path, place, severity and id; a finding made twice is kept once.
    pub fn sorted(&self, sources: &SourceMap) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.found.iter().collect();
        all.sort_by_key(|d| {
            let place = d.primary.as_ref().map(|l| (sources.path(l.span.file), l.span.start, l.span.end));
            (place, d.severity, d.rule.id, &d.message)
        });
        all.dedup();
        all
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.found.extend(more);
    }
}

/// The candidate nearest to `wanted`, where one is near enough to be a slip of the pen.
pub fn did_you_mean<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(wanted, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len().min(wanted.len()) / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
