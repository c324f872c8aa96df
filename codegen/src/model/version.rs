//! Versions of a record: where a value says which one it is, what older ones were, and how each becomes the next.

use super::ids::{HookId, RecordId};
use super::step::Assignment;
use crate::source::Span;

/// The versions of a record, from 1 to the current one.
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    /// The field that holds the version; its one value is the current version.
    pub member: String,
    /// The version of the record as it is declared.
    pub current: u32,
    /// The version of a value that does not say one; none where every value has to.
    pub absent: Option<u32>,
    /// How each older version becomes the next, from version 1.
    pub upcasts: Vec<Upcast>,
}

impl Versions {
    /// The step from an older version; none for the current one.
    pub fn upcast(&self, from: u32) -> Option<&Upcast> {
        self.upcasts.get(usize::try_from(from).ok()?.checked_sub(1)?)
    }

    /// Older versions with their steps.
    pub fn older(&self) -> impl Iterator<Item = (u32, &Upcast)> {
        (1..).zip(&self.upcasts)
    }
}

/// How one version becomes the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Upcast {
    /// Where it stands.
    pub span: Span,
    /// What this version was; the member of the version belongs to no older shape.
    pub shape: RecordId,
    /// How the next is made.
    pub change: Change,
}

/// How the next version is made of a value of this one.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Fields of the next version with their values, over `p`; others take their default or none.
    Fields(Vec<(String, Assignment)>),
    /// A hook of the kind `upcast` makes the whole of it.
    Hook(HookId),
}
