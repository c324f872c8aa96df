//! The rules of every room enter; one list leaves, for `rules` and `explain`.

use serde::Serialize;

use super::Outcome;
use super::console::Console;
use crate::breaking;
use crate::diagnostic::Rule;

#[derive(Serialize)]
struct List {
    version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: &'static str,
    severity: &'static str,
    title: &'static str,
}

pub(super) fn run(console: &Console) -> anyhow::Result<Outcome> {
    let rules = all().into_iter().map(Entry::new).collect();
    let list = List { version: 1, rules };
    console.value(&list, || list.table())?;
    Ok(Outcome::Clean)
}

/// Every rule of the product, by id.
pub(super) fn all() -> Vec<&'static Rule> {
    let mut all = crate::rules();
    all.extend(breaking::rules::RULES);
    all.extend(super::validate::RULES);
    all.sort_by_key(|rule| rule.id);
    all
}

impl Entry {
    fn new(rule: &Rule) -> Self {
        Self { id: rule.id, severity: rule.severity.as_str(), title: rule.title() }
    }
}

impl List {
    fn table(&self) -> String {
        let wide = self.rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
        let line = |rule: &Entry| format!("{:wide$}  {:7}  {}", rule.id, rule.severity, rule.title);
        let lines: Vec<_> = self.rules.iter().map(line).collect();
        lines.join("\n") + "\n"
    }
}
