//! A server and an identity enter; the scope leaves by which older programs named their queues, and its file.
//!
//! Nothing else may say what a scope is: no public function takes one.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::generated::ResolvedSyncTarget;

/// How much of a digest stands in the name of a queue.
const SHORT: usize = 16;

/// The digests of one target by both schemes of older programs, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// The first 16 digits of that of the scope.
    pub short: String,
    /// All 64 digits of the older scheme.
    pub long: String,
}

/// The scope: server, user and team, in ASCII and small letters.
pub(super) fn derived(url: &str, user: Option<&str>, team: Option<&str>) -> String {
    let url = part(url);
    let url = url.trim_end_matches('/');
    format!("{url}|{}|{}", part(user.unwrap_or_default()), part(team.unwrap_or_default()))
}

/// Where the queue of a scope was kept.
pub(super) fn queue_path(root: &Path, scope: &str) -> String {
    let name = format!("queue-{}.db", &hex(scope.as_bytes())[..SHORT]);
    root.join("queues").join(name).to_string_lossy().into_owned()
}

/// The digests that a queue of this target may have in its name; `url` is the server as it was written.
pub fn digests(url: &str, target: &ResolvedSyncTarget) -> Digests {
    let lower = |text: Option<&str>| text.unwrap_or_default().trim().to_lowercase();
    let user = target.user_id().map(AsRef::as_ref);
    let team = target.team_slug().map(AsRef::as_ref);
    let long = [lower(Some(url)), lower(user), lower(team)].join("\0");
    let short = hex(target.derived_queue_scope().as_str().as_bytes())[..SHORT].to_owned();
    Digests { short, long: hex(long.as_bytes()) }
}

/// A part of a scope: what is not ASCII is written by its code point, then space around it is cut and letters are small.
fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for each in text.chars() {
        if each.is_ascii() {
            out.push(each.to_ascii_lowercase());
        } else {
            write!(out, "_u{:04x}_", u32::from(each)).expect("a string takes all");
        }
    }
    out.trim().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a string takes all");
        out
    })
}
