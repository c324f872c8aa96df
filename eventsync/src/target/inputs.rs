//! The root and the environment's server enter; what they say about server, policy and identity leaves, as it is written.

use std::path::Path;

use toml_edit::{DocumentMut, Item};

use super::Diagnostic;
use super::credentials::{self, Credentials};
use crate::store::config;

/// What a server in the environment holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EnvPolicy {
    /// The whole process.
    Process,
    /// The setup alone.
    SetupOnly,
}

/// All that the resolution depends on.
pub(super) struct Inputs {
    /// `[sync] server_url`
    pub configured: Option<String>,
    /// The server of the environment.
    pub env: Option<String>,
    /// `[sync] env_override`
    pub policy: EnvPolicy,
    /// Who is logged in, by the credentials alone.
    pub user: Option<String>,
    /// For which team.
    pub team: Option<String>,
    /// The credentials themselves.
    pub credentials: Option<Credentials>,
}

/// Reads them; what cannot be read counts as absent and is told.
pub(super) fn read(root: &Path, env: Option<&str>, diagnostics: &mut Vec<Diagnostic>) -> Inputs {
    let (configured, policy) = match config::read(root) {
        Ok(document) => configured(&document, diagnostics),
        Err(error) => {
            diagnostics.push(unreadable(error.to_string()));
            (None, EnvPolicy::Process)
        }
    };
    let credentials = credentials::read(root).unwrap_or_else(|error| {
        diagnostics.push(Diagnostic { code: "credentials_unreadable", message: error.to_string() });
        None
    });
    let of_user = |member: fn(&Credentials) -> &str| credentials.as_ref().map(member).and_then(said);
    Inputs {
        configured,
        env: env.and_then(said),
        policy,
        user: of_user(|credentials| &credentials.username),
        team: of_user(|credentials| &credentials.team_slug),
        credentials,
    }
}

/// A text that says something.
fn said(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn configured(document: &DocumentMut, diagnostics: &mut Vec<Diagnostic>) -> (Option<String>, EnvPolicy) {
    let Some(sync) = document.get("sync") else { return (None, EnvPolicy::Process) };
    let Some(sync) = sync.as_table_like() else {
        diagnostics.push(unreadable("`sync` is no table".to_owned()));
        return (None, EnvPolicy::Process);
    };
    let mut setting = |name: &str| match sync.get(name) {
        Some(item) => {
            let text = item.as_str();
            if text.is_none() {
                diagnostics.push(unreadable(format!("`sync.{name}` is no text")));
            }
            Some(text)
        }
        None => None,
    };
    let url = setting("server_url").flatten().and_then(said);
    let policy = match setting("env_override") {
        None | Some(Some("process")) => EnvPolicy::Process,
        Some(Some("setup_only")) => EnvPolicy::SetupOnly,
        // Whoever wrote something meant to restrict: fail closed.
        Some(other) => {
            if let Some(other) = other {
                let message = format!("`sync.env_override` is `{other}`: neither `process` nor `setup_only`");
                diagnostics.push(unreadable(message));
            }
            EnvPolicy::SetupOnly
        }
    };
    (url, policy)
}

fn unreadable(message: String) -> Diagnostic {
    Diagnostic { code: "config_unreadable", message }
}

/// A text below a table of a TOML document.
pub(super) fn text_in<'d>(document: &'d DocumentMut, table: &str, key: &str) -> Option<&'d str> {
    document.get(table).and_then(Item::as_table_like)?.get(key)?.as_str()
}
