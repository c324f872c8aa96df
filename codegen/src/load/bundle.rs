//! The contracts of a project enter; one text that holds them all leaves. Such a text enters again as files.
//!
//! A bundle is JSON: `{"bundle": 1, "contracts": {"connector.yaml": "..."}}`, by path from the folder of contracts, foreign
//! schemas and vectors of hooks included. It says what the contracts said and nothing else, so equal contracts give equal bytes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::files::Contents;
use super::raw::{RawContract, read_contract};
use super::{Error, Files, discover_in};
use crate::diagnostic::Diagnostics;
use crate::json::{MAX_BYTES, Value, read_within};
use crate::source::SourceMap;

/// The only version there is.
const VERSION: f64 = 1.0;

/// More bytes than contracts and schemas can have, escaped.
const BUNDLE_BYTES: usize = 256 << 20;

#[derive(Serialize)]
struct Bundle<'a> {
    bundle: u32,
    contracts: BTreeMap<&'a str, String>,
}

/// The text of a bundle of all contracts in the folder `contracts`, and the schemas and vectors that they name.
pub fn bundle(files: &Files, contracts: &str) -> Result<String, Error> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let documents = discover_in(files, contracts, &mut sources, &mut out, read_contract)?;
    let names: Vec<String> = documents.iter().map(|document| format!("{}.yaml", document.name)).collect();
    let read: Vec<&RawContract> = documents.iter().filter_map(|document| document.content.as_ref()).collect();
    let schemas: BTreeSet<&str> =
        read.iter().flat_map(|contract| contract.externals()).map(|(schema, _)| schema.value.as_str()).collect();
    let vectors = read.iter().flat_map(|contract| &contract.hooks).map(|hook| hook.vectors.value.as_str());
    let mut members = BTreeMap::new();
    for path in names.iter().map(String::as_str).chain(schemas).chain(vectors) {
        if let Some(bytes) = files.read(&format!("{contracts}/{path}"), MAX_BYTES)? {
            members.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let mut text = serde_json::to_string_pretty(&Bundle { bundle: 1, contracts: members }).expect("texts by text");
    text.push('\n');
    Ok(text)
}

/// The files of a bundle, below the folder `contracts`; what is wrong with it in a few words.
pub(super) fn unbundle(text: &[u8], contracts: &str) -> Result<Contents, String> {
    let bundle = read_within(text, BUNDLE_BYTES).map_err(|code| format!("it is no JSON (`{}`)", code.as_str()))?;
    match bundle.get("bundle") {
        Some(Value::Number(version)) if *version == VERSION => {}
        Some(Value::Number(version)) => return Err(format!("its version is {version}, and only 1 can be read")),
        _ => return Err("it has no `bundle: 1`".to_owned()),
    }
    let Some(Value::Object(members)) = bundle.get("contracts") else {
        return Err("it has no `contracts`".to_owned());
    };
    let file = |(path, text): (&String, &Value)| match text {
        Value::String(text) => Ok((format!("{contracts}/{path}"), Some(text.clone().into_bytes()))),
        other => Err(format!("`{}` is no text, but of type {}", path.escape_debug(), other.kind())),
    };
    members.iter().map(file).collect()
}
