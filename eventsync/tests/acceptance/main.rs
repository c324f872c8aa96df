//! The command enters as a user runs it; what it prints, stores and sends leaves.

mod modes;
mod target;
mod targets;
