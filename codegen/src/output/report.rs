//! A plan enters; what differs leaves as text with unified diffs, or as placed findings for tools.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use similar::TextDiff;

use super::manifest::MANIFEST;
use super::plan::{Difference, Plan, State};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceMap, Span};

impl Plan {
    /// Every difference with its id and diff, then how many of which kind, and what to do about each kind.
    pub fn report_text(&self) -> String {
        self.text(self.differences())
    }

    /// The same of what keeps the plan from being carried out.
    pub fn refusal_text(&self, overwrite: bool) -> String {
        self.text(self.refused(overwrite))
    }

    /// Differences as findings, each at the first line that differs.
    pub fn findings<'a>(
        &self,
        differences: impl IntoIterator<Item = &'a Difference>,
        sources: &mut SourceMap,
    ) -> Vec<Diagnostic> {
        let mut finding = |difference: &Difference| {
            let Difference { path, state, disk } = difference;
            let disk = String::from_utf8_lossy(disk.as_deref().unwrap_or_default());
            let planned = String::from_utf8_lossy(self.planned(path).unwrap_or_default());
            let place = first_difference(&disk, &planned);
            let file = sources.add(path.as_str(), disk.as_ref());
            let place = Span::new(file, place.start, place.end);
            Diagnostic::new(state.rule(), place, state.message(path)).help(state.help())
        };
        differences.into_iter().map(&mut finding).collect()
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
        Some(unified_diff(&difference.path, disk, planned, "generated"))
    }
}

/// From one text of a file to another, which is called `what`.
pub fn unified_diff(path: &str, disk: &str, planned: &str, what: &str) -> String {
    let diff = TextDiff::from_lines(disk, planned);
    diff.unified_diff().header(path, &format!("{path} ({what})")).to_string()
}

/// The first line of `disk` that differs.
pub fn first_difference(disk: &str, planned: &str) -> Range<usize> {
    let lines = disk.split_inclusive('\n').zip(planned.split_inclusive('\n'));
    let start = lines.take_while(|(disk, planned)| disk == planned).map(|(line, _)| line.len()).sum();
    start..disk[start..].find('\n').map_or(disk.len(), |end| start + end)
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    writeln!(text, "{content}").expect("a string takes everything");
}
