//! The bytes of one file enter; a text without encoding tricks or invisible characters leaves, or located refusals.

use super::budget::{FILE_BYTES, Findings, Halt};
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::characters::{is_refused_in_source, is_refused_in_text};
use crate::source::{FileId, SourceMap, Span};

/// Adds a file to the sources: UTF-8 of at most 1 MiB, without its byte order mark.
pub fn admit(sources: &mut SourceMap, path: &str, bytes: &[u8], out: &mut Diagnostics) -> Option<FileId> {
    if bytes.len() > FILE_BYTES {
        let file = sources.add(path, "");
        let message = format!("this file is larger than {FILE_BYTES} bytes");
        out.push(
            Diagnostic::new(&rules::YAML_FILE_SIZE, Span::new(file, 0, 0), message)
                .help("split the family into several contracts and import one from the other"),
        );
        return None;
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let fault = std::str::from_utf8(bytes).err();
    let file = sources.add(path, text);
    let Some(fault) = fault else { return Some(file) };
    let start = fault.valid_up_to();
    let place = Span::new(file, start, start + char::REPLACEMENT_CHARACTER.len_utf8());
    let message = format!("byte 0x{:02x} is not UTF-8", bytes[start]);
    out.push(Diagnostic::new(&rules::YAML_ENCODING, place, message).help("save the file as UTF-8"));
    None
}

/// Refuses what a reader of the file would not see, or would see elsewhere than where it is.
pub(super) fn characters(sources: &SourceMap, file: FileId, findings: &mut Findings<'_>) -> Result<(), Halt> {
    let mut clean = true;
    for (at, c) in sources.text(file).char_indices().filter(|&(_, c)| is_refused_in_source(c)) {
        clean = false;
        let code = u32::from(c);
        let way_out = if is_refused_in_text(c) {
            "delete it".to_owned()
        } else {
            format!("delete it, or write `\\u{code:04x}` in double quotes if it is meant")
        };
        let place = Span::new(file, at, at + c.len_utf8());
        let message = format!("the character U+{code:04X} is not allowed in a contract file");
        findings.push(Diagnostic::new(&rules::YAML_CHARACTER, place, message).help(way_out))?;
    }
    if clean { Ok(()) } else { Err(Halt) }
}
