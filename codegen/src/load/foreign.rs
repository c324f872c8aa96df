//! Contracts as written enter; the foreign JSON Schemas that they name leave, parsed, by the path that they are named by.

use std::collections::BTreeMap;

use super::raw::RawContract;
use super::{Error, Files, rules};
use crate::config::path;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{MAX_BYTES, Value, read};

/// Reads every schema that an `external` names, once; paths are relative to the folder `contracts`.
pub fn foreign_schemas(
    files: &Files,
    contracts: &str,
    named: &[RawContract],
    out: &mut Diagnostics,
) -> Result<BTreeMap<String, Value>, Error> {
    let mut schemas = BTreeMap::new();
    for (schema, _) in named.iter().flat_map(RawContract::externals) {
        if schemas.contains_key(&schema.value) {
            continue;
        }
        if let Some(fault) = path::fault(&schema.value, schema.span) {
            out.push(fault);
            continue;
        }
        let said = |message: String| Diagnostic::new(&rules::EXTERNAL_SCHEMA, schema.span, message);
        let Some(bytes) = files.read(&format!("{contracts}/{}", schema.value), MAX_BYTES)? else {
            let finding = said(format!("there is no file `{}` inside the project", schema.value));
            out.push(
                finding.help("the path is relative to the folder of contracts; keep the schema in the repository"),
            );
            continue;
        };
        match read(&bytes) {
            Ok(value) => _ = schemas.insert(schema.value.clone(), value),
            Err(code) => out.push(said(format!("`{}` is no JSON that can be read: `{}`", schema.value, code.as_str()))),
        }
    }
    Ok(schemas)
}
