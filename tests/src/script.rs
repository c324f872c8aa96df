//! A script of `tests/scripts` and its input enter; what it prints leaves.

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::root;

/// The command that runs a script.
pub fn script(program: impl AsRef<OsStr>, name: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(root().join("tests/scripts").join(name));
    command
}

/// What the command prints when it reads this. It has to end well.
pub fn run(command: &mut Command, input: &str) -> String {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("a process can be waited for");
    let written = writer.join().expect("writing does not panic");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && written.is_ok(), "{command:?}: {}\n{said}\n{complaint}", output.status);
    said
}
