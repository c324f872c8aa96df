//! The contracts of a project enter; they stand in the canonical layout afterwards, or what differs from it is told.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::console::{self, Console};
use super::session::Session;
use super::{Options, Outcome};
use crate::Layout;
use crate::diagnostic::{Diagnostic, Diagnostics, render_text};
use crate::fmt;
use crate::fmt::rules::CONTRACT_LAYOUT;
use crate::load::{self, raw, yaml};
use crate::output::{first_difference, replace, unified_diff};
use crate::source::{SourceMap, Span};

#[derive(clap::Args)]
pub(super) struct Fmt {
    /// Write nothing; tell what would change, as a diff, and exit with 1 if anything would
    #[arg(long)]
    check: bool,
    /// `-`: one contract from stdin, laid out to stdout, for editors
    #[arg(value_parser = ["-"], conflicts_with = "check")]
    stdin: Option<String>,
}

impl Fmt {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        if self.stdin.is_some() {
            return from_stdin();
        }
        let mut session = Session::open(options)?;
        if session.found.has_errors() {
            return Ok(console.findings(&session)?);
        }
        let Session { project, sources, found } = &mut session;
        let layouts = crate::layouts(&project.root, &project.config, sources, found)?;
        if self.check {
            return check(&mut session, console, &layouts);
        }
        let files: Vec<_> = layouts
            .iter()
            .map(|layout| (project.root.join(sources.path(layout.file)), layout.formatted.as_bytes()))
            .collect();
        replace(&files)?;
        let outcome = console.findings(&session)?;
        console.message(format_args!("{} formatted", layouts.len()));
        Ok(outcome)
    }
}

/// What `fmt` would change: to people a diff, to tools findings.
fn check(session: &mut Session, console: &Console, layouts: &[Layout]) -> anyhow::Result<Outcome> {
    let mut text = String::new();
    for layout in layouts {
        let (path, disk) = (session.sources.path(layout.file), session.sources.text(layout.file));
        let message = format!("`{path}` is not in the canonical layout");
        if console.is_for_people() {
            writeln!(text, "{}[{}]: {message}", CONTRACT_LAYOUT.severity.as_str(), CONTRACT_LAYOUT.id)?;
            text += &unified_diff(path, disk, &layout.formatted, "formatted");
        } else {
            let place = first_difference(disk, &layout.formatted);
            let place = Span::new(layout.file, place.start, place.end);
            session.found.push(Diagnostic::new(&CONTRACT_LAYOUT, place, message).help("run `codegen fmt`"));
        }
    }
    let outcome = console.findings(session)?;
    console::data(&text)?;
    if !layouts.is_empty() {
        console.message(format_args!("{} to format; `codegen fmt` does it", layouts.len()));
        return Ok(Outcome::Findings);
    }
    Ok(outcome)
}

/// Nothing goes to stdout but the contract: an editor takes it for the new text of the file.
fn from_stdin() -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    load::input(Path::new("."), Path::new("-"))?.reader.read_to_end(&mut bytes).context("cannot read stdin")?;
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let tree = load::admit(&mut sources, "stdin", &bytes, &mut found)
        .and_then(|file| yaml::parse(&sources, file, &mut found))
        .filter(|tree| raw::read_contract(tree, &mut found).is_some() && !found.has_errors());
    let formatted = tree.and_then(|tree| fmt::format(&sources, &tree, &mut found));
    if let Some(formatted) = formatted {
        console::data(&formatted)?;
        return Ok(Outcome::Clean);
    }
    anstream::eprint!("{}", render_text(&found.sorted(&sources), &sources, false));
    Ok(Outcome::Findings)
}
