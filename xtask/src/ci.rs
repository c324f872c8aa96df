//! The working tree enters; every stage of CI runs until one fails, and the time of each leaves.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::run::{cargo, succeeds};
use crate::test::test;

/// Packages that people write; the generated ones are laid out by their emitters.
const OURS: &[&str] = &[
    "--package",
    "bench",
    "--package",
    "codegen",
    "--package",
    "eventsync",
    "--package",
    "tests",
    "--package",
    "xtask",
];

/// Runs all stages; false at the first that fails, after saying which.
pub fn ci() -> bool {
    let mut counted = String::new();
    let mut run_tests = || -> Result<bool> {
        let tally = test()?;
        counted = tally.to_string();
        Ok(tally.is_clean())
    };
    let stages: [(&str, &mut dyn FnMut() -> Result<bool>); 5] = [
        ("fmt", &mut || succeeds(cargo(&["fmt", "--check"]).args(OURS))),
        ("clippy", &mut || succeeds(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
        ("doc", &mut || succeeds(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))),
        ("codegen check", &mut || succeeds(&mut cargo(&["run", "--package", "codegen", "--", "check"]))),
        ("test", &mut run_tests),
    ];
    let mut times = Vec::new();
    let mut failed = None;
    for (name, stage) in stages {
        println!("\n== {name}");
        let start = Instant::now();
        let done = stage();
        times.push((name, start.elapsed()));
        println!("-- {name}: {:.1} s", start.elapsed().as_secs_f64());
        match done {
            Ok(true) => {}
            Ok(false) => failed = Some(name),
            Err(error) => {
                eprintln!("error: {error:#}");
                failed = Some(name);
            }
        }
        if failed.is_some() {
            break;
        }
    }
    print_times(&times);
    if let Some(name) = failed {
        println!("error: ci stopped: `{name}` failed");
    }
    if !counted.is_empty() {
        println!("{counted}");
    }
    failed.is_none()
}

fn print_times(times: &[(&str, Duration)]) {
    println!();
    for (name, time) in times {
        println!("{name:<15}{:>8.1} s", time.as_secs_f64());
    }
    println!("{:<15}{:>8.1} s", "total", times.iter().map(|(_, time)| time.as_secs_f64()).sum::<f64>());
}
