//! Texts enter, each known by its place from then on; the place of a text leaves, and the text of a place.
//!
//! There may be one for every event: they stand in one string, and the table holds numbers only, which a larger table
//! takes over without a look at the texts.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::hash::Factors;

/// Texts that differ, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    /// By the hash of a text the place of the last one that has it.
    by_hash: HashMap<u64, usize, Factors>,
    spans: Vec<Span>,
    text: String,
}

/// A text begins where the one before it ends.
#[derive(Debug, Clone, Copy)]
struct Span {
    end: usize,
    /// The place of another one of the same hash.
    other: Option<usize>,
}

impl Texts {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The text of a place.
    pub(super) fn at(&self, place: usize) -> &str {
        let from = place.checked_sub(1).map_or(0, |before| self.spans[before].end);
        &self.text[from..self.spans[place].end]
    }

    /// The place of a text that is known.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        if self.spans.is_empty() {
            return None;
        }
        self.find_hashed(text, self.by_hash.hasher().hash_one(text))
    }

    /// The place of a text. A new one comes behind all others.
    pub(super) fn place_of(&mut self, text: &str) -> usize {
        let hash = self.by_hash.hasher().hash_one(text);
        if let Some(place) = self.find_hashed(text, hash) {
            return place;
        }
        let place = self.spans.len();
        let other = self.by_hash.insert(hash, place);
        self.text.push_str(text);
        self.spans.push(Span { end: self.text.len(), other });
        place
    }

    fn find_hashed(&self, text: &str, hash: u64) -> Option<usize> {
        let last = self.by_hash.get(&hash).copied();
        std::iter::successors(last, |&place| self.spans[place].other).find(|&place| self.at(place) == text)
    }
}

/// Whether so many texts are gone that it is worth to forget them.
pub(super) fn is_worth_forgetting(known: usize, needed: usize) -> bool {
    known - needed >= needed.max(64)
}
