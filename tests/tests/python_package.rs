//! Do Python's own tools find nothing in the packages that are generated, on either base of their classes?

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use codegen::Generated;
use codegen::config::{CloudEvents, Config, PythonBase};
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::source::SourceMap;
use tests::{node_modules, oldest_python, python, root, tree};

/// What is asked of a package, in its folder. None of these runs it.
const TOOLS: &[&[&str]] = &[
    &["ruff", "format", "--no-cache", "--check", "--diff", "."],
    &["ruff", "check", "--no-cache", "."],
    &["mypy", "--strict", "--cache-dir", "/dev/null", "event_contracts"],
];

/// Asked with the packages of today, and with the oldest that the package declares.
const CONFORMANCE: &[&str] = &["pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "event_contracts.conformance"];

/// Where contracts are; all of them go into one project.
const DOMAINS: [&str; 7] = [
    "",
    "tests/domains/order",
    "tests/domains/corners",
    "tests/domains/expressions",
    "tests/domains/names",
    "tests/domains/folds",
    "tests/domains/versions",
];

#[test]
fn tools_find_nothing_in_packages_of_either_base() {
    let folder = tempfile::tempdir().unwrap();
    let packages = [PythonBase::Pydantic, PythonBase::Plain].map(|base| package(folder.path(), base));
    let found: Vec<String> = thread::scope(|scope| {
        let asked = packages.each_ref().map(|package| scope.spawn(|| findings(package)));
        asked.into_iter().flat_map(|asked| asked.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A package of all contracts that tests know.
fn package(folder: &Path, base: PythonBase) -> PathBuf {
    let project = folder.join(format!("{base:?}"));
    for domain in DOMAINS {
        tree::copy(&root().join(domain).join("contracts"), &project.join("contracts"));
    }
    let mut config = Config::default();
    config.python.base = base;
    config.cloudevents = cloudevents();
    config.rust.enabled = false;
    config.typescript.enabled = false;
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let generated = codegen::generate(&project, &config, false, || {}, &mut sources, &mut out);
    assert!(
        matches!(generated.unwrap(), Generated::Written(_)),
        "{}",
        render_text(&out.sorted(&sources), &sources, false)
    );
    project.join(config.python.out)
}

/// The envelope of this repository as a `CloudEvent`; other contracts have others.
fn cloudevents() -> CloudEvents {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let toml = "[cloudevents]\nenabled = true\nenvelope = \"Envelope\"\nsource = \"node_id\"\n";
    let file = sources.add("codegen.toml", toml);
    codegen::config::read(&sources, file, &mut out).cloudevents
}

/// What the tools say against a package.
fn findings(package: &Path) -> Vec<String> {
    let mut commands: Vec<Command> = Vec::new();
    let asked = TOOLS.iter().map(|tool| (python(), *tool));
    for (python, tool) in asked.chain([(python(), CONFORMANCE), (oldest_python(), CONFORMANCE)]) {
        let mut command = Command::new(python);
        command.arg("-m").args(tool);
        commands.push(command);
    }
    let mut pyright = Command::new("node");
    pyright.arg(node_modules().join("pyright/index.js")).arg("--pythonpath").arg(python());
    commands.push(pyright);
    let answers = commands.iter_mut().map(|command| {
        let output = command.current_dir(package).env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        (!output.status.success()).then(|| format!("{command:?}\n{}", String::from_utf8_lossy(&told)))
    });
    answers.flatten().collect()
}
