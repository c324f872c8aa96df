//! Findings enter; a report of test cases leaves, as CI systems read it.

use std::fmt::Write;

use super::{Finding, Severity};

/// One case a finding; those that weigh as much as `fails` failed, the others say their text. A run without findings
/// is one case that passed, since most readers call a report without cases broken.
pub fn render_junit(findings: &[Finding<'_>], fails: Severity) -> String {
    let failed = findings.iter().filter(|finding| finding.severity <= fails).count();
    let count = format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\"", findings.len().max(1));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"codegen\" {count}>\n  <testsuite name=\"codegen\" {count} skipped=\"0\">\n"
    );
    if findings.is_empty() {
        text += "    <testcase classname=\"codegen\" name=\"no findings\"/>\n";
    }
    for finding in findings {
        case(&mut text, finding, fails);
    }
    text + "  </testsuite>\n</testsuites>\n"
}

fn case(text: &mut String, finding: &Finding<'_>, fails: Severity) {
    let path = finding.path.as_deref().unwrap_or("codegen");
    let (mut place, mut line) = (path.to_owned(), String::new());
    if let Some(start) = finding.start {
        place = format!("{path}:{}:{}", start.line, start.column);
        line = format!(" file=\"{}\" line=\"{}\"", escaped(path), start.line);
    }
    let name = escaped(&format!("{} at {place}", finding.id));
    let body = escaped(&format!("{place}\n{}", finding.text()));
    let element = if finding.severity <= fails {
        let (message, kind) = (escaped(&finding.message), finding.severity.as_str());
        format!("<failure type=\"{kind}\" message=\"{message}\">{body}</failure>")
    } else {
        format!("<system-out>{body}</system-out>")
    };
    writeln!(
        text,
        "    <testcase classname=\"{}\" name=\"{name}\"{line}>\n      {element}\n    </testcase>",
        escaped(path)
    )
    .expect("a string takes everything");
}

/// A text as content or attribute; what XML 1.0 has no place for is named.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' => escaped += "&#10;",
            '\t' => escaped += "&#9;",
            '\r' => escaped += "&#13;",
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                write!(escaped, "U+{:04X}", u32::from(character)).expect("a string takes everything");
            }
            other => escaped.push(other),
        }
    }
    escaped
}
