//! A project enters; its contracts leave in another form.

use super::console::{self, Console};
use super::session::Session;
use super::{Options, Outcome};
use crate::load::{self, Files};

#[derive(clap::Subcommand)]
pub(super) enum Export {
    /// One JSON text of all contracts, to compare with later: `breaking --against FILE`
    Bundle,
}

impl Export {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let mut session = Session::open(options)?;
        if session.found.has_errors() {
            return Ok(console.findings(&session)?);
        }
        let Session { project, sources, found } = &mut session;
        let files = Files::on_disk(&project.root)?;
        let contracts = &project.config.contracts;
        if crate::workspace(&project.root, &project.config, sources, found)?.is_none() {
            return Ok(console.findings(&session)?);
        }
        match self {
            Self::Bundle => console::data(&load::bundle(&files, contracts)?)?,
        }
        Ok(Outcome::Clean)
    }
}
