//! The arguments enter; a manual page leaves.

use anyhow::Context;
use clap::Command;
use clap_mangen::Man as Page;

use super::{Outcome, console};

#[derive(clap::Args)]
pub(super) struct Man {
    /// A command whose page is wanted; without it the page of all
    verb: Option<String>,
}

impl Man {
    pub fn run(&self, mut command: Command) -> anyhow::Result<Outcome> {
        command.build();
        let wanted = match &self.verb {
            None => &command,
            Some(verb) => command.find_subcommand(verb).with_context(|| format!("there is no command `{verb}`"))?,
        };
        let mut page = Vec::new();
        Page::new(wanted.clone()).render(&mut page)?;
        console::data(&String::from_utf8(page)?)?;
        Ok(Outcome::Clean)
    }
}
