//! Files with new contents enter; all of them stand on the disk afterwards, or none was touched.

use std::io::Write;
use std::path::PathBuf;

use tempfile::Builder;

use super::Error;
use super::disk::{Trying, sync_folder};

/// Replaces files that people wrote, each in one step and with the permissions that it had. Nothing is moved before
/// everything is on the disk.
pub fn replace(files: &[(PathBuf, &[u8])]) -> Result<(), Error> {
    let mut staged = Vec::new();
    for (path, content) in files {
        // A link inside the project stays one: what it leads to is replaced.
        let path = path.canonicalize().trying("read", path)?;
        let folder = path.parent().expect("a file has a folder");
        // A name that begins with a point is no contract, whoever looks meanwhile.
        let mut file = Builder::new().prefix(".codegen-").tempfile_in(folder).trying("write", &path)?;
        let permissions = path.metadata().map(|metadata| metadata.permissions());
        file.write_all(content)
            .and(permissions)
            .and_then(|permissions| file.as_file().set_permissions(permissions))
            .and_then(|()| file.as_file().sync_all())
            .trying("write", &path)?;
        staged.push((path, file));
    }
    for (path, file) in staged {
        file.persist(&path).map_err(|refused| refused.error).trying("replace", &path)?;
        sync_folder(path.parent().expect("a file has a folder"))?;
    }
    Ok(())
}
