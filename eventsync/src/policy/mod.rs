//! What the operator wants enters; whether an event is kept, dropped or may leave the machine leaves.

pub mod discard;
pub mod modes;
