//! The rules about what machines and reducers can do.

use crate::diagnostic::rules;

rules! {
    CLAIM_FAILED = "claim-failed", Error;
    CLAIM_UNDECIDED = "claim-undecided", Warning;
    RECORD_UNSATISFIABLE = "record-unsatisfiable", Error;
    RULE_REDUNDANT = "rule-redundant", Warning;
    RULE_UNSATISFIABLE = "rule-unsatisfiable", Warning;
    STATE_UNREACHABLE = "state-unreachable", Warning;
    SINK_NOT_TERMINAL = "sink-not-terminal", Warning;
    EDGE_REFUSED = "edge-refused", Warning;
    EDGE_DEAD = "edge-dead", Warning;
    EVENT_NOT_REDUCED = "event-not-reduced", Warning;
    SLOT_NOT_WRITTEN = "slot-not-written", Warning;
    ANOMALY_NOT_PRODUCED = "anomaly-not-produced", Warning;
    PRECEDENCE_WITHOUT_EFFECT = "precedence-without-effect", Warning;
    PARTITION_MISSING = "partition-missing", Warning;
    CHOICE_UNREAD = "choice-unread", Note;
    FIELD_UNREAD = "field-unread", Note;
    SELF_EDGE_MISSING = "self-edge-missing", Note;
    EVENT_NEVER_APPLIED = "event-never-applied", Note;
    SLOT_UNBOUNDED = "slot-unbounded", Note;
}
