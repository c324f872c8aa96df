//! An endpoint and a scope enter; what identifies the target leaves.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{InvalidTargetUrl, canonical_url};
use crate::generated::{ResolvedSyncTarget, TargetKind};

/// How much of the team's name stands in an id: ids become names of files.
const TEAM_IN_ID: usize = 40;
/// How many digits of the digest stand in an id.
const DIGITS_IN_ID: usize = 32;

/// Who a target is. URL and scope make it; the kind only says how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetIdentity {
    /// `tgt_`, the team in safe letters, and a digest of the rest.
    pub target_id: String,
    /// The endpoint in its one spelling.
    pub canonical_url: String,
    /// SHA-256 of that, in hexadecimal.
    pub url_hash: String,
    /// The team; empty where none is known.
    pub team_slug: String,
    /// The user; empty where none is known.
    pub user_email: String,
    /// What kind of receiver it is.
    pub kind: TargetKind,
}

impl TargetIdentity {
    /// The identity of an endpoint. One of the hosted service is made by [`TargetIdentity::from_resolved`].
    ///
    /// # Errors
    /// [`InvalidTargetUrl`].
    pub fn new(kind: TargetKind, url: &str, team: Option<&str>, user: Option<&str>) -> Result<Self, InvalidTargetUrl> {
        let canonical_url = canonical_url(url)?;
        let (team, user) = (team.unwrap_or_default(), user.unwrap_or_default());
        let url_hash = hex(canonical_url.as_bytes());
        let digest = hex([url_hash.as_str(), team, user].join("\0").as_bytes());
        Ok(Self {
            target_id: format!("tgt_{}_{}", safe(team), &digest[..DIGITS_IN_ID]),
            canonical_url,
            url_hash,
            team_slug: team.to_owned(),
            user_email: user.to_owned(),
            kind,
        })
    }

    /// The identity of the hosted service at the resolved server, for whoever is logged in.
    ///
    /// # Errors
    /// [`InvalidTargetUrl`].
    pub fn from_resolved(target: &ResolvedSyncTarget) -> Result<Self, InvalidTargetUrl> {
        let team = target.team_slug().map(AsRef::as_ref);
        let user = target.user_id().map(AsRef::as_ref);
        Self::new(TargetKind::Teamspace, target.resolved_server_url().as_str(), team, user)
    }
}

/// A team's name in letters that are safe in an id.
fn safe(team: &str) -> String {
    let letters = team.chars().map(|one| if one.is_ascii_alphanumeric() || one == '_' { one } else { '_' });
    let safe: String = letters.take(TEAM_IN_ID).collect();
    if safe.chars().all(|one| one == '_') { "anon".to_owned() } else { safe }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a string takes all");
        out
    })
}
