//! The root enters; `config.toml` leaves as a document that keeps its layout and comments.

use std::path::{Path, PathBuf};
use std::{fs, io};

use toml_edit::DocumentMut;

use super::files;

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not TOML.
    #[error("{path} is no TOML: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Where the configuration is.
pub fn path(root: &Path) -> PathBuf {
    root.join("config.toml")
}

/// The configuration; an empty one where there is no file.
pub fn read(root: &Path) -> Result<DocumentMut, ConfigError> {
    let path = path(root);
    match fs::read_to_string(&path) {
        Ok(text) => text
            .parse()
            .map_err(|error: toml_edit::TomlError| ConfigError::Unreadable { path, reason: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DocumentMut::new()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(ConfigError::Unreadable { path, reason: "it is not UTF-8".to_owned() })
        }
        Err(source) => Err(ConfigError::Io { path, source }),
    }
}

/// Writes the configuration, for the owner alone.
pub fn write(root: &Path, document: &DocumentMut) -> Result<(), ConfigError> {
    let path = path(root);
    files::write_private(&path, document.to_string().as_bytes()).map_err(|source| ConfigError::Io { path, source })
}
