//! A new folder with nothing but contracts of another domain enters: does one command make packages of it that their
//! compilers and type checkers accept, and that decide as the contracts say?

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tests::implementation::{Implementation, Language};
use tests::script::run;
use tests::{python, root, tree};

/// One after the other: the crates are built in one folder.
#[test]
fn an_order_and_bills_with_foreign_types_become_packages() {
    becomes_packages("tests/domains/order/contracts", &[], |_| {});
    let program = ("generated/rust/examples/foreign.rs", include_str!("../domains/foreign/program.rs"));
    becomes_packages("tests/domains/foreign/contracts", &[program], foreign_types_are_those_of_typify);
}

/// An event of the shop; `n` gives its id and its time.
fn event(kind: &str, order: &str, n: u32, clock: u32, more: &Value) -> Value {
    let mut payload = json!({"order_id": order, "recorded_at": "2026-04-01T08:00:00Z"});
    payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({
        "event_id": format!("01JS00000000000000000{n:05}"), "event_type": kind, "till": "till-1", "clock": clock,
        "occurred_at": format!("2026-04-01T08:00:{n:02}Z"), "payload": payload,
    })
}

/// An order that is placed and paid, then sent and cancelled at one clock.
fn order(name: &str, n: u32, sent: u32, cancelled: u32) -> [Value; 4] {
    let placed = json!({
        "channel": "web", "contact": "buyer@example.org", "lines": [{"sku": "4006381333931"}],
        "prices": {"4006381333931": {"minor": "1999"}}, "ship_to": {"street": "Long Street 1", "city": "Ghent", "country": "BE"},
    });
    [
        event("OrderPlaced", name, n, 1, &placed),
        event("OrderPaid", name, n + 1, 2, &json!({"amount": {"minor": "1999"}, "method": "card"})),
        event("OrderShipped", name, sent, 3, &json!({"parcel": "p-1", "carrier": "post"})),
        event("OrderCanceled", name, cancelled, 3, &json!({"stage": "paid", "result": "canceled", "by": "the buyer"})),
    ]
}

/// What `codegen replay` says of a log.
fn replayed(options: &[&str], log: &[Value]) -> Value {
    let project = tempfile::tempdir().unwrap();
    tree::copy(&root().join("tests/domains/order/contracts"), &project.path().join("contracts"));
    let lines = log.iter().flat_map(|event| [event.to_string(), "\n".to_owned()]).collect::<String>();
    let mut replay = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    let output =
        replay.args(["replay", "orders"]).args(options).current_dir(project.path()).write_stdin(lines).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn an_order_that_is_cancelled_while_it_is_sent_is_cancelled_whatever_its_events_are_called() {
    for (sent, cancelled) in [(3, 4), (4, 3)] {
        let log = order("ord-1", 1, sent, cancelled);
        let expected = json!({
            "anomalies": [{
                "event_id": log[2]["event_id"], "kind": "superseded", "params": {},
                "message": "the order was cancelled at the same time",
            }],
            "channel": "web", "event_count": 4, "gift": false, "last_event": "01JS0000000000000000000004",
            "order_id": "ord-1", "paid": {"currency": "EUR", "minor": "1999"}, "parcels": {}, "refunds": [],
            "seen_tills": 1, "stage": "cancelled",
        });
        assert_eq!(replayed(&[], &log), expected);
        let turned: Vec<Value> = log.iter().rev().chain(&log).cloned().collect();
        assert_eq!(replayed(&[], &turned), expected, "in any order and number");
    }
}

#[test]
fn orders_of_one_log_are_kept_apart() {
    let mut stray = order("ord-3", 20, 22, 23)[1].clone();
    stray["payload"]["order_id"] = json!("-");
    let unheard = event("OrderForgotten", "ord-1", 30, 9, &json!({}));
    let refunded = json!({"amount": {"minor": "1999"}, "reason": "damaged"});
    let refunded = event("OrderRefunded", "ord-2", 16, 4, &refunded);
    let (one, other) = (order("ord-1", 1, 3, 4), order("ord-2", 11, 13, 14));
    let without_end = &other[..3];
    let log: Vec<Value> = one.iter().chain(without_end).chain([&stray, &unheard, &refunded]).cloned().collect();
    let state = replayed(&["--partition"], &log);
    let parts = state["partitions"].as_object().unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["ord-1", "ord-2"]);
    assert_eq!((&parts["ord-1"]["stage"], &parts["ord-2"]["stage"]), (&json!("cancelled"), &json!("refunded")));
    assert_eq!(parts["ord-2"]["parcels"], json!({"p-1": {"carrier": "post", "sent_at": "2026-04-01T08:00:00Z"}}));
    assert_eq!(parts["ord-2"]["refunds"], json!([[refunded["event_id"], {"currency": "EUR", "minor": "1999"}]]));
    assert_eq!((parts["ord-2"].get("paid"), &parts["ord-2"]["event_count"]), (None, &json!(4)));
    let rest: Vec<_> = state["rest"]["anomalies"].as_array().unwrap().iter().map(|anomaly| &anomaly["kind"]).collect();
    assert_eq!(rest, ["unheard_of", "malformed_payload"]);
}

fn becomes_packages(contracts: &str, programs: &[(&str, &str)], and: impl Fn(&Path)) {
    let project = tempfile::tempdir().unwrap();
    tree::copy(&root().join(contracts), &project.path().join("contracts"));
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codegen-under-test"));
        command.current_dir(project.path());
        command
    };
    succeeds(&mut command());
    succeeds(command().arg("check"));
    type_checks_in_python(&project.path().join("generated/python"));
    tree::write(project.path(), programs);
    let (lines, answers) = generated_cases(&project.path().join("fixtures/generated"));
    for language in [Language::Rust, Language::Python, Language::TypeScript] {
        // The package is compiled before it answers.
        let found = Implementation::new(language, project.path()).answers(lines.as_bytes());
        let differs = found.iter().zip(&answers).find(|(found, answer)| found != answer);
        assert_eq!((differs, found.len()), (None, answers.len()), "{language:?}");
    }
    and(project.path());
}

/// A program reads bills, looks at one, and makes parties of its own.
fn foreign_types_are_those_of_typify(project: &Path) {
    let bill = r#"{"balance":12,"buyer":{"address":{"city":"Ghent","position":[51.05,3.72]},"kind":"company","name":"Acme"},"history":[],"method":{"by":"transfer","iban":"BE71"}}"#;
    let (lines, _) = generated_cases(&project.join("fixtures/generated"));
    let cases = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let valid = cases.filter(|case| case["valid"] == true).map(|case| case["payload"].to_string());
    let bills: Vec<String> = std::iter::once(bill.to_owned()).chain(valid).collect();
    let mut program = Command::new(root().join("target/agreement/debug/examples/foreign"));
    let said = format!(
        "Acme in Ghent at (51.05, 3.72)\nby transfer to BE71\nsame text: true\n\
        Err(\"min_length\")\ntrue\nmade again: {}\n",
        bills.len()
    );
    assert_eq!(run(&mut program, &bills.join("\n")), said);
}

fn type_checks_in_python(package: &Path) {
    let mut mypy = Command::new(python());
    mypy.args(["-m", "mypy", "--strict", "--no-incremental", "--cache-dir", "/dev/null", "."]).current_dir(package);
    succeeds(&mut mypy);
}

/// The generated cases as lines for `validate`, and the answer that each of them names.
fn generated_cases(folder: &Path) -> (String, Vec<String>) {
    let (mut lines, mut answers) = (String::new(), Vec::new());
    for (path, text) in tree::contents(folder) {
        let text = String::from_utf8(text).unwrap();
        for line in text.lines().filter(|_| path != "manifest.json") {
            let case: Value = serde_json::from_str(line).unwrap();
            if case.get("event_type").is_none() {
                continue;
            }
            let answer = ["errors", "id", "valid"].map(|member| format!("\"{member}\":{}", case[member]));
            answers.push(format!("{{{}}}", answer.join(",")));
            lines.push_str(line);
            lines.push('\n');
        }
    }
    assert!(answers.len() > 100, "{} cases", answers.len());
    (lines, answers)
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&said));
}
