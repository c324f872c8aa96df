//! Files that people will edit enter; all of them stand on the disk afterwards, or none.

use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use super::disk::{Trying, make_folder, remove, sync_files, sync_folder, write_new};

/// How a creation ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Created {
    /// All stand.
    All,
    /// These paths are taken; nothing was written.
    Taken(Vec<PathBuf>),
}

/// Writes files that are not there yet, by path relative to `root`, which is made where it is not there. What stands
/// anywhere in their place is left alone.
pub fn create(root: &Path, files: &[(&str, &[u8])]) -> Result<Created, Error> {
    let taken = files.iter().map(|(path, _)| root.join(path)).filter(|place| place.symlink_metadata().is_ok());
    let taken: Vec<PathBuf> = taken.collect();
    if !taken.is_empty() {
        return Ok(Created::Taken(taken));
    }
    fs::create_dir_all(root).trying("create", root)?;
    let mut written = Vec::new();
    let all = files.iter().try_for_each(|(path, content)| {
        let place = root.join(path);
        make_folder(root, place.parent().expect("a file has a folder"))?;
        written.push(place.clone());
        write_new(&place, content)
    });
    if let Err(error) = all.and_then(|()| sync_files(&written)) {
        // Half a project is worse than none: what this run wrote goes again.
        for place in &written {
            _ = remove(place);
        }
        return Err(error);
    }
    for place in &written {
        sync_folder(place.parent().expect("a file has a folder"))?;
    }
    Ok(Created::All)
}
