//! A page of Markdown enters; it leaves with what its commands print now.
//!
//! A fence that names a file (```` ```yaml contracts/parcel.yaml ````) is written into a folder of the page, and the
//! lines of `console` fences are run in it, in order. A command that goes on (`codegen watch`) is shown up to where it
//! waits; a line `...` shows what it says next, and `^C` ends it.

use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Where pages say that their folder is.
const SHOWN_FOLDER: &str = "/parcels";

/// What `codegen watch` says last before it waits.
const WAITS: &str = "Ctrl-C ends";

/// Longer than any machine takes; what is waited for comes within a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// The page with what its commands print; `command` is what `codegen` means on it.
///
/// # Panics
/// Where a fence is not closed, or a command cannot be started.
#[must_use]
pub fn played(page: &str, command: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("the folder is there");
    let path = tempfile::tempdir().expect("a temporary folder");
    std::os::unix::fs::symlink(command, path.path().join("codegen")).expect("a link can be made");
    let mut play = Play { root, path: path.path().to_owned(), watch: None };
    let mut parts = page.split("```");
    let mut now = parts.next().unwrap_or_default().to_owned();
    while let (Some(fence), Some(prose)) = (parts.next(), parts.next()) {
        let (head, content) = fence.split_once('\n').expect("a fence has lines");
        let content = match head.split_once(' ') {
            Some((_, path)) => {
                play.save(path, content);
                content.to_owned()
            }
            None if head == "console" => play.console(content),
            None => content.to_owned(),
        };
        write!(now, "```{head}\n{content}```{prose}").expect("a string takes everything");
    }
    now
}

struct Play {
    root: PathBuf,
    /// The folder in which `codegen` is the command.
    path: PathBuf,
    watch: Option<Watch>,
}

impl Play {
    /// Puts a file where it belongs in one step, as a watching command may look at any moment.
    fn save(&self, path: &str, content: &str) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().expect("a file has a folder")).expect("a folder can be made");
        let draft = self.root.join(".draft");
        fs::write(&draft, content).expect("a file can be written");
        fs::rename(draft, place).expect("a file can be moved");
    }

    fn console(&mut self, content: &str) -> String {
        let mut shown = String::new();
        for line in content.lines() {
            let printed = match line {
                "$ codegen watch" => {
                    let watch = Watch::start(&mut self.shell("exec codegen watch"));
                    let printed = watch.round();
                    self.watch = Some(watch);
                    printed
                }
                "..." => self.watch.as_ref().expect("a command goes on").round(),
                "^C" => self.watch.take().expect("a command goes on").end(),
                _ => match line.strip_prefix("$ ") {
                    Some(line) => self.printed(line),
                    None => continue,
                },
            };
            let printed = printed.replace(&self.root.display().to_string(), SHOWN_FOLDER);
            write!(shown, "{line}\n{printed}").expect("a string takes everything");
        }
        shown
    }

    /// What a line of a shell prints, both streams as they come.
    fn printed(&self, line: &str) -> String {
        let output = self.shell(line).output().expect("sh can be started");
        String::from_utf8(output.stdout).expect("all output is UTF-8")
    }

    fn shell(&self, line: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{{ {line}; }} 2>&1")]).current_dir(&self.root).env_remove("CLICOLOR_FORCE");
        let path = format!("{}:{}", self.path.display(), std::env::var("PATH").expect("there is a PATH"));
        shell.env("PATH", path).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            shell.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
        }
        shell
    }
}

/// A watching command. Whatever it does ends with the same line, so that nobody has to guess when it waits.
struct Watch {
    process: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("sh can be started");
        let out = process.stdout.take().expect("standard output is piped");
        let (send, lines) = channel();
        thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { process, lines }
    }

    /// What it says up to where it waits again. A system may tell of one change twice; that nothing is left to do then
    /// is no part of the page.
    fn round(&self) -> String {
        loop {
            let mut said = String::new();
            while !said.ends_with(&format!("{WAITS}\n")) {
                match self.lines.recv_timeout(PATIENCE) {
                    Ok(line) => writeln!(said, "{line}").expect("a string takes everything"),
                    Err(RecvTimeoutError::Disconnected) => return said,
                    Err(RecvTimeoutError::Timeout) => panic!("nothing more is said behind:\n{said}"),
                }
            }
            if !said.starts_with("0 written, 0 removed") {
                return said;
            }
        }
    }

    fn end(mut self) -> String {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
        let said = self.round();
        assert!(self.process.wait().expect("the command can be waited for").success(), "{said}");
        said
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Where a page failed the command is still there; where it ended, nothing is.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
