//! A command and one of its system calls enter; it runs, and is killed, or fails, as it makes that call for the so-manieth
//! time.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use super::trace::NO_STRACE;

/// What became of a command that was to be killed.
pub struct Ended {
    /// Whether it was killed; else it had done before.
    pub is_killed: bool,
    /// Its exit code, where it was not killed.
    pub code: Option<i32>,
    /// What it had printed as data.
    pub out: String,
    /// What it had printed beside.
    pub err: String,
}

/// Runs a command that is killed on entering its `nth` call of this kind (from 1 on): what the call would do is not done.
pub fn kill_at(command: &Command, call: &str, nth: usize, input: &str) -> Ended {
    inject(command, call, &format!("signal=KILL:when={nth}"), input)
}

/// Runs a command for which the disk is full from its `nth` call of this kind on.
pub fn fill_at(command: &Command, call: &str, nth: usize, input: &str) -> Ended {
    inject(command, call, &format!("error=ENOSPC:when={nth}+"), input)
}

/// Runs a command whose `nth` call of this kind fails with this error.
pub fn fail_at(command: &Command, call: &str, error: &str, nth: usize, input: &str) -> Ended {
    inject(command, call, &format!("error={error}:when={nth}"), input)
}

fn inject(command: &Command, call: &str, what: &str, input: &str) -> Ended {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qqq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
    strace.args(["-e", &format!("inject={call}:{what}"), "--"]);
    strace.arg(command.get_program()).args(command.get_args()).env_clear();
    strace.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let spawned = strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match spawned {
        Err(error) if error.kind() == io::ErrorKind::NotFound => panic!("{NO_STRACE}"),
        other => other.expect("strace runs"),
    };
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that is dead before it read everything is what this is for.
    let _ = io::Write::write_all(&mut stdin, input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("strace ends");
    // strace dies of what its command dies of.
    let is_killed = output.status.signal() == Some(9) || output.status.code() == Some(137);
    assert!(is_killed || output.status.code().is_some(), "{:?}", output.status);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8 is printed");
    let code = output.status.code().filter(|_| !is_killed);
    Ended { is_killed, code, out: text(output.stdout), err: text(output.stderr) }
}
