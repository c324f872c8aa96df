//! Paths and texts enter; an ordered set of files leaves, in which no path stands twice.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Files in memory, by path relative to the project's root (`/` between segments).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    /// Schemas and fixtures stand in every package: a copy of a set shares its contents.
    files: BTreeMap<String, Arc<Vec<u8>>>,
}

impl FileSet {
    /// Adds a file. Two files of one path are a bug of an emitter.
    pub fn add(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.share(path.into(), Arc::new(content.into()));
    }

    /// Adds every file of another set.
    pub fn extend(&mut self, other: Self) {
        for (path, content) in other.files {
            self.share(path, content);
        }
    }

    fn share(&mut self, path: String, content: Arc<Vec<u8>>) {
        match self.files.entry(path) {
            Entry::Vacant(free) => {
                free.insert(content);
            }
            Entry::Occupied(taken) => panic!("two emitters made {}", taken.key()),
        }
    }

    /// The content at a path.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|content| content.as_slice())
    }

    /// Paths and contents, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// The same files inside a folder.
    #[must_use]
    pub fn under(self, folder: &str) -> Self {
        Self { files: self.files.into_iter().map(|(path, content)| (format!("{folder}/{path}"), content)).collect() }
    }
}

impl From<BTreeMap<String, Vec<u8>>> for FileSet {
    fn from(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { files: files.into_iter().map(|(path, content)| (path, Arc::new(content))).collect() }
    }
}
