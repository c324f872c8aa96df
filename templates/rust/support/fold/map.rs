//! Values enter a map of the state under keys, and leave it; it knows the order in which keys came in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use super::super::canonical;
use super::super::decode::string_slot;
use super::super::slots::{Slot, Value, broken};
use super::cell::Cell;
use super::hash::Factors;
use super::value::{count, known};

/// Parts of the state by key.
#[derive(Debug, Clone)]
pub struct Map<K, C> {
    /// By the canonical text of the key, with a number that says when the key came in.
    by_key: HashMap<Box<str>, (u64, C), Factors>,
    next: u64,
    /// Of each key that was changed what takes that back.
    log: Option<HashMap<Box<str>, Change<C>, Factors>>,
    keys: PhantomData<fn() -> K>,
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
        match self.0.log.as_ref().and_then(|log| log.get(key)) {
            Some(Change::Made) => None,
            Some(Change::Gone((_, part))) => Some(part),
            Some(Change::Touched) | None => self.0.by_key.get(key).map(|(_, part)| part),
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

/// The log holds no more room than this from one group to the next.
const MOST_ROOM: usize = 64;

impl<K: Value, C: Cell> Map<K, C> {
    /// Puts a value under a key, which keeps its place if it is there.
    pub fn put<V: Value>(&mut self, key: &str, value: V) {
        self.put_part(key, C::of(value, self.log.is_some()));
    }

    /// Takes a key away.
    pub fn drop(&mut self, key: &str) {
        if let Some(old) = self.by_key.remove(key) {
            self.note(key, Change::Gone(old));
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
        if !self.by_key.contains_key(key) {
            self.put(key, start());
        }
        self.part(key)
    }

    /// The part under a key that is known to be there, to be changed.
    pub fn part(&mut self, key: &str) -> &mut C {
        let (arrival, part) = known(self.by_key.get_mut(key));
        if let Some(log) = self.log.as_mut().filter(|log| !log.contains_key(key)) {
            let change = part.whole().map_or(Change::Touched, |whole| Change::Gone((*arrival, whole)));
            log.insert(key.into(), change);
        }
        part
    }

    /// The parts as they were when the group began. Of those that are changed inside it shows what they are now.
    pub fn at_start(&self) -> AtStart<'_, K, C> {
        AtStart(self)
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    /// The part under a key.
    pub fn get(&self, key: &str) -> Option<&C> {
        self.by_key.get(key).map(|(_, part)| part)
    }

    /// The part under a key that is known to be there.
    pub fn at(&self, key: &str) -> &C {
        known(self.get(key))
    }

    /// How many keys there are.
    pub fn size(&self) -> i64 {
        count(self.by_key.len())
    }

    /// The values by the text of their keys.
    pub fn by_key<V: Value>(self) -> Vec<V> {
        let entries = self.by_key.into_iter().map(|(key, (arrival, part))| (key, arrival, part)).collect();
        sorted(entries).into_iter().map(|(.., part)| part.into_value()).collect()
    }

    /// The values in the order in which their keys came in.
    pub fn by_arrival<V: Value>(self) -> Vec<V> {
        let mut entries: Vec<(u64, C)> = self.by_key.into_values().collect();
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
        let mut entries: Vec<_> = self.by_key.iter().map(|(key, (arrival, part))| (*arrival, &**key, part)).collect();
        entries.sort_unstable_by_key(|(arrival, ..)| *arrival);
        entries.into_iter().map(|(_, key, part)| (key, part)).collect()
    }

    fn put_slot(&mut self, key: &str, slot: Slot<'_>) {
        self.put_part(key, C::from_slot(slot, self.log.is_some()));
    }

    fn put_part(&mut self, key: &str, part: C) {
        if let Some((arrival, old)) = self.by_key.get_mut(key) {
            let gone = (*arrival, std::mem::replace(old, part));
            self.note(key, Change::Gone(gone));
        } else {
            self.by_key.insert(key.into(), (self.next, part));
            self.next += 1;
            self.note(key, Change::Made);
        }
    }

    /// Notes a change of a key; what stood there first is what counts.
    fn note(&mut self, key: &str, change: Change<C>) {
        let Some(log) = &mut self.log else { return };
        match (log.get_mut(key), change) {
            (None, change) => _ = log.insert(key.into(), change),
            (Some(known @ Change::Touched), Change::Gone((arrival, mut part))) => {
                part.revert();
                *known = Change::Gone((arrival, part));
            }
            (Some(_), _) => {}
        }
    }

    fn take_log(&mut self) -> HashMap<Box<str>, Change<C>, Factors> {
        self.log.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Gives the log back to be filled again.
    fn give_log(&mut self, mut log: HashMap<Box<str>, Change<C>, Factors>) {
        log.clear();
        log.shrink_to(MOST_ROOM);
        self.log = Some(log);
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
        let mut map = Map { by_key: HashMap::default(), next: 0, log: None, keys: PhantomData };
        // Parts are made with what they remember.
        map.log = tracks.then(HashMap::default);
        map.replace(slot);
        map.settle();
        map
    }

    fn to_slot(&self) -> Slot<'_> {
        let entries = self.by_key.iter().map(|(key, (arrival, part))| (&**key, *arrival, part)).collect();
        Slot::Map(sorted(entries).into_iter().map(|(key, _, part)| (key_slot::<K>(key), part.to_slot())).collect())
    }

    fn into_value<V: Value>(self) -> V {
        let entries = self.by_key.into_iter().map(|(key, (arrival, part))| (key, arrival, part)).collect();
        let (keys, parts): (Vec<Box<str>>, Vec<C>) = sorted(entries).into_iter().map(|(key, _, part)| (key, part)).unzip();
        V::of_members(keys.iter().map(|key| key_slot::<K>(key)).zip(parts).collect())
    }

    fn revert(&mut self) {
        let mut log = self.take_log();
        log.drain().for_each(|(key, change)| match change {
            Change::Touched => {
                if let Some((_, part)) = self.by_key.get_mut(&key) {
                    part.revert();
                }
            }
            Change::Made => _ = self.by_key.remove(&key),
            Change::Gone(old) => _ = self.by_key.insert(key, old),
        });
        self.give_log(log);
    }

    fn settle(&mut self) {
        if self.log.as_ref().is_none_or(HashMap::is_empty) {
            return;
        }
        let mut log = self.take_log();
        log.drain().for_each(|(key, _)| {
            if let Some((_, part)) = self.by_key.get_mut(&key) {
                part.settle();
            }
        });
        self.give_log(log);
    }

    fn settle_into(&mut self, start: &mut Self) {
        let mut log = self.take_log();
        log.drain().for_each(|(key, change)| match (self.by_key.get_mut(&key), start.by_key.get_mut(&key)) {
            (Some((_, part)), Some((_, before))) if matches!(change, Change::Touched) => part.settle_into(before),
            (Some((arrival, part)), before) => {
                part.settle();
                let copy = (*arrival, part.copy());
                match before {
                    Some(before) => *before = copy,
                    None => _ = start.by_key.insert(key, copy),
                }
            }
            (None, _) => _ = start.by_key.remove(&key),
        });
        self.give_log(log);
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::Map(members) = slot else { broken() };
        let old: Vec<Box<str>> = self.by_key.keys().cloned().collect();
        old.iter().for_each(|key| self.drop(key));
        let mut members: Vec<_> = members
            .into_iter()
            .map(|(key, value)| (canonical::key(K::KIND, &key).into_owned(), value))
            .collect();
        members.sort_by(|(key, _), (other, _)| key.cmp(other));
        members.into_iter().for_each(|(key, value)| self.put_slot(&key, value));
    }
}
