//! The folder of fixtures enters; the hand-written ones leave, by path relative to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Error;

/// Reads every file below `folder` but those in its folder `generated`, which are output. A folder that is not there
/// holds none. Names that are not UTF-8 are no fixtures, and neither is what begins with a point.
pub fn written_fixtures(folder: &Path, generated: &str) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    if folder.is_dir() {
        collect(folder, "", generated, &mut files)?;
    }
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, generated: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::at(folder))? {
        let entry = entry.map_err(Error::at(folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}{name}");
        let place = entry.path();
        let kind = entry.file_type().map_err(Error::at(&place))?;
        if name.starts_with('.') || path == generated {
            continue;
        }
        if kind.is_dir() {
            collect(&place, &format!("{path}/"), generated, files)?;
        } else if kind.is_file() {
            files.insert(path, fs::read(&place).map_err(Error::at(&place))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_written_files_are_read_and_generated_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["manifest.json", "order/valid/a.json", "generated/order/b.jsonl", ".hidden"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let files = written_fixtures(folder.path(), "generated").unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["manifest.json", "order/valid/a.json"]);
        assert!(written_fixtures(&folder.path().join("nowhere"), "generated").unwrap().is_empty());
    }
}
