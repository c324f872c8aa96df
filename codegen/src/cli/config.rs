//! A project enters; its effective configuration leaves as TOML.

use super::console::Console;
use super::{Options, Outcome};
use crate::diagnostic::Diagnostics;
use crate::load;
use crate::source::SourceMap;

#[derive(clap::Args)]
pub(super) struct Show {
    /// Print every setting with its value, as `codegen.toml` would say it
    #[arg(long, required = true)]
    show: bool,
}

pub(super) fn show(options: &Options, console: &Console) -> anyhow::Result<Outcome> {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let project = load::project(&options.directory, &mut sources, &mut found)?;
    if found.has_errors() {
        return Ok(console.findings(&found, &sources)?);
    }
    console.value(&project.config, || project.config.to_toml())?;
    Ok(Outcome::Clean)
}
