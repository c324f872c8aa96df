//! Commands enter; the real `eventsync` runs on a home of its own, against a real receiver on this machine.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::bench::measure::run;
use crate::run::root;

/// The command under test.
pub fn binary() -> PathBuf {
    root().join("target/release/eventsync")
}

/// Where everything of this bench lies.
pub fn place(name: &str) -> PathBuf {
    root().join("target/bench/eventsync").join(name)
}

/// The id of an event.
fn id(at: u32) -> String {
    format!("01J{at:023}")
}

/// Writes envelopes of usual size that a server takes, one a line.
pub fn write_lines(path: &Path, events: u32) -> Result<()> {
    write_some(path, 0..events)
}

/// Those of these numbers.
pub fn write_some(path: &Path, numbers: Range<u32>) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?);
    for at in numbers {
        let (id, package) = (id(at), at % 100);
        writeln!(
            file,
            r#"{{"event_id":"{id}","event_type":"WPCreated","aggregate_id":"WP{package:02}","aggregate_type":"WorkPackage","payload":{{"wp_id":"WP{package:02}","title":"Work {at}","feature_slug":"042-sync"}},"timestamp":"2026-01-31T12:00:00+00:00","node_id":"n1","lamport_clock":{at},"team_slug":"local","project_uuid":"6f1c1b7e-58a4-4f0e-9c39-8a4d2f4ed001"}}"#
        )?;
    }
    file.flush().with_context(|| format!("cannot write {}", path.display()))
}

/// A folder that `eventsync` keeps everything in.
pub struct Home {
    pub path: PathBuf,
}

impl Home {
    /// One in which nothing was done.
    pub fn empty(name: &str) -> Result<Self> {
        let path = place(name);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Home { path })
    }

    /// One with the events of a file, that may leave.
    pub fn of(name: &str, lines: &Path) -> Result<Self> {
        let home = Home::empty(name)?;
        // Who has a server captures events that wait for nothing; the port is that of nobody.
        run(&mut home.command(&["mode", "EXTERNAL_RECEIVER", "--endpoint", "http://127.0.0.1:9/"]))?;
        run(home.command(&["capture"]).arg(lines))?;
        run(&mut home.command(&["consent", "grant"]))?;
        Ok(home)
    }

    /// One that has what this one has.
    pub fn copy(&self, name: &str) -> Result<Self> {
        let copy = Home::empty(name)?;
        // The last one that closed the store took the log back into it.
        fs::copy(self.store(), copy.store()).with_context(|| format!("cannot copy {}", self.path.display()))?;
        Ok(copy)
    }

    pub fn store(&self) -> PathBuf {
        self.path.join("sync.db")
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(words).env_clear().env("SPEC_KITTY_HOME", &self.path);
        command
    }

    /// Chooses where events go.
    pub fn goes_to(&self, stub: &Stub) -> Result<()> {
        run(&mut self.command(&["mode", "EXTERNAL_RECEIVER", "--endpoint", &stub.url]))
    }

    /// Delivers everything.
    pub fn drain(&self, stub: &Stub) -> Result<()> {
        self.goes_to(stub)?;
        run(&mut self.command(&["now"]))
    }
}

/// A receiver, running until this goes.
pub struct Stub {
    child: Child,
    pub url: String,
}

impl Stub {
    /// One that takes everything.
    pub fn serve() -> Result<Self> {
        Self::start(Command::new(binary()).args(["stub", "serve"]))
    }

    /// One that takes all but one event in `each`, which it may take later.
    pub fn wavering(events: u32, each: usize) -> Result<Self> {
        let mut script = "rules:\n  - answer:\n      results:\n".to_owned();
        for at in (0..events).step_by(each) {
            let id = id(at);
            writeln!(script, "        {id}: {{event_id: {id}, status: pending}}").expect("a string takes everything");
        }
        Self::scripted(&script)
    }

    /// One that refuses each batch with one event in `each` and does not say which.
    pub fn refusing(events: u32, each: usize) -> Result<Self> {
        let ids: Vec<String> = (0..events).step_by(each).map(id).collect();
        let answer = "{status: 400, body: {error: this is refused}}";
        Self::scripted(&format!("rules:\n  - when: {{contains: [{}]}}\n    answer: {answer}\n", ids.join(", ")))
    }

    fn scripted(script: &str) -> Result<Self> {
        let path = place("script.yaml");
        fs::write(&path, script).with_context(|| format!("cannot write {}", path.display()))?;
        Self::start(Command::new(binary()).args(["stub", "serve", "--script"]).arg(path))
    }

    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().context("its output is piped")?).read_line(&mut url)?;
        let stub = Stub { child, url: url.trim_end().to_owned() };
        ensure!(stub.url.starts_with("http://"), "the receiver does not say where it listens");
        Ok(stub)
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        // Only a program that is gone already cannot be ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Hands lines to a command as programs do that wait for an answer to each before the next, `producers` of them at once.
pub fn produce(command: &mut Command, lines: &str, producers: usize) -> Result<()> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().context("its input is piped")?;
    let mut answers = BufReader::new(child.stdout.take().context("its output is piped")?).lines();
    let mut lines = lines.split_inclusive('\n');
    let mut open = 0_usize;
    for line in lines.by_ref().take(producers) {
        input.write_all(line.as_bytes())?;
        open += 1;
    }
    while open > 0 {
        answers.next().context("an event got no answer")??;
        open -= 1;
        if let Some(line) = lines.next() {
            input.write_all(line.as_bytes())?;
            open += 1;
        }
    }
    drop(input);
    ensure!(child.wait()?.success(), "{command:?} failed");
    Ok(())
}
