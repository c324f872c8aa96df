//! A working directory enters; the project that it belongs to leaves: its root and its configuration.

use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use crate::config::{self, Config};
use crate::diagnostic::Diagnostics;
use crate::source::SourceMap;

/// The name of the configuration file, which marks the root of a project.
pub const CONFIG_FILE: &str = "codegen.toml";

/// Where a project is and how it is configured.
#[derive(Debug)]
pub struct Project {
    /// The folder of `codegen.toml`, or the working directory where there is none.
    pub root: PathBuf,
    /// Every setting with its value.
    pub config: Config,
}

/// Looks for `codegen.toml` from `directory` upwards.
pub fn project(directory: &Path, sources: &mut SourceMap, out: &mut Diagnostics) -> Result<Project, Error> {
    let directory = directory.canonicalize().map_err(Error::at(directory))?;
    let Some(root) = directory.ancestors().find(|folder| folder.join(CONFIG_FILE).exists()) else {
        return Ok(Project { root: directory, config: Config::default() });
    };
    let path = root.join(CONFIG_FILE);
    let text = fs::read_to_string(&path).map_err(Error::at(&path))?;
    let file = sources.add(CONFIG_FILE, text);
    Ok(Project { root: root.to_path_buf(), config: config::read(sources, file, out) })
}
