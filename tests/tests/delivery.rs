//! Are the contracts of event sync what its specification asks for? Its tables, written down a second time, enter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use codegen::model::{Payload, RecordId, Type, Workspace};
use event_contracts::delivery::{
    AnswerStep, CoalescedType, DeliveryEvent, DeliveryOutcome, DeliveryStatus, DrainBlockedReason, EffectCertainty,
    ErrorCategory, ExitCode, FamilyClassification, GateKind, HttpAnswer, KnownType, Mode, ModeDelivery, Retention,
    ServerVerdict, TargetKind, coalesce_keys, delivery_flow, exit_codes, family_registry, http_answers, ledger_codes,
    mode_presets, receiver_aspects, server_verdicts,
};
use event_contracts::delivery_records::{EventSyncConfig, ResolvedSyncTarget};
use event_contracts::delivery_wire::{
    GoldenExchange, WireBadRequest, WireBatchRequest, WireBatchResponse, WireBound, golden_exchanges, wire_bounds,
};
use event_contracts::support::Next;
use serde_json::{Value, json};
use tests::project::workspace;
use tests::root;

fn transitions() -> Value {
    let text = fs::read_to_string(root().join("eventsync/data/transitions.yaml")).unwrap();
    yaml_serde::from_str(&text).unwrap()
}

#[test]
fn every_status_goes_where_the_specification_says_on_every_event() {
    let data = transitions();
    let rows = data["transitions"].as_object().unwrap();
    assert_eq!(rows.len(), 7);
    for (from, row) in rows {
        let cells: Vec<&str> = row.as_str().unwrap().split_whitespace().collect();
        assert_eq!(cells.len(), DeliveryEvent::ALL.len(), "{from}");
        let state = (from != "absent").then(|| from.parse::<DeliveryStatus>().unwrap());
        for (input, cell) in DeliveryEvent::ALL.iter().zip(cells) {
            let expected = match cell {
                "=" => Next::Stay,
                "-" => Next::Refuse,
                to => Next::To(to.parse().unwrap()),
            };
            assert_eq!(delivery_flow::next(state, *input), expected, "{from} on {}", input.as_str());
        }
    }
    let effects = data["effects"].as_object().unwrap();
    assert!(DeliveryEvent::ALL.iter().all(|input| effects.contains_key(input.as_str())) && effects.len() == 8);
}

#[test]
fn what_was_delivered_stays_delivered_whatever_comes_later() {
    let mut reached = BTreeSet::from([DeliveryStatus::Success]);
    loop {
        let mut more = reached.clone();
        for state in &reached {
            for input in DeliveryEvent::ALL {
                if let Next::To(next) = delivery_flow::next(Some(*state), *input) {
                    more.insert(next);
                }
            }
        }
        if more == reached {
            break;
        }
        reached = more;
    }
    assert!(reached.iter().all(|state| state.is_terminal_success() && state.is_payload_frozen()));
    assert_eq!(reached.len(), 2);
}

#[test]
fn every_status_has_its_code_and_its_flags() {
    let codes: Vec<i64> = DeliveryStatus::ALL.iter().map(|status| ledger_codes::code(*status)).collect();
    assert_eq!(codes, [1, 2, 3, 4, 5, 6]);
    for status in DeliveryStatus::ALL {
        assert_eq!(status.is_selectable(), !status.is_terminal());
        assert_eq!(delivery_flow::is_terminal(*status), status.is_terminal());
    }
    assert!(DeliveryStatus::TerminalFailed.is_terminal() && !DeliveryStatus::TerminalFailed.is_terminal_success());
    let codes: Vec<i64> = ExitCode::ALL.iter().map(|code| exit_codes::code(*code)).collect();
    assert_eq!(codes, [0, 1, 2, 3, 4]);
    let precedence =
        [DrainBlockedReason::SaasDisabled, DrainBlockedReason::MissingAuth, DrainBlockedReason::MissingTeam];
    assert!(precedence.windows(2).all(|pair| pair[0].rank() > pair[1].rank()));
    assert!(DrainBlockedReason::CAPTURE.iter().all(|reason| precedence.contains(reason)));
}

#[test]
fn older_words_for_an_outcome_are_read_and_others_are_refused() {
    for (text, outcome) in [
        ("failed_transient", DeliveryOutcome::Transient),
        ("failed_permanent", DeliveryOutcome::TerminalFailed),
        ("transient", DeliveryOutcome::Transient),
    ] {
        assert_eq!(text.parse::<DeliveryOutcome>().unwrap(), outcome);
    }
    assert!(["Success", "ok", ""].iter().all(|text| text.parse::<DeliveryOutcome>().is_err()));
    assert!(DeliveryOutcome::ALL.iter().all(|outcome| outcome.input().as_str() == outcome.as_str()));
}

#[test]
fn modes_are_points_on_two_axes() {
    for (mode, retention, delivery, retain) in [
        (Mode::Teamspace, Retention::On, ModeDelivery::Teamspace, true),
        (Mode::ExternalReceiver, Retention::On, ModeDelivery::ExternalReceiver, true),
        (Mode::LocalRetention, Retention::On, ModeDelivery::None, true),
        (Mode::OptOut, Retention::Off, ModeDelivery::None, false),
    ] {
        let row = (mode_presets::retention(mode), mode_presets::delivery(mode), mode_presets::retain(mode));
        assert_eq!(row, (retention, delivery, retain), "{}", mode.as_str());
    }
    assert_eq!("TRASH".parse::<Mode>().unwrap().as_str(), "OPT_OUT");
    let config = |text: &str| EventSyncConfig::from_json(text.as_bytes());
    assert_eq!(config("{}").unwrap().mode(), Mode::Teamspace);
    let refused = config(r#"{"mode":"EXTERNAL_RECEIVER"}"#).unwrap_err();
    assert_eq!(refused.as_slice()[0].path, "/external_endpoint");
}

#[test]
fn receivers_have_their_gates_in_order() {
    use GateKind::{AuthPresent, EndpointConfigured, PrivateTeamspace, SaasEnabled};
    assert_eq!(receiver_aspects::gates(TargetKind::Teamspace), [SaasEnabled, PrivateTeamspace, AuthPresent]);
    assert_eq!(receiver_aspects::gates(TargetKind::External), [EndpointConfigured]);
    assert!(receiver_aspects::gates(TargetKind::Stub).is_empty());
}

#[test]
fn every_verdict_of_a_server_means_one_outcome() {
    use DeliveryOutcome::{Duplicate, Pending, Rejected, Success};
    let expected = [Success, Success, Success, Duplicate, Pending, Pending, Rejected];
    let found: Vec<_> = ServerVerdict::ALL.iter().map(|verdict| server_verdicts::outcome(*verdict)).collect();
    assert_eq!(found, expected);
    for verdict in ServerVerdict::ALL {
        let is_taken = server_verdicts::certainty(*verdict) == EffectCertainty::AcceptedPending;
        assert_eq!(is_taken, server_verdicts::outcome(*verdict) == Pending);
    }
}

/// The first answer whose range holds a status.
fn answer(status: i64) -> HttpAnswer {
    let holds = |answer: &&HttpAnswer| {
        (http_answers::first_status(**answer)..=http_answers::last_status(**answer)).contains(&status)
    };
    *HttpAnswer::ALL.iter().find(holds).unwrap_or_else(|| panic!("{status} has no row"))
}

#[test]
fn every_answer_of_a_server_means_one_outcome_in_a_batch_and_one_alone() {
    use AnswerStep::{Bisect, Halve, Record, Refresh, Stop, Wait};
    use DeliveryOutcome::{Rejected, TerminalFailed, Transient};
    for (status, alone, step, category) in [
        (0, Transient, Record, "retryable_transport"),
        (200, Transient, Record, "unknown"),
        (204, Transient, Record, "unknown"),
        (302, Transient, Record, "redirect_refused"),
        (400, Rejected, Bisect, "unknown"),
        (401, Transient, Refresh, "unauthenticated"),
        (403, Transient, Refresh, "direct_ingress_missing_private_team"),
        (404, Transient, Record, "unknown"),
        (408, Transient, Record, "retryable_transport"),
        (412, Transient, Stop, "protocol_mismatch"),
        (413, TerminalFailed, Halve, "oversized_batch"),
        (429, Transient, Wait, "throttled"),
        (500, Transient, Wait, "server_error"),
        (503, Transient, Wait, "server_error"),
        (999, Transient, Record, "unknown"),
    ] {
        let row = answer(status);
        assert_eq!(http_answers::alone(row), alone, "{status}");
        assert_eq!(http_answers::step(row), step, "{status}");
        assert_eq!(http_answers::category(row).as_str(), category, "{status}");
        assert_eq!(http_answers::outcome(row), Transient, "a batch is never refused as a whole: {status}");
    }
    assert!((0..=999).all(|status| HttpAnswer::ALL.contains(&answer(status))));
    let parked: Vec<_> = ErrorCategory::TERMINAL_REJECTION.iter().map(|category| category.as_str()).collect();
    assert_eq!(parked, ["project_not_admitted", "project_not_consented", "project_refused"]);
}

#[test]
fn the_server_is_bound_to_get_its_types_and_nobody_else_decides_that() {
    for known in KnownType::ALL {
        let expected = match known.as_str() {
            "local.metric" => FamilyClassification::LocalOnly,
            "ephemeral.cache" => FamilyClassification::ExplicitlyDiscardable,
            _ => FamilyClassification::TeamspaceBound,
        };
        assert_eq!(family_registry::classification(*known), expected, "{}", known.as_str());
    }
    assert_eq!(KnownType::ALL.len(), 12);
    let paths = |key| coalesce_keys::paths(key).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let scope = "namespace.project_uuid namespace.mission_slug";
    assert_eq!(paths(CoalescedType::MissionDossierArtifactIndexed), format!("{scope} artifact_id.path"));
    assert_eq!(paths(CoalescedType::MissionDossierSnapshotComputed), scope);
}

#[test]
fn golden_exchanges_are_right_but_for_the_two_that_a_server_refuses() {
    for exchange in GoldenExchange::ALL {
        let name = exchange.as_str();
        let request = golden_exchanges::request(*exchange).to_json();
        let sent: Value = serde_json::from_str(&request).unwrap();
        let ids: Vec<&Value> = sent["events"].as_array().unwrap().iter().map(|event| &event["event_id"]).collect();
        assert_eq!(golden_exchanges::outcomes(*exchange).len(), ids.len(), "{name}");
        match WireBatchRequest::from_json(request.as_bytes()) {
            Ok(_) => assert!(!name.starts_with("refused"), "{name}"),
            Err(faults) => {
                assert!(name.starts_with("refused"), "{name}: {faults:?}");
                let found: Vec<_> =
                    faults.as_slice().iter().map(|one| (one.code.as_str(), one.path.as_str())).collect();
                assert_eq!(found, [("required", "/events/0/payload/error_type")], "{name}");
            }
        }
        let text = golden_exchanges::answer(*exchange).to_json();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let (parts, is_read) = if name == "refused_batch" {
            (&answer["details"], WireBadRequest::from_json(text.as_bytes()).is_ok())
        } else {
            (&answer["results"], WireBatchResponse::from_json(text.as_bytes()).is_ok())
        };
        let answered: Vec<&Value> = parts.as_array().unwrap().iter().map(|part| &part["event_id"]).collect();
        assert!(is_read && answered == ids, "{name}");
    }
}

#[test]
fn the_limits_of_the_wire_stand() {
    let value = |bound: WireBound| wire_bounds::value(bound);
    let found: Vec<i64> = WireBound::ALL.iter().map(|bound| value(*bound)).collect();
    assert_eq!(found, [1000, 60, 262_144, 524_288, 90, 10, 8 << 20]);
}

#[test]
fn a_resolved_target_prints_all_nine_keys() {
    let target = json!({
        "configured_server_url": null, "env_server_url": null, "user_id": null, "team_slug": null,
        "override_mode": "none", "resolved_server_url": "https://a", "derived_queue_scope": "https://a||",
        "queue_db_path": "/r/queues/queue-0.db", "active_queue_scope_status": "absent",
    });
    let printed = ResolvedSyncTarget::from_json(target.to_string().as_bytes()).unwrap().to_json();
    let printed: BTreeMap<String, Value> = serde_json::from_str(&printed).unwrap();
    let keys = "active_queue_scope_status configured_server_url derived_queue_scope env_server_url override_mode \
                queue_db_path resolved_server_url team_slug user_id";
    assert_eq!(printed.keys().map(String::as_str).collect::<Vec<_>>().join(" "), keys);
    assert_eq!(["team_slug", "user_id", "env_server_url"].map(|key| printed[key].is_null()), [true; 3]);
}

/// Every key that a record prints, with those of the records in it behind it.
fn keys(workspace: &Workspace, record: RecordId, before: &str, out: &mut BTreeSet<String>) {
    for field in &workspace.records[record].fields {
        let key = format!("{before}{}", field.meta.name);
        let mut ty = &field.ty;
        let mut inside = key.clone();
        loop {
            match workspace.plain(ty) {
                Type::Opt(of) => ty = of,
                Type::List(of, _) => {
                    ty = of;
                    inside.push_str("[]");
                }
                Type::Record(id) => {
                    keys(workspace, *id, &format!("{inside}."), out);
                    break;
                }
                _ => break,
            }
        }
        out.insert(key);
    }
}

/// Scripts read what status prints: a key that it printed once stays. `BLESS=1` adds new ones and takes none away.
#[test]
fn keys_of_status_are_only_ever_added() {
    let workspace = workspace(&root());
    let (id, _) = workspace.records.entries().find(|(_, record)| record.meta.name == "StatusReport").unwrap();
    let mut printed = BTreeSet::new();
    keys(&workspace, id, "", &mut printed);
    let path = root().join("eventsync/data/status_keys.txt");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let frozen: BTreeSet<String> = kept.lines().map(str::to_owned).collect();
    let gone: Vec<&String> = frozen.difference(&printed).collect();
    assert!(gone.is_empty(), "`StatusReport` lost keys that others read: {gone:?}");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, printed.into_iter().map(|key| key + "\n").collect::<String>()).unwrap();
    } else {
        let new: Vec<&String> = printed.difference(&frozen).collect();
        assert!(new.is_empty(), "freeze them with BLESS=1: {new:?}");
    }
}

/// What older programs read of `status --check --json`.
#[test]
fn status_keeps_the_keys_of_older_programs_and_has_seven_sections() {
    let frozen = fs::read_to_string(root().join("eventsync/data/status_keys.txt")).unwrap();
    let keys: BTreeSet<&str> = frozen.lines().collect();
    for old in "ok exit_code foreground daemon_owner_record active_queue legacy_queue mismatches orphan_records \
                target_authority event_journal delivery_targets delivery_ledger terminal_failures migration_conflicts \
                body_upload_compatibility foreground.package_version foreground.team_or_user foreground.pid \
                daemon_owner_record.status daemon_owner_record.port active_queue.body_upload_count \
                legacy_queue.rows_in_scope mismatches[].remediation_hint event_journal.gc_suggestion.reason \
                delivery_targets.previous[].delivered_count delivery_ledger.transient terminal_failures.events[].last_error \
                migration_conflicts.conflicts[].existing_sha body_upload_compatibility.body_upload_queue_count"
        .split_whitespace()
    {
        assert!(keys.contains(old), "{old}");
    }
    let under = |section: &str| keys.iter().filter(|key| key.starts_with(&format!("{section}."))).count();
    assert_eq!(under("target_authority"), 9);
}

/// The contracts of delivery declare records of the wire, and no event: those names belong to other families.
#[test]
fn delivery_declares_no_event_and_shadows_none() {
    let workspace = workspace(&root());
    for event in &workspace.events {
        let family = &workspace.families[event.family].meta.name;
        assert!(!family.starts_with("delivery"), "{}", event.meta.name);
        assert!(matches!(event.payload, Payload::Record(_)));
    }
}
