//! The bytes of files enter; schemas with places leave, and the name of the contract that they are to become.

use super::{BTreeMap, Diagnostic, Diagnostics, FIRST_VERSION, SourceMap, Span, Wanted, rules};
use crate::fault::Code;
use crate::foreign::{Document, Documents, Origin};
use crate::json::{MAX_BYTES, MAX_DEPTH, Places, Value, read};

/// Every schema by its path, and the paths in the order in which they were given. Those of the command that say nothing
/// that others do not say are left out.
pub(super) fn documents(
    files: &[(String, Vec<u8>)],
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> (Vec<String>, Documents) {
    let (mut order, mut documents, mut left_out) = (Vec::new(), BTreeMap::new(), None);
    for (path, bytes) in files {
        if documents.contains_key(path) {
            continue;
        }
        let Some(document) = document(path, bytes, sources, out) else { continue };
        if is_about_others(&document.schema) {
            left_out = left_out.or(Some(document.at));
            continue;
        }
        order.push(path.clone());
        documents.insert(path.clone(), document);
    }
    if let (Some(at), true) = (left_out, documents.is_empty()) {
        let message = "this schema holds what others say, and no payload of its own";
        let help = "import the schemas of the payloads, which stand beside it";
        out.push(Diagnostic::new(&rules::IMPORT_SCHEMA, at, message).help(help));
    }
    (order, documents)
}

/// Whether a schema is the bundle of a project, or that of the contract language.
fn is_about_others(schema: &Value) -> bool {
    let id = schema.get("$id").and_then(Value::as_str).unwrap_or_default();
    id.starts_with("urn:contract:bundle:") || id.starts_with("urn:contract:language:")
}

fn document(path: &str, bytes: &[u8], sources: &mut SourceMap, out: &mut Diagnostics) -> Option<Document> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let is_huge = bytes.len() > MAX_BYTES;
    let text = if is_huge { String::new() } else { String::from_utf8_lossy(bytes).into_owned() };
    let file = sources.add(path, text);
    let schema = match read(bytes) {
        Ok(schema @ (Value::Object(_) | Value::Bool(_))) => schema,
        Ok(other) => {
            let message = format!("a JSON Schema is an object, and this is {}", other.kind());
            out.push(Diagnostic::new(&rules::IMPORT_SCHEMA, Span::new(file, 0, 0), message));
            return None;
        }
        Err(code) => {
            let (message, at) = fault(code, bytes, sources.text(file));
            let end = sources.text(file)[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            out.push(Diagnostic::new(&rules::IMPORT_SCHEMA, Span::new(file, at, end), message));
            return None;
        }
    };
    let places = Some(Places::new(sources.text(file)));
    Some(Document::new(schema, places, Span::new(file, 0, 0)))
}

/// What is wrong with a text, and the byte at which that shows.
fn fault(code: Code, bytes: &[u8], text: &str) -> (String, usize) {
    match code {
        Code::TooLarge => (format!("this file is larger than {MAX_BYTES} bytes"), 0),
        Code::TooDeep => (format!("more than {MAX_DEPTH} lists and objects are inside each other"), 0),
        Code::BadUtf8 => {
            let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
            ("this is no UTF-8".to_owned(), at.min(text.len()))
        }
        Code::DuplicateKey => {
            let place = Places::new(text).repeated().map_or(0, |place| place.start);
            ("this key stands in its object twice".to_owned(), place)
        }
        Code::BadJson => {
            let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err();
            let at = error.map_or(0, |error| {
                let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                before + error.column().saturating_sub(1)
            });
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            ("this is no JSON".to_owned(), at)
        }
        other => (format!("this is no JSON that can be read: `{}`", other.as_str()), 0),
    }
}

/// The name and version of the contract. Of schemas that this command made of several contracts, those of one stay.
pub(super) fn family(
    order: &mut Vec<String>,
    documents: &mut Documents,
    wanted: &Wanted<'_>,
    out: &mut Diagnostics,
) -> Option<(String, String)> {
    let origins: Vec<&Origin> = order.iter().filter_map(|path| documents[path].origin.as_ref()).collect();
    let families: BTreeMap<&str, &str> =
        origins.iter().map(|origin| (origin.family.as_str(), origin.version.as_str())).collect();
    let name = match (wanted.family, families.first_key_value()) {
        (Some(family), _) => family.to_owned(),
        (None, Some((family, _))) => (*family).to_owned(),
        (None, None) => stem(order.first()?),
    };
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(rest);
    if !is_name {
        let message = format!("`{}` cannot be the name of a contract", name.escape_debug());
        let help = "give one with `--family`: a lower-case letter, then letters, digits or `_`, 64 at most";
        out.push(Diagnostic::global(&rules::IMPORT_NAME, message).help(help));
        return None;
    }
    let is_one_of_them = wanted.family.is_some_and(|family| families.contains_key(family));
    if families.len() > 1 && !is_one_of_them {
        let names: Vec<String> = families.keys().map(|name| format!("`{name}`")).collect();
        let message = format!("these are schemas of {} contracts: {}", names.len(), names.join(", "));
        let help = "import one after the other, each with `--family` and its name";
        out.push(Diagnostic::global(&rules::IMPORT_NAME, message).help(help));
        return None;
    }
    let version = match families.get(name.as_str()).or_else(|| families.values().next()) {
        Some(version) => (*version).to_owned(),
        None => FIRST_VERSION.to_owned(),
    };
    documents.retain(|_, document| {
        let origin = document.origin.as_ref();
        !is_one_of_them || origin.is_none_or(|origin| origin.family == name)
    });
    order.retain(|path| documents.contains_key(path));
    Some((name, version))
}

/// What a file is called, without its ending and in lower case.
pub(super) fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".json").unwrap_or(name);
    let name = name.strip_suffix(".schema").unwrap_or(name);
    let mut stem = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && stem.ends_with(|before: char| before.is_ascii_lowercase()) {
            stem.push('_');
        }
        match c {
            c if c.is_ascii_alphanumeric() => stem.push(c.to_ascii_lowercase()),
            _ if stem.ends_with('_') || stem.is_empty() => {}
            _ => stem.push('_'),
        }
    }
    stem.trim_end_matches('_').to_owned()
}
