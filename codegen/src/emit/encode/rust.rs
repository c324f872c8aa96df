//! Prose and values enter, Rust doc comments, comments and literals leave.

use super::markdown;
use super::text::{common_escape, quoted};

/// Lines of `///`, each indented and ended by LF. Blank prose gives nothing.
pub fn outer_doc(text: &str, indent: usize) -> String {
    doc("///", text, indent)
}

/// Lines of `//!`, each indented and ended by LF. Blank prose gives nothing.
pub fn inner_doc(text: &str, indent: usize) -> String {
    doc("//!", text, indent)
}

/// A string literal.
pub fn string(text: &str) -> String {
    let short = |c| if c == '\0' { Some("\\0") } else { common_escape(c) };
    quoted(text, short, |c| format!("\\u{{{:x}}}", u32::from(c)))
}

/// A byte string literal.
pub fn byte_string(bytes: &[u8]) -> String {
    format!("b\"{}\"", bytes.escape_ascii())
}

/// A line comment without its LF; the text stands in quotes, so that no tool takes it for a directive.
pub fn comment(text: &str) -> String {
    format!("// {}", string(text))
}

fn doc(mark: &str, text: &str, indent: usize) -> String {
    let mut out = String::new();
    for line in markdown::lines(text) {
        out.push_str(format!("{:indent$}{mark} {line}", "").trim_end());
        out.push('\n');
    }
    out
}
