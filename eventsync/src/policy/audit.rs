//! An event that is not kept enters; a line of evidence leaves, durable before anybody is told.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt;

use serde_json::{Value, json};

use crate::generated::FamilyClassification;
use crate::store::files;

/// Where the evidence is, below the root.
pub(super) fn path(root: &Path) -> PathBuf {
    root.join("audit").join("discard-audit.jsonl")
}

/// Appends a line, or leaves the file as it was.
pub(super) fn append(
    root: &Path,
    event_id: &str,
    event_type: &str,
    class: FamilyClassification,
    envelope: &[u8],
    now: &str,
) -> io::Result<()> {
    let path = path(root);
    files::private_folder(&root.join("audit"))?;
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&path)?;
    file.lock()?;
    let end = end_of_lines(&mut file)?;
    // What a program that died left of a line was never acknowledged.
    file.set_len(end)?;
    let envelope: Value = serde_json::from_slice(envelope)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(envelope).into_owned()));
    let line = json!({"event_family": event_type, "classification": class.as_str(), "reason": "mode OPT_OUT keeps nothing",
        "at": now, "event_id": event_id, "envelope": envelope});
    let written = file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        file.set_len(end)?;
    }
    written.and_then(|()| files::sync_folder(&root.join("audit")))
}

/// Where the last whole line ends.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut last = [b'\n'];
    if length > 0 {
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
    }
    if last == [b'\n'] {
        return Ok(length);
    }
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut text)?;
    let lines = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(u64::try_from(lines).expect("it is shorter than the file"))
}
