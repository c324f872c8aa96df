//! The name of a shell enters; a script leaves that completes our arguments there.

use clap::Command;
use clap_complete::Shell;

use super::{Outcome, console};

#[derive(clap::Args)]
pub(super) struct Completions {
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(&self, mut command: Command) -> anyhow::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "codegen", &mut script);
        console::data(&String::from_utf8(script)?)?;
        Ok(Outcome::Clean)
    }
}
