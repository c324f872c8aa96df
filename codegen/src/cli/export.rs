//! A project enters; its contracts leave in another form.

use anyhow::bail;

use super::session::Session;
use super::{Options, Outcome, console};
use crate::emit::{asyncapi, cloudevents, view};
use crate::load::{self, Files};

#[derive(clap::Subcommand)]
pub(super) enum Export {
    /// One JSON text of all contracts, to compare with later: `breaking --against FILE`
    Bundle,
    /// An `AsyncAPI` 3.1 document: a channel for each contract, a message for each event in its envelope
    Asyncapi,
    /// Which field of the envelope is which attribute of a `CloudEvent`, as JSON (`docs/cloudevents.md`)
    Cloudevents,
    /// What the contracts mean, as JSON: what templates of custom targets see (`docs/custom-targets.md`)
    Model,
}

impl Export {
    pub fn run(&self, options: &Options) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let (files, config) = (Files::on_disk(&project.root)?, &project.config);
        // What is printed goes into a file: findings have no place there.
        let Some(workspace) = crate::workspace_in(&files, config, &mut sources, &mut found)? else {
            bail!("the project has errors; `codegen check` shows them");
        };
        console::data(&match self {
            Self::Bundle => load::bundle(&files, &config.contracts)?,
            Self::Asyncapi => asyncapi::document(&workspace, config),
            Self::Cloudevents => {
                let is_on = config.cloudevents.enabled;
                anyhow::ensure!(
                    is_on,
                    "events are not mapped: put `enabled = true` under `[cloudevents]` in codegen.toml"
                );
                match cloudevents::mapping(&workspace, config, &mut found) {
                    Some(mapping) => cloudevents::document(&workspace, config, &mapping),
                    None => bail!("the project has errors; `codegen check` shows them"),
                }
            }
            Self::Model => view::json(&workspace),
        })?;
        Ok(Outcome::Clean)
    }
}
