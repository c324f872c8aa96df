//! The target enters; the digests that older programs gave to its own queues leave. No digest is ever turned back.

use crate::target::{self, Resolution};

/// The digests of the target's own queues, by both schemes. The long one was made of the server as it was written, with
/// or without the `/` at its end, which is the same server.
pub fn known_digests(resolution: &Resolution) -> Vec<String> {
    let (as_written, target) = (resolution.digests(), resolution.target());
    let as_used = target::digests(target.resolved_server_url().as_str(), target);
    vec![as_written.short, as_written.long, as_used.long]
}

/// Whose a source was, as far as that can be told.
pub fn target_id(digest: &str, known: &[String]) -> String {
    let whose = if known.iter().any(|known| known == digest) { "known" } else { "unknown" };
    format!("{whose}:{digest}")
}

/// Bytes as older programs and the store write them.
pub fn hex(bytes: &[u8; 32]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
