//! The root folder enters; connections to `sync.db`, files that only their owner reads, and the time leave.

pub mod clock;
pub mod config;
mod database;
mod error;
pub mod files;
mod schema;

use std::path::PathBuf;

pub use database::{Found, STORE_FILE, create, immutable, in_transaction, open_existing, optimize, read, undone};
pub use error::StoreError;

/// The folder of everything that is kept: `$SPEC_KITTY_HOME` where it says something, else `~/.spec-kitty`.
pub fn root() -> PathBuf {
    let told = std::env::var_os("SPEC_KITTY_HOME").filter(|told| !told.is_empty());
    told.map_or_else(|| std::env::home_dir().unwrap_or_else(|| PathBuf::from(".")).join(".spec-kitty"), PathBuf::from)
}
