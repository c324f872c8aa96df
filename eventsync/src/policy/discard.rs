//! The type of an event enters; whether it may be dropped when nothing is kept leaves.

use crate::generated::{DiscardDecisionKind, FamilyClassification, KnownType, family_registry};

/// What becomes of an event that nobody wants to keep, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscardDecision {
    /// What becomes of it.
    pub kind: DiscardDecisionKind,
    /// Why, for people.
    pub reason: &'static str,
}

/// What may be done with events of a type; nothing is known of types that the registry does not name.
pub fn classify(event_type: &str) -> FamilyClassification {
    event_type.parse::<KnownType>().map_or(FamilyClassification::Unknown, family_registry::classification)
}

/// Decides about an event of a class; `has_sink` says that evidence can be kept durably.
pub const fn decide(class: FamilyClassification, has_sink: bool) -> DiscardDecision {
    let (kind, reason) = match (class.is_discardable(), has_sink) {
        (true, _) => (DiscardDecisionKind::DiscardAllowed, "it concerns this machine alone"),
        (false, true) => {
            (DiscardDecisionKind::AuditRecorded, "it is meant for a server; evidence is kept in its place")
        }
        (false, false) => (
            DiscardDecisionKind::Refused,
            "it is meant for a server, and nothing keeps evidence: set `discard_audit = true` in [event_sync] to drop it",
        ),
    };
    DiscardDecision { kind, reason }
}
