//! A project enters; its generated files stand on the disk afterwards, or what keeps them from it is told.

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};
use crate::Generated;

#[derive(clap::Args, Default)]
pub(super) struct Generate {
    /// Replace files that were edited by hand, or that stand where a file is generated
    #[arg(long)]
    overwrite: bool,
}

impl Generate {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let mut session = Session::open(options)?;
        if session.found.has_errors() {
            return Ok(console.findings(&session)?);
        }
        let Session { project, sources, found } = &mut session;
        let on_wait = || console.message("another run is writing; waiting for it");
        match crate::generate(&project.root, &project.config, self.overwrite, on_wait, sources, found)? {
            Generated::Faulty => Ok(console.findings(&session)?),
            Generated::Refused(plan) => {
                let refused = plan.refused(self.overwrite);
                console.differences(&mut session, &plan, refused, &plan.refusal_text(self.overwrite))?;
                Ok(Outcome::Findings)
            }
            Generated::Written(done) => {
                console.findings(&session)?;
                let (written, removed, unchanged) = (done.written, done.removed, done.unchanged);
                console.message(format_args!("{written} written, {removed} removed, {unchanged} unchanged"));
                Ok(Outcome::Clean)
            }
        }
    }
}
