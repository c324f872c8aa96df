//! Arguments and standard input enter, verdicts and states leave: the command of the package.

fn main() -> std::process::ExitCode {
    let arguments = std::env::args().skip(1);
    LIBRARY::support::run(arguments, LIBRARY::payload_kind, LIBRARY::event::ENVELOPES, LIBRARY::REDUCERS)
}
