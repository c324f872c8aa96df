//! Text enters, a double-quoted scalar of YAML leaves.

use super::text::{common_escape, quoted};

/// A string, whatever an unquoted one of the same letters would mean.
pub fn string(text: &str) -> String {
    quoted(text, common_escape, |c| match u32::from(c) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}
