//! A target, a receiver and the journal enter; what was delivered is recorded and leaves.

pub mod targets;
