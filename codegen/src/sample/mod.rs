//! A type enters; values that it accepts leave, and values that differ from one of these in one thing each.

mod container;
mod least;
mod number;
mod probe;
mod record;
mod text;
mod union;

pub(crate) use container::distinct;
pub(crate) use least::sample;
pub(crate) use number::exact;
pub(crate) use probe::{Probe, Seen, probes, samples, variations};
pub(crate) use union::with_member;
