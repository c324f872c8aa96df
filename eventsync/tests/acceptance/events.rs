//! Numbers enter; envelopes that a server would take leave.

use serde_json::json;

/// The project that events belong to.
pub const PROJECT: &str = "6f1c1b7e-58a4-4f0e-9c39-8a4d2f4ed001";
/// Another one.
pub const OTHER_PROJECT: &str = "0e3d5c2a-9b61-4f7e-8a55-1c2d3e4f5a6b";

/// The id of an event.
pub fn id(number: usize) -> String {
    format!("01J00000000000000000{number:06}")
}

/// An event of `PROJECT`.
pub fn event(number: usize) -> String {
    of_project(number, PROJECT)
}

/// An event of a project.
pub fn of_project(number: usize, project: &str) -> String {
    json!({
        "event_id": id(number),
        "event_type": "WPCreated",
        "aggregate_id": format!("WP{:02}", number % 100),
        "aggregate_type": "WorkPackage",
        "payload": {"wp_id": format!("WP{:02}", number % 100), "title": format!("Work {number}"), "feature_slug": "042-sync"},
        "timestamp": "2026-01-31T12:00:00+00:00",
        "node_id": "n1",
        "lamport_clock": number,
        "team_slug": "local",
        "project_uuid": project,
    })
    .to_string()
}

/// Events of `PROJECT`, one a line.
pub fn events(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| event(number) + "\n").collect()
}
