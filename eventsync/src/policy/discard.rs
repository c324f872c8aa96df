//! scratch
#![allow(missing_docs, unused_variables, dead_code, clippy::all, clippy::pedantic)]
use crate::generated::{DiscardDecisionKind, FamilyClassification, KnownType, family_registry};
pub struct DiscardDecision {
    pub kind: DiscardDecisionKind,
}
pub fn classify(t: &str) -> FamilyClassification {
    t.parse::<KnownType>().map(family_registry::classification).unwrap_or(FamilyClassification::Unknown)
}
pub fn decide(t: FamilyClassification, s: bool) -> DiscardDecision {
    DiscardDecision {
        kind: if t.is_discardable() {
            DiscardDecisionKind::DiscardAllowed
        } else if s {
            DiscardDecisionKind::AuditRecorded
        } else {
            DiscardDecisionKind::Refused
        },
    }
}
