//! A workspace enters; what its machines and reducers can never do, or must not do, leaves as findings.

mod atoms;
mod letters;
mod log;
mod reading;
pub(crate) mod search;
