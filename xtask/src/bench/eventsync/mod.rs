//! A number of events enters; what `eventsync` costs with them leaves, as ratios against bare loops that do the same work on the
//! same file system in the same run, beside the goals of the project.
//!
//! Every figure is that of a whole process of the release build, in time from beginning to end: a disk is waited for.

mod home;
mod table;

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::measure::{Spent, in_turn, peak, run, spent};
use crate::run::{cargo, root, succeeds};
use home::{Home, Stub, binary, place, produce, write_lines, write_some};
use table::{Goal, Row, Work, print_head};

/// Rounds of which the fastest counts.
const ROUNDS: usize = 3;

/// Events that are on the disk one by one.
const SINGLE: u32 = 500;

/// How many events the answers of `status` and `now` are compared at.
const FEW: u32 = 10_000;

/// Events that come after all others were delivered, and events of which some are refused.
const SOME: u32 = 1000;

/// All but one event in so many were delivered before.
const SELDOM: usize = 1000;

/// Files that several measures read.
struct Inputs {
    events: u32,
    lines: std::path::PathBuf,
    /// All events, none delivered.
    full: Home,
    /// [`FEW`] events, none delivered.
    small: Home,
}

/// Measures `eventsync` with so many events.
pub fn eventsync(events: u32) -> Result<()> {
    let build = ["build", "--release", "--quiet", "--package", "bench", "--package", "eventsync"];
    ensure!(succeeds(&mut cargo(&build))?, "the release build failed");
    println!(
        "\n`eventsync` with {events} events. Goals are ratios to a bare loop of the same run; CPU is the ratio in CPU time.\n"
    );
    print_head();
    Home::empty("")?;
    singly()?;
    let lines = place("events.jsonl");
    write_lines(&lines, events)?;
    bulk(events, &lines)?;
    let few = place("few.jsonl");
    write_lines(&few, FEW)?;
    let inputs = Inputs { events, full: Home::of("full", &lines)?, small: Home::of("small", &few)?, lines };
    drain(&inputs)?;
    pass(&inputs)?;
    second(&inputs)?;
    refused()?;
    status(&inputs)?;
    migrate(&inputs)?;
    small(&inputs)?;
    memory(&inputs)?;
    fs::remove_dir_all(place("")).context("cannot remove what was measured")
}

/// One of the loops that are measured against.
fn bare(name: &str, words: &[&std::ffi::OsStr]) -> Command {
    let mut command = Command::new(root().join("target/release/bench"));
    command.args(["loop", name]).args(words);
    command
}

/// Events that are answered before the next one comes, against appending each to a file and fsync.
fn singly() -> Result<()> {
    let lines = place("single.jsonl");
    for (name, producers, least) in
        [("capture, 1 producer", 1_u16, 0.95), ("capture, 16 producers", 16, 8.0), ("capture, 64 producers", 64, 32.0)]
    {
        let events = SINGLE * u32::from(producers);
        write_lines(&lines, events)?;
        let text = fs::read_to_string(&lines)?;
        write_lines(&lines, SINGLE)?;
        let (ours, baseline) = in_turn(
            ROUNDS,
            || {
                let home = Home::empty("single")?;
                spent(|| produce(&mut home.command(&["capture"]), &text, producers.into()))
            },
            || spent(|| run(&mut bare("append", &[lines.as_os_str(), place("appended").as_os_str()]))),
        )?;
        let baseline = Work::of(SINGLE, baseline).named("append + fsync");
        Row::compared(name, Work::of(events, ours), baseline, Goal::Rate(least)).print();
    }
    Ok(())
}

/// A file of events, against inserting its lines, a thousand a transaction.
fn bulk(events: u32, lines: &std::path::Path) -> Result<()> {
    let (ours, baseline) = in_turn(
        ROUNDS,
        || {
            let home = Home::empty("bulk")?;
            spent(|| run(home.command(&["capture"]).arg(lines)))
        },
        || {
            let home = Home::empty("bulk")?;
            spent(|| run(&mut bare("insert", &[lines.as_os_str(), home.store().as_os_str()])))
        },
    )?;
    let baseline = Work::of(events, baseline).named("1000-row inserts");
    Row::compared("capture FILE", Work::of(events, ours), baseline, Goal::Rate(0.5)).print();
    Ok(())
}

/// Delivering everything, against reading, compressing and posting the same rows.
fn drain(inputs: &Inputs) -> Result<()> {
    let (ours, baseline) = in_turn(
        ROUNDS,
        || {
            let (home, stub) = (inputs.full.copy("drain")?, Stub::serve()?);
            home.goes_to(&stub)?;
            spent(|| run(&mut home.command(&["now"])))
        },
        || {
            let stub = Stub::serve()?;
            let words = [inputs.full.store().into_os_string(), stub.address().into()];
            spent(|| run(&mut bare("post", &[&words[0], &words[1]])))
        },
    )?;
    let base = Work::of(inputs.events, baseline).named("read + gzip + POST");
    Row::compared("now, all open", Work::of(inputs.events, ours), base, Goal::Rate(0.5)).print();
    let each = |spent: Spent| spent.wall * 1000.0 / f64::from(inputs.events);
    Row::plain("select and record an event", each(ours) - each(baseline), "us", 20.0).print();
    Ok(())
}

/// A pass where nearly everything was delivered, against reading the table once.
fn pass(inputs: &Inputs) -> Result<()> {
    let home = inputs.full.copy("pass")?;
    let stub = Stub::wavering(inputs.events, SELDOM)?;
    home.drain(&stub)?;
    let (ours, baseline) = in_turn(
        ROUNDS,
        || spent(|| run(&mut home.command(&["now"]))),
        || spent(|| run(&mut bare("table", &[home.store().as_os_str()]))),
    )?;
    let baseline = Work::of(inputs.events, baseline).named("table scan");
    Row::compared("now, 1 in 1000 open", Work::of(inputs.events, ours), baseline, Goal::Time(2.0)).print();
    Ok(())
}

/// A server that gets what another one has already, against that one.
fn second(inputs: &Inputs) -> Result<()> {
    let now = |home: &Home| spent(|| run(&mut home.command(&["now"])));
    let (first, then) = (Stub::serve()?, Stub::serve()?);
    let home = inputs.full.copy("second")?;
    home.goes_to(&first)?;
    let baseline = Work::of(inputs.events, now(&home)?).named("the first");
    home.goes_to(&then)?;
    Row::compared("now, a second server", Work::of(inputs.events, now(&home)?), baseline, Goal::None).print();
    Ok(())
}

/// A server that refuses batches for events that it does not name, against one that takes all.
fn refused() -> Result<()> {
    let lines = place("some.jsonl");
    write_lines(&lines, SOME)?;
    let some = Home::of("some", &lines)?;
    let now = |stub: &Stub| {
        let home = some.copy("refused")?;
        home.goes_to(stub)?;
        spent(|| run(&mut home.command(&["now", "--no-strict"])))
    };
    for (name, each) in [("now, 1 in 100 of 1000 refused", 100), ("now, each of 1000 refused", 1)] {
        let (ours, baseline) = in_turn(ROUNDS, || now(&Stub::refusing(SOME, each)?), || now(&Stub::serve()?))?;
        let baseline = Work::of(SOME, baseline).named("none refused");
        Row::compared(name, Work::of(SOME, ours), baseline, Goal::None).print();
    }
    Ok(())
}

/// Many events and three servers that have them, against few events.
fn status(inputs: &Inputs) -> Result<()> {
    let (many, few) = (inputs.full.copy("many")?, inputs.small.copy("few")?);
    for home in [&many, &few] {
        for _ in 0..3 {
            home.drain(&Stub::serve()?)?;
        }
    }
    let ask = |home: &Home| spent(|| run(&mut home.command(&["status", "--check", "--json"])));
    let (ours, baseline) = in_turn(10 * ROUNDS, || ask(&many), || ask(&few))?;
    let baseline = Work::of(FEW, baseline).named("the same, 10000 events");
    let name = "status --check --json, 3 targets";
    Row::compared(name, Work::of(inputs.events, ours), baseline, Goal::Time(1.5)).print();
    let more = place("more.jsonl");
    write_some(&more, inputs.events..inputs.events + SOME)?;
    for home in [&many, &few] {
        run(home.command(&["capture"]).arg(&more))?;
    }
    let (ours, baseline) = in_turn(10 * ROUNDS, || ask(&many), || ask(&few))?;
    let baseline = Work::of(FEW, baseline).named("the same, 10000 events");
    Row::compared("the same, 1000 of them open", Work::of(inputs.events, ours), baseline, Goal::Time(1.5)).print();
    Ok(())
}

/// A queue of an older program, against reading, hashing and inserting its rows.
fn migrate(inputs: &Inputs) -> Result<()> {
    let queue = place("queue.db");
    run(&mut bare("queue", &[inputs.lines.as_os_str(), queue.as_os_str()]))?;
    let (ours, baseline) = in_turn(
        ROUNDS,
        || {
            let home = Home::empty("migrate")?;
            fs::copy(&queue, home.path.join("queue.db"))?;
            spent(|| run(&mut home.command(&["migrate"])))
        },
        || {
            let home = Home::empty("migrate")?;
            spent(|| run(&mut bare("import", &[queue.as_os_str(), home.store().as_os_str()])))
        },
    )?;
    let baseline = Work::of(inputs.events, baseline).named("read + hash + insert");
    Row::compared("migrate", Work::of(inputs.events, ours), baseline, Goal::Time(2.0)).print();
    Ok(())
}

/// What a person waits for.
fn small(inputs: &Inputs) -> Result<()> {
    let version = || spent(|| run(Command::new(binary()).arg("--version")));
    let (ours, baseline) = in_turn(10 * ROUNDS, version, || spent(|| run(&mut Command::new("true"))))?;
    let baseline = Work::of(1, baseline).named("`true`");
    Row::compared("cold start", Work::of(1, ours), baseline, Goal::Most(15.0)).print();
    let (ours, baseline) = in_turn(
        ROUNDS,
        || {
            let (home, stub) = (inputs.small.copy("now")?, Stub::serve()?);
            home.goes_to(&stub)?;
            spent(|| run(&mut home.command(&["now"])))
        },
        || {
            let stub = Stub::serve()?;
            let words = [inputs.small.store().into_os_string(), stub.address().into()];
            spent(|| run(&mut bare("post", &[&words[0], &words[1]])))
        },
    )?;
    let baseline = Work::of(FEW, baseline).named("read + gzip + POST");
    Row::compared("now, 10000 events", Work::of(FEW, ours), baseline, Goal::Most(1000.0)).print();
    Ok(())
}

/// The most memory that delivering everything takes.
fn memory(inputs: &Inputs) -> Result<()> {
    let (home, stub) = (inputs.full.copy("drain")?, Stub::serve()?);
    home.goes_to(&stub)?;
    Row::plain("memory of now, all open", peak(&mut home.command(&["now"]))?, "MiB", 64.0).print();
    Ok(())
}
