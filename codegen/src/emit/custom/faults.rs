//! What minijinja says enters; findings at the place in a template, or in the manifest, leave.

use std::error::Error as _;

use minijinja::{Error, ErrorKind};

use super::rules;
use crate::config::target::{Loaded, Template};
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::{FileId, SourceMap, Span};

/// Where places are found.
#[derive(Clone, Copy)]
pub(super) struct Faults<'r> {
    pub sources: &'r SourceMap,
    pub target: &'r Loaded,
}

impl Faults<'_> {
    /// A template that cannot be read.
    pub fn syntax(self, error: &Error) -> Diagnostic {
        let place = self.place(error).expect("a template with a fault has a name");
        let finding = Diagnostic::new(&rules::TEMPLATE_SYNTAX, place, said(error));
        finding.help("templates are written in the language of Jinja: see docs/custom-targets.md")
    }

    /// A template that failed.
    pub fn rendering(self, entry: &Template, error: &Error, fuel: u64) -> Diagnostic {
        let error = innermost(error);
        let place = self.place(error).unwrap_or_else(|| self.start(entry));
        if error.kind() == ErrorKind::OutOfFuel {
            let message = format!("the template takes more than {fuel} steps");
            return Diagnostic::new(&rules::TEMPLATE_LIMIT, place, message)
                .help("make several files, or shorter loops");
        }
        let finding = Diagnostic::new(&rules::TEMPLATE_ERROR, place, said(error));
        match error.kind() {
            ErrorKind::UndefinedError => {
                finding.help("`codegen export model` prints all that there is; what is not said is null there")
            }
            ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
                finding.help("docs/custom-targets.md lists the filters and functions")
            }
            _ => finding,
        }
    }

    /// A file that would be larger than this.
    pub fn too_large(self, entry: &Template, most: usize) -> Diagnostic {
        let message = format!("the file would be larger than {most} bytes");
        Diagnostic::new(&rules::TEMPLATE_LIMIT, self.start(entry), message).help("make several files")
    }

    fn start(self, entry: &Template) -> Span {
        Span::new(self.target.texts[&entry.file.value], 0, 0)
    }

    /// Where an error stands; none where it is in no template.
    fn place(self, error: &Error) -> Option<Span> {
        let file = *self.target.texts.get(error.name()?)?;
        let text = self.sources.text(file);
        let range = error.range().filter(|range| text.get(range.clone()).is_some_and(|part| !part.is_empty()));
        let range = range.unwrap_or_else(|| line(text, error.line().unwrap_or(1)));
        Some(self.within_line(file, range))
    }

    /// The part of a range that stands in its first line.
    fn within_line(self, file: FileId, range: std::ops::Range<usize>) -> Span {
        let line = self.sources.line(file, u32::try_from(range.start).expect("a template is at most 1 MiB"));
        Span::new(file, range.start, range.end.min(line.end).max(range.start))
    }
}

/// What is wrong with a template or expression that stands in the manifest.
pub(super) fn of_manifest(rule: &'static Rule, place: Span, error: &Error) -> Diagnostic {
    Diagnostic::new(rule, place, said(innermost(error)))
}

/// The bytes of a line, from 1.
fn line(text: &str, number: usize) -> std::ops::Range<usize> {
    let start = text.split_inclusive('\n').take(number - 1).map(str::len).sum::<usize>();
    let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
    start..end
}

/// What failed in a template that others include.
fn innermost(error: &Error) -> &Error {
    match error.source().and_then(|source| source.downcast_ref::<Error>()) {
        Some(inner) => innermost(inner),
        None => error,
    }
}

/// In the words of minijinja, as findings are written.
fn said(error: &Error) -> String {
    let kind = error.kind().to_string();
    match error.detail() {
        Some(detail) if error.kind() == ErrorKind::InvalidOperation => detail.to_owned(),
        Some(detail) => format!("{kind}: {detail}"),
        None => kind,
    }
}
