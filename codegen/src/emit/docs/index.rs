//! A workspace enters; the first page leaves: the families, and what of them is new or on its way out.

use super::history;
use super::page::{Inline, Page, text};
use crate::model::Workspace;

/// The file of the first page.
pub(super) const FILE: &str = "index";

pub(super) fn page(workspace: &Workspace) -> Page {
    let mut page = Page { file: FILE.into(), title: "Event contracts".into(), blocks: Vec::new() };
    let rows = workspace.families.entries().map(|(id, family)| {
        let events = workspace.events.iter().filter(|event| event.family == id).count();
        let machines = workspace.machines.iter().filter(|machine| machine.family == id).count();
        let reducers = workspace.reducers.iter().filter(|reducer| reducer.family == id).count();
        vec![
            vec![link(&family.meta.name)],
            vec![text(family.version.0.as_str())],
            vec![text(events.to_string())],
            vec![text(machines.to_string())],
            vec![text(reducers.to_string())],
            vec![text(family.meta.doc.as_deref().unwrap_or_default())],
        ]
    });
    page.heading(2, "", "Families");
    page.table(&["family", "version", "events", "machines", "reducers", ""], rows.collect());
    history::newest(workspace, &mut page);
    history::leaving(workspace, &mut page);
    page
}

/// The file of a family's page, which is not that of the first.
pub(super) fn file(family: &str) -> String {
    if family == FILE { format!("{family}-contract") } else { family.to_owned() }
}

/// The page of a family.
pub(super) fn link(family: &str) -> Inline {
    Inline::Link { file: file(family), anchor: String::new(), name: family.to_owned() }
}
