//! JSON Lines of events enter; the state that a reducer makes of them leaves as one line of canonical JSON.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::console;
use super::progress::Progress;
use super::session::Session;
use super::{Options, Outcome};
use crate::diagnostic::did_you_mean;
use crate::interpret::{BadLine, ReplayOptions, Stopped, replay_lines, state_line};
use crate::load;
use crate::model::{Reducer, Workspace};
use crate::output::TemporaryRuns;

#[derive(clap::Args)]
pub(super) struct Replay {
    /// The name of the reducer
    reducer: String,
    /// A file of envelopes, one a line; `-` is stdin
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Reduce each entity by itself
    #[arg(long)]
    partition: bool,
    /// The events are in order already: keep state and ids only
    #[arg(long)]
    sorted: bool,
    /// Leave out lines that are no envelope, and name them
    #[arg(long)]
    skip_invalid: bool,
}

impl Replay {
    pub fn run(&self, options: &Options) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let workspace = crate::resolved(&project.root, &project.config, &mut sources, &mut found)?;
        let Some(workspace) = workspace else {
            bail!("the project has errors; `codegen check` shows them");
        };
        let reducer = self.find(&workspace)?;
        if self.partition && reducer.partition_by.is_none() {
            bail!("the reducer `{}` has no `partition_by`", self.reducer);
        }
        let input = load::input(&options.directory, &self.file)?;
        let how = ReplayOptions {
            partition: self.partition,
            sorted: self.sorted,
            skip_invalid: self.skip_invalid,
            ..ReplayOptions::default()
        };
        let mut progress = Progress::new(input.size, !options.quiet);
        let on_line = |bytes: usize| progress.advance(bytes as u64);
        let replayed = replay_lines(&workspace, reducer, how, &mut TemporaryRuns::default(), input.reader, on_line);
        drop(progress);
        let replayed = match replayed {
            Err(stop @ Stopped::Unanswered(_)) => return Ok(console::unanswered(&stop)),
            replayed => replayed?,
        };
        for bad in &replayed.bad {
            anstream::eprintln!("{}", describe(bad));
        }
        let Some(state) = replayed.state else { return Ok(Outcome::Findings) };
        std::io::stdout().lock().write_all(state_line(&state).as_bytes()).context("cannot print the state")?;
        Ok(Outcome::Clean)
    }

    fn find<'w>(&self, workspace: &'w Workspace) -> anyhow::Result<&'w Reducer> {
        if let Some(found) = workspace.reducers.iter().find(|reducer| reducer.meta.name == self.reducer) {
            return Ok(found);
        }
        let names: Vec<&str> = workspace.reducers.iter().map(|reducer| reducer.meta.name.as_str()).collect();
        match did_you_mean(&self.reducer, names.iter().copied()) {
            Some(near) => bail!("there is no reducer `{}`; did you mean `{near}`?", self.reducer),
            None if names.is_empty() => bail!("the contracts declare no reducer"),
            None => bail!("there is no reducer `{}`; there are {}", self.reducer, names.join(", ")),
        }
    }
}

fn describe(bad: &BadLine) -> String {
    if bad.faults.is_empty() {
        return format!("line {}: sorts before the line above it", bad.line);
    }
    let faults: Vec<String> =
        bad.faults.iter().map(|fault| format!("{} at \"{}\"", fault.code.as_str(), fault.pointer())).collect();
    format!("line {}: {}", bad.line, faults.join(", "))
}
