//! Arguments enter, an exit code leaves.

use std::process::ExitCode;

fn main() -> ExitCode {
    eventsync::cli::run(std::env::args_os())
}
