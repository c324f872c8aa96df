//! Paths and bytes enter; folders and files that only their owner can read leave, whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

/// Makes a folder and those above it that are missing, for the owner alone.
pub fn private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Opens a file for reading and writing, made for the owner alone where it is missing.
pub fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path)
}

/// Puts `bytes` in the place of a file, for the owner alone. A reader, or a crash, sees the old file or the new one.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    private_folder(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if let Err(error) = written {
        // What matters is why the file was not written; the one beside it may never have come to be.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    sync_folder(folder)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a folder durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    // Windows has no handle on a folder to flush.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// What tells a file from another one in its place; only Unix lets an open file be replaced.
#[cfg(unix)]
pub fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().map(|found| (found.dev(), found.ino()))
}

/// What tells a file from another one in its place; only Unix lets an open file be replaced.
#[cfg(not(unix))]
pub fn identity(path: &Path) -> io::Result<(u64, u64)> {
    path.metadata().map(|_| (0, 0))
}

/// Whether somebody else than the owner may read or write a file or folder.
#[cfg(unix)]
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(path.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Whether somebody else than the owner may read or write a file or folder; only Unix tells.
#[cfg(not(unix))]
pub fn is_open_to_others(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Whether a folder lies on a file system of another machine.
#[cfg(target_os = "linux")]
pub fn is_on_network(path: &Path) -> io::Result<bool> {
    // NFS, SMB, CIFS, SMB2, 9p, AFS, Coda, Ceph: <linux/magic.h>.
    const NETWORK: [u32; 8] =
        [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0102_1997, 0x5346_414F, 0x7375_7245, 0x00C3_6400];
    let kind = rustix::fs::statfs(path)?.f_type;
    Ok(NETWORK.iter().any(|network| i64::from(*network) == kind))
}

/// Whether a folder lies on a file system of another machine; only Linux tells.
#[cfg(not(target_os = "linux"))]
pub fn is_on_network(_path: &Path) -> io::Result<bool> {
    Ok(false)
}
