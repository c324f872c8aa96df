//! A workspace and the files that go with it enter; an npm package leaves: ECMAScript modules with types, one a family.

mod cloudevents;
mod declarations;
mod expressions;
mod family;
mod hooks;
mod layout;
mod literals;
mod machines;
mod module;
mod names;
mod package;
mod records;
mod reducers;
mod support;
mod types;
mod versions;

use std::collections::BTreeMap;

use super::{Assets, FileSet};
use crate::config::Config;
use crate::model::Workspace;

/// The package, by path relative to the project's root.
pub fn emit(workspace: &Workspace, config: &Config, assets: &Assets) -> FileSet {
    let mut files = FileSet::default();
    let ambiguous = module::ambiguous_names(workspace);
    let mut exports = BTreeMap::new();
    for (id, family) in workspace.families.entries() {
        let (code, exported) = family::family(workspace, config, id, &ambiguous);
        files.add(format!("src/{}.ts", names::module(family)), code);
        exports.insert(id, exported);
    }
    files.extend(hooks::files(workspace, config, &ambiguous).under("src"));
    files.extend(support::support(config).under("src/support"));
    files.extend(package::package(workspace, config, assets, &exports));
    files.extend(assets.schemas.clone().under("schemas"));
    files.extend(assets.fixtures.clone().under("fixtures"));
    files.under(&config.typescript.out)
}
