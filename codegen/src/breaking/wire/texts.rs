//! Constraints of strings in both versions enter; texts that one version takes and the other does not leave.

use std::collections::{BTreeSet, VecDeque};

use super::super::pair::Place;
use super::super::report::Direction;
use super::super::rules;
use super::{Wire, count};
use crate::model::Text;
use crate::pattern::{Pattern, Table};

/// Pairs of states that are looked at before two patterns are called different.
const MOST_PAIRS: usize = 200_000;

impl Wire<'_, '_, '_> {
    pub fn texts(&mut self, at: &Place, old: &Text, new: &Text) {
        self.lengths(at, old, new);
        if let Some(direction) = Direction::of(!old.non_blank && new.non_blank, old.non_blank && !new.non_blank) {
            let message = match direction {
                Direction::Backward => "refuses blank texts now, and old JSON may hold them",
                _ => "may be blank now, and old readers refuse blank texts",
            };
            self.constraint(&rules::WIRE_BLANK_SAME, at, direction, message, "non_blank");
        }
        if let Some(direction) = Direction::of(
            new.format.is_some() && new.format != old.format,
            old.format.is_some() && new.format != old.format,
        ) {
            let name = |text: &Text| text.format.map_or("of no format".to_owned(), |it| format!("a `{}`", it.as_str()));
            let message = format!("is {} now, and was {}", name(new), name(old));
            self.constraint(&rules::WIRE_FORMAT_SAME, at, direction, &message, "format");
        }
        let narrowed = new.pattern.as_ref().is_some_and(|new| !is_within(old.pattern.as_ref(), new));
        let widened = old.pattern.as_ref().is_some_and(|old| !is_within(new.pattern.as_ref(), old));
        if let Some(direction) = Direction::of(narrowed, widened) {
            let text =
                |text: &Text| text.pattern.as_ref().map_or("no pattern".to_owned(), |it| format!("`{}`", it.source()));
            let message = format!("matches {} now, and matched {}", text(new), text(old));
            self.constraint(&rules::WIRE_PATTERN_SAME, at, direction, &message, "pattern");
        }
    }

    /// Lengths that the writer cannot exceed because of its own pattern break nobody.
    fn lengths(&mut self, at: &Place, old: &Text, new: &Text) {
        let exceeds = |inner: &Text, outer: &Text| {
            let (shortest, longest) = inner.pattern.as_ref().map_or((0, None), |pattern| reach(&pattern.table()));
            let min = declared_min(inner).max(shortest);
            let max = [inner.max_length.map(u64::from), longest].into_iter().flatten().min();
            // Whether blank texts are refused is a question of its own.
            min < u64::from(outer.min_length.unwrap_or(0))
                || outer.max_length.is_some_and(|outer| max.is_none_or(|inner| inner > u64::from(outer)))
        };
        let Some(direction) = Direction::of(exceeds(old, new), exceeds(new, old)) else { return };
        let text = |text: &Text| count(text.min_length, text.max_length);
        let message = format!("has {} characters now, and had {}", text(new), text(old));
        self.constraint(&rules::WIRE_LENGTH_SAME, at, direction, &message, "length");
    }

    fn constraint(
        &mut self,
        rule: &'static crate::diagnostic::Rule,
        at: &Place,
        direction: Direction,
        message: &str,
        what: &str,
    ) {
        let help = match direction {
            Direction::Forward => format!("keep the {what} until all readers accept more"),
            _ => format!("keep the {what}; a stricter one belongs to a new field"),
        };
        self.report.wire(rule, at.clone(), direction, format!("`{}` {message}", at.name), help);
    }
}

/// A text that is not blank has a character.
fn declared_min(text: &Text) -> u64 {
    u64::from(text.min_length.unwrap_or(0).max(u32::from(text.non_blank)))
}

/// Whether all that `inner` matches (none matches all) is matched by `outer`.
fn is_within(inner: Option<&Pattern>, outer: &Pattern) -> bool {
    let Some(inner) = inner else { return false };
    if inner.source() == outer.source() {
        return true;
    }
    let (inner, outer) = (inner.table(), outer.table());
    let symbols = symbols(&inner, &outer);
    let mut seen = BTreeSet::from([(0, Some(0))]);
    let mut open = VecDeque::from([(0_usize, Some(0_usize))]);
    while let Some((a, b)) = open.pop_front() {
        if inner.accepting[a] && !b.is_some_and(|b| outer.accepting[b]) || seen.len() > MOST_PAIRS {
            return false;
        }
        for &(one, other) in &symbols {
            let Some(a) = inner.next[a][usize::from(one)] else { continue };
            let b = b.and_then(|b| outer.next[b][usize::from(other)]);
            let pair = (usize::from(a), b.map(usize::from));
            if seen.insert(pair) {
                open.push_back(pair);
            }
        }
    }
    true
}

/// What one character is in both alphabets.
fn symbols(a: &Table, b: &Table) -> BTreeSet<(u8, u8)> {
    let ascii = a.ascii.iter().copied().zip(b.ascii.iter().copied());
    ascii.chain([(a.separators, b.separators), (a.others, b.others)]).collect()
}

/// The length of the shortest text that is matched, and of the longest where there is one.
fn reach(table: &Table) -> (u64, Option<u64>) {
    let ways =
        |state: usize| table.next[state].iter().flatten().map(|&next| usize::from(next)).collect::<BTreeSet<_>>();
    let mut front = BTreeSet::from([0]);
    let (mut shortest, mut longest) = (None, 0);
    // A text longer than there are states has been in one of them twice, and can go on for ever.
    for length in 0..=table.next.len() as u64 {
        if front.is_empty() {
            return (shortest.unwrap_or(0), Some(longest));
        }
        if front.iter().any(|&state| table.accepting[state]) {
            shortest = shortest.or(Some(length));
            longest = length;
        }
        front = front.into_iter().flat_map(ways).collect();
    }
    (shortest.unwrap_or(0), None)
}
