//! A command or a piece of work enters; the CPU time that a run of it takes and its peak of memory leave.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// One tick of the times in `/proc`; the same on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Enough ticks for a figure of which a tick is two hundredths.
const LEAST: Duration = Duration::from_millis(500);

/// Runs `once` until enough time is spent, `prepare` before each run unmeasured; the CPU time of a run in milliseconds.
pub fn cpu(mut prepare: impl FnMut() -> Result<()>, mut once: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut spent = Duration::ZERO;
    let mut runs = 0;
    while spent < LEAST && runs < 1000 || runs < 3 {
        prepare()?;
        let before = used()?;
        once()?;
        spent += used()?.saturating_sub(before);
        runs += 1;
    }
    Ok(spent.as_secs_f64() * 1000.0 / f64::from(runs))
}

/// What a run took, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// From its beginning to its end: waiting for a disk or a server counts, and so does other work on the machine.
    pub wall: f64,
    /// CPU time of this process and the children that ended in the run, to 10 ms.
    pub cpu: f64,
}

impl Spent {
    const NEVER: Self = Spent { wall: f64::INFINITY, cpu: f64::INFINITY };

    fn fastest(self, other: Self) -> Self {
        Spent { wall: self.wall.min(other.wall), cpu: self.cpu.min(other.cpu) }
    }
}

/// What a run of `once` takes.
pub fn spent(once: impl FnOnce() -> Result<()>) -> Result<Spent> {
    let (before, start) = (used()?, Instant::now());
    once()?;
    let wall = start.elapsed();
    let cpu = used()?.saturating_sub(before);
    Ok(Spent { wall: wall.as_secs_f64() * 1000.0, cpu: cpu.as_secs_f64() * 1000.0 })
}

/// Runs the two in turn, so that other work on the machine meets both; the fastest of each counts.
pub fn in_turn(
    rounds: usize,
    mut ours: impl FnMut() -> Result<Spent>,
    mut baseline: impl FnMut() -> Result<Spent>,
) -> Result<(Spent, Spent)> {
    let mut fastest = (Spent::NEVER, Spent::NEVER);
    for _ in 0..rounds {
        fastest = (fastest.0.fastest(ours()?), fastest.1.fastest(baseline()?));
    }
    Ok(fastest)
}

/// CPU time that this process and its ended children have used.
fn used() -> Result<Duration> {
    let text = fs::read_to_string("/proc/self/stat").context("the bench reads /proc: it runs on Linux only")?;
    let fields = text.rsplit_once(") ").context("/proc/self/stat names the process")?.1;
    let ticks = fields.split(' ').skip(11).take(4).map(|ticks| ticks.parse::<u32>().unwrap_or_default());
    Ok(TICK * ticks.sum::<u32>())
}

/// Runs a command to its end, its output thrown away.
pub fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Runs a command; the most memory it held, in MiB.
pub fn peak(command: &mut Command) -> Result<f64> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0_u32;
    while child.try_wait()?.is_none() {
        // The mark only rises: the last look before the end misses what the last fraction of a millisecond added.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(mark.unwrap_or_default());
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(f64::from(peak) / 1024.0)
}
