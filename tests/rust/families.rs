//! The crate of this repository enters: are lanes, machines and actors as its contracts say?

use event_contracts::{
    LIFECYCLE_EVENT_TYPES, LIFECYCLE_SCHEMA_VERSION, Lane, MissionStatus, STATUS_EVENT_TYPES, STATUS_SCHEMA_VERSION,
    WP_STATUS_CHANGED, WPStatusChangedPayload, lifecycle, status, validate,
};

fn payload(more: &str) -> String {
    format!(r#"{{"mission_slug":"m","wp_id":"WP01","execution_mode":"worktree",{more}}}"#)
}

fn moved(more: &str) -> WPStatusChangedPayload {
    let text = payload(&format!(r#""actor":"ada",{more}"#));
    WPStatusChangedPayload::from_json(text.as_bytes()).unwrap_or_else(|faults| panic!("{text}: {faults}"))
}

#[test]
fn constants_name_event_types_and_versions() {
    assert_eq!((WP_STATUS_CHANGED, STATUS_EVENT_TYPES), ("WPStatusChanged", &["WPStatusChanged"][..]));
    let mission = ["MissionStarted", "MissionCompleted", "MissionCancelled", "PhaseEntered", "ReviewRollback"];
    assert_eq!(LIFECYCLE_EVENT_TYPES, mission);
    assert_eq!((LIFECYCLE_SCHEMA_VERSION, STATUS_SCHEMA_VERSION), ("1.0.0", "3.0.0"));
}

#[test]
fn lanes_have_an_alias_an_end_and_a_place_in_both_sync_protocols() {
    let places: Vec<String> = Lane::ALL
        .iter()
        .map(|lane| format!("{} {} {}", lane.as_str(), lane.sync_v1().as_str(), lane.sync_v2().as_str()))
        .collect();
    let expected = [
        "genesis planned planned",
        "planned planned planned",
        "claimed planned planned",
        "in_progress doing doing",
        "for_review for_review for_review",
        "in_review for_review for_review",
        "approved done approved",
        "done done done",
        "blocked doing doing",
        "canceled planned planned",
    ];
    assert_eq!(places, expected);
    assert_eq!("doing".parse(), Ok(Lane::InProgress));
    assert_eq!(Lane::TERMINAL, [Lane::Done, Lane::Canceled]);
}

#[test]
fn moves_between_lanes_are_judged_with_their_payload() {
    use status::wp_lane::violations;
    let plain = moved(r#""to_lane":"planned""#);
    let none: [&str; 0] = [];
    assert_eq!(violations(None, Lane::Planned, &plain), none);
    assert_eq!(violations(Some(Lane::Done), Lane::Planned, &plain), ["terminal_exit", "EDGE"]);
    let forced = moved(r#""to_lane":"planned","force":true,"reason":"r""#);
    assert_eq!(violations(Some(Lane::Done), Lane::Planned, &forced), none);
    let refused = violations(Some(Lane::ForReview), Lane::Planned, &plain);
    assert_eq!(refused, ["rewind_must_be_forced", "review_ref_missing"]);
    let sent_back = moved(r#""to_lane":"doing","review_ref":"r""#);
    assert_eq!(violations(Some(Lane::ForReview), Lane::InProgress, &sent_back), none);
}

#[test]
fn an_actor_is_a_text_or_details() {
    let judged = |actor: &str| {
        let text = payload(&format!(r#""to_lane":"planned","actor":{actor}"#));
        validate(WP_STATUS_CHANGED, text.as_bytes()).map_err(|faults| faults.to_string())
    };
    assert_eq!(judged(r#"{"name":"ada"}"#), Ok(()));
    for actor in [r#"" ""#, "{}", "7"] {
        assert!(judged(actor).is_err_and(|faults| faults.contains("union_none")), "{actor}");
    }
}

#[test]
fn a_mission_ends_once() {
    use lifecycle::mission::{is_allowed, is_terminal};
    let froms = [None].into_iter().chain(MissionStatus::ALL.iter().copied().map(Some));
    let all = froms.flat_map(|from| MissionStatus::ALL.iter().map(move |to| (from, *to)));
    let edges: Vec<_> = all.filter(|(from, to)| is_allowed(*from, *to)).collect();
    let active = Some(MissionStatus::Active);
    assert_eq!(
        edges,
        [(None, MissionStatus::Active), (active, MissionStatus::Completed), (active, MissionStatus::Cancelled)]
    );
    assert!(MissionStatus::ALL.iter().all(|status| is_terminal(*status) == (*status != MissionStatus::Active)));
}
