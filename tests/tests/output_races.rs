//! Runs that are killed at any moment, or are many at once, enter: does the tree end as one run alone would leave it?

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tests::tree;

fn contract(version: usize, name: &str) -> String {
    let event = |event| {
        format!("  Sent{event}To{name}Version{version}:\n    doc: Version {version}.\n    fields: {{id: string}}\n")
    };
    let events: String = (0..20).map(event).collect();
    format!("language: 1\ncontract: {name}\nversion: 1.0.{version}\ndoc: Version {version}.\nevents:\n{events}")
}

/// A project whose generated files all differ from one version to the next.
fn project(version: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    change(folder.path(), version);
    folder
}

fn change(root: &Path, version: usize) {
    let files = ["north", "south", "west"].map(|name| (format!("contracts/{name}.yaml"), contract(version, name)));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    // Schemas and fixtures are files enough.
    let config = "[rust]\nenabled = false\n[python]\nenabled = false\n[typescript]\nenabled = false\n";
    tree::write(root, &[&[("codegen.toml", config)], &files[..]].concat());
}

fn command(root: &Path, verb: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
    command.current_dir(root).arg(verb);
    command
}

fn start(root: &Path, verb: &str) -> Child {
    let quiet = command(root, verb).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    quiet.expect("the command can be started")
}

fn succeeds(root: &Path, verb: &str) -> bool {
    start(root, verb).wait().expect("the command ends").success()
}

#[test]
fn killed_at_any_moment_the_next_run_gets_there() {
    let (clean, folder) = (project(1), project(0));
    assert!(succeeds(clean.path(), "generate"));
    let wanted = tree::contents(clean.path());

    let root = folder.path();
    let mut killed = 0;
    for moment in 0..16_u64 {
        change(root, 0);
        assert!(succeeds(root, "generate"), "the run after a kill");
        change(root, 1);
        let mut run = start(root, "generate");
        std::thread::sleep(Duration::from_millis(moment * 5));
        killed += usize::from(run.try_wait().expect("the run can be asked").is_none());
        // SIGKILL; a run that has ended already cannot be killed, which is as well.
        run.kill().expect("the run can be killed");
        run.wait().expect("the run ends");
        // Half of the time the contracts change again before anybody generates.
        if moment % 2 == 0 {
            assert!(succeeds(root, "generate"), "the run after a kill at moment {moment}");
            assert_eq!(tree::contents(root), wanted, "killed at moment {moment}");
        }
    }
    assert!(killed > 2, "only {killed} runs were killed while they ran");
}

#[test]
fn many_at_once_leave_what_one_leaves() {
    let (clean, folder) = (project(1), project(0));
    assert!(succeeds(clean.path(), "generate"));
    let root = folder.path();
    assert!(succeeds(root, "generate"));
    change(root, 1);
    let runs: Vec<Child> = (0..6).map(|_| start(root, "generate")).collect();
    for mut run in runs {
        assert!(run.wait().expect("the run ends").success());
    }
    assert_eq!(tree::contents(root), tree::contents(clean.path()));
    assert!(succeeds(root, "check"));
}

#[test]
fn a_check_beside_a_run_sees_the_tree_before_or_after_it() {
    let folder = project(0);
    let root = folder.path();
    assert!(succeeds(root, "generate"));
    change(root, 1);
    let check = || {
        let output = command(root, "check").output().expect("the command can be started");
        (output.status.success(), String::from_utf8(output.stdout).expect("a report is text"))
    };
    let before = check();
    assert!(!before.0);
    std::thread::scope(|scope| {
        let checks: Vec<_> = (0..4).map(|_| scope.spawn(check)).collect();
        assert!(succeeds(root, "generate"));
        for seen in checks {
            let seen = seen.join().expect("the check ends");
            assert!(seen.0 || seen == before, "neither before nor after:\n{}", seen.1);
        }
    });
    assert!(check().0);
}
