//! The root enters; the queues of older programs that lie below it leave, in the order in which they are taken over.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How the one queue that belonged to no scope is called.
pub const LEGACY: &str = "legacy";

/// A queue of an older program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What stands in its name, or `legacy`.
    pub digest: String,
    /// Its file.
    pub path: PathBuf,
}

/// A file that lies among the queues and is none that may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why it is left alone.
    pub reason: &'static str,
}

/// What lies there.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The queues: the one without scope first, then by digest.
    pub sources: Vec<Source>,
    /// Everything else among them, by name.
    pub skipped: Vec<Skipped>,
}

/// Looks for queues. A folder that is not there holds none.
pub fn discover(root: &Path) -> io::Result<Discovery> {
    let mut found = Discovery::default();
    let Some(inside) = present(fs::canonicalize(root))? else { return Ok(found) };
    let legacy = root.join("queue.db");
    if present(fs::symlink_metadata(&legacy))?.is_some() {
        found.take(LEGACY.to_owned(), legacy, &inside);
    }
    for path in names(&root.join("queues"))? {
        match digest_in(&path) {
            Some(digest) => found.take(digest, path, &inside),
            None if is_beside_queue(&path) => {}
            None => found.skipped.push(Skipped { path, reason: "it is not named as queues are" }),
        }
    }
    Ok(found)
}

impl Discovery {
    fn take(&mut self, digest: String, path: PathBuf, inside: &Path) {
        match refusal(&path, inside) {
            Some(reason) => self.skipped.push(Skipped { path, reason }),
            None => self.sources.push(Source { digest, path }),
        }
    }
}

/// The digest in the name of a scoped queue.
pub fn digest_in(path: &Path) -> Option<String> {
    let digest = path.file_name()?.to_str()?.strip_prefix("queue-")?.strip_suffix(".db")?;
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (!digest.is_empty() && digest.bytes().all(is_hex)).then(|| digest.to_owned())
}

/// Whether it is what SQLite keeps beside a queue: its log, the index of that, or its journal.
fn is_beside_queue(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let queue = ["-wal", "-shm", "-journal"].iter().find_map(|end| name.strip_suffix(end));
    queue.is_some_and(|queue| digest_in(Path::new(queue)).is_some())
}

fn refusal(path: &Path, inside: &Path) -> Option<&'static str> {
    let Ok(real) = fs::canonicalize(path) else { return Some("it is a link that leads nowhere") };
    if !real.starts_with(inside) {
        return Some("it is a link that leads out of the root");
    }
    (!real.is_file()).then_some("it is no file")
}

fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(entries) = present(fs::read_dir(folder))? else { return Ok(Vec::new()) };
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        other => other.map(Some),
    }
}
