//! The repository enters; the paths and texts of the files that people wrote in it leave.

use std::fs;
use std::path::Path;

/// Folders that hold files which nobody reads as ours.
const NOT_OURS: &[&str] =
    &["target", ".git", ".venv", "node_modules", "__pycache__", ".codegen", "generated", "dist", "build"];

/// Files below `folder` of the repository with one of the extensions, as (path, text), by path.
pub fn sources(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(&crate::root(), folder, extensions, &mut found);
    found.sort();
    found
}

fn walk(root: &Path, folder: &str, extensions: &[&str], found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(root.join(folder)).into_iter().flatten() {
        let entry = entry.expect("a folder can be read");
        let name = entry.file_name().into_string().expect("names are Unicode");
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().expect("an entry has a type");
        // Below `src` stand modules, whatever their name.
        let is_ours = folder.ends_with("/src") || !NOT_OURS.contains(&name.as_str());
        if kind.is_dir() && is_ours {
            walk(root, &path, extensions, found);
        } else if kind.is_file() && name.rsplit_once('.').is_some_and(|(_, end)| extensions.contains(&end)) {
            let text = fs::read_to_string(entry.path()).unwrap_or_else(|error| panic!("{path}: {error}"));
            found.push((path, text));
        }
    }
}
