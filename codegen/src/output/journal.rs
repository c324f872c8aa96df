//! What a run is about to make true enters before its first write; after a killed run its remains are taken away.
//!
//! Between journal and manifest a file on the disk holds the bytes of one or of the other. Whoever reads both knows its
//! own files, even where the contracts changed since the run was killed.

use std::path::{Path, PathBuf};

use super::disk::{Error, Found, Tree, remove, remove_empty_folders, rename, sync_files, sync_folder, write_new};
use super::lock::own;
use super::manifest::{MANIFEST, Manifest, digest};

/// Files that a run made, or was about to make when it was killed.
#[derive(Debug)]
pub(super) struct Ledger {
    /// What the last complete run left.
    pub(super) manifest: Option<Manifest>,
    /// What a killed run was about to leave.
    journal: Option<Manifest>,
}

impl Ledger {
    /// Manifest and journal of a project.
    pub(super) fn read(root: &Path) -> Result<Self, Error> {
        Ok(Self {
            manifest: Manifest::read(&root.join(MANIFEST))?,
            journal: Manifest::read(&own(root, "journal.json"))?,
        })
    }

    /// All paths that are or were about to be ours.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.both().flat_map(|one| one.files.keys().map(String::as_str))
    }

    /// Whether a path is ours.
    pub(super) fn owns(&self, path: &str) -> bool {
        self.both().any(|one| one.files.contains_key(path))
    }

    /// Whether a run left these bytes at this path.
    pub(super) fn made(&self, path: &str, bytes: &[u8]) -> bool {
        let digest = digest(bytes);
        self.both().any(|one| one.files.get(path) == Some(&digest))
    }

    fn both(&self) -> impl Iterator<Item = &Manifest> {
        self.manifest.iter().chain(&self.journal)
    }
}

/// Takes away what a killed run staged, and writes down in the manifest which of its files it had already put in place.
pub fn recover(root: &Path) -> Result<(), Error> {
    let Ledger { manifest, journal: Some(journal) } = Ledger::read(root)? else { return Ok(()) };
    let mut files = manifest.map(|manifest| manifest.files).unwrap_or_default();
    let before = files.clone();
    let mut tree = Tree::new(root);
    for (path, hash) in journal.files {
        let (place, staged) = (root.join(&path), staged(root, &path));
        match tree.read(&path)? {
            Found::Blocked(_) => continue,
            Found::File(bytes) if digest(&bytes) == hash => {
                files.insert(path, hash);
            }
            Found::File(_) | Found::Absent => {}
        }
        remove(&staged)?;
        remove_empty_folders(root, place.parent().expect("a file below the root has a parent"));
    }
    if files != before {
        write_manifest(root, &Manifest::new(files))?;
    }
    forget(root)
}

/// Writes the journal; from here on a killed run can be told from hand-edited files.
pub(super) fn announce(root: &Path, next: &Manifest) -> Result<(), Error> {
    put(&own(root, "journal.new"), &own(root, "journal.json"), &next.to_json())?;
    sync_folder(&own(root, ""))
}

/// Removes the journal: the manifest is true now.
pub(super) fn forget(root: &Path) -> Result<(), Error> {
    remove(&own(root, "journal.json"))?;
    sync_folder(&own(root, ""))
}

/// Replaces the manifest.
pub(super) fn write_manifest(root: &Path, manifest: &Manifest) -> Result<(), Error> {
    put(&own(root, "manifest.new"), &root.join(MANIFEST), &manifest.to_json())?;
    sync_folder(root)
}

/// Where the next content of a file waits: beside it, so that taking its place is one rename.
pub(super) fn staged(root: &Path, path: &str) -> PathBuf {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    root.join(folder).join(format!(".{name}.codegen-new"))
}

fn put(staged: &Path, place: &Path, text: &str) -> Result<(), Error> {
    remove(staged)?;
    write_new(staged, text.as_bytes())?;
    sync_files(&[staged.to_path_buf()])?;
    rename(staged, place)
}
