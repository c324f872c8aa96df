//! Two passes over one target without the lock that keeps them apart enter; what the server and the ledger have of it leaves.

use std::process::Stdio;

use crate::events::events;
use crate::home::Home;
use crate::killed::until;
use crate::stub::Stub;

#[test]
fn without_a_lock_the_server_sees_duplicates_and_late_trouble_takes_no_delivery_back() {
    let script = "rules: [{times: 1, answer: {takes: true, hold: true}}]";
    let (home, mut stub) = (Home::holding(&events(0..10)), Stub::with_script(script));
    home.external(&stub.url);
    let mut first = home.command(&["now"]);
    let first = first.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a pass starts");
    until("the first pass has sent", || stub.ids().len() == 10);
    // Somebody tidies up: who comes now locks another file of the same name.
    for lock in std::fs::read_dir(home.root().join("locks")).expect("the locks") {
        std::fs::remove_file(lock.expect("a lock").path()).expect("it can be removed");
    }
    let second = home.run(&["now", "--fail-if-busy", "--json"]);
    assert_eq!((second.code, &second.json()["duplicate"]), (Some(0), &10.into()), "it sends all once more: {second:?}");
    let delivered = home.rows("SELECT * FROM delivery_ledger_view ORDER BY seq");

    // The answer that the first waits for never comes.
    stub.stop();
    let first = first.wait_with_output().expect("it ends");
    assert_eq!(first.status.code(), Some(1), "it claims no success: {first:?}");
    assert_eq!(home.rows("SELECT * FROM delivery_ledger_view ORDER BY seq"), delivered, "late trouble changes no row");
    assert_eq!(home.ledger(), ["duplicate|10"]);
    assert_eq!(home.number("SELECT count(*) FROM event_journal"), 10);
    assert_eq!(home.number("SELECT count(*) FROM in_flight"), 0);
    let counted = home.run(&["doctor", "--verify"]);
    assert!(counted.out.contains("ok: counts"), "{counted:?}");
}
