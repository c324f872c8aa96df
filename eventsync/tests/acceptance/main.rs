//! The command enters as a user runs it; what it prints, stores and sends leaves.

mod answers;
mod bisection;
mod capture;
mod commands;
mod doctor;
// What programs do is recorded, and stopped, by strace, which other systems do not have.
#[cfg(target_os = "linux")]
mod durability;
mod events;
mod faults;
mod golden;
mod home;
mod killed;
mod ledger;
mod migrate;
mod modes;
mod page;
mod progress;
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
mod upgrade;
