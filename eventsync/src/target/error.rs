//! Nothing enters; what can go wrong with the server that is spoken to leaves.

use std::io;
use std::path::PathBuf;

use super::ENV_SERVER_URL;
use crate::store::config::ConfigError;

/// Why there is no server to speak to, or why it cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Configuration and environment name two servers, and the environment is for the setup alone.
    #[error(
        "two servers: the configuration names `{configured}`, {ENV_SERVER_URL} names `{env}`; unset {ENV_SERVER_URL}, \
         or make it the server with `eventsync server {env}`"
    )]
    SyncTargetSplitBrain {
        /// As configured.
        configured: String,
        /// As in the environment.
        env: String,
    },
    /// No such server can be configured.
    #[error("`{url}` is no server: {reason}")]
    InvalidTargetUrl {
        /// As it was given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The configuration cannot be read or written.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `[sync]` of the configuration holds something else than settings.
    #[error("{path}: `sync` is no table")]
    NoTable {
        /// The file.
        path: PathBuf,
    },
    /// The credentials cannot be used.
    #[error("{path}: {reason}")]
    Credentials {
        /// The file.
        path: PathBuf,
        /// What is wrong; never a line of the file.
        reason: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
