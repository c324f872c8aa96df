//! Events of tools enter and are kept in a local journal; they leave for one chosen receiver, as often as it is changed.
//!
//! Storing an event and having delivered it are separate facts: success never deletes.

#![warn(clippy::cognitive_complexity)]

pub mod cli;
pub mod delivery;
pub mod generated;
pub mod journal;
pub mod migrate;
pub mod policy;
pub mod store;
pub mod target;
