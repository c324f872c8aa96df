//! Arguments and standard input enter; verdicts and an exit code leave: the command of the package.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

use super::lines::validate_lines;
use super::shape::Kind;

const USAGE: &str = "\
Usage: event-contracts validate [FILE]

Reads JSON Lines of {\"id\", \"event_type\", \"payload\"} from FILE or, without it or for `-`, from standard input.
Instead of `payload` a line may carry `payload_text` or `payload_base64`. Writes one line a case, in order:
{\"errors\":[{\"code\",\"params\",\"path\"}],\"id\",\"valid\"}

Exit code: 0 all valid, 1 some are not, 2 could not run.
";

/// Runs the command with these arguments (without the program's name).
pub fn run(arguments: impl Iterator<Item = String>, find: impl Fn(&str) -> Option<&'static Kind>) -> ExitCode {
    let arguments: Vec<String> = arguments.collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["-h" | "--help"] => io::stdout().write_all(USAGE.as_bytes()).map(|()| true),
        ["-V" | "--version"] => writeln!(io::stdout(), "event-contracts {}", env!("CARGO_PKG_VERSION")).map(|()| true),
        ["validate"] | ["validate", "-"] => validate(io::stdin().lock(), find),
        ["validate", file] if !file.starts_with('-') => {
            File::open(file).and_then(|file| validate(BufReader::new(file), find))
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn validate(input: impl BufRead, find: impl Fn(&str) -> Option<&'static Kind>) -> io::Result<bool> {
    validate_lines(input, io::BufWriter::new(io::stdout().lock()), find)
}
