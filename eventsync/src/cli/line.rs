//! Text of an event, a server or a file's name enters; it leaves in one line that shows what it is and does nothing else.

use std::fmt::Write as _;

/// The text with what moves the cursor, begins a line or turns the order of letters round written by its code point: an id
/// cannot look like an answer about another event.
pub fn in_one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        if one.is_control() || is_order(one) {
            write!(out, "{}", one.escape_unicode()).expect("a string takes all");
        } else {
            out.push(one);
        }
    }
    out
}

/// Separators of lines, and marks that say in which direction letters go.
fn is_order(one: char) -> bool {
    matches!(one, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
