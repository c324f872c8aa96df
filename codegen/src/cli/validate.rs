//! JSON Lines of events enter; verdict and errors of each leave, as the generated packages would give them.

use std::io::{self, BufWriter, ErrorKind};
use std::path::PathBuf;

use anyhow::bail;

use super::session::Session;
use super::{Options, Outcome};
use crate::interpret::validate_lines;
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
        match validate_lines(&workspace, input, BufWriter::new(io::stdout().lock())) {
            Ok(true) => Ok(Outcome::Clean),
            Ok(false) => Ok(Outcome::Findings),
            // Whoever reads the verdicts has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Outcome::Findings),
            Err(error) => Err(error.into()),
        }
    }
}
