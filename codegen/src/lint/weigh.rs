//! Findings and what a project says about rules enter; the findings leave that it wants, with the weight that it gives.

use std::collections::BTreeSet;

use super::rules;
use super::suppress::{Suppression, is_known};
use crate::config::rules::CONFIG_VALUE;
use crate::config::{Level, Lint};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use crate::source::SourceMap;

/// Errors of the language that a project may lower, with a reason, to warnings: `pattern-unsafe` where a pattern is
/// only ambiguous.
const LOWERED: &[&str] = &["pattern-unsafe"];

/// The rules that a project may weigh: what would keep targets apart is no matter of taste.
pub fn weighable(all: &[&'static Rule]) -> Vec<&'static Rule> {
    all.iter().copied().filter(|rule| rule.severity != Severity::Error).collect()
}

/// Gives each finding its weight, and takes out those that are off or ignored. What ignores nothing is told where the
/// findings are `complete`: all rules were asked.
pub fn weigh(
    settings: &Lint,
    all: &[&'static Rule],
    suppressions: &[Suppression],
    complete: bool,
    sources: &SourceMap,
    out: &mut Diagnostics,
) {
    let known = weighable(all);
    check_settings(settings, &known, out);
    let (mut used, mut used_settings) = (BTreeSet::new(), BTreeSet::new());
    out.retain(|finding| {
        let id = finding.rule.id;
        if !known.iter().any(|rule| rule.id == id) {
            return true;
        }
        if let Some(setting) = settings.levels.get(id) {
            let Some(severity) = setting.level.severity() else { return false };
            finding.severity = severity;
        }
        let Some(place) = finding.primary.as_ref().map(|label| label.span) else { return true };
        let line = (place.file, sources.position(place.file, place.start).line);
        let comments = suppressions.iter().enumerate().filter(|(_, one)| one.rule == id && one.line == line);
        let comments: Vec<usize> = comments.map(|(at, _)| at).collect();
        let path = sources.path(place.file);
        let ignored = settings.ignore.iter().enumerate().filter(|(_, one)| one.rule == id && one.path == path);
        let ignored: Vec<usize> = ignored.map(|(at, _)| at).collect();
        let is_kept = comments.is_empty() && ignored.is_empty();
        used.extend(comments);
        used_settings.extend(ignored);
        is_kept
    });
    if !complete {
        return;
    }
    for (_, suppression) in suppressions.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let message = format!("no finding of `{}` stands here", suppression.rule);
        let mut finding = Diagnostic::new(&rules::SUPPRESSION_UNUSED, suppression.place, message);
        if let (comment, true) = suppression.comment {
            finding = finding.fix(comment, "");
        }
        out.push(finding.help("remove it"));
    }
    for (_, ignore) in settings.ignore.iter().enumerate().filter(|(at, _)| !used_settings.contains(at)) {
        let message = format!("no finding of `{}` stands in `{}`", ignore.rule, ignore.path.escape_debug());
        out.push(Diagnostic::new(&rules::SUPPRESSION_UNUSED, ignore.place, message).help("remove it"));
    }
}

fn check_settings(settings: &Lint, known: &[&'static Rule], out: &mut Diagnostics) {
    for (id, setting) in &settings.levels {
        let finding = |message: String| Diagnostic::new(&CONFIG_VALUE, setting.place, message);
        if LOWERED.contains(&id.as_str()) {
            if !matches!(setting.level, Level::Warning | Level::Error) {
                out.push(finding(format!("`{id}` can be a warning or an error")).help("its findings are always told"));
            } else if setting.reason.is_none() {
                let help = format!("write `{id} = {{level = \"warning\", reason = \"..\"}}`");
                out.push(finding(format!("no reason is given for the level of `{id}`")).help(help));
            }
        } else if let Err(help) = is_known(id, known) {
            out.push(finding(format!("`{}` is no rule that can be weighed", id.escape_debug())).help(help));
        }
    }
    for ignore in &settings.ignore {
        if let Err(help) = is_known(&ignore.rule, known) {
            let message = format!("`{}` is no rule that can be ignored", ignore.rule.escape_debug());
            out.push(Diagnostic::new(&CONFIG_VALUE, ignore.place, message).help(help));
        }
    }
}
