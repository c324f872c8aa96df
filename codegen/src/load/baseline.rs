//! What to compare with enters: a commit, a folder or a bundle; the files of that version leave, with its configuration.

use std::fs;
use std::path::{Path, PathBuf};

use super::bundle::unbundle;
use super::git::{Commit, GitError};
use super::{CONFIG_FILE, Error, Files};
use crate::config::{self, Config};
use crate::diagnostic::Diagnostics;
use crate::source::SourceMap;

/// Another version of a project.
#[derive(Debug)]
pub struct Baseline {
    /// Its files; in findings their paths begin with the name of the version.
    pub files: Files,
    /// The folder of its contracts.
    pub contracts: String,
    /// Its configuration; none where only the contracts are known.
    pub config: Option<Config>,
}

/// Why there is nothing to compare with; each is one line.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// A commit that cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A folder or file that cannot be read.
    #[error(transparent)]
    Load(#[from] Error),
    /// A version without contracts.
    #[error("`{against}` has no contracts: there is no folder `{folder}` in it")]
    NoContracts {
        /// What was asked for.
        against: String,
        /// Where they should be.
        folder: String,
    },
    /// A file that is no bundle.
    #[error("`{}` is no bundle of contracts: {what}; `codegen export bundle` makes one", .path.display())]
    NoBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// The version of the project at `root` that `against` names: an existing folder or file as seen from `directory`, else a
/// commit.
pub fn baseline(directory: &Path, root: &Path, contracts: &str, against: &str) -> Result<Baseline, BaselineError> {
    let path = directory.join(against);
    if path.is_dir() {
        folder(&path, against)
    } else if path.is_file() {
        let text = fs::read(&path).map_err(Error::at(&path))?;
        let files = unbundle(&text, contracts).map_err(|what| BaselineError::NoBundle { path, what })?;
        let files = Files::in_memory(format!("{against}:"), files);
        Ok(Baseline { files, contracts: contracts.to_owned(), config: None })
    } else {
        commit(root, against)
    }
}

/// A folder that is a project, or holds contracts itself.
fn folder(path: &Path, against: &str) -> Result<Baseline, BaselineError> {
    let label = format!("{}/", against.trim_end_matches('/'));
    let text = fs::read_to_string(path.join(CONFIG_FILE)).ok();
    let config = text.as_deref().map(settings);
    let contracts = config.clone().unwrap_or_default().contracts;
    if path.join(&contracts).is_dir() {
        return Ok(Baseline { files: Files::on_disk_as(label, path)?, contracts, config });
    }
    let real = path.canonicalize().map_err(Error::at(path))?;
    let has_contract = Files::on_disk(&real)?
        .names(".")?
        .iter()
        .any(|name| Path::new(name).extension().is_some_and(|it| it == "yaml"));
    match real.file_name().and_then(std::ffi::OsStr::to_str).zip(real.parent()) {
        // The folder of contracts itself: its name stands for it in every path.
        Some((name, parent)) if has_contract => {
            let label = label.strip_suffix(&format!("{name}/")).unwrap_or_default().to_owned();
            Ok(Baseline { files: Files::on_disk_as(label, parent)?, contracts: name.to_owned(), config: None })
        }
        _ => Err(BaselineError::NoContracts { against: against.to_owned(), folder: contracts }),
    }
}

fn commit(root: &Path, reference: &str) -> Result<Baseline, BaselineError> {
    let commit = Commit::find(root, reference)?;
    let config = commit.file(CONFIG_FILE)?.as_deref().map(settings).unwrap_or_default();
    let contracts = config.contracts.clone();
    let Some(files) = commit.files(&contracts)? else {
        return Err(BaselineError::NoContracts { against: reference.to_owned(), folder: contracts });
    };
    let files = Files::in_memory(format!("{reference}:"), files);
    Ok(Baseline { files, contracts, config: Some(config) })
}

/// The settings of another version: what this version of the tool does not know in them is not its business.
fn settings(text: &str) -> Config {
    let mut sources = SourceMap::default();
    let file = sources.add(CONFIG_FILE, text);
    config::read(&sources, file, &mut Diagnostics::default())
}
