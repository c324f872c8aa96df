//! Findings enter; a SARIF 2.1.0 log of one run leaves, as code scanning reads it.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{Finding, Position, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Findings with the pages of their rules. Paths are below `%SRCROOT%`, the root of the project.
pub fn render_sarif(findings: &[Finding<'_>]) -> String {
    let rules: BTreeMap<&str, &Rule> = findings.iter().map(|finding| (finding.id, finding.rule)).collect();
    let index = |id: &str| rules.keys().position(|known| *known == id);
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, index(finding.id))).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "codegen",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("a log is plain data");
    text.push('\n');
    text
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title()},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": rule.severity},
    })
}

fn result(finding: &Finding<'_>, rule: Option<usize>) -> Value {
    let mut result = json!({
        "ruleId": finding.id,
        "ruleIndex": rule,
        // The words of our severities are those of the standard.
        "level": finding.severity,
        "message": {"text": finding.text()},
    });
    if let (Some(path), Some(start), Some(end)) = (&finding.path, finding.start, finding.end) {
        result["locations"] = json!([{"physicalLocation": location(path, start, end)}]);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(at, related)| {
            let place = location(related.path, related.start, related.end);
            json!({"id": at + 1, "message": {"text": related.message}, "physicalLocation": place})
        });
        result["relatedLocations"] = related.collect();
    }
    if !finding.changes.is_empty() {
        result["fixes"] = json!([fix(finding)]);
    }
    result
}

/// What `codegen lint --fix` does about it.
fn fix(finding: &Finding<'_>) -> Value {
    let mut by_path: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for change in &finding.changes {
        by_path.entry(change.path).or_default().push(json!({
            "deletedRegion": region(change.start, change.end),
            "insertedContent": {"text": change.text},
        }));
    }
    let changes = by_path
        .into_iter()
        .map(|(path, replacements)| json!({"artifactLocation": artifact(path), "replacements": replacements}));
    let mut fix = json!({"artifactChanges": changes.collect::<Vec<_>>()});
    if let Some(help) = finding.help {
        fix["description"] = json!({"text": help});
    }
    fix
}

fn location(path: &str, start: Position, end: Position) -> Value {
    json!({"artifactLocation": artifact(path), "region": region(start, end)})
}

fn artifact(path: &str) -> Value {
    json!({"uri": uri(path), "uriBaseId": "%SRCROOT%"})
}

fn region(start: Position, end: Position) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A path as a relative reference: what a URI does not hold is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes everything");
        }
    }
    uri
}
