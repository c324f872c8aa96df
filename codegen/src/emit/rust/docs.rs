//! What a contract says of a declaration enters; doc comments and attributes leave.

use crate::emit::encode::rust;
use crate::model::{Deprecation, Meta};

/// The doc comment of a declaration, and its deprecation. `lead` is a line of ours; without it `fallback` stands where
/// the contract says nothing.
pub(super) fn of(meta: &Meta, lead: Option<&str>, fallback: &str, indent: usize) -> String {
    let title = meta.title.as_deref().map(|title| rust::outer_doc(title, indent));
    let doc = meta.doc.as_deref().map(|doc| rust::outer_doc(doc, indent));
    let since = meta.since.as_ref().map(|since| rust::outer_doc(&format!("Since {since}."), indent));
    let lead = lead.map(|lead| format!("{:indent$}/// {lead}\n", ""));
    let said = [lead, title, doc].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let mut parts = if said.is_empty() { vec![format!("{:indent$}/// {fallback}\n", "")] } else { said };
    parts.extend(since);
    parts.join(&format!("{:indent$}///\n", "")) + &deprecated(meta.deprecated.as_ref(), indent)
}

/// The attribute that makes the compiler warn of a use.
pub(super) fn deprecated(deprecation: Option<&Deprecation>, indent: usize) -> String {
    let Some(deprecation) = deprecation else { return String::new() };
    let (since, note) = (rust::string(&deprecation.since.0), rust::string(&deprecation.reason));
    let line = format!("{:indent$}#[deprecated(since = {since}, note = {note})]\n", "");
    if line.len() <= 90 {
        return line;
    }
    format!(
        "{:indent$}#[deprecated(\n{:indent$}    since = {since},\n{:indent$}    note = {note}\n{:indent$})]\n",
        "", "", "", ""
    )
}

/// A line that shows the text of a value: as code where nothing in it could end that.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte));
    if is_plain { format!("`{text}`") } else { "A text that is no word.".into() }
}
