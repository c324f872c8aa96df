//! Payloads enter; what reading them with every check costs leaves, as ratios against `serde_json` reading the same bytes
//! unchecked into plain structs in the same run. `bench scan FILE` is the yardstick of replays: it only finds out that every line
//! is JSON, and `bench loop NAME` the one of `eventsync`.

mod loops;

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use event_contracts::support::{Record, Slot, read_slots};
use event_contracts::{ConnectorHealthCheckedPayload, ExternalReferenceLinkedPayload};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Rounds of which the fastest counts: other work on the machine only ever adds time.
const ROUNDS: usize = 200;

/// Payloads read in a round.
const PAYLOADS: u32 = 500;

const CONNECTOR: &str = r#"{"connector_id":"conn-github-001","connector_type":"issue_tracker","provider":"github","mission_id":"mission-2026-04-alpha","project_uuid":"123e4567-e89b-12d3-a456-426614174000","actor_id":"svc-sync-worker","actor_type":"service","endpoint_url":"https://api.github.com/repos/acme/roadmap/issues?state=open","recorded_at":"2026-04-01T08:15:30.250Z","health_status":"degraded","latency_ms":3200.5}"#;

const REFERENCE: &str = r#"{"link_id":"link-7f3a9c2e","connector_id":"conn-github-001","external_provider":"github","external_ref_type":"pull_request","external_ref_id":"acme/roadmap#1842","external_ref_url":"https://github.com/acme/roadmap/pull/1842/files?diff=split#discussion","internal_aggregate_type":"work_package","internal_aggregate_id":"WP-2026-0042","mission_id":"mission-2026-04-alpha","linked_by":"jane.doe@example.org, lead of the integrations team and owner of this connector since January","recorded_at":"2026-04-01T08:15:30.250+02:00"}"#;

/// What plain serde derives make of the first payload.
#[expect(clippy::struct_field_names, reason = "the contract says so")]
#[expect(dead_code, reason = "only reading is measured")]
#[derive(Deserialize)]
struct Connector {
    connector_id: String,
    connector_type: String,
    provider: String,
    mission_id: String,
    project_uuid: String,
    actor_id: String,
    actor_type: Actor,
    endpoint_url: String,
    recorded_at: String,
    health_status: Health,
    latency_ms: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Actor {
    Human,
    Service,
    System,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    Healthy,
    Degraded,
    Unreachable,
}

/// What plain serde derives make of the second payload.
#[expect(dead_code, reason = "only reading is measured")]
#[derive(Deserialize)]
struct Reference {
    link_id: String,
    connector_id: String,
    external_provider: String,
    external_ref_type: String,
    external_ref_id: String,
    external_ref_url: String,
    internal_aggregate_type: String,
    internal_aggregate_id: String,
    mission_id: String,
    linked_by: String,
    recorded_at: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, file] = &arguments[..]
        && word == "scan"
    {
        return scan(file);
    }
    if let [word, name, rest @ ..] = &arguments[..]
        && word == "loop"
    {
        return loops::run(name, rest).expect("the loop comes to its end");
    }
    println!("payloads/s, one core; x: against serde_json into plain derives, unchecked, same run");
    println!("| payload | bytes | serde_json | checked, owned | x | checked, slots | x | refused, all faults | x |");
    println!("|---|---|---|---|---|---|---|---|---|");
    measure::<Connector, ConnectorHealthCheckedPayload>("ConnectorHealthChecked", CONNECTOR);
    measure::<Reference, ExternalReferenceLinkedPayload>("ExternalReferenceLinked", REFERENCE);
}

/// Reads every line of a file as JSON and keeps nothing of it.
fn scan(file: &str) {
    let mut lines = BufReader::with_capacity(1 << 16, File::open(file).expect("the log can be opened"));
    let (mut line, mut events) = (Vec::new(), 0_u32);
    while lines.read_until(b'\n', &mut line).expect("the log can be read") > 0 {
        black_box(serde_json::from_slice::<IgnoredAny>(&line).expect("every line is JSON"));
        events += 1;
        line.clear();
    }
    println!("{events}");
}

fn measure<Plain: for<'de> Deserialize<'de>, Checked: Record>(name: &str, payload: &str) {
    let text = payload.as_bytes();
    // The last field loses its type: serde_json stops there, ours goes on.
    let wrong = wrong(payload);
    let mut works: [Box<dyn FnMut()>; 5] = [
        Box::new(|| _ = black_box(serde_json::from_slice::<Plain>(black_box(text))).is_ok()),
        Box::new(|| _ = black_box(event_contracts::support::record_from_json::<Checked>(black_box(text))).is_ok()),
        Box::new(|| {
            let mut slots = [const { Slot::None }; 16];
            let slots = &mut slots[..Checked::shape().len()];
            _ = black_box(read_slots(black_box(text), Checked::shape(), slots)).is_ok();
        }),
        Box::new(|| _ = black_box(serde_json::from_slice::<Plain>(black_box(wrong.as_bytes()))).is_err()),
        Box::new(|| {
            _ = black_box(event_contracts::support::record_from_json::<Checked>(black_box(wrong.as_bytes()))).is_err();
        }),
    ];
    let mut fastest = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        for (work, fastest) in works.iter_mut().zip(&mut fastest) {
            let start = Instant::now();
            (0..PAYLOADS).for_each(|_| work());
            *fastest = start.elapsed().min(*fastest);
        }
    }
    let rate = |at: usize| f64::from(PAYLOADS) / fastest[at].as_secs_f64();
    println!(
        "| {name} | {} | {:.2} M | {:.2} M | {:.2} | {:.2} M | {:.2} | {:.2} M | {:.2} |",
        text.len(),
        rate(0) / 1e6,
        rate(1) / 1e6,
        rate(1) / rate(0),
        rate(2) / 1e6,
        rate(2) / rate(0),
        rate(4) / 1e6,
        rate(4) / rate(3),
    );
}

/// The payload with a truth value in the place of its last.
fn wrong(payload: &str) -> String {
    let (before, last) = payload.rsplit_once(",\"").expect("several members");
    let key = last.split('"').next().expect("a key");
    format!("{before},\"{key}\":false}}")
}
