//! Members enter a set of the state, and leave it; they leave sorted by their canonical text.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::super::set::Set;
use super::super::slots::{Slot, Value, broken};
use super::cell::{Cell, same};
use super::hash::Factors;
use super::map::sorted;
use super::value::{count, text_of};

/// Members that differ in canonical form. There may be one for every event: texts stand in one string, and the table
/// holds numbers only, which a larger table takes over without a look at the texts.
#[derive(Debug, Clone)]
pub struct Members<T> {
    /// By the hash of a text the place of the last member that has it.
    by_hash: HashMap<u64, usize, Factors>,
    known: Vec<Known<T>>,
    texts: String,
    size: usize,
    /// Of each change what stood there before.
    log: Option<Vec<(usize, Option<T>)>>,
    /// The text of the member that is asked about.
    text: String,
}

/// What is or was a member.
#[derive(Debug, Clone)]
struct Known<T> {
    /// Where its text ends; it begins where that of the one before it ends.
    end: usize,
    /// The place of another whose text has the same hash.
    other: Option<usize>,
    /// None where it is a member no more.
    member: Option<T>,
}

/// So many may be members no more before room is made.
const MOST_GONE: usize = 64;

impl<T: Value> Members<T> {
    /// Adds a member.
    pub fn add(&mut self, member: T) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        member.write(&mut text);
        let place = self.place_of(&text);
        if self.known[place].member.is_none() {
            self.change(place, Some(member));
        }
        self.text = text;
    }

    /// Takes a member away.
    pub fn drop<U: Value>(&mut self, member: &U) {
        if let Some(place) = self.find(&text_of(member))
            && self.known[place].member.is_some()
        {
            self.change(place, None);
            self.make_room();
        }
    }

    /// Replaces all members.
    pub fn set<U: Value>(&mut self, members: &U) {
        self.replace(members.to_slot());
    }

    /// Takes all members away.
    pub fn clear(&mut self) {
        self.replace(Slot::List(Vec::new()));
    }

    /// Whether it is a member.
    pub fn contains<U: Value>(&self, member: &U) -> bool {
        self.find(&text_of(member)).is_some_and(|place| self.known[place].member.is_some())
    }

    /// How many there are.
    pub fn size(&self) -> i64 {
        count(self.size)
    }

    fn text_at(&self, place: usize) -> &str {
        let from = place.checked_sub(1).map_or(0, |before| self.known[before].end);
        &self.texts[from..self.known[place].end]
    }

    /// The place of a text that is known.
    fn find(&self, text: &str) -> Option<usize> {
        let last = self.by_hash.get(&self.by_hash.hasher().hash_one(text)).copied();
        std::iter::successors(last, |&place| self.known[place].other).find(|&place| self.text_at(place) == text)
    }

    /// The place of a text, which is known from now on.
    fn place_of(&mut self, text: &str) -> usize {
        self.find(text).unwrap_or_else(|| {
            let place = self.known.len();
            let other = self.by_hash.insert(self.by_hash.hasher().hash_one(text), place);
            self.texts.push_str(text);
            self.known.push(Known { end: self.texts.len(), other, member: None });
            place
        })
    }

    fn change(&mut self, place: usize, member: Option<T>) {
        let old = self.put(place, member);
        if let Some(log) = &mut self.log {
            log.push((place, old));
        }
    }

    fn put(&mut self, place: usize, member: Option<T>) -> Option<T> {
        self.size += usize::from(member.is_some());
        let old = std::mem::replace(&mut self.known[place].member, member);
        self.size -= usize::from(old.is_some());
        old
    }

    /// Forgets what is a member no more, unless that may be taken back.
    fn make_room(&mut self) {
        let gone = self.known.len() - self.size;
        if gone < MOST_GONE.max(self.size) || self.log.as_ref().is_some_and(|log| !log.is_empty()) {
            return;
        }
        let mut rest = Self::of_none(self.log.is_some());
        for place in 0..self.known.len() {
            if let Some(member) = self.known[place].member.take() {
                let new = rest.place_of(self.text_at(place));
                rest.put(new, Some(member));
            }
        }
        *self = rest;
    }

    fn of_none(tracks: bool) -> Self {
        Members {
            by_hash: HashMap::default(),
            known: Vec::new(),
            texts: String::new(),
            size: 0,
            log: tracks.then(Vec::new),
            text: String::new(),
        }
    }
}

impl<T: Value> Cell for Members<T> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        let mut members = Self::of_none(false);
        members.replace(slot);
        members.log = tracks.then(Vec::new);
        members
    }

    fn to_slot(&self) -> Slot<'_> {
        let members = self.known.iter().enumerate();
        let members = members.filter_map(|(at, known)| Some((self.text_at(at), at as u64, known.member.as_ref()?)));
        Slot::List(sorted(members.collect()).iter().map(|(.., member)| member.to_slot()).collect())
    }

    fn into_value<V: Value>(self) -> V {
        let mut from = 0;
        let members = self.known.into_iter().zip(0..).filter_map(|(known, arrival)| {
            let text = &self.texts[std::mem::replace(&mut from, known.end)..known.end];
            Some((text, arrival, known.member?))
        });
        let members = sorted(members.collect()).into_iter().map(|(.., member)| member);
        let members = Set::of_sorted(members.collect::<Vec<T>>());
        same(members).unwrap_or_else(|members| V::from_slot(members.to_slot()))
    }

    fn revert(&mut self) {
        for (place, old) in self.log.take().into_iter().flatten().rev() {
            self.put(place, old);
        }
        self.log = Some(Vec::new());
    }

    fn settle(&mut self) {
        if let Some(log) = &mut self.log {
            log.clear();
            self.make_room();
        }
    }

    fn settle_into(&mut self, start: &mut Self) {
        for (place, _) in self.log.take().unwrap_or_default() {
            let of_start = start.place_of(self.text_at(place));
            start.put(of_start, self.known[place].member.clone());
        }
        self.log = Some(Vec::new());
        start.make_room();
        self.make_room();
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::List(members) = slot else { broken() };
        for place in 0..self.known.len() {
            if self.known[place].member.is_some() {
                self.change(place, None);
            }
        }
        members.into_iter().for_each(|member| self.add(T::from_slot(member)));
        self.make_room();
    }
}
