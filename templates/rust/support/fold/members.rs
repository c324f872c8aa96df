//! Members enter a set of the state, and leave it; they stand sorted by their canonical text.

use std::collections::BTreeMap;

use super::super::slots::{Slot, Value, broken};
use super::cell::Cell;
use super::value::{count, text_of};

/// Members that differ in canonical form.
#[derive(Debug, Clone)]
pub struct Members<T> {
    by_text: BTreeMap<String, T>,
    /// Of each change what stood there before.
    log: Option<Vec<(String, Option<T>)>>,
}

impl<T: Value> Members<T> {
    /// Adds a member.
    pub fn add(&mut self, member: T) {
        let text = text_of(T::KIND, &member.to_slot());
        if !self.by_text.contains_key(&text) {
            self.change(text, Some(member));
        }
    }

    /// Takes a member away.
    pub fn drop<U: Value>(&mut self, member: &U) {
        self.change(text_of(U::KIND, &member.to_slot()), None);
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
        self.by_text.contains_key(&text_of(U::KIND, &member.to_slot()))
    }

    /// How many there are.
    pub fn size(&self) -> i64 {
        count(self.by_text.len())
    }

    fn change(&mut self, text: String, member: Option<T>) {
        let log_text = self.log.is_some().then(|| text.clone());
        let old = self.put(text, member);
        if let (Some(log), Some(text)) = (&mut self.log, log_text) {
            log.push((text, old));
        }
    }

    fn put(&mut self, text: String, member: Option<T>) -> Option<T> {
        match member {
            Some(member) => self.by_text.insert(text, member),
            None => self.by_text.remove(&text),
        }
    }
}

impl<T: Value> Cell for Members<T> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        let mut members = Members { by_text: BTreeMap::new(), log: None };
        members.replace(slot);
        members.log = tracks.then(Vec::new);
        members
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::List(self.by_text.values().map(T::to_slot).collect())
    }

    fn revert(&mut self) {
        for (text, old) in self.log.take().into_iter().flatten().rev() {
            self.put(text, old);
        }
        self.log = Some(Vec::new());
    }

    fn settle(&mut self) {
        if let Some(log) = &mut self.log {
            log.clear();
        }
    }

    fn settle_into(&mut self, start: &mut Self) {
        for (text, _) in self.log.take().unwrap_or_default() {
            let member = self.by_text.get(&text).map(|member| T::from_slot(member.to_slot()));
            start.put(text, member);
        }
        self.log = Some(Vec::new());
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::List(members) = slot else { broken() };
        let old: Vec<String> = self.by_text.keys().cloned().collect();
        old.into_iter().for_each(|text| self.change(text, None));
        members.into_iter().for_each(|member| self.add(T::from_slot(member)));
    }
}
