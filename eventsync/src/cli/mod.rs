//! Arguments enter; a command is carried out and an exit code leaves. Data goes to stdout, all else to stderr.

mod capture;
mod consent;
mod context;
mod doctor;
mod failure;
mod line;
mod login;
mod migrate;
mod mode;
mod now;
mod receiver;
mod reduce;
mod retention;
mod retry;
mod server;
mod status;
mod stub;
mod targets;

use std::ffi::OsString;
use std::process::ExitCode as Code;

use clap::{Parser, Subcommand};

use crate::generated::ExitCode;
use failure::Failure;

/// Keeps events in a local journal and delivers them to one chosen server after another.
///
/// An event is kept first and delivered later, as often as the server is changed. Everything lies in the folder that
/// `SPEC_KITTY_HOME` names, else in `~/.spec-kitty`.
#[derive(Parser)]
#[command(name = "eventsync", version, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Capture(capture::CaptureArguments),
    Now(now::NowArguments),
    Status(status::StatusArguments),
    Mode(mode::ModeArguments),
    Server(server::ServerArguments),
    #[command(subcommand)]
    Consent(consent::ConsentCommand),
    Retry(retry::RetryArguments),
    Redrain(retry::RedrainArguments),
    #[command(subcommand)]
    Targets(targets::TargetsCommand),
    Gc(retention::GcArguments),
    Archive(retention::ArchiveArguments),
    Migrate(migrate::Migrate),
    Doctor(doctor::DoctorArguments),
    Login(login::LoginArguments),
    Logout(login::LogoutArguments),
    #[command(subcommand)]
    Stub(stub::StubCommand),
}

/// How a command ended that could do its work.
pub(crate) struct Outcome(ExitCode);

impl Outcome {
    const DONE: Outcome = Outcome(ExitCode::Done);

    fn of(code: ExitCode) -> Self {
        Outcome(code)
    }
}

/// Carries out what the arguments say; the first is the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Code {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nobody is left to be told when the terminal is gone.
            let _ = error.print();
            return Code::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let ended = carry_out(arguments.command).unwrap_or_else(|failure| {
        eprintln!("error: {}", failure.text);
        Outcome::of(failure.code)
    });
    Code::from(failure::number(ended.0))
}

fn carry_out(command: Command) -> Result<Outcome, Failure> {
    match command {
        Command::Capture(arguments) => arguments.run(),
        Command::Now(arguments) => arguments.run(),
        Command::Status(arguments) => arguments.run(),
        Command::Mode(arguments) => arguments.run(),
        Command::Server(arguments) => arguments.run(),
        Command::Consent(command) => command.run(),
        Command::Retry(arguments) => arguments.run(),
        Command::Redrain(arguments) => arguments.run(),
        Command::Targets(command) => command.run(),
        Command::Gc(arguments) => arguments.run(),
        Command::Archive(arguments) => arguments.run(),
        Command::Migrate(arguments) => arguments.run(),
        Command::Doctor(arguments) => arguments.run(),
        Command::Login(arguments) => arguments.run(),
        Command::Logout(arguments) => arguments.run(),
        Command::Stub(command) => command.run(),
    }
}

/// Prints data; a reader that went away is no fault.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
