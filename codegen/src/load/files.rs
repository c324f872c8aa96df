//! Where the files of a project are enters, a folder or memory; what stands below a folder and what is in a file leaves.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Error;

/// The files of a project: on the disk, or as they were in another version of it.
#[derive(Debug)]
pub struct Files {
    /// What stands before each path in findings; empty for the project that is worked on.
    label: String,
    place: Place,
    /// What is read in place of what stands there.
    instead: BTreeMap<String, Vec<u8>>,
}

/// Bytes by path; none where there is something that is no plain file.
pub(super) type Contents = BTreeMap<String, Option<Vec<u8>>>;

#[derive(Debug)]
enum Place {
    /// Below a folder, whose path is canonical.
    Folder(PathBuf),
    Memory(Contents),
}

impl Files {
    /// The files below a folder.
    pub fn on_disk(root: &Path) -> Result<Self, Error> {
        Self::on_disk_as(String::new(), root)
    }

    /// The files below a folder, called `label` and their path.
    pub(super) fn on_disk_as(label: String, root: &Path) -> Result<Self, Error> {
        let root = root.canonicalize().map_err(Error::at(root))?;
        Ok(Self { label, place: Place::Folder(root), instead: BTreeMap::new() })
    }

    /// Files that were read before.
    pub(super) fn in_memory(label: String, files: Contents) -> Self {
        Self { label, place: Place::Memory(files), instead: BTreeMap::new() }
    }

    /// The same with another text in a file, or with one more file.
    #[must_use]
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.instead.insert(path.to_owned(), text.as_bytes().to_vec());
        self
    }

    /// A path as findings show it.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.label)
    }

    /// The names of what stands directly in a folder, sorted; a name that is not UTF-8 is kept in a form that no file
    /// has.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, Error> {
        let mut names = match &self.place {
            Place::Folder(root) => {
                let place = root.join(folder);
                if place.exists() {
                    let entries = fs::read_dir(&place).map_err(Error::at(&place))?;
                    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
                    entries.map(name).collect::<io::Result<Vec<_>>>().map_err(Error::at(&place))?
                } else if inside(folder, self.instead.keys()).next().is_some() {
                    Vec::new()
                } else {
                    return Err(Error::NoFolder(place));
                }
            }
            Place::Memory(files) => inside(folder, files.keys()).collect(),
        };
        names.extend(inside(folder, self.instead.keys()));
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The bytes of a plain file of the project, at most one more than `most`; none where there is no such file.
    pub(super) fn read(&self, path: &str, most: usize) -> Result<Option<Vec<u8>>, Error> {
        let in_memory = match &self.place {
            _ if self.instead.contains_key(path) => self.instead.get(path).cloned(),
            Place::Folder(root) => return read_inside(root, &root.join(path), most),
            Place::Memory(files) => files.get(path).cloned().flatten(),
        };
        Ok(in_memory.map(|mut bytes| {
            bytes.truncate(most + 1);
            bytes
        }))
    }

    /// What a path is called in the words of the system.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        match &self.place {
            Place::Folder(root) => root.join(path),
            Place::Memory(_) => self.shown(path).into(),
        }
    }
}

/// The names of those paths that lie directly in a folder.
fn inside<'p>(folder: &str, paths: impl Iterator<Item = &'p String>) -> impl Iterator<Item = String> {
    let name = move |path: &String| Some(path.strip_prefix(folder)?.strip_prefix('/')?.to_owned());
    paths.filter_map(name).filter(|name| !name.contains('/'))
}

/// The bytes of a plain file inside `root`, at most one more than `most`; none where there is no such file.
fn read_inside(root: &Path, path: &Path, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let Ok(real) = path.canonicalize() else { return Ok(None) };
    if !real.starts_with(root) || !real.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let file = File::open(&real).map_err(Error::at(path))?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(Error::at(path))?;
    Ok(Some(bytes))
}
