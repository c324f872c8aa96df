//! Paths below a project's root enter; what stands there leaves, or is replaced so that no reader sees half of it.
//!
//! No symbolic link below the root is followed: through one, a write would leave the project.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;

/// How many files are waited for at once; they wait for the disk, not for a core.
const SYNC_THREADS: usize = 8;

/// The disk refused: what was tried, where, and why it failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {act} `{}`: {source}", path.display())]
pub struct Error {
    act: &'static str,
    path: PathBuf,
    source: io::Error,
}

/// Names what was tried when an operation of the system fails.
pub(super) trait Trying<T> {
    /// The result with act and place in its error.
    fn trying(self, act: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> Trying<T> for io::Result<T> {
    fn trying(self, act: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error { act, path: path.to_path_buf(), source })
    }
}

/// What stands at a path.
#[derive(Debug)]
pub(super) enum Found {
    Absent,
    File(Vec<u8>),
    /// Something that is neither read nor replaced, and why.
    Blocked(String),
}

/// The disk below a root; asks about each folder once.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    root: &'a Path,
    folders: BTreeMap<String, Folder>,
}

#[derive(Debug, Clone)]
enum Folder {
    Real,
    Absent,
    Blocked(String),
}

impl<'a> Tree<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, folders: BTreeMap::new() }
    }

    /// What stands at a relative path of plain segments.
    pub(super) fn read(&mut self, path: &str) -> Result<Found, Error> {
        if let Some((folder, _)) = path.rsplit_once('/') {
            match self.folder(folder)? {
                Folder::Real => {}
                Folder::Absent => return Ok(Found::Absent),
                Folder::Blocked(why) => return Ok(Found::Blocked(why)),
            }
        }
        let place = self.root.join(path);
        let Some(metadata) = metadata(&place)? else { return Ok(Found::Absent) };
        if metadata.is_file() {
            return Ok(Found::File(fs::read(&place).trying("read", &place)?));
        }
        let what = if metadata.is_dir() { "a folder" } else { "a symbolic link or special file" };
        Ok(Found::Blocked(format!("{what} stands where a file is generated")))
    }

    fn folder(&mut self, path: &str) -> Result<Folder, Error> {
        if let Some(known) = self.folders.get(path) {
            return Ok(known.clone());
        }
        let above = match path.rsplit_once('/') {
            Some((above, _)) => self.folder(above)?,
            None => Folder::Real,
        };
        let folder = match above {
            Folder::Real => match metadata(&self.root.join(path))? {
                None => Folder::Absent,
                Some(metadata) if metadata.is_dir() => Folder::Real,
                Some(metadata) if metadata.is_symlink() => {
                    Folder::Blocked(format!("`{path}` is a symbolic link, and none is followed"))
                }
                Some(_) => Folder::Blocked(format!("`{path}` is a file where a folder is needed")),
            },
            absent_or_blocked => absent_or_blocked,
        };
        self.folders.insert(path.to_owned(), folder.clone());
        Ok(folder)
    }
}

/// The file, folder or link itself; nothing where nothing stands.
fn metadata(path: &Path) -> Result<Option<fs::Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        found => found.map(Some).trying("read", path),
    }
}

/// The text of one of our own files, if it is there.
pub(super) fn read_own(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        text => text.map(Some).trying("read", path),
    }
}

/// Makes a folder that somebody names, and those above it.
pub fn create_folder(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).trying("create", folder)
}

/// Makes a folder and those above it up to the root; each is on the disk when this returns.
pub(super) fn make_folder(root: &Path, folder: &Path) -> Result<(), Error> {
    if folder == root || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().expect("a folder below the root has a parent");
    make_folder(root, above)?;
    fs::create_dir(folder).trying("create", folder)?;
    sync_folder(above)
}

/// Writes a file that is not there yet. Its bytes may be lost with the power until [`sync_files`].
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    File::create_new(path).and_then(|mut file| file.write_all(bytes)).trying("write", path)
}

/// Returns when the bytes of all these files are on the disk. They are waited for side by side: one after the other,
/// a thousand files take seconds.
pub(super) fn sync_files(paths: &[PathBuf]) -> Result<(), Error> {
    let sync = |path: &PathBuf| File::open(path).and_then(|file| file.sync_all()).trying("write", path);
    let share = paths.len().div_ceil(SYNC_THREADS).max(1);
    thread::scope(|scope| {
        let shares = paths.chunks(share).map(|share| scope.spawn(move || share.iter().try_for_each(sync)));
        let shares: Vec<_> = shares.collect();
        shares.into_iter().try_for_each(|share| share.join().expect("waiting for the disk does not panic"))
    })
}

/// Moves a file over another in one step.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).trying("replace", to)
}

/// Removes a file; one that is gone already is no error.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(()),
        removed => removed.trying("remove", path),
    }
}

/// Removes the folder and those above it, up to the root, as long as they are empty.
pub(super) fn remove_empty_folders(root: &Path, folder: &Path) {
    let mut folder = folder;
    while folder != root {
        match fs::remove_dir(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => return,
            _ => folder = folder.parent().expect("a folder below the root has a parent"),
        }
    }
}

/// Makes what happened to the entries of a folder outlast a loss of power.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Error> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Gone because it became empty, or a system that syncs no folders.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => Ok(()),
        synced => synced.trying("sync", folder),
    }
}
