//! A value and its place in a configuration; values are equal wherever they stand.

use serde::{Serialize, Serializer};

use crate::source::Span;

/// What a setting says, and where.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// What it says.
    pub value: T,
    /// Where it stands.
    pub place: Span,
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Placed<T> {}

impl<T: Serialize> Serialize for Placed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}
