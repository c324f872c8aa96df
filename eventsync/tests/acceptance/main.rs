//! The command enters as a user runs it; what it prints, stores and sends leaves.

mod answers;
mod bisection;
mod capture;
mod commands;
// What programs do is recorded, and stopped, by strace, which other systems do not have.
#[cfg(target_os = "linux")]
mod durability;
mod events;
mod home;
mod killed;
mod migrate;
mod modes;
mod reports;
mod retention;
mod split;
mod status;
mod store;
mod stub;
mod target;
mod targets;
mod teamspace;
mod thread;
