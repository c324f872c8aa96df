//! A generated project and lines enter; what the package of one language makes of each line leaves.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::corpus::{rust_arms, rust_saves};
use crate::{node_modules, project, python, root, tree};

/// A generated package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The crate, built by cargo.
    Rust,
    /// The package as it stands.
    Python,
    /// The package, compiled to JavaScript.
    TypeScript,
}

/// The package of a language below `project`, where everything lies as the default configuration says.
#[derive(Debug)]
pub struct Implementation {
    /// Its language.
    pub language: Language,
    project: PathBuf,
}

impl Implementation {
    /// Builds the package together with programs of `tests/scripts` that use it, where they have to be built.
    pub fn with_programs(language: Language, project: &Path, programs: &[&str]) -> Self {
        if language == Language::Rust {
            let examples = project.join("generated/rust/examples");
            fs::create_dir_all(&examples).expect("the package's folder can be written");
            for name in programs {
                let file = format!("{name}.rs");
                fs::copy(root().join("tests/scripts").join(&file), examples.join(file))
                    .expect("a script can be copied");
            }
            if programs.contains(&"machines") {
                tree::write(&examples, &[("machines/arms.rs", &rust_arms(&project::workspace(project)))]);
            }
            if programs.contains(&"saves") {
                tree::write(&examples, &[("saves/arms.rs", &rust_saves(&project::workspace(project)))]);
            }
        }
        Self::new(language, project)
    }

    /// Builds the package, with the examples that stand in it, where it has to be built.
    pub fn new(language: Language, project: &Path) -> Self {
        let implementation = Self { language, project: project.to_path_buf() };
        let package = implementation.package();
        match language {
            Language::Rust => {
                let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
                let build = ["build", "--offline", "--quiet", "--bins", "--examples", "--target-dir"];
                succeeds(command(cargo, build).arg(target()).current_dir(package));
            }
            Language::Python => {}
            Language::TypeScript => {
                let modules = package.join("node_modules");
                std::os::unix::fs::symlink(node_modules(), modules).expect("the package's folder can be written");
                let compiler = node_modules().join("typescript/bin/tsc");
                succeeds(command("node", [compiler.as_os_str(), OsStr::new("--project")]).arg(package));
            }
        }
        implementation
    }

    /// What the command `validate` answers to each line.
    pub fn answers(&self, lines: &[u8]) -> Vec<String> {
        let mut validate = self.command();
        validate.arg("validate");
        self.output(validate, lines, 1)
    }

    /// What the command `validate --envelope` answers to each line.
    pub fn event_answers(&self, envelope: &str, lines: &[u8]) -> Vec<String> {
        let mut validate = self.command();
        validate.args(["validate", &format!("--envelope={envelope}"), "-"]);
        self.output(validate, lines, 1)
    }

    /// The exit code of the command for these arguments and what it writes: to standard output, and to standard error.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = self.command();
        command.args(arguments).env("PYTHONPATH", self.package()).stdin(Stdio::null());
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text is UTF-8"));
        (output.status.code(), out, err)
    }

    fn command(&self) -> Command {
        match self.language {
            Language::Rust => command(target().join("debug/event-contracts"), [""; 0]),
            Language::Python => command(python(), ["-m", "event_contracts"]),
            Language::TypeScript => command("node", [self.package().join("dist/bin.js")]),
        }
    }

    /// The canonical text of each line's payload, by way of the types of the language. Lines are
    /// `{"event_type", "payload_text"}`, all valid.
    pub fn canonical_texts(&self, lines: &[u8]) -> Vec<String> {
        self.output(self.script("canonical"), lines, 0)
    }

    /// What the machines of the package say to questions about them.
    pub fn moves(&self, lines: &[u8]) -> Vec<String> {
        self.output(self.script("machines"), lines, 0)
    }

    /// What the reducers of the package make of logs.
    pub fn replays(&self, lines: &[u8]) -> Vec<String> {
        self.output(self.script("replays"), lines, 0)
    }

    /// What the reducers of the package save behind the last event of a log.
    pub fn saves(&self, lines: &[u8]) -> Vec<String> {
        self.output(self.script("saves"), lines, 0)
    }

    /// What the reducers of the package make of logs, given as `tests/scripts/reducers.py` says.
    pub fn reductions(&self, lines: &[u8]) -> Vec<String> {
        self.output(self.script("reducers"), lines, 0)
    }

    /// A small program of `tests/scripts` that uses the package as a program of its language would.
    fn script(&self, name: &str) -> Command {
        let scripts = root().join("tests/scripts");
        match self.language {
            Language::Rust => command(target().join("debug/examples").join(name), [""; 0]),
            Language::Python => command(python(), [scripts.join(name).with_extension("py")]),
            Language::TypeScript => command("node", [scripts.join(name).with_extension("mjs"), self.package()]),
        }
    }

    fn package(&self) -> PathBuf {
        let name = match self.language {
            Language::Rust => "rust",
            Language::Python => "python",
            Language::TypeScript => "typescript",
        };
        self.project.join("generated").join(name)
    }

    /// What a command writes, by lines that end at LF alone. Files stand between, so that neither side waits.
    fn output(&self, mut command: Command, lines: &[u8], code: i32) -> Vec<String> {
        let language = self.language;
        let [input, output] = ["in", "out"].map(|end| self.project.join(format!("{language:?}.{end}")));
        fs::write(&input, lines).expect("the project's folder can be written");
        command.stdin(File::open(&input).expect("just written"));
        command.stdout(File::create(&output).expect("the project's folder can be written"));
        command.env("PYTHONPATH", self.package());
        let status = command.status().unwrap_or_else(|error| panic!("{language:?}: {error}"));
        assert_eq!(status.code(), Some(code), "{language:?}: the exit code");
        let written = fs::read_to_string(&output).expect("output is UTF-8");
        written.split_terminator('\n').map(str::to_owned).collect()
    }
}

/// Shared by all runs: only the package itself is built anew.
fn target() -> PathBuf {
    root().join("target/agreement")
}

fn command<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&told));
}
