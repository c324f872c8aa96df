//! Does the command refuse every hostile contract by its rule, at a place, within bounded time and memory?

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::case::{input, text};
use tests::vectors;

/// KiB of address space and seconds of processor time. This build is not optimized: a release build takes a tenth.
const LIMITS: (u32, u32) = (64 << 10, 2);

/// `codegen check` in a folder, within the limits where the system has them.
fn check(folder: &Path) -> Output {
    let command = env!("CARGO_BIN_EXE_codegen-under-test");
    let arguments = ["check", "--format", "json"].map(OsStr::new);
    let mut run = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        let limited = format!("ulimit -v {} && ulimit -t {} && exec \"$0\" \"$@\"", LIMITS.0, LIMITS.1);
        shell.args(["-c", &limited, command]);
        shell
    } else {
        Command::new(command)
    };
    run.current_dir(folder).args(arguments).output().expect("the command starts")
}

#[test]
fn every_attack_is_met_within_limits() {
    for case in vectors("yaml_attacks.json") {
        let (id, reason) = (text(&case, "id"), text(&case, "reason"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("contracts")).expect("a folder for the contract");
        fs::write(folder.path().join("contracts/x.yaml"), input(&case)).expect("the contract is written");
        let output = check(folder.path());
        assert_eq!(output.status.code(), Some(1), "{id}: {}", String::from_utf8_lossy(&output.stderr));
        let document: Value = serde_json::from_slice(&output.stdout).expect("findings are a document");
        let findings = document["findings"].as_array().expect("a list of findings");
        for finding in findings {
            let placed = finding["start"]["line"].as_u64() > Some(0) && finding["start"]["column"].as_u64() > Some(0);
            assert!(placed && finding["path"].is_string(), "{id}: no place in {finding}");
        }
        let ids: Vec<_> = findings.iter().map(|finding| text(finding, "id")).collect();
        if text(&case, "expect") == "reject" {
            assert!(ids.contains(&reason), "{id}: {ids:?}, not {reason}");
        } else {
            // The vectors are about reading: that some accepted text is no identifier is told by other rules.
            let refused = ids.iter().any(|id| id.starts_with("yaml-") || id.starts_with("text-"));
            assert!(!refused, "{id}: {ids:?}");
        }
    }
}
