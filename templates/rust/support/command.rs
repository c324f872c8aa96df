//! Arguments and standard input enter; verdicts or states and an exit code leave: the command of the package.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

use super::events::{self, Envelope};
use super::fold::{self, BadLine, Reducer, ReplayOptions};
use super::lines::{answer_lines, validate_lines};
use super::shape::Kind;

const USAGE: &str = "\
Usage: event-contracts validate [--envelope[=RECORD]] [FILE]
       event-contracts replay REDUCER [--partition] [--sorted] [--skip-invalid] [FILE]

validate: reads JSON Lines of {\"id\", \"event_type\", \"payload\"} from FILE or, without it or for `-`, from standard input.
Instead of `payload` a line may carry `payload_text` or `payload_base64`. Writes one line a case, in order:
{\"errors\":[{\"code\",\"params\",\"path\"}],\"id\",\"valid\"}
  --envelope      lines are whole events; the record that is their envelope has to be named where there are several

replay: reads JSON Lines of envelopes, in any order, and writes the state that the reducer makes of them.
  --partition     reduce each entity by itself
  --sorted        the events are in order already: keep state and ids only
  --skip-invalid  leave out lines that are no envelope, and name them

Exit code: 0 all valid, 1 some are not, 2 could not run.
";

/// Runs the command with these arguments (without the program's name).
pub fn run(
    arguments: impl Iterator<Item = String>,
    find: impl Fn(&str) -> Option<&'static Kind>,
    envelopes: &[Envelope],
    reducers: &[Reducer],
) -> ExitCode {
    let arguments: Vec<String> = arguments.collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match &arguments[..] {
        ["-h" | "--help"] => io::stdout().write_all(USAGE.as_bytes()).map(|()| true),
        ["-V" | "--version"] => writeln!(io::stdout(), "event-contracts {}", env!("CARGO_PKG_VERSION")).map(|()| true),
        ["validate", rest @ ..] => match Validate::of(rest) {
            Some(validate) => validate.run(envelopes, find),
            None => return misused(),
        },
        ["replay", rest @ ..] => match Replay::of(rest) {
            Some(replay) => replay.run(reducers),
            None => return misused(),
        },
        _ => return misused(),
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

fn misused() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

/// What `validate` was asked.
struct Validate<'a> {
    file: &'a str,
    /// The name of the envelope, empty for the only one; none where lines are cases.
    envelope: Option<&'a str>,
}

impl<'a> Validate<'a> {
    fn of(arguments: &[&'a str]) -> Option<Self> {
        let mut envelope = None;
        let mut names = Vec::new();
        for &argument in arguments {
            match argument.strip_prefix("--envelope") {
                Some("") => envelope = Some(""),
                Some(name) => envelope = Some(name.strip_prefix('=')?),
                None if argument.starts_with('-') && argument != "-" => return None,
                None => names.push(argument),
            }
        }
        match names[..] {
            [] => Some(Validate { file: "-", envelope }),
            [file] => Some(Validate { file, envelope }),
            _ => None,
        }
    }

    fn run(&self, envelopes: &[Envelope], find: impl Fn(&str) -> Option<&'static Kind>) -> io::Result<bool> {
        let envelope = self.envelope.map(|name| events::find(envelopes, name)).transpose()?;
        let output = io::BufWriter::new(io::stdout().lock());
        let input: Box<dyn BufRead> = match self.file {
            "-" => Box::new(io::stdin().lock()),
            file => Box::new(BufReader::new(File::open(file)?)),
        };
        match envelope {
            None => validate_lines(input, output, find),
            Some(envelope) => answer_lines(input, output, |line| events::judge(line, envelope, &find)),
        }
    }
}

/// What `replay` was asked.
struct Replay<'a> {
    reducer: &'a str,
    file: &'a str,
    options: ReplayOptions,
}

impl<'a> Replay<'a> {
    fn of(arguments: &[&'a str]) -> Option<Self> {
        let mut options = ReplayOptions::default();
        let mut names = Vec::new();
        for &argument in arguments {
            match argument {
                "--partition" => options.partition = true,
                "--sorted" => options.sorted = true,
                "--skip-invalid" => options.skip_invalid = true,
                "-" => names.push(argument),
                other if other.starts_with('-') => return None,
                name => names.push(name),
            }
        }
        match names[..] {
            [reducer] => Some(Replay { reducer, file: "-", options }),
            [reducer, file] => Some(Replay { reducer, file, options }),
            _ => None,
        }
    }

    fn run(&self, reducers: &[Reducer]) -> io::Result<bool> {
        let reducer = fold::find(reducers, self.reducer, self.options)?;
        let replayed = if self.file == "-" {
            (reducer.replay)(&mut io::stdin().lock(), self.options)?
        } else {
            (reducer.replay)(&mut fold::File::open(self.file)?, self.options)?
        };
        for bad in &replayed.bad {
            eprintln!("{}", described(bad));
        }
        match replayed.state {
            None => Ok(false),
            Some(state) => writeln!(io::stdout(), "{state}").map(|()| true),
        }
    }
}

fn described(bad: &BadLine) -> String {
    let Some(faults) = &bad.faults else {
        return format!("line {}: sorts before the line above it", bad.line);
    };
    let faults = faults.as_slice().iter().map(|fault| format!("{} at \"{}\"", fault.code.as_str(), fault.path));
    format!("line {}: {}", bad.line, faults.collect::<Vec<_>>().join(", "))
}
