//! Members enter a set of the state, and leave it; they leave sorted by their canonical text.

use super::super::set::Set;
use super::super::slots::{Slot, Value, broken};
use super::cell::{Cell, same};
use super::map::sorted;
use super::texts::{Texts, is_worth_forgetting};
use super::value::{count, text_of};

/// Members that differ in canonical form.
#[derive(Debug, Clone)]
pub struct Members<T> {
    /// The canonical texts of what is or was a member.
    texts: Texts,
    /// By place; none where it is a member no more.
    members: Vec<Option<T>>,
    size: usize,
    /// Of each change what stood there before.
    log: Option<Vec<(usize, Option<T>)>>,
    /// The text of the member that is asked about.
    text: String,
}

impl<T: Value> Members<T> {
    /// Adds a member.
    pub fn add(&mut self, member: T) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        member.write(&mut text);
        let place = self.place_of(&text);
        if self.members[place].is_none() {
            self.change(place, Some(member));
        }
        self.text = text;
    }

    /// Takes a member away.
    pub fn drop<U: Value>(&mut self, member: &U) {
        if let Some(place) = self.texts.find(&text_of(member))
            && self.members[place].is_some()
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
        self.texts.find(&text_of(member)).is_some_and(|place| self.members[place].is_some())
    }

    /// How many there are.
    pub fn size(&self) -> i64 {
        count(self.size)
    }

    /// The place of a text, which is known from now on.
    fn place_of(&mut self, text: &str) -> usize {
        let place = self.texts.place_of(text);
        if place == self.members.len() {
            self.members.push(None);
        }
        place
    }

    fn change(&mut self, place: usize, member: Option<T>) {
        let old = self.put(place, member);
        if let Some(log) = &mut self.log {
            log.push((place, old));
        }
    }

    fn put(&mut self, place: usize, member: Option<T>) -> Option<T> {
        self.size += usize::from(member.is_some());
        let old = std::mem::replace(&mut self.members[place], member);
        self.size -= usize::from(old.is_some());
        old
    }

    /// Forgets what is a member no more, unless that may be taken back.
    fn make_room(&mut self) {
        let may_be_taken_back = self.log.as_ref().is_some_and(|log| !log.is_empty());
        if may_be_taken_back || !is_worth_forgetting(self.texts.len(), self.size) {
            return;
        }
        let mut rest = Self::of_none(self.log.is_some());
        for (place, member) in std::mem::take(&mut self.members).into_iter().enumerate() {
            if member.is_some() {
                let new = rest.place_of(self.texts.at(place));
                rest.put(new, member);
            }
        }
        *self = rest;
    }

    fn of_none(tracks: bool) -> Self {
        let log = tracks.then(Vec::new);
        Members { texts: Texts::default(), members: Vec::new(), size: 0, log, text: String::new() }
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
        let members = self.members.iter().enumerate();
        let members = members.filter_map(|(at, member)| Some((self.texts.at(at), at as u64, member.as_ref()?)));
        Slot::List(sorted(members.collect()).iter().map(|(.., member)| member.to_slot()).collect())
    }

    fn into_value<V: Value>(self) -> V {
        let members = self.members.into_iter().enumerate();
        let members = members.filter_map(|(at, member)| Some((self.texts.at(at), at as u64, member?)));
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
            let of_start = start.place_of(self.texts.at(place));
            start.put(of_start, self.members[place].clone());
        }
        self.log = Some(Vec::new());
        start.make_room();
        self.make_room();
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let Slot::List(members) = slot else { broken() };
        for place in 0..self.members.len() {
            if self.members[place].is_some() {
                self.change(place, None);
            }
        }
        members.into_iter().for_each(|member| self.add(T::from_slot(member)));
        self.make_room();
    }
}
