//! Nothing enters; what can be wrong with the store leaves.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the store cannot be read or written. Nothing was changed where one of these is returned.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The SQLite that this program was built with is older than what it needs.
    #[error("SQLite {found} can lose commits: {needed} or newer is needed")]
    SqliteTooOld {
        /// The version that is there.
        found: &'static str,
        /// The oldest that will do.
        needed: &'static str,
    },
    /// A newer program wrote the store.
    #[error("{path} has schema step {found}, this program knows {known}: use the newer eventsync that wrote it")]
    SchemaTooNew {
        /// The database.
        path: PathBuf,
        /// Its step.
        found: i64,
        /// The last step that this program has.
        known: i64,
    },
    /// SQLite's log needs shared memory, which network file systems do not offer.
    #[error("{path} is on a network file system: set SPEC_KITTY_HOME to a folder on a local disk")]
    StoreOnNetworkFs {
        /// The root folder.
        path: PathBuf,
    },
    /// A file that is no database, or not one of ours.
    #[error("{path} is damaged or no eventsync store ({reason}); it was not touched: move it away, or restore a copy")]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// The disk is full.
    #[error("the disk is full: nothing of this was stored ({reason})")]
    Full {
        /// What SQLite says.
        reason: String,
    },
    /// Others held the store for longer than anybody should.
    #[error("the store is busy: another program holds it; nothing of this was stored")]
    Busy,
    /// The store or its folder may not be written.
    #[error("the store cannot be written: {reason}")]
    ReadOnly {
        /// What SQLite or the system says.
        reason: String,
    },
    /// A file or folder could not be used.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Whatever else SQLite refuses.
    #[error("the store refused: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else { return StoreError::Sqlite(error) };
        let reason = error.to_string();
        // The index of the log could not be made longer.
        if error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return StoreError::Full { reason };
        }
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            ErrorCode::DiskFull => StoreError::Full { reason },
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
                StoreError::ReadOnly { reason }
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                StoreError::Corrupt { path: PathBuf::from(super::STORE_FILE), reason }
            }
            _ => StoreError::Sqlite(error),
        }
    }
}

impl StoreError {
    /// The same error, said of this file.
    pub(super) fn at(self, path: &std::path::Path) -> Self {
        match self {
            StoreError::Corrupt { reason, .. } => StoreError::Corrupt { path: path.to_owned(), reason },
            StoreError::ReadOnly { reason } => StoreError::ReadOnly { reason: format!("{}: {reason}", path.display()) },
            other => other,
        }
    }
}
