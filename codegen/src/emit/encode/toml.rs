//! Text enters, a basic string of TOML leaves.

use super::text::{common_escape, quoted};

/// A string.
pub fn string(text: &str) -> String {
    quoted(text, common_escape, |c| match u32::from(c) {
        code @ 0..=0xffff => format!("\\u{code:04X}"),
        code => format!("\\U{code:08X}"),
    })
}
