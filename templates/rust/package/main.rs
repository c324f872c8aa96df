//! Arguments and standard input enter, verdicts and states leave: the command of the package.

fn main() -> std::process::ExitCode {
    LIBRARY::support::run(std::env::args().skip(1), LIBRARY::payload_kind, LIBRARY::REDUCERS)
}
