//! What every family declares enters; the statements leave that put it at the top of the crate where nothing else has
//! the name.

use std::collections::BTreeMap;

use super::names::{self, Taken};
use super::reducers::Listed;
use crate::emit::casing;
use crate::model::{FamilyId, Workspace};

/// A `pub use` a family: of everything, or of what no other family has too.
pub(super) fn exports(workspace: &Workspace, taken: &Taken, reducers: &[Listed]) -> Vec<String> {
    let offered: Vec<(String, Vec<String>)> = workspace
        .families
        .entries()
        .map(|(id, family)| {
            let functions = reducers[usize::from(id)].names.iter().cloned();
            (names::module(&family.meta.name), offered(workspace, taken, id).into_iter().chain(functions).collect())
        })
        .collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for name in offered.iter().flat_map(|(_, names)| names) {
        *times.entry(name).or_default() += 1;
    }
    let statement = |(module, names): &(String, Vec<String>)| {
        if names.iter().all(|name| times[name.as_str()] == 1) {
            return Some(format!("pub use {module}::*;"));
        }
        let alone: Vec<&str> = names.iter().map(String::as_str).filter(|name| times[name] == 1).collect();
        (!alone.is_empty()).then(|| format!("pub use {module}::{{{}}};", alone.join(", ")))
    };
    let renamed = reducers.iter().flat_map(|listed| listed.renamed.iter().cloned());
    offered.iter().filter_map(statement).chain(renamed).collect()
}

/// Every public name of a family's module.
fn offered(workspace: &Workspace, taken: &Taken, id: FamilyId) -> Vec<String> {
    let mut offered: Vec<String> = taken.of(id).map(str::to_owned).collect();
    let prefix = casing::screaming(&workspace.families[id].meta.name);
    offered.push(format!("{prefix}_SCHEMA_VERSION"));
    offered.extend(workspace.envelope_version(id).map(|_| "SCHEMA_VERSION".to_owned()));
    let events = workspace.events.iter().filter(|event| event.family == id);
    offered.extend(events.map(|event| casing::screaming(&event.meta.name)));
    let groups =
        workspace.groups.iter().filter(|group| group.family == id).map(|group| casing::screaming(&group.meta.name));
    let has_events = workspace.events.iter().any(|event| event.family == id);
    offered.extend(groups.chain(has_events.then_some(prefix)).map(|name| format!("{name}_EVENT_TYPES")));
    offered.extend(workspace.machines.iter().filter(|it| it.family == id).map(|it| names::value(&it.meta.name)));
    offered.extend(workspace.tables.iter().filter(|it| it.family == id).map(|it| names::value(&it.meta.name)));
    offered.sort();
    offered.dedup();
    offered
}
