//! A project enters; its effective configuration leaves as TOML.

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};

#[derive(clap::Args)]
pub(super) struct Show {
    /// Print every setting with its value, as `codegen.toml` would say it
    #[arg(long, required = true)]
    show: bool,
}

pub(super) fn show(options: &Options, console: &Console) -> anyhow::Result<Outcome> {
    let session = Session::open(options)?;
    if session.found.has_errors() {
        return Ok(console.findings(&session)?);
    }
    let config = &session.project.config;
    console.value(config, || config.to_toml())?;
    Ok(Outcome::Clean)
}
