//! Arguments and standard input enter; verdicts or states and an exit code leave: the command of the package.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

use super::events::{self, Envelope};
use super::fold::{self, BadLine, Reducer, ReplayOptions, Source};
use super::lines::{answer_lines, validate_lines};
use super::shape::Kind;

const CALLS: &str = "\
Usage: event-contracts validate [--envelope[=RECORD]] [FILE]
       event-contracts replay REDUCER [--partition] [--sorted] [--skip-invalid] [FILE]
";

const CALL_TO_CONVERT: &str = "       event-contracts cloudevents [--reverse] [FILE]\n";

const ABOUT: &str = "
validate: reads JSON Lines of {\"id\", \"event_type\", \"payload\"} from FILE or, without it or for `-`, from standard input.
Instead of `payload` a line may carry `payload_text` or `payload_base64`. Writes one line a case, in order:
{\"errors\":[{\"code\",\"params\",\"path\"}],\"id\",\"valid\"}
  --envelope      lines are whole events; the record that is their envelope has to be named where there are several

replay: reads JSON Lines of envelopes, in any order, and writes the state that the reducer makes of them.
  --partition     reduce each entity by itself
  --sorted        the events are in order already: keep state and ids only
  --skip-invalid  leave out lines that are no envelope, and name them
";

const ABOUT_CONVERTING: &str = "
cloudevents: reads JSON Lines of envelopes and writes each as a CloudEvent.
  --reverse       the other way round
";

const CODES: &str = "\nExit code: 0 all valid, 1 some are not, 2 could not run.\n";

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
        ["-h" | "--help"] => write!(io::stdout(), "{}", usage(convert)).map(|()| true),
        ["-V" | "--version"] => writeln!(io::stdout(), "event-contracts {}", env!("CARGO_PKG_VERSION")).map(|()| true),
        ["validate", rest @ ..] => match Validate::of(rest) {
            Some(validate) => validate.run(envelopes, find),
            None => return misused(convert),
        },
        ["replay", rest @ ..] => match Replay::of(rest) {
            Some(replay) => replay.run(reducers),
            None => return misused(convert),
        },
        ["cloudevents", rest @ ..] => match convert.zip(conversion(rest)) {
            Some((convert, (reverse, file))) => converted(convert, reverse, file),
            None => return misused(convert),
        },
        _ => return misused(convert),
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

fn misused(convert: Option<Convert>) -> ExitCode {
    eprint!("{}", usage(convert));
    ExitCode::from(2)
}

fn usage(convert: Option<Convert>) -> String {
    let (call, about) = if convert.is_some() { (CALL_TO_CONVERT, ABOUT_CONVERTING) } else { ("", "") };
    [CALLS, call, ABOUT, about, CODES].concat()
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

fn converted(convert: Convert, reverse: bool, file: &str) -> io::Result<bool> {
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
