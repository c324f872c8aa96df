//! The command enters as a user runs it; what it prints, stores and sends leaves.

mod answers;
mod aspects;
mod bisection;
mod capture;
mod check;
mod clock;
mod coalescing;
mod commands;
mod doctor;
mod drainer;
// What programs do is recorded, and stopped, by strace, which other systems do not have.
#[cfg(target_os = "linux")]
mod durability;
mod events;
mod faults;
mod golden;
mod home;
mod hostile;
mod journal;
mod killed;
mod ledger;
mod migrate;
mod modes;
mod moody;
mod page;
mod passes;
mod progress;
mod races;
mod records;
mod reports;
mod retention;
mod rows;
mod split;
mod status;
mod store;
mod stub;
mod target;
mod targets;
mod teamspace;
mod thread;
mod upgrade;
mod wire;
