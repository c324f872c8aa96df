//! The command enters as a user runs it; what it prints, stores and sends leaves.

// What programs do is recorded, and stopped, by strace, which other systems do not have.
#[cfg(target_os = "linux")]
mod durability;
mod events;
mod home;
mod migrate;
mod stub;
mod thread;
