//! What every declaration and field may carry besides its meaning.

use std::fmt;

use crate::json::Value;
use crate::source::Span;

/// A semantic version as it was written (version 2.0.0 of the standard).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why something should not be used any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// The family's version that deprecated it.
    pub since: Version,
    /// For people.
    pub reason: String,
    /// The name of the declaration or field to use instead.
    pub replacement: Option<String>,
}

/// Texts and history of a declaration or field, and where its name stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Meta {
    /// The name exactly as written.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// A short heading.
    pub title: Option<String>,
    /// What it means; Markdown is plain text here, never a directive.
    pub doc: Option<String>,
    /// The family's version that brought it.
    pub since: Option<Version>,
    /// Set where it is on its way out.
    pub deprecated: Option<Deprecation>,
    /// Valid wire values, as given.
    pub examples: Vec<Value>,
}

impl Meta {
    /// A name and its place, with nothing said about it.
    pub fn bare(name: impl Into<String>, span: Span) -> Self {
        Self { name: name.into(), span, title: None, doc: None, since: None, deprecated: None, examples: Vec::new() }
    }
}
