//! A part of the state that may be none enters; it is changed in place while it is there, and taken back.

use super::super::slots::{Slot, Value};
use super::cell::Cell;
use super::value::known;

/// A part of the state, or none.
#[derive(Debug, Clone)]
pub struct Maybe<C> {
    part: Option<C>,
    /// What stood here when the group began, where it was replaced since.
    before: Option<Option<C>>,
    tracks: bool,
}

impl<C: Cell> Maybe<C> {
    /// The part, if there is one.
    pub fn get(&self) -> Option<&C> {
        self.part.as_ref()
    }

    /// The part that is known to be there, to be changed.
    pub fn part(&mut self) -> &mut C {
        known(self.part.as_mut())
    }

    /// Replaces the part.
    pub fn set<V: Value>(&mut self, value: &V) {
        self.replace(value.to_slot());
    }

    /// Fills it where it is none.
    pub fn init<V: Value>(&mut self, value: &V) {
        if self.part.is_none() {
            self.set(value);
        }
    }

    /// Leaves none.
    pub fn clear(&mut self) {
        self.replace(Slot::None);
    }
}

impl<C: Cell> Cell for Maybe<C> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        Maybe { part: part(slot, tracks), before: None, tracks }
    }

    fn to_slot(&self) -> Slot<'_> {
        self.part.as_ref().map_or(Slot::None, C::to_slot)
    }

    fn revert(&mut self) {
        if let Some(before) = self.before.take() {
            self.part = before;
        }
        self.part.iter_mut().for_each(C::revert);
    }

    fn settle(&mut self) {
        self.before = None;
        self.part.iter_mut().for_each(C::settle);
    }

    fn settle_into(&mut self, start: &mut Self) {
        let is_other = self.before.take().is_some();
        match (&mut self.part, &mut start.part) {
            (Some(part), Some(before)) if !is_other => part.settle_into(before),
            (part, before) => {
                part.iter_mut().for_each(C::settle);
                *before = part.as_ref().map(C::copy);
            }
        }
    }

    fn replace(&mut self, slot: Slot<'_>) {
        let old = std::mem::replace(&mut self.part, part(slot, self.tracks));
        if self.tracks && self.before.is_none() {
            self.before = Some(old);
        }
    }
}

fn part<C: Cell>(slot: Slot<'_>, tracks: bool) -> Option<C> {
    match slot {
        Slot::None => None,
        slot => Some(C::from_slot(slot, tracks)),
    }
}
