//! The custom targets of a configuration enter; their manifests and the texts of their templates leave.

use std::collections::BTreeMap;

use super::{Error, Files};
use crate::config::target::{self, Loaded, TARGET_FILE, Target};
use crate::config::{Config, Custom, OptionValue, target_rules};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, did_you_mean};
use crate::source::{FileId, SourceMap, Span};

/// The largest manifest or template.
const MAX_BYTES: usize = 1 << 20;

/// How templates end that no manifest names: others may include or import them.
const TEMPLATE: &str = ".j2";

/// Reads every target that is switched on; one with errors is left out.
pub fn custom_targets(
    files: &Files,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Vec<Loaded>, Error> {
    let mut loaded = Vec::new();
    for (at, custom) in config.custom.iter().enumerate().filter(|(_, custom)| custom.enabled) {
        let path = format!("{}/{TARGET_FILE}", custom.templates.value);
        let Some(file) = text(files, &path, custom.templates.place, &target_rules::TARGET_MANIFEST, sources, out)?
        else {
            continue;
        };
        let Some(target) = target::read(sources, file, out) else { continue };
        let texts = texts(files, custom, &target, sources, out)?;
        let options = options(custom, &target, out);
        loaded.extend(texts.map(|texts| Loaded { custom: at, target, options, texts }));
    }
    Ok(loaded)
}

/// The templates that the manifest names, and those beside it.
fn texts(
    files: &Files,
    custom: &Custom,
    target: &Target,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<BTreeMap<String, FileId>>, Error> {
    let mut wanted: BTreeMap<String, Span> = files
        .names(&custom.templates.value)?
        .into_iter()
        .filter(|name| name.ends_with(TEMPLATE) && !name.starts_with('.'))
        .map(|name| (name, custom.templates.place))
        .collect();
    wanted.extend(target.templates.iter().map(|template| (template.file.value.clone(), template.file.place)));
    let mut texts = BTreeMap::new();
    let mut whole = true;
    for (name, place) in wanted {
        let path = format!("{}/{name}", custom.templates.value);
        match text(files, &path, place, &target_rules::TARGET_FILE, sources, out)? {
            Some(file) => _ = texts.insert(name, file),
            None => whole = false,
        }
    }
    Ok(whole.then_some(texts))
}

/// A file as a source, with the ends of lines that every system writes alike; what is wrong with it stands at the place
/// that names it.
fn text(
    files: &Files,
    path: &str,
    named: Span,
    rule: &'static Rule,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<FileId>, Error> {
    let (message, help) = match files.read(path, MAX_BYTES)? {
        None if rule == &target_rules::TARGET_MANIFEST => (
            format!("there is no file `{path}` inside the project"),
            "a folder of templates has a `target.toml`: docs/custom-targets.md shows one",
        ),
        None => (
            format!("there is no file `{path}` inside the project"),
            "the path is relative to the folder of `target.toml`",
        ),
        Some(bytes) if bytes.len() > MAX_BYTES => {
            (format!("`{path}` is larger than {MAX_BYTES} bytes"), "split it, and `{% include %}` the parts")
        }
        Some(bytes) => match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
                return Ok(Some(sources.add(path, text)));
            }
            Err(_) => (format!("`{path}` is not UTF-8"), "save the file as UTF-8"),
        },
    };
    out.push(Diagnostic::new(rule, named, message).help(help));
    Ok(None)
}

/// The options of the manifest with those that `codegen.toml` gives, which have to be known and of the same kind.
fn options(custom: &Custom, target: &Target, out: &mut Diagnostics) -> BTreeMap<String, OptionValue> {
    let mut options: BTreeMap<String, OptionValue> =
        target.options.iter().map(|(name, option)| (name.clone(), option.value.clone())).collect();
    for (name, given) in &custom.options {
        let refuse = |message: String| Diagnostic::new(&target_rules::TARGET_OPTION, given.place, message);
        match target.options.get(name) {
            Some(known) if known.value.kind() == given.value.kind() => {
                options.insert(name.clone(), given.value.clone());
            }
            Some(known) => {
                let message = format!("the option `{name}` is {}, not {}", known.value.kind(), given.value.kind());
                out.push(refuse(message).related(known.place, "declared here"));
            }
            None => {
                let names = target.options.keys().map(String::as_str);
                let help = match did_you_mean(name, names.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if target.options.is_empty() => format!("`{}` declares no options", custom.templates.value),
                    None => format!("the options are `{}`", names.collect::<Vec<_>>().join("`, `")),
                };
                let message = format!("the target has no option `{}`", name.escape_debug());
                out.push(refuse(message).help(help));
            }
        }
    }
    options
}
