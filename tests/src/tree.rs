//! A folder enters; all that is in it leaves as values that tests compare.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Every file below `root` but our own `.codegen`, by relative path; a symbolic link counts as the text of its target.
pub fn contents(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    walk(root, "", &mut |path, metadata, place| {
        if metadata.is_symlink() {
            let target = fs::read_link(place).expect("a link can be read");
            found.insert(path.to_owned(), target.to_string_lossy().into_owned().into_bytes());
        } else if metadata.is_file() {
            found.insert(path.to_owned(), fs::read(place).expect("a file can be read"));
        }
    });
    found.retain(|path, _| !path.starts_with(".codegen/"));
    found
}

/// Every folder and file below `root`, our own `.codegen` too, with the time of its last change.
pub fn times(root: &Path) -> BTreeMap<String, SystemTime> {
    let mut found = BTreeMap::new();
    walk(root, "", &mut |path, metadata, _| {
        found.insert(path.to_owned(), metadata.modified().expect("the system has times"));
    });
    found
}

/// Writes files by relative path, with their folders.
pub fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let place = root.join(path);
        fs::create_dir_all(place.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(place, text).expect("a file can be written");
    }
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    walk(from, "", &mut |path, metadata, place| {
        let target = to.join(path);
        if metadata.is_dir() {
            fs::create_dir_all(target).expect("a folder can be made");
        } else {
            fs::copy(place, target).expect("a file can be copied");
        }
    });
}

fn walk(root: &Path, folder: &str, see: &mut dyn FnMut(&str, &fs::Metadata, &Path)) {
    let entries = fs::read_dir(root.join(folder)).expect("a folder can be read");
    for entry in entries {
        let entry = entry.expect("a folder can be read");
        let name = entry.file_name().into_string().expect("names are Unicode");
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let metadata = entry.path().symlink_metadata().expect("an entry can be looked at");
        see(&path, &metadata, &entry.path());
        if metadata.is_dir() {
            walk(root, &path, see);
        }
    }
}
