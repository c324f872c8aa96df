//! The command `codegen` as tests run it: Cargo builds only the binaries of the package whose tests it runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    codegen::cli::run(std::env::args_os())
}
