//! Queues of older programs enter; what `eventsync migrate` says, and what lies where afterwards, leaves.

mod conflicts;
mod digests;
mod faults;
mod import;
pub mod queue;
mod seen;
mod sources;
