//! The resolved target enters; which queues of older programs were its own leaves. No digest is ever turned back.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::sources;
use crate::generated::ResolvedSyncTarget;

/// The digests that older programs gave to the queue of this target: 16 digits of its scope, or all 64 of another spelling.
pub fn of_target(target: &ResolvedSyncTarget) -> Vec<String> {
    let scoped = sources::digest_in(Path::new(target.queue_db_path()));
    let (user, team) = (target.user_id().unwrap_or_default(), target.team_slug().unwrap_or_default());
    // The long digest was made of the URL as it was written, with the `/` that resolving cuts off.
    let written = [target.configured_server_url(), target.env_server_url()].into_iter().flatten();
    let same = written.filter(|url| trimmed(url).trim_end_matches('/') == target.resolved_server_url());
    let urls = [target.resolved_server_url()].into_iter().chain(same);
    scoped.into_iter().chain(urls.map(|url| long(url, user, team))).collect()
}

/// Whose a source was, as far as that can be told.
pub fn target_id(digest: &str, known: &[String]) -> String {
    let whose = if known.iter().any(|known| known == digest) { "known" } else { "unknown" };
    format!("{whose}:{digest}")
}

/// The long digest: URL, user and team in lower case, parted by NUL.
pub fn long(url: &str, user: &str, team: &str) -> String {
    let parts = [url, user, team].map(|part| trimmed(&part.to_lowercase()).to_owned());
    hex(&Sha256::digest(parts.join("\0")).into())
}

/// Bytes as older programs and the store write them.
pub fn hex(bytes: &[u8; 32]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

/// Without what Python, in which the digests were made, takes for white space.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}
