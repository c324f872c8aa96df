//! A URL enters; the server is set, or told.

use clap::Args;

use super::failure::Failure;
use super::{Outcome, print};
use crate::store::{self, config};
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
        print(&format!("{}\n{}\n", server::show(&root), config::path(&root).display()))?;
        Ok(Outcome::DONE)
    }
}
