//! The schemas of one run enter; what a pointer or reference leads to, and where that stands, leaves.

use std::collections::BTreeMap;

use super::emitted::Origin;
use super::parts::{escaped, unescaped};
use crate::json::{Places, Value};
use crate::source::Span;

/// A schema, and what is known of its file.
#[derive(Debug)]
pub struct Document {
    /// The whole of it.
    pub schema: Value,
    /// Where everything in it stands; none where only `at` is shown.
    pub places: Option<Places>,
    /// The place of the whole.
    pub at: Span,
    /// Set where this command wrote it.
    pub origin: Option<Origin>,
    /// The pointers of what calls itself by an `$anchor`.
    anchors: BTreeMap<String, String>,
}

impl Document {
    /// A schema of a file.
    pub fn new(schema: Value, places: Option<Places>, at: Span) -> Self {
        let (origin, mut anchors) = (Origin::of(&schema), BTreeMap::new());
        collect_anchors(&schema, &mut String::new(), &mut anchors);
        Self { schema, places, at, origin, anchors }
    }
}

/// Schemas by what stands before the `#` of their pointers.
pub type Documents = BTreeMap<String, Document>;

/// The document that a pointer lies in, and the pointer inside of it, which begins with `#`.
pub(super) fn split(pointer: &str) -> (&str, &str) {
    pointer.split_at(pointer.find('#').unwrap_or(pointer.len()))
}

/// What an absolute pointer leads to.
pub(super) fn at<'s>(documents: &'s Documents, pointer: &str) -> Option<&'s Value> {
    let (document, inside) = split(pointer);
    let schema = &documents.get(document)?.schema;
    let mut path = inside.strip_prefix('#')?.split('/').skip(1).map(unescaped);
    path.try_fold(schema, |at, key| match at {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(&key),
    })
}

/// The place of what a pointer leads to: its key where it has one.
pub(super) fn place(documents: &Documents, pointer: &str) -> Option<Span> {
    let (document, inside) = split(pointer);
    let document = documents.get(document)?;
    let Some(places) = &document.places else { return Some(document.at) };
    let mut inside = inside.trim_start_matches('#');
    // What was read into a schema that does not say it stands where the schema does.
    loop {
        if let Some(place) = places.of(inside) {
            return Some(Span::new(document.at.file, place.start, place.end));
        }
        inside = &inside[..inside.rfind('/')?];
    }
}

/// The absolute pointer that a `$ref` in the document `from` means; none where it leads to no file of this run.
pub(super) fn target(documents: &Documents, from: &str, reference: &str) -> Option<String> {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let document = if file.is_empty() { from.to_owned() } else { named(documents, from, file)? };
    let anchors = &documents.get(&document)?.anchors;
    let fragment = percent_decoded(fragment);
    if fragment.is_empty() || fragment.starts_with('/') {
        return Some(format!("{document}#{fragment}"));
    }
    Some(format!("{document}#{}", anchors.get(&fragment)?))
}

/// The document of a file that another one names, by its path or its `$id`. Nothing is opened or fetched.
fn named(documents: &Documents, from: &str, file: &str) -> Option<String> {
    let id = |document: &Document| {
        let id = document.schema.get("$id").or_else(|| document.schema.get("id"))?;
        Some(id.as_str()?.trim_end_matches('#').to_owned())
    };
    let own = documents.get(from).and_then(id).unwrap_or_default();
    let beside = format!("{}{file}", &own[..own.rfind('/').map_or(0, |end| end + 1)]);
    let decoded = percent_decoded(file);
    let path = joined(from, &decoded);
    let is_it = |(name, document): &(&String, &Document)| {
        let id = id(document);
        path == **name || id.is_some_and(|id| id == file || id == beside)
    };
    documents.iter().find(is_it).map(|(name, _)| name.clone())
}

/// The path of a file that is named in another one.
fn joined(from: &str, file: &str) -> String {
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in file.split('/') {
        match part {
            "." => {}
            ".." if path.last().is_some_and(|last| *last != "..") => _ = path.pop(),
            _ => path.push(part),
        }
    }
    path.join("/")
}

/// Notes every `$anchor` of a schema, and an `$id` that is one in draft-07; of two the first counts.
fn collect_anchors(schema: &Value, pointer: &mut String, anchors: &mut BTreeMap<String, String>) {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    for anchor in [text("$anchor"), text("$id").and_then(|id| id.strip_prefix('#'))].into_iter().flatten() {
        anchors.entry(anchor.to_owned()).or_insert_with(|| pointer.clone());
    }
    let length = pointer.len();
    let inside: Vec<(String, &Value)> = match schema {
        Value::Object(members) => members.iter().map(|(key, value)| (escaped(key), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (step, value) in inside {
        pointer.push('/');
        pointer.push_str(&step);
        collect_anchors(value, pointer, anchors);
        pointer.truncate(length);
    }
}

/// The text of a URI with its `%` escapes read; what is none stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let digits = more.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%');
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
