//! Text enters, a JSON string leaves; for canonical text see [`crate::json`].

use super::text::{common_escape, quoted, utf16_escape};

/// A string, with characters that are not seen as escapes.
pub fn string(text: &str) -> String {
    quoted(text, common_escape, utf16_escape)
}
