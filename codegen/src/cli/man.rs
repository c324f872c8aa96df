//! The arguments enter; their manual pages leave.

use std::path::PathBuf;

use anyhow::Context;
use clap::Command;
use clap_mangen::Man as Page;

use super::{Options, Outcome, console};
use crate::output;

#[derive(clap::Args)]
pub(super) struct Man {
    /// A folder that gets a page for the command and for each verb; without it the page of the command is printed
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

impl Man {
    pub fn run(&self, command: Command, options: &Options) -> anyhow::Result<Outcome> {
        let Some(folder) = &self.out else {
            let mut page = Vec::new();
            Page::new(command).render(&mut page)?;
            console::data(&String::from_utf8(page)?)?;
            return Ok(Outcome::Clean);
        };
        let folder = options.directory.join(folder);
        output::create_folder(&folder)?;
        clap_mangen::generate_to(command, &folder)
            .with_context(|| format!("cannot write the pages to `{}`", folder.display()))?;
        Ok(Outcome::Clean)
    }
}
