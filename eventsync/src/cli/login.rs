//! A name and a password enter; credentials are kept in a file of their own, or removed.

use std::io::{BufRead, IsTerminal};

use clap::Args;

use super::context::Context;
use super::failure::Failure;
use super::line::in_one_line;
use super::{Outcome, print};
use crate::delivery::receivers::{HttpClient, login};
use crate::store;
use crate::target::{Surfaces, credentials, server};

/// Log in at the server of mode TEAMSPACE
#[derive(Args)]
pub struct LoginArguments {
    /// Who you are there
    #[arg(long)]
    username: String,
    /// Read the password from stdin, one line; else the terminal is asked, without echo
    #[arg(long)]
    password_stdin: bool,
}

/// Remove the credentials from this machine
#[derive(Args)]
pub struct LogoutArguments {}

impl LoginArguments {
    pub fn run(self) -> Result<Outcome, Failure> {
        let context = Context::read()?;
        server::valid(context.resolution.target().resolved_server_url().as_str())?;
        let surfaces = Surfaces::from(context.resolution.target());
        let server_url = context.resolution.target().resolved_server_url().as_str();
        let given = login(
            &HttpClient::default(),
            &surfaces.token_url,
            server_url,
            &context.root,
            &self.username,
            &self.password()?,
        )?;
        let team = if given.team_slug.is_empty() { "no team" } else { &given.team_slug };
        let line = format!("logged in at {server_url} as {} ({team})", self.username);
        print(&format!("{}\n", in_one_line(&line)))?;
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

impl LoginArguments {
    fn password(&self) -> Result<String, Failure> {
        let stdin = std::io::stdin();
        let line = match (self.password_stdin, stdin.is_terminal()) {
            (true, false) => line()?,
            (false, true) => unseen_line()?,
            (true, true) => {
                return Err(Failure::new("a terminal would show the password: leave `--password-stdin` out"));
            }
            (false, false) => return Err(Failure::new("stdin is no terminal: say `--password-stdin`")),
        };
        let password = line.trim_end_matches(['\r', '\n']);
        if password.is_empty() { Err(Failure::new("there is no password")) } else { Ok(password.to_owned()) }
    }
}

fn line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

/// A line that is typed and not shown.
#[cfg(unix)]
fn unseen_line() -> std::io::Result<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    let usual = tcgetattr(&stdin)?;
    let mut quiet = usual.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &quiet)?;
    eprint!("Password: ");
    let typed = line();
    tcsetattr(&stdin, OptionalActions::Flush, &usual)?;
    eprintln!();
    typed
}

/// A line that is typed and not shown; only Unix knows how.
#[cfg(not(unix))]
fn unseen_line() -> std::io::Result<String> {
    Err(std::io::Error::other("this system shows what is typed: use `--password-stdin`"))
}
