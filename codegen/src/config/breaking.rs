//! The table `[breaking]` of `codegen.toml` enters; which changes count, and how much, leaves.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::de::DeValue;

use super::read::Section;
use super::rules;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

/// Which changes of contracts are reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breaking {
    /// Whether generated code may stop compiling.
    pub source: bool,
    /// Whose JSON has to stay readable.
    pub wire: Compatibility,
    /// Whether old logs may fold to another state.
    pub replay: bool,
    /// Rules that weigh something else here.
    pub rules: BTreeMap<String, Weight>,
    /// Single findings that are accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<Accepted>,
}

/// Whose JSON has to stay readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Compatibility {
    /// New readers read what was accepted before.
    Backward,
    /// Old readers read what is written now.
    Forward,
    /// Both.
    Full,
    /// Nobody's.
    None,
}

/// How much a rule weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weight {
    /// `error`, `warning`, `note`, or `ignore`.
    pub severity: &'static str,
    /// Why; required.
    pub reason: String,
    /// Where it is set.
    #[serde(skip)]
    pub place: Span,
}

/// A finding that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// The rule.
    pub rule: String,
    /// What it is about, as findings name it: `Declaration`, or `Declaration.member`.
    pub at: String,
    /// Why; required.
    pub reason: String,
    /// Where it is set.
    #[serde(skip)]
    pub place: Span,
}

impl Weight {
    /// The severity; none where the rule is ignored.
    pub fn severity(&self) -> Option<Severity> {
        match self.severity {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "note" => Some(Severity::Note),
            _ => None,
        }
    }
}

impl Default for Breaking {
    fn default() -> Self {
        Self { source: true, wire: Compatibility::Full, replay: true, rules: BTreeMap::new(), ignore: Vec::new() }
    }
}

const LEVELS: [(&str, Compatibility); 4] = [
    ("BACKWARD", Compatibility::Backward),
    ("FORWARD", Compatibility::Forward),
    ("FULL", Compatibility::Full),
    ("NONE", Compatibility::None),
];

const SEVERITIES: [(&str, &str); 4] =
    [("error", "error"), ("warning", "warning"), ("note", "note"), ("ignore", "ignore")];

/// Reads the table.
pub(super) fn read(section: &mut Section<'_>, into: &mut Breaking) {
    section.flag("source", &mut into.source);
    section.flag("replay", &mut into.replay);
    if let Some(level) = one_of(section, "wire", &LEVELS) {
        into.wire = level;
    }
    weights(section, into);
    accepted(section, into);
}

/// The setting as one of these words.
fn one_of<T: Copy>(section: &mut Section<'_>, key: &'static str, words: &[(&str, T)]) -> Option<T> {
    let (word, place) = section.text(key)?;
    let found = words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
    if found.is_none() {
        let message = format!("`{}` is no value of `{}`", word.escape_debug(), section.full_name(key));
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let finding = Diagnostic::new(&rules::CONFIG_VALUE, place, message);
        section.out.push(finding.help(format!("use one of {}", known.join(", "))));
    }
    found
}

fn weights(section: &mut Section<'_>, into: &mut Breaking) {
    let Some((value, place)) = section.value("rules") else { return };
    let DeValue::Table(table) = value else { return section.refuse_type("rules", value, place, "a table") };
    for (id, weight) in table {
        let place = section.place(id);
        let DeValue::Table(members) = weight.get_ref() else {
            section.refuse_type("rules", weight.get_ref(), place, "a table of tables `{severity, reason}`");
            continue;
        };
        let mut inner = section.inside("breaking.rules", members);
        let severity = one_of(&mut inner, "severity", &SEVERITIES);
        let reason = reason(&mut inner, place);
        inner.refuse_unknown();
        if let (Some(severity), Some(reason)) = (severity, reason) {
            into.rules.insert(id.get_ref().to_string(), Weight { severity, reason, place });
        }
    }
}

fn accepted(section: &mut Section<'_>, into: &mut Breaking) {
    let Some((value, place)) = section.value("ignore") else { return };
    let DeValue::Array(entries) = value else {
        return section.refuse_type("ignore", value, place, "a list of tables `{rule, at, reason}`");
    };
    for entry in entries {
        let place = section.place(entry);
        let DeValue::Table(members) = entry.get_ref() else {
            section.refuse_type("ignore", entry.get_ref(), place, "a list of tables `{rule, at, reason}`");
            continue;
        };
        let mut inner = section.inside("breaking.ignore", members);
        let rule = inner.text("rule").map(|(rule, _)| rule);
        let at = inner.text("at").map(|(at, _)| at);
        let reason = reason(&mut inner, place);
        inner.refuse_unknown();
        match (rule, at, reason) {
            (Some(rule), Some(at), Some(reason)) => into.ignore.push(Accepted { rule, at, reason, place }),
            (_, _, None) => {}
            _ => {
                let finding =
                    Diagnostic::new(&rules::CONFIG_VALUE, place, "an entry of `breaking.ignore` lacks a member");
                section
                    .out
                    .push(finding.help("write `{rule = \"...\", at = \"Declaration.member\", reason = \"...\"}`"));
            }
        }
    }
}

/// Why something is let through: whoever reads the configuration later has to know.
fn reason(section: &mut Section<'_>, place: Span) -> Option<String> {
    let reason = section.text("reason").map(|(reason, _)| reason).filter(|reason| !reason.trim().is_empty());
    if reason.is_none() {
        let finding =
            Diagnostic::new(&rules::CONFIG_VALUE, place, format!("`{}` is given without a reason", section.name));
        section.out.push(finding.help("add `reason = \"...\"`: why this change breaks nobody"));
    }
    reason
}
