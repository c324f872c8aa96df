//! A task's name enters; its work is done and an exit code leaves: what the README and CI run.

mod bench;
mod ci;
mod environment;
mod run;
mod tally;
mod test;

use std::process::ExitCode;

use anyhow::Context;

const USAGE: &str = "\
usage: cargo xtask TASK

  test   every test: Rust, Python, TypeScript; makes tests/python/.venv and tests/typescript/node_modules itself
  ci     all that CI runs: fmt, clippy, doc, `codegen check`, test
  bench [generate | decode | replay | N...]
         what these cost, against a baseline of the same run; all three without a word. generate and check: of N
         synthetic event types (10, 100 and 1000)
  bench replay N...
         what replaying logs of N events costs, every event with its own clock
  bench eventsync [N]
         what `eventsync` costs with N events (100000), against bare loops that do the same work";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => test::test().map(|tally| tally.is_clean()),
        ["ci"] => Ok(ci::ci()),
        ["bench"] => {
            bench::generate(&[]).and_then(|()| bench::decode()).and_then(|()| bench::replay(&[])).map(|()| true)
        }
        ["bench", "generate"] => bench::generate(&[]).map(|()| true),
        ["bench", "decode"] => bench::decode().map(|()| true),
        ["bench", "replay", ref words @ ..] => {
            let sizes: anyhow::Result<Vec<u32>> = words.iter().map(|word| number(word)).collect();
            sizes.and_then(|sizes| bench::replay(&sizes)).map(|()| true)
        }
        ["bench", "eventsync"] => bench::eventsync(100_000).map(|()| true),
        ["bench", "eventsync", count] => number(count).and_then(bench::eventsync).map(|()| true),
        ["bench", ref words @ ..] => sizes(words).and_then(|sizes| bench::generate(&sizes)).map(|()| true),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(true)
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn number(word: &str) -> anyhow::Result<u32> {
    let number = word.parse().ok().filter(|number| (1000..=10_000_000).contains(number));
    number.with_context(|| format!("`{word}` is no number of events from 1000 to 10000000"))
}

fn sizes(words: &[&str]) -> anyhow::Result<Vec<usize>> {
    words.iter().map(|word| word.parse().with_context(|| format!("`{word}` is no number of event types"))).collect()
}
