//! Nothing enters; the JSON Schema of the contract language leaves, for editors.

use super::{Outcome, console};
use crate::load::shape::{Draft, language_schema};

#[derive(clap::Args)]
pub(super) struct Schema {
    /// Speak draft-07 instead of 2020-12
    #[arg(long = "draft-07")]
    draft_07: bool,
}

impl Schema {
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let draft = if self.draft_07 { Draft::Seven } else { Draft::Latest };
        console::data(&language_schema(draft, "printed by `codegen schema`"))?;
        Ok(Outcome::Clean)
    }
}
