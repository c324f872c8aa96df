//! Commands enter that are killed, or lose their power; that nothing acknowledged is lost leaves.

mod disk;
mod full;
mod kill;
mod migration;
mod points;
mod power;
mod storm;
mod trace;
mod writer;
