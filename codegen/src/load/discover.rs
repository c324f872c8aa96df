//! A project's folder of contracts enters; their YAML trees leave, by file name.

use std::path::Path;

use super::budget::{ALL_BYTES, ALL_NODES, FILE_BYTES, FILES};
use super::yaml::{Node, NodeKind, parse};
use super::{Error, Files, admit, rules};
use crate::config::path;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::source::{SourceMap, Span};

/// One contract of a project.
#[derive(Debug)]
pub struct Document<T> {
    /// The name of the file without `.yaml`.
    pub name: String,
    /// What was made of it; none where it was refused, so that others can still import it by name.
    pub content: Option<T>,
}

/// Reads every `*.yaml` in the folder `contracts` below `root`, by file name, and makes of each tree what `make` does;
/// one tree is in memory at a time. What begins with a point, has another ending or lies in a folder below is not
/// looked at.
pub fn discover<T>(
    root: &Path,
    contracts: &str,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
    make: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Result<Vec<Document<T>>, Error> {
    discover_in(&Files::on_disk(root)?, contracts, sources, out, make)
}

/// The same for files wherever they are.
pub fn discover_in<T>(
    files: &Files,
    contracts: &str,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
    mut make: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Result<Vec<Document<T>>, Error> {
    let mut documents = Vec::new();
    let (mut bytes_read, mut nodes_read) = (0, 0);
    for (at, name) in names(files, contracts)?.iter().enumerate() {
        let shown = files.shown(&format!("{contracts}/{}", name.escape_debug()));
        if at == FILES || bytes_read > ALL_BYTES || nodes_read > ALL_NODES {
            let message = format!("more than {FILES} contracts, {ALL_BYTES} bytes or {ALL_NODES} keys and values");
            let finding = refusal(&rules::CONTRACTS_LIMIT, &shown, message, sources);
            out.push(finding.help("split the project; nothing from here on was read"));
            break;
        }
        let Some(bytes) = files.read(&format!("{contracts}/{name}"), FILE_BYTES)? else {
            let message = "a contract is a plain file inside the project";
            let finding = refusal(&rules::CONTRACT_FILE, &shown, message, sources);
            out.push(finding.help("put the file itself here, no link, folder or device"));
            continue;
        };
        bytes_read += bytes.len();
        let Some(name) = contract_name(name, &shown, sources, out) else { continue };
        let tree = tree(name, &shown, &bytes, sources, out);
        nodes_read += tree.as_ref().map_or(0, Node::count);
        documents.push(Document { name: name.to_owned(), content: tree.and_then(|tree| make(&tree, out)) });
    }
    Ok(documents)
}

/// The names of all that could be a contract, sorted.
fn names(files: &Files, contracts: &str) -> Result<Vec<String>, Error> {
    let mut names = files.names(contracts)?;
    names.retain(|name| {
        let ending = Path::new(name).extension();
        !name.starts_with('.') && ending.is_some_and(|ending| ending == "yaml" || ending == "yml")
    });
    if names.is_empty() { Err(Error::NoContract(files.path(contracts))) } else { Ok(names) }
}

/// The name of the contract that a file of this name can hold.
fn contract_name<'a>(file: &'a str, shown: &str, sources: &mut SourceMap, out: &mut Diagnostics) -> Option<&'a str> {
    let name = file.strip_suffix(".yaml").filter(|stem| is_contract_name(stem));
    if name.is_none() {
        let message = format!("`{}` cannot be the file of a contract", file.escape_debug());
        let finding = refusal(&rules::CONTRACT_NAME, shown, message, sources);
        out.push(
            finding.help("name it `<contract>.yaml`: a lower-case letter, then letters, digits or `_`, 64 at most"),
        );
    }
    name
}

/// The tree of a file, which has to say the name that its file has.
fn tree(name: &str, shown: &str, bytes: &[u8], sources: &mut SourceMap, out: &mut Diagnostics) -> Option<Node> {
    let file = admit(sources, shown, bytes, out)?;
    out.extend(path::fault(name, Span::new(file, 0, 0)));
    let root = parse(sources, file, out)?;
    if let Some((said, place)) = said_name(&root).filter(|(said, _)| *said != name) {
        let message = format!("the contract `{}` stands in the file of `{name}`", said.escape_debug());
        let finding = Diagnostic::new(&rules::CONTRACT_NAME, place, message);
        out.push(finding.help(format!("rename the file, or write `contract: {name}`")));
    }
    Some(root)
}

/// Whether a contract can have this name.
pub fn is_contract_name(stem: &str) -> bool {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    stem.len() <= 64 && stem.starts_with(|c: char| c.is_ascii_lowercase()) && stem.chars().all(rest)
}

/// What the file says its contract is called.
fn said_name(root: &Node) -> Option<(&str, Span)> {
    let NodeKind::Mapping(members) = &root.kind else { return None };
    let (_, value) = members.iter().find(|(key, _)| key.value == "contract")?;
    match &value.kind {
        NodeKind::Scalar(text, _) => Some((text, value.span)),
        _ => None,
    }
}

/// A finding about a file that is not read.
fn refusal(rule: &'static Rule, shown: &str, message: impl Into<String>, sources: &mut SourceMap) -> Diagnostic {
    Diagnostic::new(rule, Span::new(sources.add(shown, ""), 0, 0), message)
}
