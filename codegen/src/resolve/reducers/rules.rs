//! The rules about profiles and reducers.

use crate::diagnostic::rules;

rules! {
    PROFILE_ORDER = "profile-order", Error;
    PROFILE_ENVELOPE = "profile-envelope", Error;
    SLOT = "slot-start", Error;
    SLOT_OUTPUT = "slot-output", Error;
    HANDLER = "handler-missing", Error;
    ANOMALY_UNDECLARED = "anomaly-undeclared", Error;
    ANOMALY_HOLE = "anomaly-hole", Error;
    STEP_TARGET = "step-target", Error;
    STEP_VALUE = "step-value", Error;
    STEP_ORDER = "effect-before-reject", Error;
    STEP_MOVES = "move-twice", Error;
    STEP_PHASE = "step-before-parse", Error;
    CONCURRENT = "concurrent-group", Error;
    PARTITION_KEY = "partition-key", Error;
    DELEGATE = "delegate", Error;
    STEPS_CYCLE = "steps-cycle", Error;
}
