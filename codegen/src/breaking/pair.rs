//! Two workspaces enter; declarations of one beside those of the same name in the other leave.

use crate::model::{EventId, Family, FamilyId, Meta, Workspace};
use crate::source::Span;

/// One version of the contracts.
#[derive(Debug)]
pub struct Side<'a> {
    /// What they mean.
    pub workspace: &'a Workspace,
    /// The names of the generated packages, by target; empty where they are not known.
    pub packages: Vec<(&'static str, String)>,
}

/// Both versions.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub old: &'a Workspace,
    pub new: &'a Workspace,
}

/// What a change is about, and where it stands in both versions.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// `Declaration`, or `Declaration.member`.
    pub name: String,
    pub old: Option<Span>,
    pub new: Option<Span>,
}

impl Place {
    /// The same declaration or field in both versions.
    pub fn of(name: impl Into<String>, old: &Meta, new: &Meta) -> Self {
        Self::at(name, old.span, new.span)
    }

    pub fn at(name: impl Into<String>, old: Span, new: Span) -> Self {
        Self { name: name.into(), old: Some(old), new: Some(new) }
    }

    /// A member of it that both versions have.
    pub fn member(&self, name: &str, old: Span, new: Span) -> Self {
        Self::at(format!("{}.{name}", self.name), old, new)
    }

    /// A member that only the old version has; the new place is what it is missing from.
    pub fn gone(&self, name: &str, old: Span) -> Self {
        Self { name: format!("{}.{name}", self.name), old: Some(old), new: self.new }
    }

    /// A member that only the new version has.
    pub fn come(&self, name: &str, new: Span) -> Self {
        Self { name: format!("{}.{name}", self.name), old: self.old, new: Some(new) }
    }
}

impl<'a> Pair<'a> {
    /// The event of this name in the new version.
    pub fn new_event(&self, old: EventId) -> Option<EventId> {
        let name = &self.old.events[old].meta.name;
        self.new.events.entries().find(|(_, event)| event.meta.name == *name).map(|(id, _)| id)
    }

    /// The family of this name in the new version.
    pub fn new_family(&self, old: FamilyId) -> Option<&'a Family> {
        by_name(&self.new.families, &self.old.families[old].meta.name, |family| &family.meta)
    }
}

/// The first that has this name.
pub(super) fn by_name<'a, T>(
    all: impl IntoIterator<Item = &'a T>,
    name: &str,
    meta: impl Fn(&T) -> &Meta,
) -> Option<&'a T> {
    all.into_iter().find(|item| meta(item).name == name)
}
