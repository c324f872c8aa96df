//! The section `lint` of `codegen.toml` enters; how much each rule weighs, and where it is not asked, leaves.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::de::DeValue;

use super::read::Section;
use super::rules;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::Span;

/// What the project says about rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lint {
    /// By id of a rule, what it weighs here.
    #[serde(flatten)]
    pub levels: BTreeMap<String, Setting>,
    /// Findings that are meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<Ignore>,
}

impl Lint {
    /// Whether an error of the language is a warning here.
    pub fn lowers(&self, rule: &Rule) -> bool {
        self.levels.get(rule.id).is_some_and(|setting| setting.level == Level::Warning && setting.reason.is_some())
    }
}

/// What a rule weighs, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// The severity of its findings.
    pub level: Level,
    /// Why it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it stands.
    #[serde(skip)]
    pub place: Span,
}

/// Findings of one rule in one contract that are meant.
#[derive(Debug, Clone, Serialize)]
pub struct Ignore {
    /// The rule.
    pub rule: String,
    /// The file, from the folder of `codegen.toml`.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    #[serde(skip)]
    pub place: Span,
}

/// Settings are equal wherever they stand.
impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        (self.level, &self.reason) == (other.level, &other.reason)
    }
}

impl Eq for Setting {}

/// The same of what is ignored.
impl PartialEq for Ignore {
    fn eq(&self, other: &Self) -> bool {
        (&self.rule, &self.path, &self.reason) == (&other.rule, &other.path, &other.reason)
    }
}

impl Eq for Ignore {}

/// What the findings of a rule weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// They are not made.
    Off,
    /// Printed on request.
    Note,
    /// Fails `lint` alone.
    Warning,
    /// Nothing is generated.
    Error,
}

impl Level {
    const ALL: [(&'static str, Self); 4] =
        [("off", Self::Off), ("note", Self::Note), ("warning", Self::Warning), ("error", Self::Error)];

    /// The severity of findings that are made.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl Section<'_> {
    /// Every key but `ignore` is the id of a rule; whether there is such a rule is not known here.
    pub(super) fn lint(&mut self, into: &mut Lint) {
        self.each_table("ignore", |entry| {
            let read = |key, entry: &mut Section<'_>| entry.needed(key);
            let (rule, path, reason) = (read("rule", entry), read("path", entry), read("reason", entry));
            if let (Some((rule, place)), Some((path, _)), Some((reason, _))) = (rule, path, reason) {
                into.ignore.push(Ignore { rule, path, reason, place });
            }
        });
        for (id, value, place) in self.rest() {
            let (level, reason) = match value {
                DeValue::Table(table) => {
                    let mut level = None;
                    let mut reason = None;
                    self.within(table, "lint", |entry| {
                        level = entry.needed("level");
                        reason = entry.text("reason").map(|(reason, _)| reason);
                    });
                    (level, reason)
                }
                DeValue::String(level) => (Some((level.to_string(), self.place_of(&id))), None),
                other => {
                    self.refuse_type(&id, other, self.place_of(&id), "a level, or `{level, reason}`");
                    (None, None)
                }
            };
            let Some((word, at)) = level else { continue };
            if let Some((_, level)) = Level::ALL.iter().find(|(name, _)| *name == word) {
                into.levels.insert(id, Setting { level: *level, reason, place });
            } else {
                let message = format!("`{}` is no level of a rule", word.escape_debug());
                let finding = Diagnostic::new(&rules::CONFIG_VALUE, at, message);
                self.refuse(finding.help("use `off`, `note`, `warning` or `error`"));
            }
        }
    }
}
