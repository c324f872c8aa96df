//! A workspace enters, files in memory leave; one folder a target.

mod assets;
pub mod asyncapi;
pub mod casing;
pub mod cloudevents;
pub mod custom;
pub mod diagram;
pub mod docs;
pub mod encode;
mod file_set;
pub mod fixtures;
pub mod header;
pub mod json_schema;
pub mod python;
pub mod rules;
pub mod rust;
mod sources;
pub mod typescript;
pub mod view;

pub use assets::Assets;
pub use file_set::FileSet;

use crate::config::Config;
use crate::model::Workspace;

/// Everything that is generated, by path relative to the project's root. `written` are the hand-written fixtures, by
/// path relative to their folder, and `cloudevents` how events become `CloudEvents`.
pub fn emit(
    workspace: &Workspace,
    config: &Config,
    written: FileSet,
    cloudevents: Option<cloudevents::Mapping>,
) -> FileSet {
    let mut files = FileSet::default();
    let schemas = json_schema::emit(workspace, config);
    let mut assets = Assets { schemas, cloudevents, ..Assets::default() };
    files.extend(assets.schemas.clone().under(&config.schemas));
    if config.fixtures.enabled {
        let made = fixtures::emit(workspace, config);
        files.extend(made.clone().under(&config.fixtures.out));
        assets.fixtures = written;
        assets.fixtures.extend(made);
    }
    if config.docs.enabled {
        files.extend(docs::emit(workspace, config));
    }
    if config.python.enabled {
        files.extend(python::emit(workspace, config, &assets));
    }
    if config.rust.enabled {
        files.extend(rust::emit(workspace, config, &assets));
    }
    if config.typescript.enabled {
        files.extend(typescript::emit(workspace, config, &assets));
    }
    files
}
