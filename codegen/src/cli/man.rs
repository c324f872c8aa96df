//! The arguments enter; a manual page leaves.

use anyhow::bail;
use clap::Command;
use clap_mangen::Man as Page;

use super::{Outcome, console};
use crate::diagnostic::did_you_mean;

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
            Some(verb) => match command.find_subcommand(verb) {
                Some(wanted) => wanted,
                None => match did_you_mean(verb, command.get_subcommands().map(Command::get_name)) {
                    Some(near) => bail!("there is no command `{verb}`; did you mean `{near}`?"),
                    None => bail!("there is no command `{verb}`; `codegen --help` lists all"),
                },
            },
        };
        let mut page = Vec::new();
        Page::new(wanted.clone()).render(&mut page)?;
        console::data(&String::from_utf8(page)?)?;
        Ok(Outcome::Clean)
    }
}
