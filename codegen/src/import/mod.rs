//! JSON Schemas enter; the text of a contract that says the same leaves, and a finding for all that it does not say.

mod contract;
mod print;
mod read;
pub mod rules;
mod settle;
mod yaml_text;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::fmt;
use crate::foreign::{FIRST_VERSION, LossKind};
use crate::load::raw::{RawContract, read_contract};
use crate::load::yaml;
use crate::source::{SourceMap, Span};

/// What somebody wants of an import.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// The name of the contract; where none is given, that of the schemas or of their first file.
    pub family: Option<&'a str>,
    /// Names of objects that are payloads.
    pub events: &'a [String],
}

/// A contract that was made of schemas.
#[derive(Debug)]
pub struct Imported {
    /// Its name.
    pub family: String,
    /// Its text, in the canonical layout.
    pub text: String,
    /// How many events it declares.
    pub events: usize,
    /// How many types, of any form.
    pub types: usize,
}

/// Makes a contract of schemas, given by their paths and bytes. None where an error in `out` stands against it.
pub fn import(
    files: &[(String, Vec<u8>)],
    wanted: &Wanted<'_>,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Option<Imported> {
    let (mut order, mut documents) = read::documents(files, sources, out);
    if out.has_errors() {
        return None;
    }
    let (family, version) = read::family(&mut order, &mut documents, wanted, out)?;
    let (mut contract, mut lost) = contract::shaped(&order, &documents, (&family, &version), wanted, out);
    settle::settle(&mut contract, sources, &mut lost, out);
    for loss in lost {
        let at = if loss.pointer.is_empty() { String::new() } else { format!(" at `{}`", loss.pointer) };
        out.push(match loss.kind {
            LossKind::Weaker => Diagnostic::new(&rules::IMPORT_LOSES, loss.span, format!("{}{at} is lost", loss.what)),
            LossKind::Renamed => Diagnostic::new(&rules::IMPORT_RENAMES, loss.span, loss.what),
            LossKind::Null => {
                let message = format!("{} may also be null, since absence and null are one here", loss.what);
                Diagnostic::new(&rules::IMPORT_NULL, loss.span, message)
            }
        });
    }
    if out.has_errors() {
        return None;
    }
    let text = canonical(&print::contract(&contract), out)?;
    let (events, types) = (contract.events.len(), declared(&contract));
    Some(Imported { family, text, events, types })
}

fn declared(contract: &RawContract) -> usize {
    contract.scalars.len()
        + contract.types.len()
        + contract.enums.len()
        + contract.records.len()
        + contract.unions.len()
}

/// The text in the canonical layout; none where it is no contract that can be read, which is told.
fn canonical(text: &str, out: &mut Diagnostics) -> Option<String> {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let file = sources.add("", text);
    let tree = yaml::parse(&sources, file, &mut found).filter(|_| found.is_empty());
    let layout = tree.filter(|tree| read_contract(tree, &mut found).is_some() && found.is_empty());
    if let Some(layout) = layout.and_then(|tree| fmt::format(&sources, &tree, &mut found)) {
        return Some(layout);
    }
    // Its places are none of the schemas'.
    for finding in found.sorted(&sources) {
        let message = format!("the contract would not be one: {}", finding.message);
        let finding_of_all = Diagnostic::global(&rules::IMPORT_SCHEMA, message);
        out.push(finding_of_all.help("import fewer schemas at once, into several contracts"));
    }
    None
}
