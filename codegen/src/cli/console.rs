//! Findings, data and messages enter; they leave on stdout (findings and data) and stderr (everything else).

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::bail;
use serde::Serialize;

use super::session::Session;
use super::{Color, Format, Options, Outcome};
use crate::diagnostic::{Finding, Severity, render_github, render_json, render_junit, render_sarif, render_text};
use crate::interpret::Stopped;
use crate::output::{Difference, Plan};

/// Where a run prints, and how.
pub(super) struct Console {
    format: Format,
    colour: bool,
    quiet: bool,
    verbose: bool,
}

impl Console {
    pub fn new(options: &Options) -> Self {
        let wanted = match options.color {
            Color::Auto => AutoStream::choice(&io::stdout()),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let (quiet, verbose) = (options.quiet, options.verbose);
        Self { format: options.format, colour: wanted != ColorChoice::Never, quiet, verbose }
    }

    /// Prints the findings of a run, notes only on request, and counts them on stderr. An error fails the run.
    pub fn findings(&self, session: &Session) -> io::Result<Outcome> {
        self.findings_failing(Severity::Error, session)
    }

    /// The same for a run that lighter findings fail too, down to `fails`.
    pub fn findings_failing(&self, fails: Severity, Session { found, sources, .. }: &Session) -> io::Result<Outcome> {
        let all = found.sorted(sources);
        let shown: Vec<_> = all.into_iter().filter(|d| self.verbose || d.severity != Severity::Note).collect();
        if self.format == Format::Text {
            data(&render_text(&shown, sources, self.colour))?;
        } else {
            let findings: Vec<_> = shown.iter().map(|finding| Finding::new(finding, sources)).collect();
            self.report(&findings, fails)?;
        }
        let count = |severity| shown.iter().filter(|finding| finding.severity == severity).count();
        let counts = [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")];
        let told: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        if !told.is_empty() {
            self.message(told.join(", "));
        }
        let fails = shown.iter().any(|finding| finding.severity <= fails);
        Ok(if fails { Outcome::Findings } else { Outcome::Clean })
    }

    /// The same on stderr, as text, for a run whose data is on stdout.
    pub fn findings_beside_data(&self, Session { found, sources, .. }: &Session) -> Outcome {
        let all = found.sorted(sources);
        let shown: Vec<_> = all.into_iter().filter(|d| self.verbose || d.severity != Severity::Note).collect();
        if !shown.is_empty() {
            self.message(render_text(&shown, sources, false).trim_end());
        }
        if found.has_errors() { Outcome::Findings } else { Outcome::Clean }
    }

    /// Prints findings to a tool.
    pub fn report(&self, findings: &[Finding<'_>], fails: Severity) -> io::Result<()> {
        match self.format {
            Format::Text | Format::Json => data(&render_json(findings)),
            Format::Github => data(&render_github(findings)),
            Format::Sarif => data(&render_sarif(findings)),
            Format::Junit => data(&render_junit(findings, fails)),
        }
    }

    /// Whether people read what is printed.
    pub fn is_for_people(&self) -> bool {
        self.format == Format::Text
    }

    /// Prints the findings of a run and how generated files differ from the plan: to people `diffs`, to tools findings.
    pub fn differences<'a>(
        &self,
        session: &mut Session,
        plan: &Plan,
        differences: impl IntoIterator<Item = &'a Difference>,
        diffs: &str,
    ) -> io::Result<()> {
        if !self.is_for_people() {
            session.found.extend(plan.findings(differences, &mut session.sources));
        }
        self.findings(session)?;
        if self.is_for_people() { data(diffs) } else { Ok(()) }
    }

    /// Prints a value as JSON, or what stands for it in text.
    pub fn value(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> anyhow::Result<()> {
        match self.format {
            Format::Text => data(&text())?,
            Format::Json => {
                let json = serde_json::to_string_pretty(value).expect("what is printed is plain data");
                data(&format!("{json}\n"))?;
            }
            Format::Github | Format::Sarif | Format::Junit => {
                bail!("this format is for findings; what this command prints is text or json");
            }
        }
        Ok(())
    }

    /// Tells the user something that is neither finding nor data.
    pub fn message(&self, message: impl Display) {
        if !self.quiet {
            stderr(message);
        }
    }
}

/// Prints to stdout; a reader that went away has what it wanted.
pub(super) fn data(data: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Tells why the run could not be carried out, whatever `-q` says.
pub(super) fn failure(error: &anyhow::Error) {
    stderr(format_args!("error: {error:#}"));
}

/// Tells of a call of a hook that only an implementation can answer: a finding about the vectors.
pub(super) fn unanswered(stop: &Stopped) -> Outcome {
    stderr(format_args!("error: {stop}"));
    Outcome::Findings
}

fn stderr(message: impl Display) {
    // Nobody is left to be told when the terminal is gone.
    let _ = writeln!(io::stderr(), "{message}");
}
