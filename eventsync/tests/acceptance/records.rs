//! A store in which everything has happened enters; are its rows the records that the contracts declare, column for column?

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};

use eventsync::generated::{AttemptRow, Conflict, JournalEvent, LedgerRow, MigrationProvenance, SupersedeMarker};
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

use crate::events::{PROJECT, events, id};
use crate::home::Home;
use crate::migrate::queue::{self, envelope};
use crate::stub::Stub;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a string takes all");
        out
    })
}

/// The rows that a query gives, each as an object of its columns.
fn objects(home: &Home, sql: &str) -> Vec<Map<String, Value>> {
    let store = home.store();
    let mut statement = store.prepare(sql).expect("a query");
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([]).expect("rows");
    let mut found = Vec::new();
    while let Some(row) = rows.next().expect("a row") {
        let value = |name: &String| match row.get_ref(name.as_str()).expect("a column") {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) if ["oversize", "maybe_effective"].contains(&name.as_str()) => json!(number == 1),
            ValueRef::Integer(number) => json!(number),
            ValueRef::Real(number) => json!(number),
            ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
            ValueRef::Blob(bytes) => json!(hex(bytes)),
        };
        found.push(names.iter().map(|name| (name.clone(), value(name))).collect());
    }
    found
}

/// A store with events, delivered or not, taken over, in dispute, archived, purged, and superseded.
fn eventful() -> Home {
    let script = format!(
        "rules:
          - {{when: {{contains: [{0}]}}, times: 1, answer: {{status: 503, text: wait}}}}
          - answer: {{results: {{{0}: {{status: rejected, error: no}}, {1}: {{status: queued}},
              {2}: {{status: rejected, error: no, category: project_refused}}}}}}",
        id(0),
        id(1),
        id(2)
    );
    let keyed = |number: usize| {
        json!({"event_id": id(number), "event_type": "MissionDossierSnapshotComputed", "project_uuid": PROJECT,
            "project_slug": "demo", "repo_slug": "core", "data_tier": 2,
            "payload": {"namespace": {"project_uuid": PROJECT, "mission_slug": "m"}, "number": number}})
        .to_string()
            + "\n"
    };
    let (home, stub) = (Home::holding(&(events(0..6) + &keyed(10))), Stub::with_script(&script));
    home.external(&stub.url);
    for _ in 0..2 {
        assert_eq!(home.run(&["now"]).code, Some(1));
    }
    assert_eq!(home.feed(&["capture"], keyed(11).as_bytes()).code, Some(0));
    assert_eq!(home.run(&["archive", "--event-id", &id(3)]).code, Some(0));
    assert_eq!(home.run(&["gc", "--event-id", &id(4)]).code, Some(0));
    queue::put(&queue::scoped(&home.root(), "a1"), "old", &envelope("old", ""), 1);
    queue::put(&queue::scoped(&home.root(), "b2"), "old", &envelope("old", "other"), 2);
    assert_eq!(home.run(&["migrate"]).code, Some(1));
    home
}

/// Every row is such a record, and the record has all columns of the row.
fn are<R, E: Debug>(
    rows: &[Map<String, Value>],
    least: usize,
    read: impl Fn(&[u8]) -> Result<R, E>,
    text: impl Fn(&R) -> String,
) {
    assert!(rows.len() >= least, "{rows:?}");
    for row in rows {
        let record = read(Value::from(row.clone()).to_string().as_bytes()).expect("a record of the contract");
        let again: Map<String, Value> = serde_json::from_str(&text(&record)).expect("an object");
        let told: BTreeSet<&String> = row.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
        let kept: BTreeSet<&String> =
            again.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
        assert_eq!(told, kept, "{row:?}");
    }
}

#[test]
fn rows_of_the_store_are_the_records_of_the_contract() {
    let home = eventful();
    let journal = objects(&home, "SELECT * FROM event_journal");
    let without = |rows: Vec<Map<String, Value>>, names: &[&str]| {
        let kept = |row: Map<String, Value>| row.into_iter().filter(|(name, _)| !names.contains(&name.as_str()));
        rows.into_iter().map(|row| kept(row).collect()).collect::<Vec<Map<String, Value>>>()
    };
    are(&without(journal, &["payload"]), 9, JournalEvent::from_json, JournalEvent::to_json);
    let mut ledger = without(objects(&home, "SELECT * FROM delivery_ledger_view"), &["target_pk", "seq"]);
    for row in &mut ledger {
        row["status"] = row.remove("status_text").expect("a status");
    }
    are(&ledger, 7, LedgerRow::from_json, LedgerRow::to_json);
    let attempts = "SELECT a.*, t.target_id FROM delivery_attempts a JOIN delivery_targets t USING (target_pk)";
    let mut attempts = without(objects(&home, attempts), &["target_pk"]);
    for row in &mut attempts {
        let counts = row.remove("outcome_counts_json").expect("counts");
        row.insert("outcome_counts".to_owned(), serde_json::from_str(counts.as_str().expect("a text")).expect("JSON"));
    }
    are(&attempts, 2, AttemptRow::from_json, AttemptRow::to_json);
    let superseded = objects(&home, "SELECT * FROM coalesce_superseded");
    are(&superseded, 1, SupersedeMarker::from_json, SupersedeMarker::to_json);
    let provenance = objects(&home, "SELECT * FROM migration_provenance");
    are(&provenance, 1, MigrationProvenance::from_json, MigrationProvenance::to_json);
    let conflicts = without(objects(&home, "SELECT * FROM migration_conflicts"), &["recorded_at"]);
    are(&conflicts, 1, Conflict::from_json, Conflict::to_json);
}
