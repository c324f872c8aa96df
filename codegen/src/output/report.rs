//! A plan enters; what differs leaves as text with unified diffs, or as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use similar::TextDiff;

use super::manifest::MANIFEST;
use super::plan::{Difference, Plan, State};

/// What tools read: version 1 of the document.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    findings: Vec<Finding<'a>>,
    unchanged: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    id: &'a str,
    path: &'a str,
    message: String,
    help: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

impl Plan {
    /// Every difference with its id and diff, then how many of which kind, and what to do about each kind.
    pub fn report_text(&self) -> String {
        self.text(self.differences())
    }

    /// The same of what keeps the plan from being carried out.
    pub fn refusal_text(&self, overwrite: bool) -> String {
        self.text(self.refused(overwrite))
    }

    /// All differences as one JSON document.
    pub fn report_json(&self) -> String {
        let findings = self.differences().iter().map(|difference| Finding {
            id: difference.state.rule().id,
            path: &difference.path,
            message: difference.state.message(&difference.path),
            help: difference.state.help(),
            diff: self.diff(difference),
        });
        let report = Report { version: 1, findings: findings.collect(), unchanged: self.unchanged() };
        let mut text = serde_json::to_string_pretty(&report).expect("a report is plain data");
        text.push('\n');
        text
    }

    fn text<'a>(&self, differences: impl IntoIterator<Item = &'a Difference>) -> String {
        let mut text = String::new();
        let mut kinds: BTreeMap<&str, (usize, &State)> = BTreeMap::new();
        for difference in differences {
            let Difference { path, state, .. } = difference;
            let rule = state.rule();
            kinds.entry(rule.id).or_insert((0, state)).0 += 1;
            line(&mut text, format_args!("{}[{}]: {}", rule.severity.as_str(), rule.id, state.message(path)));
            text += &self.diff(difference).unwrap_or_default();
        }
        for (id, (count, state)) in kinds {
            line(&mut text, format_args!("{count} {id}: help: {}", state.help()));
        }
        text
    }

    /// From what stands there to what would; nothing where one of them is no text or there is only one.
    fn diff(&self, difference: &Difference) -> Option<String> {
        if difference.path == MANIFEST {
            return None;
        }
        let disk = std::str::from_utf8(difference.disk.as_deref()?).ok()?;
        let planned = std::str::from_utf8(self.planned(&difference.path)?).ok()?;
        let path = &difference.path;
        let diff = TextDiff::from_lines(disk, planned);
        Some(diff.unified_diff().header(path, &format!("{path} (generated)")).to_string())
    }
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    writeln!(text, "{content}").expect("a string takes everything");
}
