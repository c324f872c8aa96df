//! scratch
#![allow(missing_docs, unused_variables, dead_code, clippy::all, clippy::pedantic)]
use crate::generated::Mode;
use std::path::Path;
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ModeError(String);
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct UnknownMode;
pub enum HeaderSource {
    Env(String),
    File(String),
}
pub struct ModeSetting {
    pub mode: Mode,
    pub external_endpoint: Option<String>,
    pub external_headers: Vec<(String, HeaderSource)>,
    pub discard_audit: bool,
    pub min_data_tier: i64,
    pub diagnostic: Option<String>,
}
pub fn parse(t: &str) -> Result<Mode, UnknownMode> {
    t.to_uppercase().replace('-', "_").parse().map_err(|_| UnknownMode)
}
pub fn read(t: &Path) -> ModeSetting {
    let d = crate::store::config::read(t).unwrap();
    let e = d.get("event_sync");
    let g = |k: &str| e.and_then(|e| e.get(k));
    let mode = g("mode").and_then(|m| m.as_str()).map(|m| parse(m).unwrap()).unwrap_or(Mode::Teamspace);
    let external_headers = g("external_headers")
        .and_then(|h| h.as_table_like())
        .map(|t| {
            t.iter()
                .map(|(k, v)| {
                    let v = v.as_str().unwrap();
                    (
                        k.to_string(),
                        match v.split_once(':').unwrap() {
                            ("env", n) => HeaderSource::Env(n.into()),
                            (_, p) => HeaderSource::File(p.into()),
                        },
                    )
                })
                .collect()
        })
        .unwrap_or_default();
    ModeSetting {
        mode,
        external_endpoint: g("external_endpoint").and_then(|m| m.as_str()).map(str::to_string),
        external_headers,
        discard_audit: g("discard_audit").and_then(|m| m.as_bool()).unwrap_or(false),
        min_data_tier: g("min_data_tier").and_then(|m| m.as_integer()).unwrap_or(0),
        diagnostic: None,
    }
}
pub fn set(t: &Path, m: Mode, e: Option<&str>) -> Result<(), ModeError> {
    let mut d = crate::store::config::read(t).map_err(|e| ModeError(e.to_string()))?;
    if d.get("event_sync").is_none() {
        d["event_sync"] = toml_edit::Item::Table(toml_edit::Table::new());
    }
    d["event_sync"]["mode"] = toml_edit::value(m.as_str().to_lowercase());
    if let Some(e) = e {
        d["event_sync"]["external_endpoint"] = toml_edit::value(e);
    }
    crate::store::config::write(t, &d).map_err(|e| ModeError(e.to_string()))
}
