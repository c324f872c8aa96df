//! The command enters as a user runs it; what it prints, stores and sends leaves.

mod answers;
mod bisection;
mod capture;
mod commands;
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
