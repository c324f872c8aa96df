//! A program that drains and differs from this one enters; what `status --check` finds, and that what it advises helps, leaves.

use std::fs::File;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::events::events;
use crate::home::Home;
use crate::stub::Stub;

const FIELDS: [&str; 6] =
    ["package_version", "executable_path", "source_path", "server_url", "team_or_user", "queue_db_path"];

/// A root whose target is drained, as far as anybody can tell, by a program that says this of itself; while the file is
/// open, that program lives.
fn drained_by(owner: &Value) -> (Home, Stub, File) {
    let (home, stub) = (Home::holding(&events(0..3)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["now", "--limit", "1"]).code, Some(0));
    let lease = "INSERT INTO dispatch_lease SELECT target_pk, 4242, ?1, '2026-01-31T12:00:00.000000+00:00', NULL FROM delivery_targets";
    assert_eq!(home.store().execute(lease, [owner.to_string()]).expect("a lease"), 1);
    let locks: Vec<PathBuf> =
        std::fs::read_dir(home.root().join("locks")).expect("locks").map(|one| one.expect("a lock").path()).collect();
    let lock = File::options().write(true).open(&locks[0]).expect("the lock of the target");
    lock.lock().expect("nobody holds it");
    (home, stub, lock)
}

fn check(home: &Home) -> (Option<i32>, Value) {
    let said = home.run(&["status", "--check", "--json"]);
    (said.code, said.json())
}

#[test]
fn a_program_that_drains_and_is_another_one_is_told_field_by_field() {
    for field in FIELDS {
        let other = Value::from("another");
        let (home, stub, lock) = drained_by(&json!({}));
        let mut owner = home.run(&["status", "--json"]).json()["foreground"].clone();
        owner["pid"] = json!(4242);
        let set =
            |owner: &Value| home.store().execute("UPDATE dispatch_lease SET owner_json = ?1", [owner.to_string()]);
        set(&owner).expect("a lease");
        let (code, report) = check(&home);
        assert_eq!((code, &report["mismatches"]), (Some(0), &json!([])), "the same program: {report}");
        assert_eq!(report["daemon_owner_record"]["status"], "present");

        let mine = owner[field].clone();
        owner[field] = other.clone();
        set(&owner).expect("a lease");
        let (code, report) = check(&home);
        assert_eq!(code, Some(2), "{field}");
        let found = report["mismatches"].as_array().expect("a list");
        assert_eq!(found.len(), 1, "{field}: {report}");
        assert_eq!(found[0]["field"], format!("daemon_{field}"));
        assert_eq!((&found[0]["foreground_value"], &found[0]["daemon_value"]), (&mine, &other));
        assert_eq!(report["daemon_owner_record"][field], other);

        // What it advises: to wait until the other one is done.
        let hint = found[0]["remediation_hint"].as_str().expect("a hint");
        assert!(hint.contains("`eventsync now --wait`"), "{hint}");
        drop(lock);
        assert_eq!(home.run(&["now", "--wait"]).code, Some(0));
        assert_eq!((stub.ids().len(), check(&home).0), (3, Some(0)), "{field}");
    }
}
