//! The name of a family and of something new enter; its contract has a declaration more afterwards.

use anyhow::bail;

use super::console::Console;
use super::session::Session;
use super::{Options, Outcome};
use crate::diagnostic::{Diagnostics, did_you_mean};
use crate::fmt::{NewEvent, insert_event};
use crate::load::Files;
use crate::model::{Family, Workspace};
use crate::output;
use crate::source::SourceMap;

#[derive(clap::Subcommand)]
pub(super) enum New {
    /// Add an event to a contract
    Event(Event),
}

#[derive(clap::Args)]
pub(super) struct Event {
    /// The contract, without `.yaml`
    family: String,
    /// The event, in the past tense: `TicketReopened`
    name: String,
    /// A field and its type: `--field reason=string`, `--field 'count={type: int, min: 0}'`
    #[arg(long = "field", value_name = "NAME=TYPE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// What happened, in a sentence; without it `lint` asks for one
    #[arg(long, value_name = "TEXT")]
    doc: Option<String>,
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, ty)) if !name.is_empty() && !ty.is_empty() => Ok((name.to_owned(), ty.to_owned())),
        _ => Err("write a name, `=` and a type of the contract language".to_owned()),
    }
}

impl New {
    pub fn run(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let Self::Event(event) = self;
        event.add(options, console)
    }
}

impl Event {
    fn add(&self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let Some(workspace) = crate::resolved(&project.root, &project.config, &mut sources, &mut found)? else {
            bail!("the project has errors; `codegen check` shows them");
        };
        let file = self.find(&workspace)?.meta.span.file;
        let path = sources.path(file).to_owned();
        let event = NewEvent { name: &self.name, doc: self.doc.as_deref(), fields: &self.fields };
        let Some(after) = insert_event(sources.text(file), &event) else {
            bail!("`events` of `{path}` is written in brackets; give each event a line of its own first");
        };
        // What the contract would say is judged before it is written.
        let files = Files::on_disk(&project.root)?.with(&path, &after);
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        if crate::workspace_in(&files, &project.config, &mut sources, &mut found)?.is_none() {
            let outcome = console.findings(&Session { project, sources, found })?;
            console.message(format_args!("nothing was written: these are errors of `{path}` as it would be"));
            return Ok(outcome);
        }
        output::replace(&[(project.root.join(&path), after.as_bytes())])?;
        console.message(format_args!("`{}` stands behind the other events of {path}; next: `codegen lint`", self.name));
        Ok(Outcome::Clean)
    }

    fn find<'w>(&self, workspace: &'w Workspace) -> anyhow::Result<&'w Family> {
        let names = || workspace.families.iter().map(|family| family.meta.name.as_str());
        match workspace.families.iter().find(|family| family.meta.name == self.family) {
            Some(family) => Ok(family),
            None => match did_you_mean(&self.family, names()) {
                Some(near) => bail!("there is no contract `{}`; did you mean `{near}`?", self.family),
                None => bail!(
                    "there is no contract `{}`; there are {}",
                    self.family,
                    names().collect::<Vec<_>>().join(", ")
                ),
            },
        }
    }
}
