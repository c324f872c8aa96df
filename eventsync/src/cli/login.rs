//! A name and a password enter; credentials are kept in a file of their own, or removed.

use std::io::{BufRead, IsTerminal};

use clap::Args;

use super::context::Context;
use super::failure::Failure;
use super::{Outcome, print};
use crate::delivery::receivers::{HttpClient, login};
use crate::store;
use crate::target::{Surfaces, credentials};

/// Log in at the server of mode TEAMSPACE
#[derive(Args)]
pub struct LoginArguments {
    /// Who you are there
    #[arg(long)]
    username: String,
    /// Read the password from stdin, one line
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// Remove the credentials from this machine
#[derive(Args)]
pub struct LogoutArguments {}

impl LoginArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let context = Context::read()?;
        let surfaces = Surfaces::from(context.resolution.target());
        let server = context.resolution.target().resolved_server_url().as_str();
        let given =
            login(&HttpClient::default(), &surfaces.token_url, server, &context.root, &self.username, &password()?)?;
        let team = if given.team_slug.is_empty() { "no team" } else { &given.team_slug };
        print(&format!("logged in at {server} as {} ({team})\n", self.username))?;
        Ok(Outcome::DONE)
    }
}

impl LogoutArguments {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let Self {} = self;
        credentials::clear(&store::root())?;
        print("logged out\n")?;
        Ok(Outcome::DONE)
    }
}

fn password() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Err(Failure::new("a terminal would show the password: give it by a pipe or a file"));
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() { Err(Failure::new("stdin holds no password")) } else { Ok(password.to_owned()) }
}
