//! Every status and everything that can happen to it enter; does the ledger go where `data/transitions.yaml` says, and is
//! beside it written what belongs there, and nothing else?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use eventsync::delivery::ledger::{Account, LedgerError, record, redrain, requeue};
use eventsync::delivery::receivers::{Answer, Verdict};
use eventsync::delivery::targets::{Facts, TargetIdentity, find, register};
use eventsync::generated::{
    AnswerStep, DeliveryEvent, DeliveryOutcome, DeliveryStatus, EffectCertainty, HttpAnswer, TargetKind,
};
use eventsync::store::in_transaction;
use rusqlite::Connection;
use serde::Deserialize;

use crate::events::{events, id};
use crate::home::{Home, rows};

const FIRST: &str = "2026-01-01T00:00:00.000000+00:00";
const LATER: &str = "2026-01-02T00:00:00.000000+00:00";

#[derive(Deserialize)]
struct Data {
    effects: BTreeMap<String, Vec<String>>,
    transitions: BTreeMap<String, String>,
}

fn data() -> Data {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/transitions.yaml");
    yaml_serde::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A row of the ledger by column; none where there is none.
fn row(connection: &Connection, target_pk: i64) -> Option<BTreeMap<&'static str, String>> {
    const COLUMNS: [&str; 10] = [
        "status_text",
        "attempt_count",
        "first_attempted_at",
        "last_attempted_at",
        "accepted_at",
        "completed_at",
        "server_drain_state",
        "rejection_count",
        "last_rejection_error",
        "ever_delivered_at",
    ];
    let sql = format!("SELECT {} FROM delivery_ledger_view WHERE target_pk = {target_pk}", COLUMNS.join(", "));
    let found = rows(connection, &sql);
    let cells = found.first()?.split('|').map(str::to_owned);
    Some(COLUMNS.into_iter().zip(cells).collect())
}

/// An answer that says this of the first event.
pub fn answer(outcome: DeliveryOutcome) -> Answer {
    let verdict = Verdict {
        seq: 1,
        event_id: id(0),
        outcome,
        http_status: Some(200),
        error: Some(format!("said {outcome}")),
        category: None,
        raw: None,
        certainty: EffectCertainty::KnownNoEffect,
    };
    Answer {
        kind: HttpAnswer::Ok200,
        http_status: Some(200),
        verdicts: vec![verdict],
        again: Vec::new(),
        step: AnswerStep::Record,
        certainty: EffectCertainty::KnownNoEffect,
        request_bytes: 1,
        retry_after: None,
        byte_limit: None,
        notes: Vec::new(),
    }
}

fn account(connection: &Connection, target_id: &str) -> Account {
    let target = find(connection, target_id).unwrap().unwrap();
    Account { target_pk: target.target_pk, epoch: target.redrain_epoch }
}

/// Lets it happen to the event at a target; an error where the ledger refuses.
fn happen(connection: &mut Connection, target_id: &str, input: DeliveryEvent, now: &str) -> Result<(), LedgerError> {
    let account = account(connection, target_id);
    in_transaction(connection, |transaction| match input {
        DeliveryEvent::Requeue => requeue(transaction, account, &id(0), 1).map(|_| ()),
        DeliveryEvent::Redrain => redrain(transaction, account.target_pk).map(|_| ()),
        other => {
            let outcome: DeliveryOutcome = other.as_str().parse().unwrap();
            record(transaction, account, "batch", now, &answer(outcome), now)
        }
    })
}

/// A target at which the event stands so.
fn target_at(connection: &mut Connection, name: &str, status: &str) -> String {
    let url = format!("https://{name}.example");
    let identity = TargetIdentity::new(TargetKind::External, &url, None, None).unwrap();
    in_transaction(connection, |transaction| register(transaction, &identity, &Facts::default(), FIRST)).unwrap();
    if status != "absent" {
        let input = if status == "failed_transient" { "transient" } else { status };
        happen(connection, &identity.target_id, input.parse().unwrap(), FIRST).unwrap();
        let pk = account(connection, &identity.target_id).target_pk;
        assert_eq!(row(connection, pk).unwrap()["status_text"], status);
    }
    identity.target_id
}

/// What is written beside a status that changed, by the effects of the input.
fn expected(
    before: Option<&BTreeMap<&'static str, String>>,
    status: &str,
    input: &str,
    effects: &[String],
) -> BTreeMap<&'static str, String> {
    let none = || "-".to_owned();
    let fresh = [
        ("attempt_count", "0".to_owned()),
        ("first_attempted_at", none()),
        ("last_attempted_at", none()),
        ("accepted_at", none()),
        ("completed_at", none()),
        ("server_drain_state", none()),
        ("rejection_count", "0".to_owned()),
        ("last_rejection_error", none()),
        ("ever_delivered_at", none()),
    ];
    let mut row = before.cloned().unwrap_or_else(|| fresh.into_iter().collect());
    row.insert("status_text", status.to_owned());
    let once = |row: &mut BTreeMap<&'static str, String>, key| {
        if row[key] == "-" {
            row.insert(key, LATER.to_owned());
        }
    };
    let more = |row: &mut BTreeMap<&'static str, String>, key| {
        let count: u32 = row[key].parse().unwrap();
        row.insert(key, (count + 1).to_string());
    };
    for effect in effects {
        match effect.as_str() {
            "attempt" => {
                more(&mut row, "attempt_count");
                once(&mut row, "first_attempted_at");
                row.insert("last_attempted_at", LATER.to_owned());
            }
            "accepted" => {
                row.insert("accepted_at", LATER.to_owned());
                row.insert("server_drain_state", "pending".to_owned());
            }
            "completed" => {
                row.insert("completed_at", LATER.to_owned());
            }
            "delivered" => once(&mut row, "ever_delivered_at"),
            "rejection" => {
                more(&mut row, "rejection_count");
                row.insert("last_rejection_error", format!("said {input}"));
            }
            other => panic!("no effect is called `{other}`"),
        }
    }
    row
}

#[test]
fn every_status_goes_where_it_should_on_everything_and_so_does_what_stands_beside_it() {
    let home = Home::holding(&events(0..1));
    let mut connection = home.store();
    let data = data();
    let mut cells = 0;
    for (from, cell_row) in &data.transitions {
        for (input, cell) in DeliveryEvent::ALL.iter().zip(cell_row.split_whitespace()) {
            let name = format!("{from} on {input}");
            let target = target_at(&mut connection, &format!("t{cells}"), from);
            cells += 1;
            let pk = account(&connection, &target).target_pk;
            let before = row(&connection, pk);
            let happened = happen(&mut connection, &target, *input, LATER);
            let after = row(&connection, pk);
            match cell {
                "=" => {
                    happened.unwrap_or_else(|error| panic!("{name}: {error}"));
                    assert_eq!(after, before, "{name}");
                }
                "-" if *input == DeliveryEvent::Requeue => {
                    assert!(happened.is_err(), "{name} is refused");
                    assert_eq!(after, before, "{name}");
                }
                // A redrain opens a whole target: what is open there stays as it is.
                "-" => assert_eq!(after, before, "{name}"),
                status => {
                    happened.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let effects = &data.effects[input.as_str()];
                    assert_eq!(after.unwrap(), expected(before.as_ref(), status, input.as_str(), effects), "{name}");
                }
            }
        }
    }
    assert_eq!(cells, 56);
    let bytes = home.rows("SELECT payload FROM event_journal");
    assert_eq!(bytes, [events(0..1).trim_end()], "nothing of this touches what was captured");
}

#[test]
fn the_database_itself_lets_no_delivered_event_go_back() {
    let home = Home::holding(&events(0..1));
    let mut connection = home.store();
    target_at(&mut connection, "a", "success");
    for sql in [
        "UPDATE delivery_ledger SET status = 5",
        "DELETE FROM delivery_ledger",
        "UPDATE event_journal SET payload = x'00'",
        "DELETE FROM event_journal",
        "UPDATE delivery_ledger SET status = 7",
        "UPDATE delivery_ledger SET status = 0",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    let codes: Vec<i64> =
        DeliveryStatus::ALL.iter().map(|status| eventsync::generated::ledger_codes::code(*status)).collect();
    assert_eq!(codes, [1, 2, 3, 4, 5, 6], "what the view and the CHECK of the schema spell out");
}
