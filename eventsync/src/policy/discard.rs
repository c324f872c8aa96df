//! The type of an event enters; whether it may be dropped leaves.
