//! A project enters; its generated files stand on the disk afterwards, and the first page of the reference is told.

use anyhow::bail;

use super::console::{self, Console};
use super::generate::Generate;
use super::session::Session;
use super::{Options, Outcome};

pub(super) fn run(options: &Options, console: &Console) -> anyhow::Result<Outcome> {
    let Session { project, .. } = Session::open(options)?;
    if !project.config.docs.enabled {
        bail!("the reference is switched off: set `enabled = true` in the section `[docs]` of codegen.toml");
    }
    let outcome = Generate::default().run(options, console)?;
    if outcome == Outcome::Clean {
        console::data(&format!("{}\n", project.root.join(&project.config.docs.out).join("index.html").display()))?;
    }
    Ok(outcome)
}
