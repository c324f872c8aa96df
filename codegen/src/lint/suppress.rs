//! The texts of contract files enter; what their comments ask to be ignored leaves.

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, did_you_mean};
use crate::load::comments;
use crate::load::yaml::parse;
use crate::source::{FileId, SourceMap, Span};

/// What a comment for us begins with.
const MARK: &str = "codegen:";

/// `# codegen: ignore[rule] reason`: findings of one rule on one line that are meant.
#[derive(Debug)]
pub struct Suppression {
    /// The id of the rule.
    pub rule: String,
    /// Where the id stands.
    pub place: Span,
    /// The whole comment, and whether it names this rule alone.
    pub comment: (Span, bool),
    /// The line that is meant: its own, or the next one that says something.
    pub line: (FileId, usize),
}

/// Every suppression of these contracts; `known` are the rules that can be ignored.
pub fn suppressions(
    sources: &SourceMap,
    contracts: &[FileId],
    known: &[&'static Rule],
    out: &mut Diagnostics,
) -> Vec<Suppression> {
    let mut found = Vec::new();
    for &file in contracts {
        if !sources.text(file).contains(MARK) {
            continue;
        }
        // What is wrong with the file was told when it was read.
        let Some(root) = parse(sources, file, &mut Diagnostics::default()) else { continue };
        for comment in comments(sources, &root) {
            let text = sources.snippet(comment.span);
            let Some(said) = text.trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
            let Some((ids, reason)) = parts(said) else {
                let finding =
                    Diagnostic::new(&rules::SUPPRESSION_INVALID, comment.span, "this says nothing to codegen");
                out.push(finding.help("write `# codegen: ignore[rule-id] reason`"));
                continue;
            };
            if reason.is_empty() {
                let finding = Diagnostic::new(&rules::SUPPRESSION_INVALID, comment.span, "no reason is given");
                out.push(finding.help("say behind the brackets why the finding is meant"));
                continue;
            }
            let line = if comment.is_alone { comment.span.end as usize } else { comment.span.start as usize };
            let line = if comment.is_alone { next_line(sources.text(file), line) } else { line };
            let line = sources.position(file, u32::try_from(line).expect("a file is at most 1 MiB")).line;
            for id in ids.split(',').map(str::trim) {
                let start = text.find(id).unwrap_or_default();
                let place = comment.span.part(start, start + id.len());
                match is_known(id, known) {
                    Ok(()) => found.push(Suppression {
                        rule: id.to_owned(),
                        place,
                        comment: (comment.span, !ids.contains(',')),
                        line: (file, line),
                    }),
                    Err(help) => {
                        let message = format!("`{id}` is no rule that can be ignored");
                        out.push(Diagnostic::new(&rules::SUPPRESSION_INVALID, place, message).help(help));
                    }
                }
            }
        }
    }
    found
}

/// Whether there is such a rule among those that a project may weigh, or what else could be meant.
pub(super) fn is_known(id: &str, known: &[&'static Rule]) -> Result<(), String> {
    if known.iter().any(|rule| rule.id == id) {
        return Ok(());
    }
    Err(match did_you_mean(id, known.iter().map(|rule| rule.id)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`codegen rules` lists them: those that are warnings or notes".to_owned(),
    })
}

/// The ids and the reason of ` ignore[ids] reason`.
fn parts(said: &str) -> Option<(&str, &str)> {
    let (ids, reason) = said.trim_start().strip_prefix("ignore[")?.split_once(']')?;
    (!ids.trim().is_empty()).then_some((ids, reason.trim()))
}

/// Where the next line that is neither empty nor a comment begins.
fn next_line(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let is_silent = line.trim().is_empty() || line.trim_start().starts_with('#');
        if at > from && !is_silent {
            return at;
        }
        at += line.len();
    }
    from
}
