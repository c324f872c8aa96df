//! Findings enter; workflow commands leave, of which GitHub Actions makes annotations.

use std::fmt::Write;

use super::{Finding, Severity};

/// One command a line. Columns are given only where a finding stands on one line: GitHub ignores them elsewhere.
pub fn render_github(findings: &[Finding<'_>]) -> String {
    let mut text = String::new();
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(path) = &finding.path {
            properties.push(format!("file={}", property(path)));
        }
        if let (Some(start), Some(end)) = (finding.start, finding.end) {
            properties.push(format!("line={},endLine={}", start.line, end.line));
            if start.line == end.line {
                properties.push(format!("col={},endColumn={}", start.column, end.column));
            }
        }
        properties.push(format!("title={}", property(finding.id)));
        writeln!(text, "::{command} {}::{}", properties.join(","), message(&finding.text()))
            .expect("a string takes everything");
    }
    text
}

/// What ends a command or begins an escape, escaped.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The same with what ends a property.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
