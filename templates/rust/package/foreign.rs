//! Types of foreign JSON Schemas, as `typify` makes them, and the values of them that were checked.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::support::{self, Faults, Kind, Slot, Value};

/// A foreign type that contracts name.
pub trait Named: Serialize + DeserializeOwned + Clone + 'static {
    /// The same value in types of this crate, which check what the foreign type does not keep.
    type Checked: Value + Clone + PartialEq;
}

/// A value of a foreign type that its schema accepts.
#[derive(Clone, PartialEq)]
pub struct Foreign<T: Named> {
    value: T,
    checked: T::Checked,
}

impl<T: Named> Foreign<T> {
    /// Takes a value that a program built.
    ///
    /// # Errors
    /// Every fault of the value.
    pub fn new(value: T) -> Result<Self, Faults> {
        let text = serde_json::to_string(&value).expect("types that `typify` makes can be written");
        let checked = support::from_json(text.as_bytes())?;
        Ok(Self { value, checked })
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: Named> Deref for Foreign<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Named + fmt::Debug> fmt::Debug for Foreign<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Named> Value for Foreign<T> {
    const KIND: &'static Kind = T::Checked::KIND;

    fn from_slot(slot: Slot<'_>) -> Self {
        let checked = T::Checked::from_slot(slot);
        let text = support::to_json(&checked);
        let value = serde_json::from_str(&text).expect("a foreign type takes whatever was checked");
        Self { value, checked }
    }

    fn to_slot(&self) -> Slot<'_> {
        self.checked.to_slot()
    }
}
