//! A store that an older program wrote enters; it leaves brought up to date, and nothing is lost, sent twice or thawed.

use std::fs;

use eventsync::delivery::targets::{Facts, TargetIdentity, register};
use eventsync::generated::TargetKind;
use eventsync::store::in_transaction;
use rusqlite::Connection;

use crate::events::{PROJECT, event, id};
use crate::home::Home;
use crate::stub::Stub;

const STEPS: [&str; 2] = [include_str!("../../schema/0001.sql"), include_str!("../../schema/0002.sql")];

const NOW: &str = "2026-01-01T00:00:00.000000+00:00";

/// A store at step 2 with ten events that may be sent, and the target of this endpoint.
fn at_step_2(home: &Home, url: &str) -> Connection {
    fs::create_dir_all(home.root()).expect("a folder");
    let store = Connection::open(home.root().join("sync.db")).expect("a store");
    store.pragma_update(None, "journal_mode", "WAL").expect("a log");
    store.execute_batch(&STEPS.concat()).expect("two steps");
    store.execute_batch("PRAGMA application_id = 0x45565359; PRAGMA user_version = 2;").expect("marks");
    let mut insert = store
        .prepare(
            "INSERT INTO event_journal (event_id, event_type, occurred_at, created_at, project_uuid, producer_scope, family_class,
               payload_sha256, payload_size, payload)
             VALUES (?1, 'WPCreated', ?2, ?2, ?3, 'local', 'unknown', zeroblob(32), length(?4), ?4)",
        )
        .expect("a statement");
    for number in 1..=10 {
        let envelope = event(number);
        insert.execute((id(number), NOW, PROJECT, envelope.as_bytes())).expect("an event");
    }
    drop(insert);
    store
        .execute("INSERT INTO project_consent VALUES (?1, 'granted', 'somebody', ?2)", (PROJECT, NOW))
        .expect("a decision");
    // The program itself says what a target is called.
    let elsewhere = Home::new();
    let mut other = eventsync::store::create(&elsewhere.root()).expect("a store");
    let identity = TargetIdentity::new(TargetKind::External, url, None, None).expect("an endpoint");
    in_transaction(&mut other, |transaction| register(transaction, &identity, &Facts::default(), NOW))
        .expect("a target");
    let columns = "target_id, kind, canonical_url, url_hash, team_slug, user_email, first_seen_at, last_seen_at";
    let row: Vec<String> = other
        .query_row(&format!("SELECT {columns} FROM delivery_targets"), [], |row| (0..8).map(|at| row.get(at)).collect())
        .expect("its row");
    let marks = "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8";
    store
        .execute(&format!("INSERT INTO delivery_targets ({columns}) VALUES ({marks})"), rusqlite::params_from_iter(row))
        .expect("a target");
    store
}

/// 1 to 3 and 6 delivered, 4 pending, 5 parked, 7 to 9 on their way with 2, 10 never tried.
const LEFT: &str = "
  INSERT INTO delivery_ledger (target_pk, seq, status, attempt_count, ever_delivered_at, delivered_epoch)
    SELECT 1, seq, 1, 1, '2026-01-01T00:00:00.000000+00:00', 0 FROM event_journal WHERE seq IN (1, 2, 3, 6);
  INSERT INTO delivery_ledger (target_pk, seq, status, attempt_count) VALUES (1, 4, 3, 1), (1, 5, 6, 1);
  INSERT INTO delivery_attempts VALUES (1, 1, 'a', '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00', 200, '{}', 1, 'terminal');
  INSERT INTO attempt_events VALUES (1, 1, 'success'), (1, 2, 'success'), (1, 3, 'success'), (1, 4, 'pending'),
    (1, 5, 'terminal_failed'), (1, 6, 'success');
  INSERT INTO in_flight VALUES (1, 2, 'b', '2026-01-01T00:00:00.000000+00:00'), (1, 7, 'b', '2026-01-01T00:00:00.000000+00:00'), (1, 8, 'b', '2026-01-01T00:00:00.000000+00:00'), (1, 9, 'b', '2026-01-01T00:00:00.000000+00:00');";

#[test]
fn what_a_store_of_step_2_knows_of_its_events_is_known_after_it_was_brought_up_to_date() {
    let (home, stub) = (Home::new(), Stub::start());
    let store = at_step_2(&home, &stub.url);
    store.execute_batch(LEFT).expect("rows of the older program");
    drop(store);
    home.external(&stub.url);

    // Looking is enough.
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(status["delivery_ledger"]["undelivered_current_target"], 5, "{status}");
    assert_eq!(status["delivery_ledger"]["delivered_current_target"], 4);
    let runs = "SELECT first_seq, last_seq, batch_id FROM in_flight ORDER BY 1";
    assert_eq!(home.rows(runs), ["2|2|b", "7|9|b"]);
    let said = "SELECT first_seq, last_seq, outcome FROM attempt_events ORDER BY 1";
    assert_eq!(home.rows(said), ["1|3|success", "4|4|pending", "5|5|terminal_failed", "6|6|success"]);
    assert_eq!(home.rows("SELECT low_water_seq, epoch FROM target_progress"), ["6|0"], "7 has no row yet");

    let store = home.store();
    for (seq, is_frozen) in [(1, true), (2, true), (4, false), (6, true), (7, true), (8, true), (9, true), (10, false)]
    {
        let changed = store.execute("UPDATE event_journal SET payload = payload WHERE seq = ?1", [seq]);
        assert_eq!(changed.is_err(), is_frozen, "event {seq}: {changed:?}");
    }
    drop(store);

    let pass = home.run(&["now", "--json"]);
    assert_eq!(pass.code, Some(0), "{pass:?}");
    assert_eq!(stub.ids(), [4, 7, 8, 9, 10].map(id), "what is open, each once, in the order of capture");
    assert_eq!(home.rows(runs), ["2|2|b"], "what the dead pass held of others is held still");
    assert_eq!(home.rows("SELECT low_water_seq FROM target_progress"), ["10"]);
    assert_eq!(home.run(&["retry", "--event-id", &id(5)]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(stub.ids(), [4, 7, 8, 9, 10, 5].map(id), "what is retried lies before the mark, and is found");
    assert_eq!(home.rows("PRAGMA integrity_check"), ["ok"]);
    assert_eq!(home.rows("PRAGMA foreign_key_check"), Vec::<String>::new());
    let counts = "SELECT status, n FROM status_counters WHERE n > 0 ORDER BY 1";
    assert_eq!(home.rows(counts), ["1|10"]);
}

#[test]
fn the_index_by_status_is_there() {
    let index = "SELECT sql FROM sqlite_schema WHERE name = 'ledger_by_status'";
    let home = Home::holding(&(event(0) + "\n"));
    assert_eq!(home.rows(index), ["CREATE INDEX ledger_by_status ON delivery_ledger (target_pk, status)"]);
}
