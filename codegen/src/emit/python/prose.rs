//! What contracts say about a declaration enters; its docstring leaves.

use crate::emit::encode::python::docstring;
use crate::model::{Deprecation, Meta, Version};

/// The docstring of a declaration, indented; none where the contract says nothing.
pub fn doc_of(meta: &Meta, indent: usize) -> Option<String> {
    written(&said_of(meta), meta.since.as_ref(), meta.deprecated.as_ref(), indent)
}

/// The docstring of a declaration; `otherwise` where the contract does not describe it.
pub fn doc_or(meta: &Meta, otherwise: &str, indent: usize) -> String {
    let mut said = said_of(meta);
    if said.is_empty() {
        said.push(otherwise);
    }
    written(&said, meta.since.as_ref(), meta.deprecated.as_ref(), indent).expect("something is said")
}

/// The docstring of a part that has a text and perhaps a deprecation.
pub fn doc_of_part(doc: Option<&str>, deprecated: Option<&Deprecation>, indent: usize) -> Option<String> {
    written(&Vec::from_iter(doc), None, deprecated, indent)
}

fn said_of(meta: &Meta) -> Vec<&str> {
    [&meta.title, &meta.doc].into_iter().flatten().map(String::as_str).collect()
}

fn written(said: &[&str], since: Option<&Version>, deprecated: Option<&Deprecation>, indent: usize) -> Option<String> {
    let since = since.map(|version| format!("Since {version}."));
    let deprecated = deprecated.map(|old| {
        let instead = old.replacement.as_ref().map_or(String::new(), |name| format!(" Use `{name}`."));
        format!("Deprecated since {}: {}{instead}", old.since, old.reason)
    });
    let paragraphs: Vec<&str> = said.iter().copied().chain(since.as_deref()).chain(deprecated.as_deref()).collect();
    (!paragraphs.is_empty()).then(|| " ".repeat(indent) + &docstring(&paragraphs.join("\n\n"), indent))
}
