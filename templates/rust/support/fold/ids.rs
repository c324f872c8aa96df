//! Ids enter, each with what is known of it; what was known leaves.
//!
//! An id that stands for a number of 128 bits, as that of a ULID or UUID does, is kept as the number: no text is stored.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::shape::{Format, Kind, Text};
use super::hash::Factors;

/// What is known of ids of one kind, in canonical spelling.
#[derive(Debug)]
pub(super) struct Ids<T> {
    format: Option<Format>,
    /// Numbers each above the one before it, as those of a log in order mostly are: to add one costs no search.
    rising: Vec<(u128, T)>,
    by_number: HashMap<u128, T, Factors>,
    by_text: HashMap<Box<str>, T, Factors>,
}

impl<T> Ids<T> {
    /// No ids yet of those that a field of this kind holds.
    pub(super) fn of(kind: &Kind) -> Self {
        let format = if let Kind::Text(Text { format, .. }) = kind { *format } else { None };
        Ids { format, rising: Vec::new(), by_number: HashMap::default(), by_text: HashMap::default() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rising.len() + self.by_number.len() + self.by_text.len()
    }

    /// What is known of an id; if it is new, this is known from now on.
    pub(super) fn known_or_insert(&mut self, id: &str, new: T) -> Option<&mut T> {
        let number = match self.format {
            Some(Format::Ulid) => Some(number_of(id, 5)),
            Some(Format::Uuid) => Some(number_of(id, 4)),
            _ => None,
        };
        match number {
            Some(number) => return self.known_number_or_insert(number, new),
            None => match self.by_text.entry(id.into()) {
                Entry::Occupied(known) => return Some(known.into_mut()),
                Entry::Vacant(place) => _ = place.insert(new),
            },
        }
        None
    }

    fn known_number_or_insert(&mut self, number: u128, new: T) -> Option<&mut T> {
        let last = self.rising.last().map(|(last, _)| number.cmp(last));
        let place = match last {
            None | Some(Ordering::Greater) => {
                self.rising.push((number, new));
                return None;
            }
            Some(Ordering::Equal) => Ok(self.rising.len() - 1),
            Some(Ordering::Less) => self.rising.binary_search_by_key(&number, |(known, _)| *known),
        };
        if let Ok(place) = place {
            return Some(&mut self.rising[place].1);
        }
        match self.by_number.entry(number) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(place) => {
                place.insert(new);
                None
            }
        }
    }
}

/// The number that digits of so many bits write; hyphens between them mean nothing.
fn number_of(id: &str, bits: u32) -> u128 {
    // Twelve digits fit 64 bits: the slower steps of 128 are few.
    id.as_bytes().chunks(12).fold(0, |number, chunk| {
        let (mut value, mut width) = (0_u64, 0);
        for &byte in chunk.iter().filter(|&&byte| byte != b'-') {
            value = value << bits | u64::from(DIGITS[usize::from(byte)]);
            width += bits;
        }
        number << width | u128::from(value)
    })
}

const NO_DIGIT: u8 = u8::MAX;

/// The digits of Crockford's base 32, of which the first sixteen are those of base 16, in either case.
static DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut digit = 0;
    while digit < 32 {
        digits[alphabet[digit as usize] as usize] = digit;
        digits[alphabet[digit as usize].to_ascii_lowercase() as usize] = digit;
        digit += 1;
    }
    digits
};
