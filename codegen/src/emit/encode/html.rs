//! Prose enters, text and attribute values of HTML leave.

use super::text::prose_lines;

/// Text between tags.
pub fn text(text: &str) -> String {
    escaped(&prose_lines(text).join("\n"))
}

/// An attribute's value with its quotes.
pub fn attribute(text: &str) -> String {
    format!("\"{}\"", escaped(&prose_lines(text).join("\n")).replace('\n', "&#10;"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            other => out.push(other),
        }
    }
    out
}
