//! The contracts of this repository enter: do they declare what the users of the event families were promised?

use codegen::interpret::check_payload;
use codegen::json::read;
use codegen::model::{Payload, Presence, Workspace};
use tests::project::workspace;
use tests::root;

/// Event types of each family, with the fields that have to be there and those that need not (`?`).
const EVENTS: &[(&str, &str, &str)] = &[
    ("connector", "ConnectorProvisioned", "BASE credentials_ref config_hash"),
    ("connector", "ConnectorHealthChecked", "BASE health_status latency_ms"),
    ("connector", "ConnectorDegraded", "BASE degradation_reason last_healthy_at"),
    ("connector", "ConnectorRevoked", "BASE revocation_reason"),
    ("connector", "ConnectorReconnected", "BASE previous_state reconnect_strategy"),
    ("sync", "SyncIngestAccepted", "DELIVERY ingest_batch_id ingested_count"),
    ("sync", "SyncIngestRejected", "DELIVERY rejection_reason rejected_payload_ref"),
    ("sync", "SyncRetryScheduled", "DELIVERY retry_attempt max_retries next_retry_at"),
    ("sync", "SyncDeadLettered", "DELIVERY failure_reason total_attempts dead_letter_ref"),
    ("sync", "SyncReplayCompleted", "DELIVERY replay_id replayed_count replay_source"),
    (
        "sync",
        "ExternalReferenceLinked",
        "link_id connector_id external_provider external_ref_type external_ref_id external_ref_url \
         internal_aggregate_type internal_aggregate_id mission_id linked_by recorded_at",
    ),
    ("lifecycle", "MissionStarted", "mission_id mission_type initial_phase actor"),
    ("lifecycle", "MissionCompleted", "mission_id mission_type final_phase actor"),
    ("lifecycle", "MissionCancelled", "mission_id reason actor cancelled_wp_ids?"),
    ("lifecycle", "PhaseEntered", "mission_id phase_name previous_phase? actor"),
    ("lifecycle", "ReviewRollback", "mission_id review_ref target_phase affected_wp_ids? actor"),
    (
        "status",
        "WPStatusChanged",
        "mission_slug wp_id from_lane? to_lane actor force? reason? execution_mode review_ref? evidence?",
    ),
];

const BASE: &str =
    "connector_id connector_type provider mission_id project_uuid actor_id actor_type endpoint_url recorded_at";
const DELIVERY: &str = "delivery_id source_event_fingerprint connector_id mission_id recorded_at";

const ENUMS: &[(&str, &str)] = &[
    ("ConnectorState", "provisioned healthy degraded revoked reconnected"),
    ("HealthStatus", "healthy degraded unreachable"),
    ("ReconnectStrategy", "automatic manual backoff"),
    ("ActorType", "human service system"),
    ("SyncOutcome", "accepted rejected retry_scheduled dead_lettered replay_completed"),
    ("MissionStatus", "active completed cancelled"),
    ("Lane", "genesis planned claimed in_progress for_review in_review approved done blocked canceled"),
    ("ExecutionMode", "worktree direct_repo"),
];

/// Each lane in the first and in the second version of the sync protocol.
const LANES: &[(&str, &str, &str)] = &[
    ("genesis", "planned", "planned"),
    ("planned", "planned", "planned"),
    ("claimed", "planned", "planned"),
    ("in_progress", "doing", "doing"),
    ("for_review", "for_review", "for_review"),
    ("in_review", "for_review", "for_review"),
    ("approved", "done", "approved"),
    ("done", "done", "done"),
    ("blocked", "doing", "doing"),
    ("canceled", "planned", "planned"),
];

fn contracts() -> Workspace {
    workspace(&root())
}

#[test]
fn every_family_has_its_event_types_and_no_others() {
    let workspace = contracts();
    let family = |event: &codegen::model::Event| workspace.families[event.family].meta.name.clone();
    let mut declared: Vec<(String, String)> =
        workspace.events.iter().map(|event| (family(event), event.wire.clone())).collect();
    let mut promised: Vec<(String, String)> =
        EVENTS.iter().map(|(family, event, _)| ((*family).to_owned(), (*event).to_owned())).collect();
    declared.sort();
    promised.sort();
    assert_eq!(declared, promised);
    for (family, version) in [("connector", "2.7.0"), ("sync", "2.7.0")] {
        let family = workspace.families.iter().find(|it| it.meta.name == family).unwrap();
        assert_eq!(family.version.0, version, "{}", family.meta.name);
    }
}

#[test]
fn every_payload_has_its_fields_and_needs_those_that_it_has_to() {
    let workspace = contracts();
    for (_, event, fields) in EVENTS {
        let event = workspace.event_named(event).unwrap();
        let Payload::Record(record) = workspace.events[event].payload else { panic!("a record") };
        let declared = workspace.records[record].fields.iter().map(|field| {
            let is_needed = matches!(field.presence, Presence::Required);
            format!("{}{}", field.meta.name, if is_needed { "" } else { "?" })
        });
        let promised = fields.replace("BASE", BASE).replace("DELIVERY", DELIVERY);
        let mut promised: Vec<&str> = promised.split_whitespace().collect();
        let mut declared: Vec<String> = declared.collect();
        declared.sort();
        promised.sort_unstable();
        assert_eq!(declared, promised, "{}", workspace.events[event].wire);
    }
}

#[test]
fn every_enum_has_its_members_in_their_order() {
    let workspace = contracts();
    for (name, members) in ENUMS {
        let item = workspace.enums.iter().find(|item| item.meta.name == *name).unwrap();
        let declared: Vec<&str> = item.values.iter().map(|value| &*value.text).collect();
        assert_eq!(declared, members.split(' ').collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn every_lane_has_a_place_in_both_versions_of_the_sync_protocol() {
    let workspace = contracts();
    let lanes = workspace.enums.iter().find(|item| item.meta.name == "Lane").unwrap();
    assert_eq!(lanes.maps.len(), 2);
    for (lane, first, second) in LANES {
        let at = lanes.index_of(lane).unwrap();
        for (name, expected) in [("sync_v1", first), ("sync_v2", second)] {
            let map = lanes.maps.iter().find(|map| map.name == name).unwrap();
            let target = &workspace.enums[map.to].values[map.targets[at]];
            assert_eq!(target.text, **expected, "{name} of {lane}");
        }
    }
    assert_eq!(LANES.len(), lanes.values.len());
}

/// Bounds of single fields, as valid and invalid values: `field: accepted | refused`.
#[test]
fn numbers_and_texts_keep_their_bounds() {
    let workspace = contracts();
    for (path, field, accepted, refused) in [
        ("sync/valid/sync-ingest-accepted-batch.json", "ingested_count", "1", "0"),
        ("sync/valid/sync-retry-scheduled-first-attempt.json", "retry_attempt", "1", "0"),
        ("sync/valid/sync-retry-scheduled-first-attempt.json", "max_retries", "1", "0"),
        ("sync/valid/sync-dead-lettered-max-retries.json", "total_attempts", "1", "0"),
        ("sync/valid/sync-replay-completed-full.json", "replayed_count", "0", "-1"),
        ("connector/valid/connector-health-checked-healthy.json", "latency_ms", "0.0", "-0.5"),
        ("connector/valid/connector-health-checked-healthy.json", "endpoint_url", "\"http://a\"", "\"ftp://a\""),
        ("connector/valid/connector-health-checked-healthy.json", "connector_id", "\"x\"", "\"\""),
    ] {
        let manifest = std::fs::read(root().join("fixtures/manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        let entry = manifest["fixtures"].as_array().unwrap().iter().find(|entry| entry["path"] == path).unwrap();
        let event = workspace.event_named(entry["event_type"].as_str().unwrap()).unwrap();
        let text = std::fs::read(root().join("fixtures").join(path)).unwrap();
        for (value, is_accepted) in [(accepted, true), (refused, false)] {
            let mut payload: serde_json::Value = serde_json::from_slice(&text).unwrap();
            payload[field] = serde_json::from_str(value).unwrap();
            let payload = read(payload.to_string().as_bytes()).unwrap();
            assert_eq!(check_payload(&workspace, event, &payload).is_ok(), is_accepted, "{path}: {field} {value}");
        }
    }
}
