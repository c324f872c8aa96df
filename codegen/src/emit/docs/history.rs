//! A workspace enters; what of it is new, on its way out or gone leaves.

use super::page::{Inline, Page, code, codes, text};
use super::types;
use crate::model::{FamilyId, Meta, RecordKind, Workspace};

/// A declaration that may have a history.
struct Entry<'w> {
    family: FamilyId,
    kind: &'static str,
    /// The record or event a field belongs to.
    owner: Option<&'w Meta>,
    meta: &'w Meta,
}

/// Declarations and fields, in the order of the contracts.
fn entries(workspace: &Workspace) -> Vec<Entry<'_>> {
    let mut out = Vec::new();
    let mut add = |family, kind, meta| out.push(Entry { family, kind, owner: None, meta });
    workspace.events.iter().for_each(|it| add(it.family, "event", &it.meta));
    let records = workspace.records.iter().filter(|record| record.kind == RecordKind::Record);
    records.for_each(|it| add(it.family, "record", &it.meta));
    workspace.enums.iter().filter(|it| it.made_for.is_none()).for_each(|it| add(it.family, "enum", &it.meta));
    workspace.unions.iter().for_each(|it| add(it.family, "union", &it.meta));
    workspace.scalars.iter().for_each(|it| add(it.family, "scalar", &it.meta));
    workspace.types.iter().for_each(|it| add(it.family, "type", &it.meta));
    workspace.machines.iter().for_each(|it| add(it.family, "machine", &it.meta));
    workspace.reducers.iter().for_each(|it| add(it.family, "reducer", &it.meta));
    workspace.hooks.iter().for_each(|it| add(it.family, "hook", &it.meta));
    for record in &workspace.records {
        let kind = if record.kind == RecordKind::Record { "record" } else { "event" };
        let fields = record.fields.iter();
        out.extend(fields.map(|field| Entry {
            family: record.family,
            kind,
            owner: Some(&record.meta),
            meta: &field.meta,
        }));
    }
    out
}

impl Entry<'_> {
    fn named(&self, workspace: &Workspace) -> Vec<Inline> {
        match self.owner {
            Some(owner) => vec![
                text("field "),
                code(&*self.meta.name),
                text(" of "),
                types::link(workspace, self.family, self.kind, owner),
            ],
            None => vec![text(format!("{} ", self.kind)), types::link(workspace, self.family, self.kind, self.meta)],
        }
    }
}

/// What came with the present version of each family.
pub(super) fn newest(workspace: &Workspace, page: &mut Page) {
    let points = entries(workspace).into_iter().filter_map(|entry| {
        let family = &workspace.families[entry.family];
        let since = entry.meta.since.as_ref().filter(|since| **since == family.version)?;
        let mut words = vec![code(format!("{} {}", family.meta.name, since.0)), text(": ")];
        words.extend(entry.named(workspace));
        Some(words)
    });
    let points: Vec<_> = points.collect();
    if !points.is_empty() {
        page.heading(2, "", "New in the present versions");
        page.list(points);
    }
}

/// What should not be used any more.
pub(super) fn leaving(workspace: &Workspace, page: &mut Page) {
    let points = entries(workspace).into_iter().filter_map(|entry| {
        let deprecated = entry.meta.deprecated.as_ref()?;
        let mut words = entry.named(workspace);
        words.extend([text(" since "), code(deprecated.since.0.as_str()), text(format!(": {}", deprecated.reason))]);
        if let Some(replacement) = &deprecated.replacement {
            words.extend([text(" Use "), code(&**replacement)]);
        }
        Some(words)
    });
    let points: Vec<_> = points.collect();
    if !points.is_empty() {
        page.heading(2, "", "Deprecated");
        page.list(points);
    }
}

/// Names of a family that may not come back.
pub(super) fn write(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let reserved = &workspace.families[family].reserved;
    let kinds = [("Events", &reserved.events), ("Fields", &reserved.fields), ("Enum values", &reserved.values)];
    let points = kinds.into_iter().filter(|(_, names)| !names.is_empty()).map(|(kind, names)| {
        let mut words = vec![text(format!("{kind}: "))];
        words.extend(codes(names.iter().map(String::as_str)));
        words
    });
    let points: Vec<_> = points.collect();
    if !points.is_empty() {
        page.heading(2, "", "Reserved");
        page.words(vec![text("These names may not come back:")]);
        page.list(points);
    }
}
