//! The URL and scope of a receiver enter; its identity and its row leave.
//!
//! A row stays forever: a target that is gone for good is retired, so that nobody waits for it.

mod canonical;
mod identity;
mod registry;
mod reset;

pub use canonical::canonical_url;
pub use identity::TargetIdentity;
pub use registry::{Target, find, list, register, register_from_resolved, retire, unretire};
pub use reset::{Facts, reset_signal};

use crate::generated::TargetKind;
use crate::store::StoreError;

/// A URL that is no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{url}` is no endpoint: {reason}")]
pub struct InvalidTargetUrl {
    /// As it was given.
    pub url: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Why a target cannot be registered, found or changed.
#[derive(Debug, thiserror::Error)]
pub enum TargetsError {
    /// No endpoint.
    #[error(transparent)]
    InvalidTargetUrl(#[from] InvalidTargetUrl),
    /// The same endpoint is known as another kind of receiver, and ledgers never mix.
    #[error("{url} is known as a target of kind {known}; it cannot be one of kind {wanted} too")]
    OtherKind {
        /// The endpoint.
        url: String,
        /// As what it is known.
        known: TargetKind,
        /// As what it was to be registered.
        wanted: TargetKind,
    },
    /// There is no such target.
    #[error("there is no target `{id}`: see `eventsync targets list`")]
    Unknown {
        /// As it was given.
        id: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for TargetsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
