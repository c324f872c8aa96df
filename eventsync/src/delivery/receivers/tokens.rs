//! A name and a password, or an old token, enter; credentials that the server gave leave, in their file.

use std::fs::TryLockError;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{Poster, Reply, TransportError};
use crate::store::files;
use crate::target::credentials::{self, Credentials, Secret};

/// How long the server may take for a token.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The server refused.
    #[error("the server refused: {reason}")]
    Refused {
        /// What it says.
        reason: String,
    },
    /// No answer came.
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[from] TransportError),
    /// The answer is not what was agreed.
    #[error("the server answered {status} without a token")]
    NoToken {
        /// The status of the answer.
        status: u16,
    },
    /// The file of credentials cannot be read or written.
    #[error(transparent)]
    Credentials(#[from] credentials::CredentialsError),
    /// The lock beside it cannot be used.
    #[error("credentials.lock: {0}")]
    Lock(std::io::Error),
}

/// Logs in and keeps what the server gives.
pub fn login(
    poster: &dyn Poster,
    url: &str,
    server_url: &str,
    root: &Path,
    username: &str,
    password: &str,
) -> Result<Credentials, LoginError> {
    let _alone = locked(root)?;
    let reply = ask(poster, url, &json!({"username": username, "password": password}))?;
    if matches!(reply.status, 400..=403) {
        return Err(LoginError::Refused { reason: reason(&reply) });
    }
    let mut given = tokens(&reply)?;
    given.username = Some(username.to_owned());
    given.server_url = Some(server_url.to_owned());
    credentials::write(root, &given)?;
    Ok(given)
}

/// A new token for one that has expired; none where the server does not renew it. `used` is the token that was refused:
/// where another process has renewed it by now, that one is taken.
pub(super) fn refresh(poster: &dyn Poster, url: &str, root: &Path, used: &str) -> Result<Option<Secret>, LoginError> {
    let _alone = locked(root)?;
    let Some(known) = credentials::read(root)? else { return Ok(None) };
    if let Some(access) = known.access.as_ref().filter(|access| access.reveal() != used) {
        return Ok(Some(access.clone()));
    }
    let Some(refresh) = &known.refresh else { return Ok(None) };
    let reply = ask(poster, url, &json!({"refresh": refresh.reveal()}))?;
    if reply.status == 401 {
        // Nobody can use these again.
        credentials::clear(root)?;
        return Ok(None);
    }
    let given = tokens(&reply)?;
    let access = given.access.clone();
    let renewed = Credentials {
        refresh: given.refresh.or(known.refresh),
        team_slug: given.team_slug.or(known.team_slug),
        username: known.username,
        server_url: known.server_url,
        ..given
    };
    credentials::write(root, &renewed)?;
    Ok(access)
}

/// Holds the lock of the credentials until it is dropped.
fn locked(root: &Path) -> Result<std::fs::File, LoginError> {
    files::private_folder(root).map_err(LoginError::Lock)?;
    let file = files::open_private(&root.join("credentials.lock")).map_err(LoginError::Lock)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => file.lock().map_err(LoginError::Lock)?,
        Err(TryLockError::Error(error)) => return Err(LoginError::Lock(error)),
    }
    Ok(file)
}

fn ask(poster: &dyn Poster, url: &str, body: &Value) -> Result<Reply, TransportError> {
    let headers = [("Content-Type".to_owned(), "application/json".to_owned())];
    poster.post(url, &headers, body.to_string().as_bytes(), PATIENCE)
}

fn tokens(reply: &Reply) -> Result<Credentials, LoginError> {
    let no_token = || LoginError::NoToken { status: reply.status };
    let body: Value = serde_json::from_slice(&reply.body).map_err(|_| no_token())?;
    let access = body["access"].as_str().filter(|_| reply.status == 200).ok_or_else(no_token)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let expires = |key: &str, usual: u64| {
        let seconds = now + body[key].as_u64().unwrap_or(usual);
        crate::store::clock::text(i128::from(seconds) * 1_000_000)
    };
    Ok(Credentials {
        access: Some(Secret::new(access)),
        refresh: body["refresh"].as_str().map(Secret::new),
        access_expires_at: Some(expires("access_lifetime", 900)),
        refresh_expires_at: Some(expires("refresh_lifetime", 604_800)),
        username: None,
        team_slug: body["team_slug"].as_str().map(str::to_owned),
        server_url: None,
    })
}

fn reason(reply: &Reply) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let told = ["error", "detail", "message"].iter().find_map(|key| body[*key].as_str());
    told.map_or_else(|| format!("it answered {}", reply.status), |told| told.chars().take(200).collect())
}
