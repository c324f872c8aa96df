//! The working tree enters; all tests of all languages run, and what they counted leaves.

use std::process::Command;

use anyhow::Result;

use crate::environment::{Environment, environment};
use crate::run::{cargo, command, root, watched};
use crate::tally::{Runner, Tally};

/// What is asked again with the oldest packages that a generated one declares: what depends on them, and needs no others.
const OLDEST: &[&str] = &["-m", "pytest", "tests/python", "-k", "not plain", "--ignore", "tests/python/test_wheel.py"];

/// Runs every test. A runner that ends badly does not keep the next from running.
pub fn test() -> Result<Tally> {
    let environment = environment()?;
    let mut tally = Tally::default();
    let mut npm = command("npm", &["test", "--silent"]);
    npm.current_dir(root().join("tests/typescript"));
    let runners = [
        (Runner::Cargo, cargo(&["test", "--workspace", "--no-fail-fast"])),
        (Runner::Pytest, command(&environment.python, &["-m", "pytest", "tests/python"])),
        (Runner::Pytest, command(&environment.oldest_python, OLDEST)),
        (Runner::Node, npm),
    ];
    for (runner, mut command) in runners {
        tally.add(runner, |see| watched(told(&mut command, &environment), see))?;
    }
    if !tally.is_clean() {
        eprintln!("error: failed: {}", tally.broken());
    }
    Ok(tally)
}

/// Tests find the other languages by these variables; `tests/src/lib.rs` reads them.
fn told<'a>(command: &'a mut Command, environment: &Environment) -> &'a mut Command {
    let Environment { python, oldest_python, node_modules } = environment;
    command
        .env("TESTS_PYTHON", python)
        .env("TESTS_OLDEST_PYTHON", oldest_python)
        .env("TESTS_NODE_MODULES", node_modules)
}
