//! Text enters, a JSON string leaves; for canonical text see [`crate::json`].

use super::text::{common_escape, is_invisible, quoted, utf16_escape};

/// A string, with characters that are not seen as escapes.
pub fn string(text: &str) -> String {
    quoted(text, common_escape, utf16_escape)
}

/// The same JSON with characters that are not seen as escapes; outside its strings JSON has none but LF.
pub fn seen(json: String) -> String {
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_invisible(c) {
            out.push_str(&utf16_escape(c));
        } else {
            out.push(c);
        }
    }
    out
}
