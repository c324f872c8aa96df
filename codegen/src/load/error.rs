//! What keeps a run from starting at all: a path and its cause enter, one line for the user leaves.

use std::io;
use std::path::{Path, PathBuf};

/// The world is not as it has to be; exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder is missing or may not be read.
    #[error("cannot read `{}`: {cause}", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// There is no folder of contracts.
    #[error("there is no folder `{}`: put contracts there, or say in `codegen.toml` where they are; `codegen init` makes a small project", .0.display())]
    NoFolder(PathBuf),
    /// The folder of contracts has none.
    #[error("no contract (`*.yaml`) in `{}`", .0.display())]
    NoContract(PathBuf),
}

impl Error {
    /// For `map_err`: the system refused `path`.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |cause| Self::Unreadable { path: path.to_path_buf(), cause }
    }
}
