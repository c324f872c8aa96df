//! JSON Lines of events enter; verdict and errors of each leave, as the generated packages would give them.

use std::io::{self, BufWriter, ErrorKind};
use std::path::PathBuf;

use anyhow::bail;

use super::console;
use super::session::Session;
use super::{Options, Outcome};
use crate::interpret::{Stopped, validate_lines};
use crate::load;

#[derive(clap::Args)]
pub(super) struct Validate {
    /// A file of lines `{"id", "event_type", "payload"}`; `-` is stdin
    #[arg(default_value = "-")]
    file: PathBuf,
}

impl Validate {
    pub fn run(&self, options: &Options) -> anyhow::Result<Outcome> {
        let Session { project, mut sources, mut found } = Session::open(options)?;
        let workspace = crate::resolved(&project.root, &project.config, &mut sources, &mut found)?;
        let Some(workspace) = workspace else {
            bail!("the project has errors; `codegen check` shows them");
        };
        let input = load::input(&options.directory, &self.file)?;
        match validate_lines(&workspace, input.reader, BufWriter::new(io::stdout().lock())) {
            Ok(true) => Ok(Outcome::Clean),
            Ok(false) => Ok(Outcome::Findings),
            // Whoever reads the verdicts has seen enough.
            Err(Stopped::Io(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Outcome::Findings),
            Err(stop @ Stopped::Unanswered(_)) => Ok(console::unanswered(&stop)),
            Err(error) => Err(error.into()),
        }
    }
}
