//! Items enter a list of the state, and leave it; whether one is among them is known without looking through all.

use std::collections::HashMap;

use super::super::slots::{Slot, Value, broken};
use super::cell::{Cell, same};
use super::value::{count, text_of};

/// Items in order. With `INDEXED` it knows of every item how often it is there.
#[derive(Debug, Clone)]
pub struct List<T, const INDEXED: bool = false> {
    items: Vec<T>,
    counts: HashMap<String, usize>,
    log: Option<Vec<Change<T>>>,
}

/// A change, with what takes it back.
#[derive(Debug, Clone)]
enum Change<T> {
    Pushed,
    Removed(usize, T),
    Replaced(Vec<T>),
}

impl<T: Value, const INDEXED: bool> List<T, INDEXED> {
    /// Adds an item behind the others.
    pub fn push(&mut self, item: T) {
        self.note(&item, true);
        self.items.push(item);
        if let Some(log) = &mut self.log {
            log.push(Change::Pushed);
        }
    }

    /// Adds an item behind the others unless it is among them.
    pub fn push_unique(&mut self, item: T) {
        if !self.contains(&item) {
            self.push(item);
        }
    }

    /// Takes the first equal item away.
    pub fn drop<U: Value>(&mut self, item: &U) {
        let text = text_of(item);
        if INDEXED && !self.counts.contains_key(&text) {
            return;
        }
        let Some(at) = self.items.iter().position(|other| text_of(other) == text) else { return };
        let item = self.items.remove(at);
        self.note(&item, false);
        if let Some(log) = &mut self.log {
            log.push(Change::Removed(at, item));
        }
    }

    /// Replaces all items.
    pub fn set<U: Value>(&mut self, items: &U) {
        self.replace(items.to_slot());
    }

    /// Takes all items away.
    pub fn clear(&mut self) {
        self.replace(Slot::List(Vec::new()));
    }

    /// Whether an item is among them.
    pub fn contains<U: Value>(&self, item: &U) -> bool {
        let text = text_of(item);
        if INDEXED {
            self.counts.contains_key(&text)
        } else {
            self.items.iter().any(|other| text_of(other) == text)
        }
    }

    /// How many there are.
    pub fn size(&self) -> i64 {
        count(self.items.len())
    }

    /// The items in order.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    fn note(&mut self, item: &T, is_there: bool) {
        if !INDEXED {
            return;
        }
        let text = text_of(item);
        if is_there {
            *self.counts.entry(text).or_default() += 1;
        } else if let Some(times) = self.counts.get_mut(&text) {
            *times -= 1;
            if *times == 0 {
                self.counts.remove(&text);
            }
        }
    }

    fn put_all(&mut self, items: Vec<T>) -> Vec<T> {
        let old = std::mem::replace(&mut self.items, items);
        self.counts.clear();
        for at in 0..if INDEXED { self.items.len() } else { 0 } {
            *self.counts.entry(text_of(&self.items[at])).or_default() += 1;
        }
        old
    }
}

impl<T: Value, const INDEXED: bool> Cell for List<T, INDEXED> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        let mut list = List { items: Vec::new(), counts: HashMap::new(), log: None };
        list.replace(slot);
        list.log = tracks.then(Vec::new);
        list
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::List(self.items.iter().map(T::to_slot).collect())
    }

    fn into_value<V: Value>(self) -> V {
        same(self.items).unwrap_or_else(|items| V::from_slot(items.to_slot()))
    }

    fn revert(&mut self) {
        for change in self.log.take().into_iter().flatten().rev() {
            match change {
                Change::Pushed => {
                    if let Some(item) = self.items.pop() {
                        self.note(&item, false);
                    }
                }
                Change::Removed(at, item) => {
                    self.note(&item, true);
                    self.items.insert(at, item);
                }
                Change::Replaced(items) => _ = self.put_all(items),
            }
        }
        self.log = Some(Vec::new());
    }

    fn settle(&mut self) {
        if let Some(log) = &mut self.log {
            log.clear();
        }
    }

    fn settle_into(&mut self, start: &mut Self) {
        let log = self.log.take().unwrap_or_default();
        if log.iter().all(|change| matches!(change, Change::Pushed)) {
            let known = start.items.len();
            self.items[known..].iter().for_each(|item| start.push(item.clone()));
        } else {
            start.put_all(self.items.clone());
        }
        self.log = Some(Vec::new());
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::List(items) = slot else { broken() };
        let old = self.put_all(items.into_iter().map(T::from_slot).collect());
        if let Some(log) = &mut self.log {
            log.push(Change::Replaced(old));
        }
    }
}
