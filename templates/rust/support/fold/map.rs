//! Values enter a map of the state under keys, and leave it; it knows the order in which keys came in.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::super::canonical;
use super::super::decode::string_slot;
use super::super::slots::{Slot, Value, broken};
use super::cell::Cell;
use super::texts::{Texts, is_worth_forgetting};
use super::value::{count, known};

/// Parts of the state by key.
#[derive(Debug, Clone)]
pub struct Map<K, C> {
    /// The canonical texts of keys that are or were there.
    keys: Texts,
    /// What stands under each of them.
    known: Vec<Known<C>>,
    size: usize,
    next: u64,
    /// Of each key that was changed, by its place, what takes that back.
    log: Option<Vec<(usize, Change<C>)>>,
    types: PhantomData<fn() -> K>,
}

/// What stands under a key.
#[derive(Debug, Clone)]
struct Known<C> {
    /// With a number that says when the key came in; none where it went.
    part: Option<(u64, C)>,
    /// Where its change stands in the log.
    logged: Option<usize>,
}

/// A change of a key since the group began, with what takes it back.
#[derive(Debug, Clone)]
enum Change<C> {
    /// What stands there was changed inside.
    Touched,
    /// There was no such key.
    Made,
    /// This stood there.
    Gone((u64, C)),
}

/// The parts as they were when the group began.
#[derive(Debug, Clone, Copy)]
pub struct AtStart<'m, K, C>(&'m Map<K, C>);

impl<'m, K, C> AtStart<'m, K, C> {
    /// The part that stood under a key.
    pub fn get(&self, key: &str) -> Option<&'m C> {
        let known = &self.0.known[self.0.keys.find(key)?];
        let change = known.logged.and_then(|at| self.0.log.as_ref().map(|log| &log[at].1));
        match change {
            Some(Change::Made) => None,
            Some(Change::Gone((_, part))) => Some(part),
            Some(Change::Touched) | None => known.part.as_ref().map(|(_, part)| part),
        }
    }

    /// The part that stood under a key that is known to have been there.
    pub fn at(&self, key: &str) -> &'m C {
        known(self.get(key))
    }

    /// Whether the key was there.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }
}

impl<K: Value, C: Cell> Map<K, C> {
    /// Puts a value under a key, which keeps its place if it is there.
    pub fn put<V: Value>(&mut self, key: &str, value: V) {
        self.put_part(key, C::of(value, self.log.is_some()));
    }

    /// Takes a key away.
    pub fn drop(&mut self, key: &str) {
        if let Some(place) = self.keys.find(key) {
            self.drop_at(place);
            self.make_room();
        }
    }

    /// Replaces everything.
    pub fn set<V: Value>(&mut self, members: &V) {
        self.replace(members.to_slot());
    }

    /// Takes all keys away.
    pub fn clear(&mut self) {
        self.replace(Slot::Map(Vec::new()));
    }

    /// The part under a key, to be changed; a missing one is made.
    pub fn entry<V: Value>(&mut self, key: &str, start: impl FnOnce() -> V) -> &mut C {
        if !self.has(key) {
            self.put(key, start());
        }
        self.part(key)
    }

    /// The part under a key that is known to be there, to be changed.
    pub fn part(&mut self, key: &str) -> &mut C {
        let place = known(self.keys.find(key));
        let Known { part, logged } = &mut self.known[place];
        let (arrival, part) = known(part.as_mut());
        if let (Some(log), None) = (&mut self.log, &logged) {
            *logged = Some(log.len());
            log.push((place, part.whole().map_or(Change::Touched, |whole| Change::Gone((*arrival, whole)))));
        }
        part
    }

    /// The parts as they were when the group began. Of those that are changed inside it shows what they are now.
    pub fn at_start(&self) -> AtStart<'_, K, C> {
        AtStart(self)
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The part under a key.
    pub fn get(&self, key: &str) -> Option<&C> {
        let (_, part) = self.known[self.keys.find(key)?].part.as_ref()?;
        Some(part)
    }

    /// The part under a key that is known to be there.
    pub fn at(&self, key: &str) -> &C {
        known(self.get(key))
    }

    /// How many keys there are.
    pub fn size(&self) -> i64 {
        count(self.size)
    }

    /// The values by the text of their keys.
    pub fn by_key<V: Value>(self) -> Vec<V> {
        let (keys, parts) = (self.keys, self.known.into_iter().enumerate());
        let entries = parts.filter_map(|(at, known)| known.part.map(|(arrival, part)| (keys.at(at), arrival, part)));
        sorted(entries.collect()).into_iter().map(|(.., part)| part.into_value()).collect()
    }

    /// The values in the order in which their keys came in.
    pub fn by_arrival<V: Value>(self) -> Vec<V> {
        let mut entries: Vec<(u64, C)> = self.known.into_iter().filter_map(|known| known.part).collect();
        entries.sort_unstable_by_key(|(arrival, _)| *arrival);
        entries.into_iter().map(|(_, part)| part.into_value()).collect()
    }

    /// Keys and values as lists of two, in the order in which the keys came in.
    pub fn pairs(&self) -> Slot<'_> {
        let pair = |(key, part)| Slot::List(vec![key_slot::<K>(key), C::to_slot(part)]);
        Slot::List(self.arrived().into_iter().map(pair).collect())
    }

    /// Puts lists of two back.
    pub fn put_pairs(&mut self, pairs: Slot<'_>) {
        self.replace(Slot::Map(Vec::new()));
        let Slot::List(pairs) = pairs else { broken() };
        for pair in pairs {
            let Slot::List(pair) = pair else { broken() };
            let mut pair = pair.into_iter();
            let key = canonical::key(K::KIND, &pair.next().unwrap_or_default()).into_owned();
            self.put_slot(&key, pair.next().unwrap_or_default());
        }
    }

    fn arrived(&self) -> Vec<(&str, &C)> {
        let mut entries: Vec<_> = self.entries().collect();
        entries.sort_unstable_by_key(|(_, arrival, _)| *arrival);
        entries.into_iter().map(|(key, _, part)| (key, part)).collect()
    }

    /// Keys, when they came in, and what stands under them.
    fn entries(&self) -> impl Iterator<Item = (&str, u64, &C)> {
        let known = self.known.iter().enumerate();
        known.filter_map(|(at, known)| known.part.as_ref().map(|(arrival, part)| (self.keys.at(at), *arrival, part)))
    }

    fn put_slot(&mut self, key: &str, slot: Slot<'_>) {
        self.put_part(key, C::from_slot(slot, self.log.is_some()));
    }

    fn put_part(&mut self, key: &str, part: C) {
        let place = self.place_of(key);
        if let Some((arrival, old)) = &mut self.known[place].part {
            let gone = (*arrival, std::mem::replace(old, part));
            self.note(place, Change::Gone(gone));
        } else {
            self.put_at(place, Some((self.next, part)));
            self.next += 1;
            self.note(place, Change::Made);
        }
    }

    /// The place of a key, which is known from now on.
    fn place_of(&mut self, key: &str) -> usize {
        let place = self.keys.place_of(key);
        if place == self.known.len() {
            self.known.push(Known { part: None, logged: None });
        }
        place
    }

    fn put_at(&mut self, place: usize, part: Option<(u64, C)>) -> Option<(u64, C)> {
        self.size += usize::from(part.is_some());
        let old = std::mem::replace(&mut self.known[place].part, part);
        self.size -= usize::from(old.is_some());
        old
    }

    fn drop_at(&mut self, place: usize) {
        if let Some(old) = self.put_at(place, None) {
            self.note(place, Change::Gone(old));
        }
    }

    /// Notes a change of a key; what stood there first is what counts.
    fn note(&mut self, place: usize, change: Change<C>) {
        let Some(log) = &mut self.log else { return };
        let logged = &mut self.known[place].logged;
        let Some(at) = *logged else {
            *logged = Some(log.len());
            log.push((place, change));
            return;
        };
        if let (known @ Change::Touched, Change::Gone((arrival, mut part))) = (&mut log[at].1, change) {
            part.revert();
            *known = Change::Gone((arrival, part));
        }
    }

    /// Gives the log out; what changes from now on begins it anew.
    fn take_log(&mut self) -> Vec<(usize, Change<C>)> {
        let log = self.log.as_mut().map(std::mem::take).unwrap_or_default();
        log.iter().for_each(|(place, _)| self.known[*place].logged = None);
        log
    }

    /// Gives the room of the log back, and forgets keys that are gone.
    fn give_log(&mut self, mut log: Vec<(usize, Change<C>)>) {
        log.clear();
        self.log = Some(log);
        self.make_room();
    }

    /// Forgets keys that are gone, unless they may come back.
    fn make_room(&mut self) {
        let may_come_back = self.log.as_ref().is_some_and(|log| !log.is_empty());
        if may_come_back || !is_worth_forgetting(self.keys.len(), self.size) {
            return;
        }
        let keys = std::mem::take(&mut self.keys);
        let known = std::mem::take(&mut self.known).into_iter().enumerate().filter(|(_, known)| known.part.is_some());
        for (place, known) in known {
            self.keys.place_of(keys.at(place));
            self.known.push(known);
        }
    }
}

/// The slot of a key, from its canonical text.
fn key_slot<K: Value>(key: &str) -> Slot<'_> {
    string_slot(K::KIND, Cow::Borrowed(key)).unwrap_or_else(|_| broken())
}

/// Entries by key. Keys often come in nearly sorted: that order is made first.
pub(super) fn sorted<K: Ord, T>(mut entries: Vec<(K, u64, T)>) -> Vec<(K, u64, T)> {
    entries.sort_unstable_by_key(|(_, arrival, _)| *arrival);
    entries.sort_by(|(key, ..), (other, ..)| key.cmp(other));
    entries
}

impl<K: Value, C: Cell> Cell for Map<K, C> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        // Parts are made with what they remember.
        let log = tracks.then(Vec::new);
        let mut map = Map { keys: Texts::default(), known: Vec::new(), size: 0, next: 0, log, types: PhantomData };
        map.replace(slot);
        map.settle();
        map
    }

    fn to_slot(&self) -> Slot<'_> {
        let entries = sorted(self.entries().collect()).into_iter();
        Slot::Map(entries.map(|(key, _, part)| (key_slot::<K>(key), part.to_slot())).collect())
    }

    fn into_value<V: Value>(self) -> V {
        let (keys, parts) = (self.keys, self.known.into_iter().enumerate());
        let entries = parts.filter_map(|(at, known)| known.part.map(|(arrival, part)| (keys.at(at), arrival, part)));
        V::of_members(sorted(entries.collect()).into_iter().map(|(key, _, part)| (key_slot::<K>(key), part)).collect())
    }

    fn revert(&mut self) {
        let mut log = self.take_log();
        log.drain(..).for_each(|(place, change)| match change {
            Change::Touched => {
                if let Some((_, part)) = &mut self.known[place].part {
                    part.revert();
                }
            }
            Change::Made => _ = self.put_at(place, None),
            Change::Gone(old) => _ = self.put_at(place, Some(old)),
        });
        self.give_log(log);
    }

    fn settle(&mut self) {
        if self.log.as_ref().is_none_or(Vec::is_empty) {
            return;
        }
        let log = self.take_log();
        for (place, _) in &log {
            if let Some((_, part)) = &mut self.known[*place].part {
                part.settle();
            }
        }
        self.give_log(log);
    }

    fn settle_into(&mut self, start: &mut Self) {
        let mut log = self.take_log();
        log.drain(..).for_each(|(place, change)| {
            let of_start = start.place_of(self.keys.at(place));
            match (&mut self.known[place].part, &mut start.known[of_start].part) {
                (Some((_, part)), Some((_, before))) if matches!(change, Change::Touched) => part.settle_into(before),
                (Some((arrival, part)), _) => {
                    part.settle();
                    start.put_at(of_start, Some((*arrival, part.copy())));
                }
                (None, _) => _ = start.put_at(of_start, None),
            }
        });
        start.make_room();
        self.give_log(log);
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::Map(members) = slot else { broken() };
        (0..self.known.len()).for_each(|place| self.drop_at(place));
        let mut members: Vec<_> = members
            .into_iter()
            .map(|(key, value)| (canonical::key(K::KIND, &key).into_owned(), value))
            .collect();
        members.sort_by(|(key, _), (other, _)| key.cmp(other));
        members.into_iter().for_each(|(key, value)| self.put_slot(&key, value));
        self.make_room();
    }
}
