//! Arguments enter; a verb is carried out and an exit code leaves: 0 clean, 1 findings, 2 could not run.

mod breaking;
mod check;
mod completions;
mod config;
mod console;
mod diagram;
mod docs;
mod explain;
mod export;
mod fmt;
mod generate;
mod import;
mod init;
mod lint;
mod man;
mod new;
mod progress;
mod replay;
mod rules;
mod schema;
mod session;
mod validate;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use console::Console;
use generate::Generate;

const COULD_NOT_RUN: u8 = 2;

/// Carries out what the arguments say; the first is the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nobody is left to be told when the terminal is gone.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(COULD_NOT_RUN) } else { ExitCode::SUCCESS };
        }
    };
    let console = Console::new(&arguments.options);
    let verb = arguments.verb.unwrap_or(Verb::Generate(Generate::default()));
    match verb.run(&arguments.options, &console) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::FAILURE,
        Err(error) => {
            console::failure(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Generates Rust, Python, TypeScript and JSON Schema from event contracts.
#[derive(Parser)]
#[command(name = "codegen", version, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What holds for every verb.
#[derive(Args, Clone)]
struct Options {
    /// Run as if started in this folder
    #[arg(short = 'C', long, global = true, value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    directory: PathBuf,
    /// How findings and data are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// When to use colours; `auto` also heeds `NO_COLOR`
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    /// Print findings and data only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print notes, too
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document, or data as JSON
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Test cases, for other CI systems
    Junit,
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a small project that works, in an empty folder
    Init(init::Init),
    /// Add a declaration to a contract
    #[command(subcommand)]
    New(new::New),
    /// Make a contract of JSON Schemas, and tell what it could not say
    Import(import::Import),
    /// Write all packages and schemas; what runs without a command
    Generate(Generate),
    /// Tell what `generate` would change, as a diff; write nothing
    Check,
    /// Tell what is allowed in contracts and still likely to hurt somebody
    Lint(lint::Lint),
    /// Lay contracts out in the one way that all of them have
    Fmt(fmt::Fmt),
    /// Generate again whenever a contract changes
    Watch,
    /// Tell how the contracts break readers, writers or logs of another version
    Breaking(breaking::Breaking),
    /// Judge payloads by the contracts: JSON Lines in, verdicts out
    Validate(validate::Validate),
    /// Reduce events to a state: JSON Lines in, one line out
    Replay(replay::Replay),
    /// Generate, and tell where the reference for people begins
    Docs,
    /// Draw a state machine
    Diagram(diagram::Diagram),
    /// Print the contracts in another form
    #[command(subcommand)]
    Export(export::Export),
    /// Print the page of a rule: why it exists, a bad and a good example
    Explain(explain::Explain),
    /// List all rules
    Rules,
    /// Print the JSON Schema of contract files
    Schema(schema::Schema),
    /// Print the configuration
    Config(config::Show),
    /// Print the completion script of a shell
    Completions(completions::Completions),
    /// Print the manual page
    Man(man::Man),
}

impl Verb {
    fn run(self, options: &Options, console: &Console) -> anyhow::Result<Outcome> {
        match self {
            Self::Generate(generate) => generate.run(options, console),
            Self::Check => check::run(options, console),
            Self::Lint(lint) => lint.run(options, console),
            Self::Fmt(fmt) => fmt.run(options, console),
            Self::Breaking(breaking) => breaking.run(options, console),
            Self::Validate(validate) => validate.run(options, console),
            Self::Replay(replay) => replay.run(options),
            Self::Watch => watch::run(options, console),
            Self::Man(man) => man.run(Arguments::command()),
            Self::Init(init) => init.run(options, console),
            Self::New(new) => new.run(options, console),
            Self::Import(import) => import.run(options, console),
            Self::Docs => docs::run(options, console),
            Self::Diagram(diagram) => diagram.run(options),
            Self::Export(export) => export.run(options),
            Self::Explain(explain) => explain.run(console),
            Self::Rules => rules::run(console),
            Self::Schema(schema) => schema.run(),
            Self::Config(_) => config::show(options, console),
            Self::Completions(completions) => completions.run(Arguments::command()),
        }
    }
}

/// How a verb ended that could run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Clean,
    Findings,
}
