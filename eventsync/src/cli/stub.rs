//! An address and a script enter; a receiver for trials and tests runs until it is ended.

use std::fs::OpenOptions;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::{Outcome, print};
use crate::delivery::receivers::stub::{Script, Stub, StubReceiver};

/// Run a receiver on this machine, for trials and tests
#[derive(Subcommand)]
pub enum StubCommand {
    Serve(ServeArguments),
}

/// Take batches until ended; the first line printed is where it listens
#[derive(Args)]
pub struct ServeArguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    addr: String,
    /// Faults to show, in YAML
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Write each event that is taken, as it came, one a line
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

impl StubCommand {
    pub fn run(self) -> Result<Outcome, Failure> {
        let StubCommand::Serve(arguments) = self;
        let at = |path: &PathBuf| {
            let path = path.display().to_string();
            move |error: &dyn std::fmt::Display| Failure::new(format!("{path}: {error}"))
        };
        let script = match &arguments.script {
            None => Script::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| at(path)(&error))?;
                Script::read(&text).map_err(|error| at(path)(&error))?
            }
        };
        let record = arguments.record.as_ref().map(|path| {
            let opened = OpenOptions::new().create(true).append(true).open(path);
            opened.map_err(|error| at(path)(&error))
        });
        let bound = Stub::bind(&arguments.addr, StubReceiver::new(script, record.transpose()?));
        let stub = bound.map_err(|error| Failure::new(format!("{}: {error}", arguments.addr)))?;
        print(&format!("{}\n", stub.url()?))?;
        stub.serve()?;
        Ok(Outcome::DONE)
    }
}
