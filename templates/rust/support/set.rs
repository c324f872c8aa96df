//! Values enter in any order; a set leaves: no two members of one canonical form, sorted by it.

use std::ops::Deref;

use super::canonical;
use super::doors;
use super::fault::Faults;
use super::shape::{Items, Kind};
use super::slots::{Slot, Value, broken};

/// Members that differ in canonical form, sorted by canonical text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Set<T>(Vec<T>);

impl<T: Value> Set<T> {
    /// The set of these members.
    ///
    /// # Errors
    /// `unique_items` at every member that was there before.
    pub fn new(members: Vec<T>) -> Result<Self, Faults> {
        doors::checked(&Set(members))
    }

    /// The set of members that are known to be sorted and to differ.
    pub(super) fn of_sorted(members: Vec<T>) -> Self {
        Set(members)
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set(Vec::new())
    }
}

impl<T> Deref for Set<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Value> Value for Set<T> {
    const KIND: &'static Kind = &Kind::Set(T::KIND, Items::ANY);

    fn from_slot(slot: Slot<'_>) -> Self {
        match slot {
            Slot::List(members) => Set(members.into_iter().map(T::from_slot).collect()),
            _ => broken(),
        }
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::List(self.0.iter().map(T::to_slot).collect())
    }

    fn write(&self, out: &mut String) {
        canonical::list(&self.0, out, T::write);
    }
}
