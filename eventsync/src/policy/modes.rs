//! The name of a mode or the configuration enters; what is kept and where it is delivered leaves, or is set.

use std::path::{Path, PathBuf};

use toml_edit::{Item, Table, TableLike, value};

use crate::delivery::targets::{InvalidTargetUrl, canonical_url};
use crate::generated::{Mode, ModeDelivery, mode_presets};
use crate::store::config::{self, ConfigError};
use crate::target::address;

/// A name that no mode has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no mode `{0}`: TEAMSPACE, EXTERNAL_RECEIVER, LOCAL_RETENTION and OPT_OUT (also called TRASH) are modes"
)]
pub struct UnknownMode(pub String);

/// Why a mode cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum ModeError {
    /// No such mode.
    #[error(transparent)]
    UnknownMode(#[from] UnknownMode),
    /// The mode delivers to an endpoint, and none was given.
    #[error("EXTERNAL_RECEIVER needs an endpoint: add `--endpoint URL`")]
    MissingExternalEndpoint,
    /// The mode delivers to no endpoint of the operator.
    #[error("{mode} takes no endpoint: only EXTERNAL_RECEIVER does")]
    UnusedEndpoint {
        /// The mode.
        mode: Mode,
    },
    /// No endpoint.
    #[error(transparent)]
    InvalidTargetUrl(#[from] InvalidTargetUrl),
    /// The configuration cannot be read or written.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `[event_sync]` of the configuration holds something else than settings.
    #[error("{path}: `event_sync` is no table")]
    NoTable {
        /// The file.
        path: PathBuf,
    },
}

/// Where the value of a header is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderSource {
    /// In a variable of the environment.
    Env(String),
    /// In a file.
    File(String),
}

/// `[event_sync]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeSetting {
    /// What is kept and where it goes.
    pub mode: Mode,
    /// Where `EXTERNAL_RECEIVER` delivers to, as it was written.
    pub external_endpoint: Option<String>,
    /// Headers for it.
    pub external_headers: Vec<(String, HeaderSource)>,
    /// Whether evidence is kept of events that are not.
    pub discard_audit: bool,
    /// Events below it stay here.
    pub min_data_tier: i64,
    /// What could not be used.
    pub diagnostic: Option<String>,
}

/// The highest tier: only events that may be shared with everybody pass it.
const HIGHEST_TIER: i64 = 4;

/// The mode of a name, in any case and with `-` for `_`.
///
/// # Errors
/// [`UnknownMode`], which lists the names.
pub fn parse(name: &str) -> Result<Mode, UnknownMode> {
    let canonical = name.trim().to_ascii_uppercase().replace('-', "_");
    canonical.parse().map_err(|_| UnknownMode(name.to_owned()))
}

/// Reads the setting. What cannot be read lets nothing out: the mode becomes `LOCAL_RETENTION`, and that is told.
pub fn read(root: &Path) -> ModeSetting {
    let mut notes = Notes::default();
    let mut setting = match config::read(root) {
        Ok(document) => match document.get("event_sync") {
            None => absent(),
            Some(item) => match item.as_table_like() {
                Some(table) => of_table(table, &mut notes),
                None => notes.closed("`event_sync` is no table"),
            },
        },
        Err(error) => notes.closed(&error.to_string()),
    };
    setting.diagnostic = (!notes.0.is_empty()).then(|| notes.0.join("; "));
    setting
}

/// What could not be used.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, code: &str, what: &str) {
        self.0.push(format!("{code}: {what}"));
    }

    fn closed(&mut self, what: &str) -> ModeSetting {
        self.add("mode_unreadable", &format!("{what}; nothing is sent until `eventsync mode` sets it"));
        ModeSetting { mode: Mode::LocalRetention, ..absent() }
    }
}

fn absent() -> ModeSetting {
    ModeSetting {
        mode: Mode::Teamspace,
        external_endpoint: None,
        external_headers: Vec::new(),
        discard_audit: false,
        min_data_tier: 0,
        diagnostic: None,
    }
}

fn of_table(table: &dyn TableLike, notes: &mut Notes) -> ModeSetting {
    let mut setting = match table.get("mode").map(|item| (item, item.as_str())) {
        None => absent(),
        Some((_, Some(name))) => match parse(name) {
            Ok(mode) => ModeSetting { mode, ..absent() },
            Err(error) => notes.closed(&error.to_string()),
        },
        Some((item, None)) => notes.closed(&format!("`mode` is {}, not a text", item.type_name())),
    };
    setting.external_endpoint = endpoint(table, notes);
    setting.external_headers = headers(table, notes);
    setting.discard_audit = match table.get("discard_audit").map(Item::as_bool) {
        None => false,
        Some(Some(told)) => told,
        Some(None) => {
            notes.add("discard_audit_unreadable", "it is neither `true` nor `false`: nothing is dropped");
            false
        }
    };
    setting.min_data_tier = match table.get("min_data_tier").map(Item::as_integer) {
        None => 0,
        Some(Some(tier)) if (0..=HIGHEST_TIER).contains(&tier) => tier,
        Some(_) => {
            notes.add("min_data_tier_unreadable", "it is no number from 0 to 4: it counts as 4");
            HIGHEST_TIER
        }
    };
    setting
}

fn endpoint(table: &dyn TableLike, notes: &mut Notes) -> Option<String> {
    let written = table.get("external_endpoint")?;
    let judged = written.as_str().ok_or_else(|| "it is no text".to_owned());
    match judged.and_then(|url| valid(url).map_err(|error| error.to_string())) {
        Ok(url) => Some(url.to_owned()),
        Err(reason) => {
            notes.add("external_endpoint_unreadable", &reason);
            None
        }
    }
}

/// Headers by name; a value never stands in the configuration, only where it is.
fn headers(table: &dyn TableLike, notes: &mut Notes) -> Vec<(String, HeaderSource)> {
    let Some(item) = table.get("external_headers") else { return Vec::new() };
    let Some(headers) = item.as_table_like() else {
        notes.add("external_headers_unreadable", "it is no table");
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, item) in headers.iter() {
        let is_token = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        match item.as_str().and_then(source).filter(|_| is_token) {
            Some(source) => found.push((name.to_owned(), source)),
            // The value may be the secret itself: it is not repeated.
            None => notes
                .add("external_headers_unreadable", &format!("`{name}` is left out: write `env:NAME` or `file:PATH`")),
        }
    }
    found
}

fn source(written: &str) -> Option<HeaderSource> {
    let (kind, place) = written.split_once(':')?;
    match kind {
        _ if place.is_empty() => None,
        "env" => Some(HeaderSource::Env(place.to_owned())),
        "file" => Some(HeaderSource::File(place.to_owned())),
        _ => None,
    }
}

/// An endpoint that events may be sent to, as it was written.
fn valid(given: &str) -> Result<&str, InvalidTargetUrl> {
    let url = given.trim();
    canonical_url(url)?;
    let is_clear = address::parse(url).is_ok_and(|read| read.scheme() == "http" && !address::is_loopback(&read));
    if is_clear {
        let reason = "events would travel in the clear; use https, or a loopback address";
        return Err(InvalidTargetUrl { url: given.to_owned(), reason });
    }
    Ok(url)
}

/// Sets the mode, and the endpoint where it has one; all else in the file stays as it is.
///
/// # Errors
/// Every [`ModeError`] but [`ModeError::UnknownMode`]; nothing was written then.
pub fn set(root: &Path, mode: Mode, endpoint: Option<&str>) -> Result<(), ModeError> {
    let is_external = mode_presets::delivery(mode) == ModeDelivery::ExternalReceiver;
    let endpoint = match (is_external, endpoint) {
        (true, Some(url)) => Some(valid(url)?),
        (true, None) => return Err(ModeError::MissingExternalEndpoint),
        (false, Some(_)) => return Err(ModeError::UnusedEndpoint { mode }),
        (false, None) => None,
    };
    let mut document = config::read(root)?;
    let table = document.entry("event_sync").or_insert(Item::Table(Table::new()));
    let table = table.as_table_like_mut().ok_or_else(|| ModeError::NoTable { path: config::path(root) })?;
    table.insert("mode", value(mode.as_str().to_ascii_lowercase()));
    match endpoint {
        Some(url) => table.insert("external_endpoint", value(url)),
        None => table.remove("external_endpoint"),
    };
    config::write(root, &document)?;
    Ok(())
}
