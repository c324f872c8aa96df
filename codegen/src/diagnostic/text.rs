//! Findings and their sources enter; text as rustc would show it leaves.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Label, Severity};
use crate::source::{FileId, SourceMap};

/// Bytes of the longest line that is shown.
const SHOWN_LINE: usize = 2000;

/// Findings with source line, caret, id, notes and help, one paragraph each; with colours for a terminal or without.
pub fn render_text(findings: &[&Diagnostic], sources: &SourceMap, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for finding in findings {
        text += &render(&renderer, finding, sources);
        text += "\n\n";
    }
    text
}

fn render(renderer: &Renderer, finding: &Diagnostic, sources: &SourceMap) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let places: Vec<_> = finding.primary.iter().chain(&finding.related).collect();
    let mut files: Vec<FileId> = Vec::new();
    for place in &places {
        if !files.contains(&place.span.file) {
            files.push(place.span.file);
        }
    }
    let title = level.primary_title(&finding.message).id(finding.rule.id);
    let snippets = files.into_iter().map(|file| snippet(file, &places, finding.primary.as_ref(), sources));
    let notes = finding.notes.iter().map(|note| Level::NOTE.message(note));
    let help = finding.help.iter().map(|help| Level::HELP.message(help));
    renderer.render(&[title.elements(snippets).elements(notes).elements(help)])
}

/// The lines of one file from its first place to its last; those between are folded. A line that no screen holds, or
/// that was not read, is only named.
fn snippet<'a>(file: FileId, places: &[&'a Label], primary: Option<&Label>, sources: &'a SourceMap) -> Element<'a> {
    let line = |place: &Label| sources.line(file, place.span.start);
    let here: Vec<_> = places.iter().filter(|place| place.span.file == file).collect();
    let start = here.iter().map(|place| line(place).start).min().unwrap_or_default();
    let end = here.iter().map(|place| line(place).end).max().unwrap_or_default();
    let not_shown = |place: &Label| line(place).len() > SHOWN_LINE || sources.text(file).is_empty();
    if let Some(place) = here.iter().find(|place| not_shown(place)) {
        let at = sources.position(file, place.span.start);
        return Origin::path(sources.path(file)).line(at.line).char_column(at.column).into();
    }
    let annotations = here.into_iter().map(|place| {
        let kind = if Some(*place) == primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = Some(place.text.as_str()).filter(|text| !text.is_empty());
        kind.span(within(place, &line(place), start)).label(label)
    });
    Snippet::source(line_feeds(&sources.text(file)[start..end]))
        .path(sources.path(file))
        .line_start(sources.position(file, u32::try_from(start).unwrap_or_default()).line)
        .annotations(annotations)
        .into()
}

/// The part of a place that stands on its first line, counted from the start of the snippet.
fn within(place: &Label, line: &Range<usize>, start: usize) -> Range<usize> {
    let (from, to) = (place.span.start as usize, (place.span.end as usize).min(line.end));
    from - start..to.max(from) - start
}

/// Lone carriage returns end lines in YAML, but not for the renderer.
fn line_feeds(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            bytes[at] = b'\n';
        }
    }
    Cow::Owned(String::from_utf8(bytes).expect("one ASCII byte took the place of another"))
}
