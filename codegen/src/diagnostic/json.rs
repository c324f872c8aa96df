//! Findings enter; one JSON document leaves.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::Finding;

/// Findings as a JSON document; its schema is [`json_schema`].
pub fn render_json(findings: &[Finding<'_>]) -> String {
    let document = Document { version: 1, findings: Cow::Borrowed(findings) };
    let mut text = serde_json::to_string_pretty(&document).expect("findings are plain data");
    text.push('\n');
    text
}

/// The JSON Schema of what [`render_json`] gives, kept in `docs/findings.schema.json`.
pub fn json_schema() -> Schema {
    schemars::schema_for!(Document<'_>)
}

/// What `codegen --format json` prints: the findings of one run, by path, place, severity and id.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Findings of codegen")]
struct Document<'a> {
    /// The version of this layout. A new member raises no version; a removed or changed one does.
    version: u32,
    /// All findings.
    findings: Cow<'a, [Finding<'a>]>,
}
