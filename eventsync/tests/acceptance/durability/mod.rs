//! Commands enter that are killed, or lose their power; that nothing acknowledged is lost leaves.

mod disk;
mod kill;
mod migration;
mod power;
mod trace;
mod writer;
