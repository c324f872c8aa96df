//! Arguments enter; a command is carried out and an exit code leaves.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod migrate;

use crate::store;

/// Keeps events in a local journal and delivers them to one chosen server after another.
#[derive(Parser)]
#[command(name = "eventsync", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Migrate(migrate::Migrate),
}

/// Carries out what the arguments say; the first is the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command: Command::Migrate(arguments) }) => migrate::run(&store::root(), &[], &arguments)
            .unwrap_or_else(|error| {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }),
        Err(error) => {
            // Nobody is left to be told when the terminal is gone.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}
