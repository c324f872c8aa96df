//! Does `watch` follow the contracts, through errors too, and end when it is told to?

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use tests::tree;

/// Longer than any machine takes; what is waited for comes within a second.
const PATIENCE: Duration = Duration::from_secs(60);

const CONTRACT: &str = "\
language: 1
contract: parcel
version: 1.0.0
events:
  ParcelPosted: {fields: {parcel_id: string}}
";

/// A watching command, and what it says.
struct Watch {
    process: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(project: &Path) -> Self {
        // One stream, so that what is said keeps its order.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" watch 2>&1", env!("CARGO_BIN_EXE_codegen-under-test")]);
        let mut process = command.current_dir(project).stdout(Stdio::piped()).spawn().expect("the command starts");
        let out = process.stdout.take().expect("standard output is piped");
        let (send, lines) = channel();
        thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { process, lines }
    }

    /// Waits for a line that holds these words.
    fn says(&self, words: &str) {
        let mut heard = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(words) => return,
                Ok(line) => heard.push(line),
                Err(why) => panic!("`{words}` was not said ({why}), but:\n{}", heard.join("\n")),
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Where a test failed the command is still there.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[test]
fn output_follows_the_templates_of_custom_targets() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let targets =
        ["rust", "python", "typescript", "fixtures", "docs"].map(|name| format!("[{name}]\nenabled = false\n"));
    let custom = "[[custom]]\ntemplates = \"pages\"\nout = \"wiki\"\n";
    let target = "version = 1\ncomment = \"#\"\n[[template]]\nfile = \"a.j2\"\neach = \"family\"\npath = \"{{ family.name }}.md\"\n";
    tree::write(
        folder.path(),
        &[
            ("codegen.toml", &(targets.concat() + custom)),
            ("contracts/parcel.yaml", CONTRACT),
            ("pages/target.toml", target),
            ("pages/a.j2", "one\n"),
        ],
    );
    let mut watch = Watch::start(folder.path());
    watch.says("watching contracts, fixtures, pages and codegen.toml");
    let has = |words: &str| {
        let page = std::fs::read_to_string(folder.path().join("wiki/parcel.md"));
        page.expect("the page is generated").contains(words)
    };
    assert!(has("one"));
    tree::write(folder.path(), &[("pages/a.j2", "{{ two }}\n")]);
    watch.says("error[template-error]");
    watch.says("watching contracts");
    tree::write(folder.path(), &[("pages/a.j2", "two\n")]);
    watch.says("1 written");
    assert!(has("two"));
    _ = watch.process.kill();
}

#[test]
fn output_follows_the_contracts_through_errors_until_ctrl_c() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let toml =
        "[rust]\nenabled = false\n[python]\nenabled = false\n[fixtures]\nenabled = false\n[docs]\nenabled = false\n";
    tree::write(folder.path(), &[("contracts/parcel.yaml", CONTRACT), ("codegen.toml", toml)]);
    let mut watch = Watch::start(folder.path());
    watch.says("watching contracts");
    let module = folder.path().join("generated/typescript/src/parcel.ts");
    let has = |words: &str| std::fs::read_to_string(&module).expect("the module is generated").contains(words);
    assert!(has("parcel_id"));

    tree::write(folder.path(), &[("contracts/parcel.yaml", &CONTRACT.replace("parcel_id", "parcel_number"))]);
    watch.says("watching contracts");
    assert!(has("parcel_number"));

    tree::write(folder.path(), &[("contracts/parcel.yaml", &CONTRACT.replace("string", "strin"))]);
    watch.says("error[unknown-name]");
    watch.says("watching contracts");
    assert!(has("parcel_number"), "a contract with errors changes nothing");

    tree::write(folder.path(), &[("contracts/parcel.yaml", "language: [")]);
    watch.says("error[");
    watch.says("watching contracts");

    tree::write(folder.path(), &[("contracts/parcel.yaml", CONTRACT), ("codegen.toml", "[docs]\nenabled = maybe\n")]);
    watch.says("error[config-syntax]");
    tree::write(folder.path(), &[("codegen.toml", toml)]);
    watch.says("written");
    watch.says("watching contracts");
    assert!(has("parcel_id"));

    let id = watch.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
    let start = Instant::now();
    let code = loop {
        if let Some(status) = watch.process.try_wait().expect("the process can be asked") {
            break status.code();
        }
        assert!(start.elapsed() < PATIENCE, "Ctrl-C does not end it");
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(code, Some(0));
    assert!(!folder.path().join(".codegen/journal").exists(), "nothing is left half done");
}
