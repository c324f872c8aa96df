//! A project enters; what its rules find leaves, or, with `--fix`, what is left of it.

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};
use crate::Layout;
use crate::diagnostic::Severity;
use crate::output::replace;

/// How often a fix may bring another one to light.
const ROUNDS: usize = 10;

#[derive(clap::Args)]
pub(super) struct Lint {
    /// Put right what can be put right without a decision
    #[arg(long)]
    fix: bool,
}

impl Lint {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let mut first = None;
        for round in 0.. {
            let mut session = Session::open(options)?;
            if !session.found.has_errors() {
                let Session { project, sources, found } = &mut session;
                crate::lint(&project.root, &project.config, sources, found)?;
            }
            let changed =
                if self.fix && round < ROUNDS { crate::fixes(&session.sources, &session.found) } else { Vec::new() };
            let fixable = session.found.fixable();
            let before = *first.get_or_insert(fixable);
            if changed.is_empty() {
                let outcome = console.findings_failing(Severity::Warning, &session)?;
                if self.fix {
                    console.message(format_args!("{} fixed", before.saturating_sub(fixable)));
                }
                return Ok(outcome);
            }
            let place = |layout: &Layout| session.project.root.join(session.sources.path(layout.file));
            let files: Vec<_> = changed.iter().map(|layout| (place(layout), layout.formatted.as_bytes())).collect();
            replace(&files)?;
        }
        unreachable!("a round without fixes is the last one")
    }
}
