//! Findings and their sources enter; text as rustc would show it leaves.

use super::Diagnostic;
use crate::source::SourceMap;

/// Findings with source line, caret, id and help.
pub fn render_text(_findings: &[&Diagnostic], _sources: &SourceMap) -> String {
    String::new()
}
