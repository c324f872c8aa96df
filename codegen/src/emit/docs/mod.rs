//! A workspace enters; the reference for people leaves: a static site and the same pages as Markdown.
//!
//! What the pages say is a function of the contracts alone: what is new and what is on its way out comes from `since`,
//! `deprecated` and `reserved`.

mod declarations;
mod events;
mod history;
mod hooks;
mod html;
mod index;
mod machines;
mod markdown;
mod page;
mod reducers;
mod search;
mod steps;
mod types;
mod versions;

use super::{FileSet, header};
use crate::config::Config;
use crate::model::{FamilyId, Workspace};
use page::Page;

/// The site and the Markdown pages, by path relative to the project's root.
pub fn emit(workspace: &Workspace, config: &Config) -> FileSet {
    site(workspace, config).under(&config.docs.out)
}

/// The same, by path relative to its own folder.
pub fn site(workspace: &Workspace, config: &Config) -> FileSet {
    let header = header::of_package(config);
    let mut pages = vec![index::page(workspace)];
    pages.extend(workspace.families.entries().map(|(id, _)| family(workspace, id)));
    let mut files = FileSet::default();
    for page in &pages {
        files.add(format!("{}.html", page.file), html::page(page, &pages, &header));
        files.add(format!("{}.md", page.file), markdown::page(page, &header));
    }
    files.add("search.js", search::script(&pages, &header));
    files.add("style.css", format!("/* {header} */\n{}", include_str!("../../../../templates/docs/style.css")));
    files
}

/// The page of a family.
fn family(workspace: &Workspace, id: FamilyId) -> Page {
    let family = &workspace.families[id];
    let mut page = Page { file: index::file(&family.meta.name), title: family.meta.name.clone(), blocks: Vec::new() };
    page.words(vec![page::text("Version "), page::code(family.version.0.as_str())]);
    page.prose(family.meta.doc.as_deref());
    if !family.imports.is_empty() {
        let imports = family.imports.iter().map(|import| vec![index::link(&workspace.families[*import].meta.name)]);
        let mut words = vec![page::text("Builds on ")];
        words.extend(page::joined(imports, ", "));
        page.words(words);
    }
    events::write(workspace, id, &mut page);
    machines::write(workspace, id, &mut page);
    reducers::write(workspace, id, &mut page);
    declarations::write(workspace, id, &mut page);
    hooks::write(workspace, id, &mut page);
    history::write(workspace, id, &mut page);
    page
}
