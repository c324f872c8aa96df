//! Files of older programs enter; whether the scope that they remember is the derived one leaves. It is never used.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::credentials::Credentials;
use super::scope;
use crate::generated::ActiveQueueScopeStatus;

/// What `auth/session.json` says, as far as it is looked at.
#[derive(Deserialize)]
struct Session {
    server_url: String,
    #[serde(alias = "username", alias = "user_email")]
    user_id: Option<String>,
    team_slug: Option<String>,
}

/// Compares what is remembered: by the marker, else by the credentials, else by the session. What cannot be read is not
/// there.
pub(super) fn status(root: &Path, credentials: Option<&Credentials>, derived: &str) -> ActiveQueueScopeStatus {
    let remembered = marker(root).or_else(|| of_credentials(credentials?)).or_else(|| session(root));
    match remembered {
        None => ActiveQueueScopeStatus::Absent,
        Some(scope) if scope == derived => ActiveQueueScopeStatus::Matches,
        Some(_) => ActiveQueueScopeStatus::StaleNonAuthoritative,
    }
}

/// The marker holds a scope; what has not the two bars of one is damaged.
fn marker(root: &Path) -> Option<String> {
    let text = fs::read_to_string(root.join("active_queue_scope")).ok()?;
    let scope = text.trim();
    (scope.matches('|').count() >= 2).then(|| scope.to_owned())
}

fn of_credentials(credentials: &Credentials) -> Option<String> {
    let url = credentials.server_url.as_deref()?;
    Some(scope::derived(url, Some(&credentials.username), Some(&credentials.team_slug)))
}

fn session(root: &Path) -> Option<String> {
    let bytes = fs::read(root.join("auth/session.json")).ok()?;
    let session: Session = serde_json::from_slice(&bytes).ok()?;
    Some(scope::derived(&session.server_url, session.user_id.as_deref(), session.team_slug.as_deref()))
}
