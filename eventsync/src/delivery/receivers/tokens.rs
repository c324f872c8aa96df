//! A name and a password, or an old token, enter; credentials that the server gave leave, in their file.

use std::fs::TryLockError;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{Poster, Reply, TransportError};
use crate::store::files;
use crate::target::TargetError;
use crate::target::credentials::{self, Credentials, Secret};

/// How long the server may take for a token.
const PATIENCE: Duration = Duration::from_secs(60);
/// No token lives longer: a hundred years, so that its end is a date that can be written.
const MOST_SECONDS: u64 = 3_155_760_000;

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
    Credentials(#[from] TargetError),
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
    let given = tokens(&reply)?;
    let credentials = Credentials {
        access: given.access,
        refresh: given.refresh.ok_or(LoginError::NoToken { status: reply.status })?,
        access_expires_at: Some(given.access_expires_at),
        refresh_expires_at: Some(given.refresh_expires_at),
        username: username.to_owned(),
        team_slug: given.team_slug.unwrap_or_default(),
        server_url: Some(server_url.to_owned()),
    };
    credentials::write(root, &credentials)?;
    Ok(credentials)
}

/// A new token for one that has expired; none where the server does not renew it. `used` is the token that was refused:
/// where another process has renewed it by now, that one is taken.
pub(super) fn refresh(poster: &dyn Poster, url: &str, root: &Path, used: &str) -> Result<Option<Secret>, LoginError> {
    let _alone = locked(root)?;
    let Some(known) = credentials::read(root)? else { return Ok(None) };
    if known.access.reveal() != used {
        return Ok(Some(known.access));
    }
    let reply = ask(poster, url, &json!({"refresh": known.refresh.reveal()}))?;
    if reply.status == 401 {
        // Nobody can use these again.
        credentials::clear(root)?;
        return Ok(None);
    }
    let given = tokens(&reply)?;
    let renewed = Credentials {
        access: given.access.clone(),
        refresh: given.refresh.unwrap_or(known.refresh),
        access_expires_at: Some(given.access_expires_at),
        refresh_expires_at: Some(given.refresh_expires_at),
        team_slug: given.team_slug.unwrap_or(known.team_slug),
        ..known
    };
    credentials::write(root, &renewed)?;
    Ok(Some(given.access))
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

/// What a server gives to who may send.
struct Given {
    access: Secret,
    refresh: Option<Secret>,
    access_expires_at: String,
    refresh_expires_at: String,
    team_slug: Option<String>,
}

fn tokens(reply: &Reply) -> Result<Given, LoginError> {
    let no_token = || LoginError::NoToken { status: reply.status };
    let body: Value = serde_json::from_slice(&reply.body).map_err(|_| no_token())?;
    let access = body["access"].as_str().filter(|_| reply.status == 200).ok_or_else(no_token)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let expires = |key: &str, usual: u64| {
        let seconds = now.saturating_add(body[key].as_u64().unwrap_or(usual).min(MOST_SECONDS));
        crate::store::clock::text(i128::from(seconds) * 1_000_000)
    };
    Ok(Given {
        access: Secret::new(access),
        refresh: body["refresh"].as_str().map(Secret::new),
        access_expires_at: expires("access_lifetime", 900),
        refresh_expires_at: expires("refresh_lifetime", 604_800),
        team_slug: body["team_slug"].as_str().map(str::to_owned),
    })
}

fn reason(reply: &Reply) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let told = ["error", "detail", "message"].iter().find_map(|key| body[*key].as_str());
    told.map_or_else(|| format!("it answered {}", reply.status), |told| told.chars().take(200).collect())
}
