//! A target, a receiver and the journal enter; what was delivered is recorded and leaves.

mod migration_view;
pub mod targets;

pub use migration_view::{Dispute, MigrationView, QueueState};
