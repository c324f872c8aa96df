//! A script of faults enters; a receiver runs as a user starts it, and what it took leaves.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A receiver in a process of its own, ended with the test.
pub struct Stub {
    process: Child,
    record: PathBuf,
    _folder: tempfile::TempDir,
    /// Where it listens.
    pub url: String,
}

impl Stub {
    /// A receiver without faults.
    pub fn start() -> Self {
        Stub::with_script("")
    }

    /// A receiver that shows the faults of a script.
    pub fn with_script(script: &str) -> Self {
        Stub::at("127.0.0.1:0", script)
    }

    /// The same, at an address.
    pub fn at(address: &str, script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the receiver");
        let record = folder.path().join("taken.jsonl");
        Stub::new(address, script, folder, record)
    }

    /// One without faults that writes what it took to this file.
    pub fn recording(record: &Path) -> Self {
        Stub::new("127.0.0.1:0", "", tempfile::tempdir().expect("a folder for the receiver"), record.to_owned())
    }

    fn new(address: &str, script: &str, folder: tempfile::TempDir, record: PathBuf) -> Self {
        let path = folder.path().join("faults.yaml");
        let script = if script.is_empty() { "{}" } else { script };
        std::fs::write(&path, script).expect("a script");
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventsync"));
        command
            .env_clear()
            .args(["stub", "serve", "--addr", address, "--script"])
            .arg(&path)
            .arg("--record")
            .arg(&record);
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the receiver starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output is a pipe");
        BufReader::new(out).read_line(&mut line).expect("its first line");
        assert!(line.starts_with("http://127.0.0.1:"), "the first line is where it listens: {line:?}");
        Stub { process, record, _folder: folder, url: line.trim().to_owned() }
    }

    /// Ids of the events that it took, in order.
    pub fn ids(&self) -> Vec<String> {
        self.lines().iter().map(|line| event_id(line)).collect()
    }

    /// The events that it took, as they came.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.record)
    }

    /// Ends it, as if its machine were gone.
    pub fn stop(&mut self) {
        // It may have been ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.stop();
    }
}

fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The id in a line of JSON.
pub fn event_id(line: &str) -> String {
    let event: Value = serde_json::from_str(line).expect("an event is JSON");
    event["event_id"].as_str().expect("an event has an id").to_owned()
}
