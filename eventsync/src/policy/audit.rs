//! An event that is not kept enters; a line of evidence leaves, durable before anybody is told.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Write};
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

/// Appends a line; its number in the file leaves.
pub(super) fn append(
    root: &Path,
    event_id: &str,
    event_type: &str,
    class: FamilyClassification,
    envelope: &[u8],
    now: &str,
) -> io::Result<usize> {
    let path = path(root);
    files::private_folder(&root.join("audit"))?;
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&path)?;
    file.lock()?;
    let envelope: Value = serde_json::from_slice(envelope)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(envelope).into_owned()));
    let line = json!({"event_family": event_type, "classification": class.as_str(), "reason": "mode OPT_OUT keeps nothing",
        "at": now, "event_id": event_id, "envelope": envelope});
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()?;
    files::sync_folder(&root.join("audit"))?;
    Ok(BufReader::new(std::fs::File::open(&path)?).lines().count())
}
