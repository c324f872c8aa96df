//! The text of `codegen.manifest.json` enters or leaves; between them, which files are ours and the digest of each.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk::{Error, Trying, read_own};

/// Where the manifest lies, below the root.
pub const MANIFEST: &str = "codegen.manifest.json";

/// The files of one run. The only place that names the tool's version, so that an upgrade alone dirties nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Who wrote it; not compared.
    #[serde(default)]
    generated_by: String,
    /// SHA-256 by path.
    pub(super) files: BTreeMap<String, String>,
}

impl Manifest {
    /// A manifest of these files by this version of the tool.
    pub(super) fn new(files: BTreeMap<String, String>) -> Self {
        Self { generated_by: concat!("codegen ", env!("CARGO_PKG_VERSION")).to_owned(), files }
    }

    /// The manifest at a path, if there is one.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Error> {
        let Some(text) = read_own(path)? else { return Ok(None) };
        let refused = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|error| refused(format!("{error}; restore it, or delete it and generate with `--overwrite`")))
            .trying("read", path)?;
        match manifest.files.keys().find(|file| !is_plain(file)) {
            Some(outside) => Err(refused(format!("`{outside}` is no path below it"))).trying("read", path),
            None => Ok(Some(manifest)),
        }
    }

    /// One line a file, by path.
    pub(super) fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a manifest is plain data");
        text.push('\n');
        text
    }
}

/// Whether a path is relative and of plain segments: it names something below the root on every system.
pub(super) fn is_plain(path: &str) -> bool {
    path.split('/').all(|segment| !matches!(segment, "" | "." | "..") && !segment.contains(['\\', ':', '\0']))
}

/// SHA-256 in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("a string takes everything");
    }
    text
}
