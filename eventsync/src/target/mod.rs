//! Configuration, environment and credentials enter; the one server that everything else speaks to leaves.
//!
//! It is decided before a store is chosen or a socket opened, by text alone, and nothing can be handed in beside it.

pub mod address;
mod cached;
pub mod credentials;
mod error;
mod inputs;
mod scope;
pub mod server;
mod surfaces;

use std::path::Path;

pub use error::TargetError;
pub use scope::{Digests, digests};
pub use surfaces::Surfaces;

use crate::generated::{Id, OverrideMode, ResolvedSyncTarget, Text};
use inputs::{EnvPolicy, Inputs};

/// The server where nothing names one.
pub const DEFAULT_SERVER_URL: &str = "https://spec-kitty-dev.fly.dev";
/// The variable that names a server; this module alone reads it.
pub const ENV_SERVER_URL: &str = "SPEC_KITTY_SAAS_URL";

/// What was found out about the server, before anybody decides whether that will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    target: ResolvedSyncTarget,
    diagnostics: Vec<Diagnostic>,
    raw_url: String,
}

/// Something that was read and could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, in one word.
    pub code: &'static str,
    /// What is wrong, for people.
    pub message: String,
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl Resolution {
    /// The target. It may be one that must not be used: see [`Resolution::guard`].
    pub fn target(&self) -> &ResolvedSyncTarget {
        &self.target
    }

    /// What could not be used on the way.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The digests by which older programs named the queue of this target.
    pub fn digests(&self) -> Digests {
        digests(&self.raw_url, &self.target)
    }

    /// Whether configuration and environment name two servers and neither gives way.
    pub fn is_split(&self) -> bool {
        self.target.override_mode() == OverrideMode::SetupOnly
    }

    /// The target, where there is only one.
    ///
    /// # Errors
    /// [`TargetError::SyncTargetSplitBrain`], where configuration and environment name two.
    pub fn guard(&self) -> Result<&ResolvedSyncTarget, TargetError> {
        if !self.is_split() {
            return Ok(&self.target);
        }
        let shown = |url: Option<&Text>| url.map_or(String::new(), ToString::to_string);
        Err(TargetError::SyncTargetSplitBrain {
            configured: shown(self.target.configured_server_url()),
            env: shown(self.target.env_server_url()),
        })
    }
}

/// What there is to know about the target of this run; [`Resolution::guard`] says whether it may be used.
pub fn inspect(root: &Path) -> Resolution {
    let env = std::env::var_os(ENV_SERVER_URL).map(|told| told.to_string_lossy().into_owned());
    inspect_with(root, env.as_deref())
}

/// The same, where the environment names this server or none.
pub fn inspect_with(root: &Path, env: Option<&str>) -> Resolution {
    let mut diagnostics = Vec::new();
    let inputs = inputs::read(root, env, &mut diagnostics);
    let (mode, raw_url) = decide(&inputs);
    let url = bare(&raw_url);
    let (user, team) = (inputs.user.as_deref(), inputs.team.as_deref());
    let scope = scope::derived(url, user, team);
    let target = ResolvedSyncTarget::new(
        inputs.configured.as_deref().map(text),
        inputs.env.as_deref().map(text),
        mode,
        text(url),
        user.and_then(|user| Id::new(user).ok()),
        team.map(text),
        text(&scope),
        text(&scope::queue_path(root, &scope)),
        cached::status(root, inputs.credentials.as_ref(), &scope),
    )
    .expect("an override is made of the environment's server");
    Resolution { target, diagnostics, raw_url }
}

/// How the environment relates to the configuration, and the server that follows, as it was written.
fn decide(inputs: &Inputs) -> (OverrideMode, String) {
    let configured = inputs.configured.as_deref().unwrap_or(DEFAULT_SERVER_URL);
    match &inputs.env {
        Some(env) if bare(env) != bare(configured) => {
            // Without a configured server there is nothing to split from.
            if inputs.policy == EnvPolicy::SetupOnly && inputs.configured.is_some() {
                (OverrideMode::SetupOnly, configured.to_owned())
            } else {
                (OverrideMode::ProcessOverride, env.clone())
            }
        }
        _ => (OverrideMode::None, configured.to_owned()),
    }
}

/// A server's URL without space around it and `/` behind it: how two of them are compared.
fn bare(url: &str) -> &str {
    url.trim().trim_end_matches('/')
}

fn text(text: &str) -> Text {
    Text::new(text).expect("every text is a text")
}
