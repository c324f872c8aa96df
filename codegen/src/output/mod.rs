//! Files in memory and a project's folder enter; a plan leaves, which `generate` writes and `check` only reports.
//!
//! The manifest says which files are ours and what they held when they were written. With it every difference between
//! the plan and the disk has one meaning: stale, missing, orphan, hand-edited or foreign.

mod create;
mod disk;
mod journal;
mod lock;
mod manifest;
mod plan;
mod replace;
mod report;
pub mod rules;
mod runs;
mod write;

pub use create::{Created, create};
pub use disk::{Error, create_folder};
pub use journal::recover;
pub use lock::{beside_writers, exclusively};
pub use manifest::MANIFEST;
pub use plan::{Difference, Plan, State, plan};
pub use replace::replace;
pub use report::{first_difference, unified_diff};
pub use runs::TemporaryRuns;
pub use write::{Step, Written};
