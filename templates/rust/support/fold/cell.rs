//! A part of the state enters as a slot; what can be changed and taken back leaves.
//!
//! Every part keeps what it needs to go back to where the group of events began, and to bring a copy of the state up to
//! date: so neither costs more than what was changed.

use std::any::Any;
use std::ops::Deref;

use super::super::number::MOST_INT;
use super::super::slots::{Kept, Slot, Value, broken};

/// A part of the state that remembers how it was when its group of events began.
pub trait Cell: Sized {
    /// Starts with the value of a slot; without `tracks` nothing is remembered.
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self;
    /// Shows the value.
    fn to_slot(&self) -> Slot<'_>;
    /// Goes back to the beginning of the group.
    fn revert(&mut self);
    /// Lets what was done stay.
    fn settle(&mut self);
    /// Lets what was done stay, and brings a copy of the beginning of the group up to date.
    fn settle_into(&mut self, start: &mut Self);
    /// A copy that takes back every change, where it costs no more than a change does.
    fn whole(&self) -> Option<Self> {
        None
    }
    /// A copy that remembers nothing.
    fn copy(&self) -> Self {
        Self::from_slot(self.to_slot(), false)
    }
    /// Replaces the value; what it was is remembered.
    fn replace(&mut self, slot: Slot<'_>);
    /// The typed value, when nothing more happens.
    fn into_value<V: Value>(self) -> V {
        V::from_slot(self.to_slot())
    }
    /// Starts with a typed value.
    fn of<V: Value>(value: V, tracks: bool) -> Self {
        Self::from_slot(value.to_slot(), tracks)
    }
}

impl<C: Cell> Kept for C {
    fn shown(&self) -> Slot<'_> {
        self.to_slot()
    }

    fn typed<V: Value>(self) -> V {
        self.into_value()
    }
}

/// A value that is only replaced.
#[derive(Debug, Clone)]
pub struct Plain<T> {
    value: T,
    before: Option<T>,
    tracks: bool,
}

impl<T: Value> Plain<T> {
    /// Replaces the value.
    pub fn set(&mut self, value: T) {
        let old = std::mem::replace(&mut self.value, value);
        if self.tracks && self.before.is_none() {
            self.before = Some(old);
        }
    }

    /// The value when the group began.
    pub fn at_start(&self) -> &T {
        self.before.as_ref().unwrap_or(&self.value)
    }

    /// Adds one, up to the largest integer.
    pub fn increase(&mut self) {
        let next = self.value.to_slot().int().saturating_add(1).min(MOST_INT);
        self.set(T::from_slot(Slot::Int(next)));
    }
}

impl<T: Value> Plain<Option<T>> {
    /// Replaces the value where it is none.
    pub fn init(&mut self, value: Option<T>) {
        if self.value.is_none() {
            self.set(value);
        }
    }
}

impl<T> Deref for Plain<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Value> Cell for Plain<T> {
    fn from_slot(slot: Slot<'_>, tracks: bool) -> Self {
        Plain { value: T::from_slot(slot), before: None, tracks }
    }

    fn to_slot(&self) -> Slot<'_> {
        self.value.to_slot()
    }

    fn revert(&mut self) {
        if let Some(before) = self.before.take() {
            self.value = before;
        }
    }

    fn settle(&mut self) {
        self.before = None;
    }

    fn settle_into(&mut self, start: &mut Self) {
        if self.before.take().is_some() {
            start.value = self.value.clone();
        }
    }

    fn whole(&self) -> Option<Self> {
        Some(Plain { value: self.value.clone(), before: None, tracks: self.tracks })
    }

    fn copy(&self) -> Self {
        Plain { value: self.value.clone(), before: None, tracks: false }
    }

    fn into_value<V: Value>(self) -> V {
        same(self.value).unwrap_or_else(|value| V::from_slot(value.to_slot()))
    }

    fn of<V: Value>(value: V, tracks: bool) -> Self {
        // As a rule it is of the very type that is kept.
        let value = same(value).unwrap_or_else(|value| T::from_slot(value.to_slot()));
        Plain { value, before: None, tracks }
    }

    fn replace(&mut self, slot: Slot<'_>) {
        self.set(T::from_slot(slot));
    }
}

/// The value, if the other type is its own.
pub(super) fn same<T: 'static, V: 'static>(value: T) -> Result<V, T> {
    let mut value = Some(value);
    match (&mut value as &mut dyn Any).downcast_mut::<Option<V>>().and_then(Option::take) {
        Some(same) => Ok(same),
        None => value.map_or_else(|| broken(), Err),
    }
}

/// Declares parts of the state that belong together, as the slots of a reducer or the fields of a record do.
#[allow(unused_macros, reason = "whether there are reducers depends on the contracts")]
macro_rules! cells {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $($(#[$doc])* pub $field: $ty,)*
        }

        impl $crate::support::fold::Cell for $name {
            #[allow(unused_mut, unused_variables, reason = "there may be no parts")]
            fn from_slot(slot: $crate::support::Slot<'_>, tracks: bool) -> Self {
                let mut slots = $crate::support::fold::parts(slot);
                Self {
                    $($field: $crate::support::fold::Cell::from_slot(slots.next().unwrap_or_default(), tracks),)*
                }
            }

            fn to_slot(&self) -> $crate::support::Slot<'_> {
                $crate::support::Slot::List(::std::vec![$($crate::support::fold::Cell::to_slot(&self.$field)),*])
            }

            fn revert(&mut self) {
                $($crate::support::fold::Cell::revert(&mut self.$field);)*
            }

            fn settle(&mut self) {
                $($crate::support::fold::Cell::settle(&mut self.$field);)*
            }

            #[allow(unused_variables, reason = "there may be no parts")]
            fn settle_into(&mut self, start: &mut Self) {
                $($crate::support::fold::Cell::settle_into(&mut self.$field, &mut start.$field);)*
            }

            #[allow(unused_mut, unused_variables, reason = "there may be no parts")]
            fn replace(&mut self, slot: $crate::support::Slot<'_>) {
                let mut slots = $crate::support::fold::parts(slot);
                $($crate::support::fold::Cell::replace(&mut self.$field, slots.next().unwrap_or_default());)*
            }
        }
    };
}

#[allow(unused_imports, reason = "whether there are reducers depends on the contracts")]
pub(crate) use cells;

/// The slots of parts that belong together.
pub fn parts(slot: Slot<'_>) -> std::vec::IntoIter<Slot<'_>> {
    match slot {
        Slot::List(slots) => slots.into_iter(),
        _ => broken(),
    }
}
