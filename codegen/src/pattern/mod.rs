//! The pattern language: source text enters, a parsed and proven-linear pattern leaves, rendered for any dialect.

/// A pattern that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    source: String,
}

impl Pattern {
    /// The text as written in the contract.
    pub fn source(&self) -> &str {
        &self.source
    }
}
