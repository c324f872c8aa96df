//! Files in memory, the manifest and the disk enter; every difference leaves, each with its one meaning.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::disk::{Error, Found, Tree};
use super::journal::Ledger;
use super::manifest::{MANIFEST, Manifest, digest, is_plain};
use crate::emit::FileSet;

/// What has to happen so that the disk holds what was emitted.
#[derive(Debug)]
pub struct Plan {
    pub(super) root: PathBuf,
    pub(super) files: FileSet,
    pub(super) differences: Vec<Difference>,
    /// What the manifest says once the plan is carried out.
    pub(super) manifest: Manifest,
    unchanged: usize,
}

/// A path at which plan and disk differ.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path below the root.
    pub path: String,
    /// What kind of difference.
    pub state: State,
    /// What stands there now.
    pub(super) disk: Option<Vec<u8>>,
}

/// What a difference means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// We wrote it, and the contracts changed since.
    Stale,
    /// It is not there.
    Missing,
    /// We wrote it, and nothing generates it any more.
    Orphan,
    /// We wrote it, and somebody changed it since.
    HandEdited,
    /// Somebody else's file stands where we would write.
    Foreign,
    /// We must not write there, for this reason.
    Blocked(String),
}

/// Compares the files with the disk. Only paths inside one of the `outputs` may be written.
pub fn plan(root: &Path, outputs: &[&str], files: FileSet) -> Result<Plan, Error> {
    let ledger = Ledger::read(root)?;
    let mut tree = Tree::new(root);
    let mut differences = Vec::new();
    let mut hashes = BTreeMap::new();
    let mut differ = |path: &str, state, disk| differences.push(Difference { path: path.to_owned(), state, disk });
    for (path, planned) in files.iter() {
        hashes.insert(path.to_owned(), digest(planned));
        if !is_inside(path, outputs) {
            differ(path, State::Blocked(format!("it is in none of the outputs `{}`", outputs.join("`, `"))), None);
            continue;
        }
        match tree.read(path)? {
            Found::Absent => differ(path, State::Missing, None),
            Found::Blocked(why) => differ(path, State::Blocked(why), None),
            Found::File(disk) if disk == planned => {}
            Found::File(disk) => differ(path, whose(&ledger, path, &disk, State::Stale), Some(disk)),
        }
    }
    let unchanged = hashes.len() - differences.len();
    let mut differ = |path: &str, state, disk| differences.push(Difference { path: path.to_owned(), state, disk });
    let gone: BTreeSet<&str> = ledger.paths().filter(|path| files.get(path).is_none()).collect();
    for path in gone {
        match tree.read(path)? {
            Found::Absent => {}
            Found::Blocked(why) => differ(path, State::Blocked(why), None),
            Found::File(disk) => differ(path, whose(&ledger, path, &disk, State::Orphan), Some(disk)),
        }
    }
    match ledger.manifest {
        Some(manifest) if manifest.files == hashes => {}
        Some(manifest) => differ(MANIFEST, State::Stale, Some(manifest.to_json().into_bytes())),
        None if hashes.is_empty() => {}
        None => differ(MANIFEST, State::Missing, None),
    }
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Plan { root: root.to_path_buf(), files, differences, manifest: Manifest::new(hashes), unchanged })
}

/// What it means that bytes stand at a path which are not the planned ones.
fn whose(ledger: &Ledger, path: &str, disk: &[u8], ours: State) -> State {
    if ledger.made(path, disk) {
        ours
    } else if ledger.owns(path) {
        State::HandEdited
    } else {
        State::Foreign
    }
}

fn is_inside(path: &str, outputs: &[&str]) -> bool {
    let below = |output: &&str| path.strip_prefix(output).is_some_and(|rest| rest.starts_with('/'));
    is_plain(path) && outputs.iter().any(below)
}

impl Plan {
    /// Whether the disk holds just what was emitted.
    pub fn is_current(&self) -> bool {
        self.differences.is_empty()
    }

    /// All differences, by path.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// How many files hold what was emitted already.
    pub fn unchanged(&self) -> usize {
        self.unchanged
    }

    /// Differences that keep the plan from being carried out; with `overwrite` only what no run may touch.
    pub fn refused(&self, overwrite: bool) -> Vec<&Difference> {
        let refused = |difference: &&Difference| match difference.state {
            State::Stale | State::Missing | State::Orphan => false,
            State::HandEdited | State::Foreign => !overwrite,
            State::Blocked(_) => true,
        };
        self.differences.iter().filter(refused).collect()
    }

    /// What would stand at a path; nothing where a file would go.
    pub(super) fn planned(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path)
    }
}
