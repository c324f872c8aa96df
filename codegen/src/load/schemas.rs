//! Paths that somebody gives enter, of files or folders; the bytes of each JSON file leave, by its path.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::Error;
use crate::json::MAX_BYTES;

/// The files at these paths below `directory`; of a folder every `*.json` directly in it, by name. Of a file that is too
/// large, one byte more than may be is read.
pub fn schema_files(directory: &Path, paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut files = Vec::new();
    for path in paths {
        let place = directory.join(path);
        if place.is_dir() {
            let entries = fs::read_dir(&place).map_err(Error::at(&place))?;
            let names = entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>();
            let mut names = names.map_err(Error::at(&place))?;
            names.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "json"));
            names.sort();
            for name in names {
                files.push((shown(&path.join(&name)), read(&place.join(&name))?));
            }
        } else {
            files.push((shown(path), read(&place)?));
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::at(path))?;
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(Error::at(path))?;
    Ok(bytes)
}

/// A path as findings show it and references name it.
fn shown(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}
