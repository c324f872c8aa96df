//! A project enters; its contracts leave in another form.

use super::console::{self, Console};
use super::session::Session;
use super::{Options, Outcome};
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
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let mut session = Session::open(options)?;
        if session.found.has_errors() {
            return Ok(console.findings(&session)?);
        }
        let Session { project, sources, found } = &mut session;
        let (files, config) = (Files::on_disk(&project.root)?, &project.config);
        let Some(workspace) = crate::workspace_in(&files, config, sources, found)? else {
            return Ok(console.findings(&session)?);
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
                match cloudevents::mapping(&workspace, config, found) {
                    Some(mapping) => cloudevents::document(&workspace, config, &mapping),
                    None => return Ok(console.findings(&session)?),
                }
            }
            Self::Model => view::json(&workspace),
        })?;
        Ok(Outcome::Clean)
    }
}
