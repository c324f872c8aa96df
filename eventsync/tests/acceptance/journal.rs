//! Events enter the journal of the library; are they there as they came, each by itself, unless a strategy puts them together?

use eventsync::delivery::ledger::{LedgerFacts, record};
use eventsync::generated::{DeliveryOutcome, EffectCertainty, FamilyClassification, TargetKind};
use eventsync::journal::coalesce::{Coalescing, ContractKeys, DeliveredAnywhere, Strategy};
use eventsync::journal::{AppendOutcome, Journal, JournalError, NewEvent, drop_unkept};
use eventsync::store::{clock, create, in_transaction};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::drainer::Drainer;
use crate::events::{events, id};
use crate::home::{Home, rows};
use crate::ledger::answer;

fn event(event_id: &str, payload: &[u8]) -> NewEvent {
    NewEvent {
        event_id: event_id.to_owned(),
        event_type: "WPCreated".to_owned(),
        occurred_at: clock::now(),
        payload: payload.to_vec(),
        payload_sha256: Sha256::digest(payload).into(),
        project_uuid: None,
        project_slug: None,
        repo_slug: None,
        producer_scope: "local".to_owned(),
        family_class: FamilyClassification::TeamspaceBound,
        data_tier: 0,
        drain_blocked_reason: None,
        validation_error: None,
    }
}

fn append(store: &mut Connection, strategy: &dyn Strategy, event: &NewEvent) -> Result<AppendOutcome, JournalError> {
    in_transaction(store, |transaction| {
        let mut journal = Journal::open(transaction)?;
        let appended = journal.append(event, Coalescing { strategy, frozen: &LedgerFacts }, &clock::now())?;
        journal.close()?;
        Ok(appended)
    })
}

/// Gives every event this key, or fails.
struct Always(Result<Option<String>, String>);

impl Strategy for Always {
    fn key(&self, _: &NewEvent) -> Result<Option<String>, String> {
        self.0.clone()
    }
}

#[test]
fn an_event_without_bytes_and_without_a_key_is_an_event() {
    let home = Home::new();
    let mut store = create(&home.root()).expect("a store");
    assert_eq!(append(&mut store, &ContractKeys, &event("a", b"")).expect("it is kept"), AppendOutcome::Inserted);
    assert_eq!(
        append(&mut store, &ContractKeys, &event("a", b"")).expect("it is there"),
        AppendOutcome::AlreadyPresent
    );
    let found = rows(&store, "SELECT event_id, length(payload), payload_size, coalesce_key FROM event_journal");
    assert_eq!(found, ["a|0|0|-"]);
}

#[test]
fn a_strategy_without_keys_keeps_each_event_and_one_that_fails_keeps_none() {
    let home = Home::new();
    let mut store = create(&home.root()).expect("a store");
    for (strategy, expected) in [(Always(Ok(None)), ["a", "b"].as_slice()), (Always(Err("no".to_owned())), &["a", "b"])]
    {
        for (id, payload) in [("a", b"{}"), ("b", b"{}")] {
            let appended = append(&mut store, &strategy, &event(id, payload));
            assert_eq!(matches!(appended, Err(JournalError::Coalesce { .. })), strategy.0.is_err());
        }
        assert_eq!(rows(&store, "SELECT event_id FROM event_journal ORDER BY seq"), expected);
    }
    assert!(append(&mut store, &Always(Err("no".to_owned())), &event("c", b"{}")).is_err());
    assert_eq!(rows(&store, "SELECT count(*) FROM event_journal"), ["2"]);
}

#[test]
fn an_event_that_a_server_is_to_get_is_dropped_with_evidence_alone() {
    for (class, may_go) in [
        (FamilyClassification::TeamspaceBound, false),
        (FamilyClassification::Unknown, false),
        (FamilyClassification::LocalOnly, true),
        (FamilyClassification::ExplicitlyDiscardable, true),
    ] {
        let refused = drop_unkept("a", class, false);
        assert_eq!(refused.is_ok(), may_go, "{class}");
        assert!(may_go || matches!(refused, Err(JournalError::TeamspaceBoundDrop { event_id }) if event_id == "a"));
        assert!(drop_unkept("a", class, true).is_ok(), "{class}");
    }
}

#[test]
fn the_journal_has_no_column_for_servers_and_no_row_of_it_can_be_removed() {
    let home = Home::holding(&events(0..2));
    let store = home.store();
    let columns = rows(&store, "SELECT name FROM pragma_table_info('event_journal')");
    assert!(columns.len() > 15);
    for word in ["target", "server", "url", "deliver", "status", "attempt", "epoch"] {
        assert!(!columns.iter().any(|column| column.contains(word)), "{word}: {columns:?}");
    }
    assert!(store.execute("DELETE FROM event_journal", []).is_err());
    let index = "SELECT group_concat(name) FROM pragma_index_info('ledger_by_status')";
    let indexes = rows(&store, "SELECT name FROM pragma_index_list('delivery_ledger') ORDER BY 1");
    assert!(indexes.iter().any(|name| name == "ledger_by_status"), "{indexes:?}");
    assert_eq!(rows(&store, index), ["target_pk,status"]);
    let schema = || rows(&store, "SELECT sql FROM sqlite_schema ORDER BY name");
    let before = schema();
    drop(create(&home.root()).expect("it opens once more"));
    assert_eq!(schema(), before, "a second opening makes nothing");
}

#[test]
fn bytes_are_frozen_by_delivery_or_doubt_and_not_by_being_parked() {
    use DeliveryOutcome::{Duplicate, Pending, Rejected, Success, TerminalFailed, Transient};
    use EffectCertainty::{AcceptedPending, KnownNoEffect, PossiblyEffective, Terminal};
    for (outcome, certainty, is_frozen) in [
        (Success, Terminal, true),
        (Duplicate, Terminal, true),
        (Pending, AcceptedPending, true),
        (Transient, PossiblyEffective, true),
        (Transient, KnownNoEffect, false),
        (Rejected, KnownNoEffect, false),
        (TerminalFailed, KnownNoEffect, false),
    ] {
        let home = Home::holding(&events(0..1));
        let mut drainer = Drainer::to(&home, TargetKind::External, "https://a");
        let mut said = answer(outcome);
        said.verdicts[0].certainty = certainty;
        let (account, store) = drainer.parts();
        in_transaction(store, |transaction| record(transaction, account, "batch", &clock::now(), &said, &clock::now()))
            .expect("it is recorded");
        assert_eq!(LedgerFacts.is_frozen(store, 1).expect("an answer"), is_frozen, "{outcome} {certainty}");
        let changed = store.execute("UPDATE event_journal SET payload = x'00' WHERE seq = 1", []);
        assert_eq!(changed.is_err(), is_frozen, "{outcome} {certainty}: the database itself, for {}", id(0));
    }
}
