//! A target, a receiver and the journal enter; what was delivered is recorded and leaves.

pub mod batch;
pub mod dispatcher;
pub mod ledger;
mod migration_view;
pub mod receivers;
pub mod retention;
mod runs;
pub mod status;
pub mod targets;
pub mod verify;

pub use migration_view::{Dispute, MigrationView, QueueState};
