//! Prose enters, a label of a Mermaid diagram leaves.

use std::fmt::Write;

use super::text::prose_line;

/// A label without quotes, of one line; what Mermaid could read as syntax is written as its character codes.
pub fn label(text: &str) -> String {
    let line = prose_line(text);
    if line.eq_ignore_ascii_case("end") {
        return format!("#{};{}", line.as_bytes()[0], &line[1..]);
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '_' | '.' | ',') {
            write!(out, "#{};", u32::from(c)).expect("a string takes any text");
        } else {
            out.push(c);
        }
    }
    out
}
