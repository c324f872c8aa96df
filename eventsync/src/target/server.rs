//! A URL enters; it is judged, and `config.toml` names it as the server from then on.

use std::path::{Path, PathBuf};

use toml_edit::{Item, Table, value};
use url::{Host, Url};

use super::inputs::text_in;
use super::{DEFAULT_SERVER_URL, TargetError, bare};
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
fn valid(given: &str) -> Result<&str, TargetError> {
    let wrong = |reason| TargetError::InvalidTargetUrl { url: given.to_owned(), reason };
    let url = bare(given);
    if url.chars().any(|each| each.is_whitespace() || each.is_control()) {
        return Err(wrong("it holds white space or a control character"));
    }
    let parsed = Url::parse(url).map_err(|_| wrong("it is no URL; write `https://` and a host"))?;
    let host = parsed.host().ok_or_else(|| wrong("it has no host"))?;
    match parsed.scheme() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        "http" => return Err(wrong("tokens would travel in the clear; use https, or a loopback address")),
        _ => return Err(wrong("it is neither https nor http")),
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(wrong("it names a user; log in with `eventsync login`"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(wrong("it has a query or a fragment"));
    }
    Ok(url)
}

/// Whether a host is this machine.
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
