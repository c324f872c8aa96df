//! The name of a reducer and a number enter; a log of that many events leaves, as a project in use would write it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Work packages move through these lanes, one after the other.
const LANES: [&str; 7] = ["planned", "claimed", "in_progress", "for_review", "in_review", "approved", "done"];

/// How clocks run in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Every event has its own.
    Rising,
    /// All events have one.
    Same,
}

/// Writes a log of valid events in order.
pub fn write(path: &Path, reducer: &str, events: u32, clock: Clock) -> Result<()> {
    let folder = path.parent().context("a log lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut file = BufWriter::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?);
    for at in 0..events {
        let (event_type, payload) = match reducer {
            "connector" => connector(at),
            "sync" => sync(at),
            "wp_status" => work_package(at),
            "mission" => mission(at, events),
            _ => bail!("no log is known for the reducer `{reducer}`"),
        };
        let lamport = if clock == Clock::Rising { at } else { 1 };
        writeln!(
            file,
            r#"{{"event_id":"01JQ0000000000000{at:09}","event_type":"{event_type}","aggregate_id":"aggregate-{}","payload":{payload},"timestamp":"{}","node_id":"node-1","lamport_clock":{lamport},"causation_id":null,"project_uuid":"123e4567-e89b-12d3-a456-426614174000","project_slug":"roadmap","correlation_id":"01JQ0000000000000000000000","schema_version":"1.0.0","data_tier":1}}"#,
            at % 10,
            instant(at),
        )?;
    }
    file.flush().with_context(|| format!("cannot write {}", path.display()))
}

/// The instant of an event, a tenth of a second behind the one before it; events beyond 115 days begin again.
fn instant(at: u32) -> String {
    let seconds = at / 10;
    let (day, hour, minute, second) = (seconds / 86_400 % 28, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let month = seconds / 86_400 / 28 % 12;
    format!("2026-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{}00Z", month + 1, day + 1, at % 10)
}

fn connector(at: u32) -> (&'static str, String) {
    let (event_type, more) = match at % 5 {
        _ if at == 0 => {
            ("ConnectorProvisioned", r#""credentials_ref":"vault://connectors/github","config_hash":"sha256:7f3a9c2e""#)
        }
        1 | 4 => ("ConnectorHealthChecked", r#""health_status":"healthy","latency_ms":42.5"#),
        2 => (
            "ConnectorDegraded",
            r#""degradation_reason":"connection_timeout","last_healthy_at":"2026-01-01T00:00:00Z""#,
        ),
        3 => ("ConnectorReconnected", r#""previous_state":"degraded","reconnect_strategy":"automatic""#),
        _ => ("ConnectorHealthChecked", r#""health_status":"healthy","latency_ms":3200.25"#),
    };
    let base = format!(
        r#""connector_id":"conn-github-001","connector_type":"issue_tracker","provider":"github","mission_id":"mission-2026-04-alpha","project_uuid":"123e4567-e89b-12d3-a456-426614174000","actor_id":"svc-sync-worker","actor_type":"service","endpoint_url":"https://api.github.com/repos/acme/roadmap/issues?state=open","recorded_at":"{}""#,
        instant(at)
    );
    (event_type, format!("{{{base},{more}}}"))
}

fn sync(at: u32) -> (&'static str, String) {
    let (event_type, more) = match at % 5 {
        0 => ("SyncIngestAccepted", r#""ingest_batch_id":"batch-0042","ingested_count":15"#),
        1 => (
            "SyncIngestRejected",
            r#""rejection_reason":"payload_schema_mismatch","rejected_payload_ref":"blob://rejected/7f3a""#,
        ),
        2 => ("SyncRetryScheduled", r#""retry_attempt":1,"max_retries":3,"next_retry_at":"2026-04-01T08:15:30.250Z""#),
        3 => (
            "SyncDeadLettered",
            r#""failure_reason":"max_retries_exceeded","total_attempts":3,"dead_letter_ref":"blob://dead/7f3a""#,
        ),
        _ => (
            "SyncReplayCompleted",
            r#""replay_id":"replay-0042","replayed_count":42,"replay_source":"dead_letter_queue""#,
        ),
    };
    let base = format!(
        r#""delivery_id":"delivery-{at:07}","source_event_fingerprint":"sha256:{:08x}","connector_id":"conn-github-001","mission_id":"mission-2026-04-alpha","recorded_at":"{}""#,
        at.wrapping_mul(2_654_435_761),
        instant(at)
    );
    (event_type, format!("{{{base},{more}}}"))
}

/// Each package goes from the first lane to the last; ten are on their way at a time.
fn work_package(at: u32) -> (&'static str, String) {
    let lanes = u32::try_from(LANES.len()).expect("few lanes");
    let (round, step) = (at / (10 * lanes), at / 10 % lanes);
    let package = round * 10 + at % 10;
    let to = LANES[step as usize];
    let mut payload = format!(r#"{{"mission_slug":"alpha","wp_id":"WP{package:06}""#);
    if step > 0 {
        write!(payload, r#","from_lane":"{}""#, LANES[step as usize - 1]).expect("a string takes everything");
    }
    write!(payload, r#","to_lane":"{to}","actor":"jane.doe","execution_mode":"worktree""#)
        .expect("a string takes everything");
    if matches!(to, "approved" | "done") {
        payload += r#","evidence":{"repos":[{"repo":"acme/roadmap","branch":"main","commit":"7f3a9c2e"}],"review":{"reviewer":"john","verdict":"approved"}}"#;
    }
    payload.push('}');
    ("WPStatusChanged", payload)
}

/// Phases between a start and an end; every other event belongs to a work package.
fn mission(at: u32, events: u32) -> (&'static str, String) {
    match at {
        0 => (
            "MissionStarted",
            r#"{"mission_id":"m-1","mission_type":"software","initial_phase":"plan","actor":"jane.doe"}"#.into(),
        ),
        _ if at + 1 == events => (
            "MissionCompleted",
            r#"{"mission_id":"m-1","mission_type":"software","final_phase":"done","actor":"jane.doe"}"#.into(),
        ),
        _ if at % 2 == 1 => work_package(at / 2),
        _ => (
            "PhaseEntered",
            format!(
                r#"{{"mission_id":"m-1","phase_name":"phase-{}","previous_phase":"phase-{}","actor":"jane.doe"}}"#,
                at % 100,
                (at - 2) % 100
            ),
        ),
    }
}
