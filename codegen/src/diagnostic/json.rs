//! Findings and their sources enter; one JSON document leaves.

use super::Diagnostic;
use crate::source::SourceMap;

/// Findings as a JSON document, version 1.
pub fn render_json(_findings: &[&Diagnostic], _sources: &SourceMap) -> String {
    String::new()
}
