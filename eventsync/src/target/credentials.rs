//! The file `credentials` enters; tokens that nothing shows and the identity leave, and are written back.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use toml_edit::{DocumentMut, Item, Table, value};

use super::TargetError;
use super::inputs::text_in;
use crate::store::files;

/// A token or password: it is shown by nothing, and overwritten nowhere else than in its file.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for a header or the file.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Who is logged in, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// For requests.
    pub access: Secret,
    /// For new tokens.
    pub refresh: Secret,
    /// Until when the first is good, RFC 3339.
    pub access_expires_at: Option<String>,
    /// Until when the second is good, RFC 3339.
    pub refresh_expires_at: Option<String>,
    /// The user.
    pub username: String,
    /// The team; `local` and empty are none.
    pub team_slug: String,
    /// The server that gave the tokens.
    pub server_url: Option<String>,
}

/// Where they are.
pub fn path(root: &Path) -> PathBuf {
    root.join("credentials")
}

/// The credentials; none where there is no file.
///
/// # Errors
/// [`TargetError::Credentials`] and [`TargetError::Io`]; neither tells what stands in the file.
pub fn read(root: &Path) -> Result<Option<Credentials>, TargetError> {
    let path = path(root);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(TargetError::Io { path, source }),
    };
    let wrong = |reason| TargetError::Credentials { path: path.clone(), reason };
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))?;
    // What the parser says quotes the line, which may hold a token.
    let document: DocumentMut = text.parse().map_err(|_| wrong("it is no TOML"))?;
    let said = |table, key| text_in(&document, table, key).filter(|text| !text.is_empty()).map(str::to_owned);
    let (Some(access), Some(refresh)) = (said("tokens", "access"), said("tokens", "refresh")) else {
        return Err(wrong("it holds no tokens: log in again"));
    };
    Ok(Some(Credentials {
        access: Secret(access),
        refresh: Secret(refresh),
        access_expires_at: said("tokens", "access_expires_at"),
        refresh_expires_at: said("tokens", "refresh_expires_at"),
        username: said("user", "username").unwrap_or_default(),
        team_slug: said("user", "team_slug").unwrap_or_default(),
        server_url: said("server", "url"),
    }))
}

/// Writes them, for the owner alone.
///
/// # Errors
/// [`TargetError::Io`].
pub fn write(root: &Path, credentials: &Credentials) -> Result<(), TargetError> {
    let mut document = DocumentMut::new();
    let mut put = |table: &str, key: &str, text: Option<&str>| {
        let Some(text) = text else { return };
        let table = document.entry(table).or_insert(Item::Table(Table::new()));
        table[key] = value(text);
    };
    put("tokens", "access", Some(credentials.access.reveal()));
    put("tokens", "refresh", Some(credentials.refresh.reveal()));
    put("tokens", "access_expires_at", credentials.access_expires_at.as_deref());
    put("tokens", "refresh_expires_at", credentials.refresh_expires_at.as_deref());
    put("user", "username", Some(&credentials.username));
    put("user", "team_slug", Some(&credentials.team_slug));
    put("server", "url", credentials.server_url.as_deref());
    let path = path(root);
    files::write_private(&path, document.to_string().as_bytes()).map_err(|source| TargetError::Io { path, source })
}

/// Removes them; whether there were any.
///
/// # Errors
/// [`TargetError::Io`].
pub fn clear(root: &Path) -> Result<bool, TargetError> {
    let path = path(root);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(TargetError::Io { path, source }),
    }
}
