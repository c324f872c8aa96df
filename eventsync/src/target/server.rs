//! A URL enters; it is judged, and `config.toml` names it as the server from then on.

use std::path::{Path, PathBuf};

use toml_edit::{Item, Table, value};

use super::inputs::text_in;
use super::{DEFAULT_SERVER_URL, TargetError, address, bare};
use crate::store::config;

/// The configured server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its URL; the default where none is configured.
    pub url: String,
    /// Whether the file names it.
    pub is_configured: bool,
    /// The file.
    pub path: PathBuf,
}

/// What the configuration says.
///
/// # Errors
/// [`TargetError::Config`].
pub fn show(root: &Path) -> Result<Server, TargetError> {
    let document = config::read(root)?;
    let said = text_in(&document, "sync", "server_url").filter(|url| !url.trim().is_empty());
    let url = said.unwrap_or(DEFAULT_SERVER_URL).to_owned();
    Ok(Server { url, is_configured: said.is_some(), path: config::path(root) })
}

/// Makes a URL the configured server; whether anything had to be written. All else in the file stays as it is.
///
/// # Errors
/// [`TargetError::InvalidTargetUrl`], [`TargetError::Config`], [`TargetError::NoTable`].
pub fn set(root: &Path, url: &str) -> Result<bool, TargetError> {
    let url = valid(url)?;
    let mut document = config::read(root)?;
    if text_in(&document, "sync", "server_url") == Some(url) {
        return Ok(false);
    }
    let sync = document.entry("sync").or_insert(Item::Table(Table::new()));
    let sync = sync.as_table_like_mut().ok_or_else(|| TargetError::NoTable { path: config::path(root) })?;
    sync.insert("server_url", value(url));
    config::write(root, &document)?;
    Ok(true)
}

/// A URL that tokens may be sent to, without `/` at its end.
///
/// # Errors
/// [`TargetError::InvalidTargetUrl`].
pub fn valid(given: &str) -> Result<&str, TargetError> {
    let wrong = |reason| TargetError::InvalidTargetUrl { url: given.to_owned(), reason };
    let url = bare(given);
    let parsed = address::parse(url).map_err(wrong)?;
    if parsed.scheme() == "http" && !address::is_loopback(&parsed) {
        return Err(wrong("tokens would travel in the clear; use https, or a loopback address"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(wrong("it has a query or a fragment"));
    }
    Ok(url)
}
