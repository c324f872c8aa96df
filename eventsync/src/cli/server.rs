//! A URL enters; the server is set, or told.

use clap::Args;

use super::failure::Failure;
use super::{Outcome, print};
use crate::store;
use crate::target::server;

/// Show or set the server of mode TEAMSPACE
#[derive(Args)]
pub struct ServerArguments {
    /// Its URL: https, or http on this machine
    url: Option<String>,
}

impl ServerArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let root = store::root();
        if let Some(url) = &self.url {
            server::set(&root, url)?;
        }
        let known = server::show(&root)?;
        print(&format!("{}\n{}\n", known.url, known.path.display()))?;
        Ok(Outcome::DONE)
    }
}
