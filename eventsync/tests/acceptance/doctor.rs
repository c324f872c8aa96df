//! Stores in good and bad condition enter; what `doctor` says of them.

use crate::events::events;
use crate::home::Home;
use crate::stub::Stub;

#[test]
fn a_store_in_use_is_well() {
    let (home, stub) = (Home::holding(&events(0..20)), Stub::start());
    home.external(&stub.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.run(&["redrain"]).code, Some(0));
    assert_eq!(home.run(&["now", "--limit", "5"]).code, Some(0));
    assert_eq!(home.run(&["archive", "--dry-run"]).code, Some(0));
    let said = home.run(&["doctor", "--verify"]);
    assert_eq!(
        (said.code, &said.out[..]),
        (Some(0), "ok: permissions\nok: other stores\nok: pages\nok: counts\nok: marks\nok: payloads\nok: server\n")
    );
    assert_eq!(Home::new().run(&["doctor", "--verify"]).code, Some(0), "nothing is no damage");
}

#[test]
fn what_was_changed_behind_its_back_is_found() {
    let home = Home::holding(&events(0..3));
    let store = home.store();
    store.execute("UPDATE event_journal SET payload = x'7b7d' WHERE seq = 2", []).expect("nobody was sent it yet");
    store.execute("UPDATE journal_totals SET live_events = 7", []).expect("a counter can be written");
    assert_eq!(home.run(&["doctor"]).code, Some(0), "that is only seen by those who read everything");
    let said = home.run(&["doctor", "--verify", "--json"]);
    assert_eq!(said.code, Some(1));
    let report = said.json();
    assert_eq!(report["checks"][3]["problems"][0], "`live_events` is 7, counted 3");
    assert_eq!(report["checks"][5]["problems"][0], crate::events::id(1));
}

#[test]
fn files_that_others_may_read_and_stores_of_other_programs_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::holding(&events(0..1));
    std::fs::create_dir(home.root().join("delivery")).expect("a folder");
    std::fs::write(home.root().join("delivery/ledger.db"), "").expect("a file");
    assert_eq!(home.run(&["doctor"]).code, Some(0), "another store is no damage");
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(home.root().join("sync.db"), open).expect("it is ours");
    let said = home.run(&["doctor"]);
    assert_eq!(said.code, Some(1));
    let path = home.root().join("sync.db").display().to_string();
    assert!(
        said.out.contains(&format!("problem: permissions: {path} is open to others: `chmod go= {path}`")),
        "{said:?}"
    );
    assert!(said.out.contains("ledger.db is of another program"), "{said:?}");
}
