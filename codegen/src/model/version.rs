//! Versions of a record: where a value says which one it is, what older ones were, and how each becomes the next.

use std::collections::BTreeSet;

use super::ids::{HookId, RecordId};
use super::step::Assignment;
use super::{Record, Rule, Type, Workspace};
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

    /// What a version was; of the current one, and beyond, the record itself.
    pub fn shape(&self, version: u32, record: RecordId) -> RecordId {
        self.upcast(version).map_or(record, |upcast| upcast.shape)
    }

    /// Records whose rules a value of an older version meets on its way to the current one: the shapes behind its own,
    /// and what steps put together.
    pub fn met<'w>(&self, workspace: &'w Workspace, record: RecordId, version: u32) -> Vec<(&'w Record, &'w Rule)> {
        let mut met = BTreeSet::new();
        for (from, upcast) in self.older().filter(|(from, _)| *from >= version) {
            met.insert(self.shape(from + 1, record));
            if let Change::Fields(values) = &upcast.change {
                for (_, value) in values {
                    made(workspace, value, &mut met);
                }
            }
        }
        let of = |id: RecordId| workspace.records[id].rules.iter().map(move |rule| (&workspace.records[id], rule));
        met.into_iter().flat_map(of).collect()
    }

    /// Older versions with their steps.
    pub fn older(&self) -> impl Iterator<Item = (u32, &Upcast)> {
        (1..).zip(&self.upcasts)
    }
}

/// Records that a value puts together.
fn made(workspace: &Workspace, value: &Assignment, found: &mut BTreeSet<RecordId>) {
    match value {
        Assignment::Value(_) => {}
        Assignment::List(items, _) => items.iter().for_each(|item| made(workspace, item, found)),
        Assignment::Record(members, ty) => {
            if let Type::Record(id) = workspace.unwrapped(ty) {
                found.insert(*id);
            }
            for (_, value) in members {
                made(workspace, value, found);
            }
        }
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
