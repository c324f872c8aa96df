//! Logs enter; what reducing them costs leaves: JSON Lines to state, whole processes, as ratios against a bare `serde_json`
//! scan of the same bytes and against each other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::logs::{self, Clock};
use super::measure::{cpu, peak, run};
use crate::environment::{Environment, environment};
use crate::run::{cargo, command, root, succeeds};

const REDUCERS: [&str; 4] = ["connector", "sync", "wp_status", "mission"];

const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Python and TypeScript take minutes for more, and grow as they do up to here.
const MOST_OF_OTHERS: u32 = 100_000;

/// The four ways to a state, and the yardstick.
struct Programs {
    scan: PathBuf,
    rust: PathBuf,
    environment: Environment,
    javascript: PathBuf,
}

/// Measures the reducers of this repository, with logs of so many events each.
pub fn replay(sizes: &[u32]) -> Result<()> {
    let build = ["build", "--release", "--quiet", "--package", "bench", "--package", "event-contracts"];
    ensure!(succeeds(&mut cargo(&build))?, "the release build failed");
    let programs = Programs::new()?;
    println!(
        "\nReplay: JSON Lines to state, whole process, CPU ms. x: a bare serde_json scan of the same bytes, divided by this\n\
         (1 is as fast as only finding out that every line is JSON). MiB: peak memory; `sorted`: of `replay --sorted`.\n"
    );
    println!(
        "| reducer | events | MiB of log | scan ms | Rust ms | x | events/s | growth | MiB | sorted | Python ms | of Rust | MiB | TypeScript ms | of Rust | MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for reducer in REDUCERS {
        let mut last = None;
        for &events in if sizes.is_empty() { &SIZES } else { sizes } {
            last = Some(row(&programs, reducer, events, Clock::Rising, last)?);
        }
    }
    if !sizes.is_empty() {
        return Ok(());
    }
    println!("\nAll events of one clock, one group where a reducer has groups.\n");
    println!(
        "| reducer | events | MiB of log | scan ms | Rust ms | x | events/s | growth | MiB | sorted | Python ms | of Rust | MiB | TypeScript ms | of Rust | MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for reducer in REDUCERS {
        let mut last = None;
        for events in [10_000, 100_000, 1_000_000] {
            last = Some(row(&programs, reducer, events, Clock::Same, last)?);
        }
    }
    Ok(())
}

/// Prints one line; gives the time of the crate, for the growth to the next.
fn row(programs: &Programs, reducer: &str, events: u32, clock: Clock, last: Option<f64>) -> Result<f64> {
    let log = root().join("target/bench/replay").join(format!("{reducer}-{events}-{clock:?}.jsonl"));
    logs::write(&log, reducer, events, clock)?;
    let bytes = fs::metadata(&log)?.len();
    let scan = cpu(|| Ok(()), || run(Command::new(&programs.scan).arg("scan").arg(&log)))?;
    let rust = cpu(|| Ok(()), || run(&mut programs.rust(reducer, &log)))?;
    let memory = peak(&mut programs.rust(reducer, &log))?;
    let streamed = peak(programs.rust(reducer, &log).arg("--sorted"))?;
    let others = [programs.python(reducer, &log), programs.typescript(reducer, &log)].map(|mut other| {
        if events > MOST_OF_OTHERS {
            return Ok("- | - | -".to_owned());
        }
        let spent = cpu(|| Ok(()), || run(&mut other))?;
        let memory = peak(&mut other)?;
        Ok::<_, anyhow::Error>(format!("{spent:.0} | {:.1} | {memory:.0}", spent / rust))
    });
    let [python, typescript] = others;
    println!(
        "| {reducer} | {events} | {:.1} | {scan:.1} | {rust:.1} | {:.2} | {:.0} k | {} | {memory:.0} | {streamed:.0} | {} | {} |",
        mebibytes(bytes),
        scan / rust,
        f64::from(events) / rust,
        last.map_or_else(|| "-".into(), |last| format!("{:.1}", rust / last)),
        python?,
        typescript?,
    );
    fs::remove_file(&log)?;
    Ok(rust)
}

fn mebibytes(bytes: u64) -> f64 {
    let kibibytes = u32::try_from(bytes >> 10).expect("a bench is smaller than 4 TiB");
    f64::from(kibibytes) / 1024.0
}

impl Programs {
    fn new() -> Result<Self> {
        let environment = environment()?;
        let release = root().join("target/release");
        let javascript = root().join("target/bench/typescript");
        let compiler = environment.node_modules.join("typescript/bin/tsc");
        let mut compile = command("node", &[]);
        compile
            .arg(compiler)
            .arg("--project")
            .arg(root().join("generated/typescript"))
            .arg("--outDir")
            .arg(&javascript);
        compile.arg("--typeRoots").arg(environment.node_modules.join("@types"));
        ensure!(succeeds(&mut compile)?, "the TypeScript package does not compile");
        fs::write(javascript.join("package.json"), "{\"type\": \"module\"}\n")?;
        Ok(Self { scan: release.join("bench"), rust: release.join("event-contracts"), environment, javascript })
    }

    fn rust(&self, reducer: &str, log: &Path) -> Command {
        replaying(Command::new(&self.rust), reducer, log)
    }

    fn python(&self, reducer: &str, log: &Path) -> Command {
        let mut python = Command::new(&self.environment.python);
        python.args(["-m", "event_contracts"]).current_dir(root().join("generated/python"));
        replaying(python, reducer, log)
    }

    fn typescript(&self, reducer: &str, log: &Path) -> Command {
        let mut node = Command::new("node");
        node.arg(self.javascript.join("bin.js"));
        replaying(node, reducer, log)
    }
}

fn replaying(mut command: Command, reducer: &str, log: &Path) -> Command {
    command.args(["replay", reducer]).arg(log);
    command
}
