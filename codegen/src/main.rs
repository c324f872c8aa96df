//! Arguments enter, an exit code leaves.

use std::process::ExitCode;

fn main() -> ExitCode {
    codegen::cli::run(std::env::args_os())
}
