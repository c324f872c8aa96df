//! Logs enter; what making their state costs leaves, as ratios against `serde_json` passing over the same bytes in the
//! same run.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use event_contracts::replay_lines;
use event_contracts::support::fold::ReplayOptions;
use serde::de::IgnoredAny;

/// Rounds of which the fastest counts: other work on the machine only ever adds time.
const ROUNDS: usize = 5;

/// Logs in their order, logs in no order, and logs of many entities.
pub fn measure(sizes: &[usize]) {
    println!("events/s, one core; x: against `serde_json` passing over each line (`IgnoredAny`), same bytes, same run");
    println!("| events | log | MiB | passed over | state | x | `--sorted` | x |");
    println!("|---|---|---|---|---|---|---|---|");
    for &size in sizes {
        for (name, log) in [("in order", log(size, |at| at)), ("shuffled", log(size, |at| shuffled(at, size)))] {
            row(name, size, log.as_bytes());
        }
    }
}

fn row(name: &str, events: usize, log: &[u8]) {
    let scan = fastest(|| {
        for line in log.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            black_box(serde_json::from_slice::<IgnoredAny>(line).is_ok());
        }
    });
    let replay = |sorted| {
        let options = ReplayOptions { sorted, ..ReplayOptions::default() };
        move || {
            let replayed = replay_lines("connector", Again { log, at: 0 }, options);
            black_box(replayed.is_ok_and(|replayed| replayed.state.is_some()))
        }
    };
    let any_order = fastest(|| assert!(replay(false)()));
    let rate = |time: Duration| events as f64 / time.as_secs_f64() / 1e6;
    let ratio = |time: Duration| scan.as_secs_f64() / time.as_secs_f64();
    let mib = log.len() as f64 / f64::from(1 << 20);
    print!(
        "| {events} | {name} | {mib:.0} | {:.2} M | {:.2} M | {:.2} |",
        rate(scan),
        rate(any_order),
        ratio(any_order)
    );
    if name == "in order" {
        let sorted = fastest(|| assert!(replay(true)()));
        println!(" {:.2} M | {:.2} |", rate(sorted), ratio(sorted));
    } else {
        println!(" | |");
    }
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let once = |()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    std::iter::repeat_n((), ROUNDS).map(once).min().unwrap_or_default()
}

/// A log in memory, of which lines can be read a second time as those of a file can.
struct Again<'l> {
    log: &'l [u8],
    at: usize,
}

impl event_contracts::support::fold::Source for Again<'_> {
    fn line(&mut self, text: &mut Vec<u8>) -> std::io::Result<usize> {
        let mut rest = &self.log[self.at..];
        let taken = event_contracts::support::fold::Source::line(&mut rest, text)?;
        self.at += taken;
        Ok(taken)
    }

    fn is_read_again(&self) -> bool {
        true
    }

    fn again(&mut self, from: usize, text: &mut Vec<u8>) -> std::io::Result<()> {
        let mut rest = &self.log[from..];
        event_contracts::support::fold::Source::line(&mut rest, text).map(drop)
    }
}

/// A place for each event, none twice.
fn shuffled(at: usize, size: usize) -> usize {
    let step = (size / 2 + 1) | 1;
    at.wrapping_mul(step) % size.next_power_of_two().max(1) % size
}

/// The life of a connector, again and again.
fn log(size: usize, place: impl Fn(usize) -> usize) -> String {
    let mut log = String::new();
    for at in 0..size {
        let n = place(at);
        let (kind, more) = match n % 5 {
            _ if n == 0 => ("ConnectorProvisioned", r#","credentials_ref":"vault:1","config_hash":"abc""#),
            0 => ("ConnectorHealthChecked", r#","health_status":"healthy","latency_ms":12.5"#),
            1 => ("ConnectorHealthChecked", r#","health_status":"degraded","latency_ms":3200.5"#),
            2 => ("ConnectorRevoked", r#","revocation_reason":"credentials expired""#),
            3 => ("ConnectorReconnected", r#","previous_state":"revoked","reconnect_strategy":"backoff""#),
            _ => ("ConnectorDegraded", r#","degradation_reason":"timeouts","last_healthy_at":"2026-04-01T08:00:00Z""#),
        };
        let (seconds, minutes, hours) = (n % 60, n / 60 % 60, n / 3600 % 24);
        let at = format!("2026-04-01T{hours:02}:{minutes:02}:{seconds:02}.250Z");
        writeln!(
            log,
            r#"{{"event_id":"01J0{n:022}","event_type":"{kind}","aggregate_id":"conn-github-001","payload":{{"connector_id":"conn-github-001","connector_type":"issue_tracker","provider":"github","mission_id":"mission-2026-04-alpha","project_uuid":"123e4567-e89b-12d3-a456-426614174000","actor_id":"svc-sync-worker","actor_type":"service","endpoint_url":"https://api.github.com/repos/acme/roadmap/issues?state=open","recorded_at":"{at}"{more}}},"timestamp":"{at}","node_id":"node-eu-1","lamport_clock":{n},"project_uuid":"123e4567-e89b-12d3-a456-426614174000","correlation_id":"01J0000000000000000000000Z"}}"#,
        )
        .expect("a string takes all");
    }
    log
}
