//! Prose and values enter, Python docstrings, comments and literals leave.

use super::text::{common_escape, prose_lines, quoted};

/// A docstring from its opening to its closing quotes; its further lines are indented.
///
/// Lines that a documentation tool would run (`>>>`) or obey (`.. include::`) begin with a backslash.
pub fn docstring(text: &str, indent: usize) -> String {
    let lines: Vec<String> = prose_lines(text).iter().map(|line| inert_start(line)).collect();
    let mut body = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            body.push('\n');
            if !line.is_empty() {
                body.push_str(&" ".repeat(indent));
            }
        }
        body.push_str(&inert_quotes(&line.replace('\\', "\\\\")));
    }
    if lines.len() > 1 {
        body.push('\n');
        body.push_str(&" ".repeat(indent));
    }
    format!("\"\"\"{}\"\"\"", hide_directives(&body))
}

/// A string literal.
pub fn string(text: &str) -> String {
    hide_directives(&quoted(text, common_escape, |c| match u32::from(c) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }))
}

/// A comment without its LF; the text stands in quotes, so that no tool takes it for a directive.
pub fn comment(text: &str) -> String {
    let quoted = string(text).replace('#', "\\x23").replace("coding:", "coding\\x3a").replace("coding=", "coding\\x3d");
    format!("# {quoted}")
}

fn inert_start(line: &str) -> String {
    let words = line.trim_start();
    if words.starts_with(">>>") || words.starts_with("..") {
        return format!("{}\\{words}", &line[..line.len() - words.len()]);
    }
    line.to_owned()
}

/// Escapes the quotes that could close the docstring: those beside another one, and one at the end of a line.
fn inert_quotes(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '"' && (before == '"' || matches!(rest.peek(), None | Some('"'))) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Writes a `#` that a linter could read as the start of `# noqa` and the like as an escape of the same value.
fn hide_directives(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    let mut parts = literal.split('#').peekable();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if let Some(next) = parts.peek() {
            let word = next.trim_start_matches(' ').starts_with(|c: char| c.is_ascii_alphabetic() || "-!%".contains(c));
            out.push_str(if word { "\\x23" } else { "#" });
        }
    }
    out
}
