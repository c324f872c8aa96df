//! A workspace and the files that go with it enter; a crate leaves: a module a family over one shared decoder.

mod cloudevents;
mod conditions;
mod docs;
mod enums;
mod events;
mod exports;
mod expressions;
mod family;
mod foreign;
mod hooks;
mod layout;
mod machines;
mod module;
mod names;
mod package;
mod patterns;
mod records;
mod reducers;
mod scalars;
mod support;
mod tables;
mod text;
mod types;
mod unions;
mod versions;

use super::{Assets, FileSet, header};
use crate::config::Config;
use crate::model::Workspace;
use names::Taken;

/// The crate, by path relative to the project's root.
pub fn emit(workspace: &Workspace, config: &Config, assets: &Assets) -> FileSet {
    let mut files = FileSet::default();
    let mut taken = Taken::new(workspace);
    let reducers = reducers::Names::of_all(workspace, &mut taken);
    let mut listed = Vec::new();
    for (id, family) in workspace.families.entries() {
        let (text, of_reducers) = family::family(workspace, config, &mut taken, &reducers, id);
        files.add(format!("src/{}.rs", names::module(&family.meta.name)), text);
        listed.push(of_reducers);
    }
    for index in 0..reducers.len() {
        let (path, text) = reducers::file(workspace, config, &mut taken, &reducers, index);
        files.add(path, text);
    }
    let table = reducers::table(workspace, &reducers);
    files.add("src/reducers.rs", format!("// {}\n\n{table}", header::of_package(config)));
    let events = events::file(workspace);
    files.add("src/event.rs", format!("// {}\n\n{events}", header::of_package(config)));
    if let Some(foreign) = foreign::file(workspace, config) {
        files.add("src/foreign.rs", foreign);
    }
    files.extend(hooks::files(workspace, config, &mut taken));
    files.extend(support::support(config).under("src/support"));
    files.extend(package::package(workspace, config, assets, exports::exports(workspace, &taken, &listed)));
    files.extend(assets.schemas.clone().under("schemas"));
    files.extend(assets.fixtures.clone().under("fixtures"));
    files.under(&config.rust.out)
}
