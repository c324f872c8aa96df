//! The queues of older programs enter; their events lie in the journal, the queues stay as they are.

mod cleanup;
mod difference;
mod digests;
mod import;
mod legacy;
mod reading;
mod run;
pub mod sources;
mod view;

pub use digests::known_digests;
pub use import::Taken;
pub use legacy::SourceError;
pub use run::{MigrateError, Options, Report, SourceReport, migrate};
pub use view::Migrated;
