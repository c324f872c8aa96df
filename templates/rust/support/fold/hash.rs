//! Keys enter; hashes leave that cost little and that nobody can foresee.
//!
//! A block of 16 bytes takes one multiplication of its two halves, each mixed with a random number of the table: who
//! writes a log does not know them and cannot choose keys that collide.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// The two random numbers of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factors(u64, u64);

impl Default for Factors {
    fn default() -> Self {
        let random = RandomState::new();
        Factors(random.hash_one(0), random.hash_one(1))
    }
}

impl BuildHasher for Factors {
    type Hasher = Product;

    fn build_hasher(&self) -> Product {
        Product { factors: *self, hash: 0 }
    }
}

/// The hash of what was written so far.
pub(super) struct Product {
    factors: Factors,
    hash: u64,
}

impl Hasher for Product {
    fn write(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<16>();
        for block in blocks {
            self.write_u128(u128::from_le_bytes(*block));
        }
        let mut last = [0; 16];
        last[..rest.len()].copy_from_slice(rest);
        last[15] = rest.len() as u8;
        self.write_u128(u128::from_le_bytes(last));
    }

    /// What ends a text is told by its length.
    fn write_u8(&mut self, _: u8) {}

    fn write_u128(&mut self, number: u128) {
        let (high, low) = ((number >> 64) as u64, number as u64);
        let product = u128::from(low ^ self.hash ^ self.factors.0) * u128::from(high ^ self.factors.1);
        self.hash = (product >> 64) as u64 ^ product as u64;
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}
