//! A digest enters; whose queue it names leaves, as far as that can be told. No digest is ever turned back.

/// Whose a source was, as far as that can be told.
pub fn target_id(digest: &str, known: &[String]) -> String {
    let whose = if known.iter().any(|known| known == digest) { "known" } else { "unknown" };
    format!("{whose}:{digest}")
}

/// Bytes as older programs and the store write them.
pub fn hex(bytes: &[u8; 32]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}
