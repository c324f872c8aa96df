//! A workspace enters, files in memory leave; one folder a target.

mod assets;
pub mod casing;
pub mod encode;
mod file_set;
pub mod header;

pub use assets::Assets;
pub use file_set::FileSet;

use crate::config::Config;
use crate::model::Workspace;

/// Everything that is generated, by path relative to the project's root. `fixtures` are the hand-written ones.
pub fn emit(_workspace: &Workspace, _config: &Config, fixtures: FileSet) -> FileSet {
    let _assets = Assets { fixtures, schemas: FileSet::default() };
    FileSet::default()
}
