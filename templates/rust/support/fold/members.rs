//! Members enter a set of the state, and leave it; they leave sorted by their canonical text.

use std::collections::HashMap;

use super::super::set::Set;
use super::super::slots::{Slot, Value, broken};
use super::cell::{Cell, same};
use super::hash::Factors;
use super::map::sorted;
use super::value::{count, text_of};

/// Members that differ in canonical form.
#[derive(Debug, Clone)]
pub struct Members<T> {
    /// By canonical text, each with a number that says when it came in.
    by_text: HashMap<Box<str>, (u64, T), Factors>,
    next: u64,
    /// Of each change what stood there before.
    log: Option<Vec<Change<T>>>,
    /// The text of the member that is asked about.
    text: String,
}

type Change<T> = (Box<str>, Option<(u64, T)>);

impl<T: Value> Members<T> {
    /// Adds a member.
    pub fn add(&mut self, member: T) {
        self.text.clear();
        member.write(&mut self.text);
        if !self.by_text.contains_key(&*self.text) {
            let text = (&*self.text).into();
            self.change(text, Some((self.next, member)));
            self.next += 1;
        }
    }

    /// Takes a member away.
    pub fn drop<U: Value>(&mut self, member: &U) {
        self.change(text_of(member).into(), None);
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
        self.by_text.contains_key(&*text_of(member))
    }

    /// How many there are.
    pub fn size(&self) -> i64 {
        count(self.by_text.len())
    }

    fn change(&mut self, text: Box<str>, member: Option<(u64, T)>) {
        let log_text = self.log.is_some().then(|| text.clone());
        let old = self.put(text, member);
        if let (Some(log), Some(text)) = (&mut self.log, log_text) {
            log.push((text, old));
        }
    }

    fn put(&mut self, text: Box<str>, member: Option<(u64, T)>) -> Option<(u64, T)> {
        match member {
            Some(member) => self.by_text.insert(text, member),
            None => self.by_text.remove(&text),
        }
    }
}

impl<T: Value> Cell for Members<T> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        let mut members = Members { by_text: HashMap::default(), next: 0, log: None, text: String::new() };
        members.replace(slot);
        members.log = tracks.then(Vec::new);
        members
    }

    fn to_slot(&self) -> Slot<'_> {
        let members = self.by_text.iter().map(|(text, (arrival, member))| (text, *arrival, member));
        Slot::List(sorted(members.collect()).iter().map(|(.., member)| member.to_slot()).collect())
    }

    fn into_value<V: Value>(self) -> V {
        let members = self.by_text.into_iter().map(|(text, (arrival, member))| (text, arrival, member));
        let members = sorted(members.collect()).into_iter().map(|(.., member)| member);
        let members = Set::of_sorted(members.collect::<Vec<T>>());
        same(members).unwrap_or_else(|members| V::from_slot(members.to_slot()))
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
            let member = self.by_text.get(&text).cloned();
            start.put(text, member);
        }
        self.log = Some(Vec::new());
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::List(members) = slot else { broken() };
        let old: Vec<Box<str>> = self.by_text.keys().cloned().collect();
        old.into_iter().for_each(|text| self.change(text, None));
        members.into_iter().for_each(|member| self.add(T::from_slot(member)));
    }
}
