//! Contracts as written enter; the files that their hooks name leave: vectors as trees, sources as texts.

use super::raw::{HookFiles, RawContract, RawHook, RawText};
use super::{Error, Files, admit, rules, yaml};
use crate::config::{Config, path};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::MAX_BYTES;
use crate::source::SourceMap;

/// Reads every file that a hook names, once; paths are relative to the folder of contracts. Of sources
/// those that the configuration asks for, each of which has to be there.
pub fn hook_files(
    files: &Files,
    config: &Config,
    named: &[RawContract],
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<HookFiles, Error> {
    let mut found = HookFiles::default();
    for hook in named.iter().flat_map(|contract| &contract.hooks) {
        let vectors = &hook.vectors;
        if !found.vectors.contains_key(&vectors.value)
            && let Some(bytes) = bytes_of(files, config, vectors, out)?
        {
            let file = admit(sources, &files.shown(&format!("{}/{}", config.contracts, vectors.value)), &bytes, out);
            let tree = file.and_then(|file| yaml::parse_vectors(sources, file, out));
            found.vectors.extend(tree.map(|tree| (vectors.value.clone(), tree)));
        }
        for path in sources_of(hook, config, out) {
            if !found.sources.contains_key(&path.value)
                && let Some(bytes) = bytes_of(files, config, path, out)?
            {
                found.sources.extend(source(path, bytes, out).map(|text| (path.value.clone(), text)));
            }
        }
    }
    Ok(found)
}

/// The sources of a hook that are wanted.
fn sources_of<'r>(hook: &'r RawHook, config: &Config, out: &mut Diagnostics) -> Vec<&'r RawText> {
    let mut found = Vec::new();
    for language in config.languages() {
        if let Some((_, path)) = hook.implementations.iter().find(|(given, _)| *given == language) {
            found.push(path);
            continue;
        }
        let name = &hook.meta.name;
        let message = format!("the hook `{}` has no implementation in {language}", name.value);
        let help =
            format!("name its source under `implementations: {{{language}: ..}}`, or do not generate {language}");
        out.push(Diagnostic::new(&rules::HOOK_IMPLEMENTATION, name.span, message).help(help));
    }
    found
}

/// The bytes of a file; none where that was refused.
fn bytes_of(files: &Files, config: &Config, named: &RawText, out: &mut Diagnostics) -> Result<Option<Vec<u8>>, Error> {
    if let Some(fault) = path::fault(&named.value, named.span) {
        out.push(fault);
        return Ok(None);
    }
    let bytes = files.read(&format!("{}/{}", config.contracts, named.value), MAX_BYTES)?;
    let message = match &bytes {
        None => format!("there is no file `{}` inside the project", named.value),
        Some(bytes) if bytes.len() > MAX_BYTES => format!("`{}` is larger than {MAX_BYTES} bytes", named.value),
        Some(_) => return Ok(bytes),
    };
    let finding = Diagnostic::new(&rules::HOOK_FILE, named.span, message);
    out.push(finding.help("the path is relative to the folder of contracts; keep the file in the repository"));
    Ok(None)
}

/// The text of a source, with the ends of lines that every system writes alike.
fn source(path: &RawText, bytes: Vec<u8>, out: &mut Diagnostics) -> Option<String> {
    let Ok(text) = String::from_utf8(bytes) else {
        let message = format!("`{}` is not UTF-8", path.value);
        out.push(Diagnostic::new(&rules::HOOK_FILE, path.span, message).help("save the file as UTF-8"));
        return None;
    };
    Some(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}
