//! Arguments and standard input enter; verdicts or states and an exit code leave: the command of the package.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

use super::events::{self, Envelope};
use super::fold::{self, BadLine, Reducer, ReplayOptions, Source};
use super::lines::{answer_lines, validate_lines};
use super::shape::Kind;

const USAGE: &str = "\
Usage: event-contracts validate [--envelope[=RECORD]] [FILE]
       event-contracts replay REDUCER [--partition] [--sorted] [--skip-invalid] [FILE]
       event-contracts cloudevents [--reverse] [FILE]

validate: reads JSON Lines of {\"id\", \"event_type\", \"payload\"} from FILE or, without it or for `-`, from standard input.
Instead of `payload` a line may carry `payload_text` or `payload_base64`. Writes one line a case, in order:
{\"errors\":[{\"code\",\"params\",\"path\"}],\"id\",\"valid\"}
  --envelope      lines are whole events; the record that is their envelope has to be named where there are several

replay: reads JSON Lines of envelopes, in any order, and writes the state that the reducer makes of them.
  --partition     reduce each entity by itself
  --sorted        the events are in order already: keep state and ids only
  --skip-invalid  leave out lines that are no envelope, and name them

cloudevents: reads JSON Lines of envelopes and writes each as a CloudEvent, where the package maps events to these.
  --reverse       the other way round

Exit code: 0 all valid, 1 some are not, 2 could not run.
";

/// Converts lines, in reverse where that is asked, and tells whether all were good.
pub type Convert = fn(bool, &mut dyn Source, &mut dyn Write, &mut dyn FnMut(&BadLine)) -> io::Result<bool>;

/// Runs the command with these arguments (without the program's name).
pub fn run(
    arguments: impl Iterator<Item = String>,
    find: impl Fn(&str) -> Option<&'static Kind>,
    envelopes: &[Envelope],
    reducers: &[Reducer],
    convert: Option<Convert>,
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
        ["cloudevents", rest @ ..] => match conversion(rest) {
            Some((reverse, file)) => converted(convert, reverse, file),
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

/// What `cloudevents` was asked: whether in reverse, and of which file.
fn conversion<'a>(arguments: &[&'a str]) -> Option<(bool, &'a str)> {
    let is_flag = |argument: &&str| argument.starts_with('-') && *argument != "-";
    let (flags, names): (Vec<&str>, Vec<&'a str>) = arguments.iter().partition(|argument| is_flag(argument));
    match (names[..].first(), names.len(), flags.iter().all(|flag| *flag == "--reverse")) {
        (file, ..=1, true) => Some((!flags.is_empty(), file.copied().unwrap_or("-"))),
        _ => None,
    }
}

fn converted(convert: Option<Convert>, reverse: bool, file: &str) -> io::Result<bool> {
    let message = "this package does not map events to CloudEvents";
    let convert = convert.ok_or_else(|| io::Error::new(io::ErrorKind::Unsupported, message))?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut refuse = |bad: &BadLine| eprintln!("{}", described(bad));
    if file == "-" {
        convert(reverse, &mut io::stdin().lock(), &mut output, &mut refuse)
    } else {
        convert(reverse, &mut fold::File::open(file)?, &mut output, &mut refuse)
    }
}

fn described(bad: &BadLine) -> String {
    let Some(faults) = &bad.faults else {
        return format!("line {}: sorts before the line above it", bad.line);
    };
    let faults = faults.as_slice().iter().map(|fault| format!("{} at \"{}\"", fault.code.as_str(), fault.path));
    format!("line {}: {}", bad.line, faults.collect::<Vec<_>>().join(", "))
}
