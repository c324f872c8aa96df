//! Does `replay` tell people how far it is, and nobody else?

use std::fmt::Write;
use std::process::Output;

use assert_cmd::cargo::cargo_bin;
use tests::script::script;
use tests::{python, root};

/// Several MiB, which is long enough for a bar.
const EVENTS: usize = 40_000;

fn log() -> String {
    let mut log = String::new();
    for at in 0..EVENTS {
        writeln!(
            log,
            r#"{{"event_id":"01J00000000000000000{at:06}","event_type":"Other","aggregate_id":"m","timestamp":"2026-01-01T00:00:00Z","node_id":"n","lamport_clock":{at},"project_uuid":"123e4567-e89b-12d3-a456-426614174000","correlation_id":"01J0000000000000000000000Z"}}"#
        )
        .expect("memory can be written");
    }
    log
}

#[test]
fn a_long_log_has_a_bar_on_a_terminal_and_none_elsewhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tests::tree::copy(&root().join("contracts"), &folder.path().join("contracts"));
    let file = folder.path().join("log.jsonl");
    std::fs::write(&file, log()).expect("a file is written");
    let replay = |more: &[&str]| {
        let mut command = script(python(), "terminal.py");
        command.arg(cargo_bin!("codegen-under-test")).args(["replay", "mission", "-C"]);
        command.arg(folder.path()).arg(&file).args(more);
        command.output().expect("the script runs")
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let shown: Output = replay(&[]);
    let told = text(&shown.stderr);
    assert!(shown.status.success(), "{told}");
    assert!(told.contains("MiB of ") && told.contains(" left"), "{told:?}");
    assert!(told.ends_with("\u{1b}[2K") || told.ends_with('\r'), "the bar is gone at the end: {told:?}");
    let state = text(&shown.stdout);
    assert!(state.contains(&format!("\"event_count\":{EVENTS}")) && state.lines().count() == 1, "{state:?}");

    let quiet = replay(&["--quiet"]);
    assert_eq!((text(&quiet.stdout), text(&quiet.stderr)), (state.clone(), String::new()));

    let mut piped = std::process::Command::new(cargo_bin!("codegen-under-test"));
    piped.args(["replay", "mission", "-C"]).arg(folder.path()).arg(&file);
    let piped = piped.output().expect("the command runs");
    assert_eq!((text(&piped.stdout), text(&piped.stderr)), (state, String::new()));
}
