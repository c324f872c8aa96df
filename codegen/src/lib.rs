//! Event contracts enter, generated packages leave:
//! load -> resolve -> model -> { analyze + lint | breaking | emit } -> plan -> write | check.

pub mod analyze;
pub mod breaking;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod emit;
pub mod expr;
pub mod fault;
pub mod interpret;
pub mod json;
pub mod load;
pub mod model;
pub mod output;
pub mod pattern;
pub mod resolve;
mod sample;
pub mod source;

use std::path::Path;

use config::Config;
use diagnostic::Diagnostics;
use emit::FileSet;
use load::Files;
use load::shape::{Draft, language_schema};
use model::Workspace;
use output::{Plan, Written};
use source::SourceMap;

/// What keeps a run from being carried out at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What enters cannot be read.
    #[error(transparent)]
    Load(#[from] load::Error),
    /// What leaves cannot be written.
    #[error(transparent)]
    Output(#[from] output::Error),
}

/// How `generate` ended.
#[derive(Debug)]
pub enum Generated {
    /// The contracts have errors, which are in the findings; nothing was written.
    Faulty,
    /// Files stand in the way that are not ours, or not any more; nothing was written.
    Refused(Plan),
    /// The disk holds what the contracts say.
    Written(Written),
}

/// Writes what the contracts of the project at `root` say. With `overwrite` also over files edited by hand or not ours;
/// `on_wait` is called where another run is at work.
pub fn generate(
    root: &Path,
    config: &Config,
    overwrite: bool,
    on_wait: impl FnOnce(),
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Generated, Error> {
    let mut work = || {
        let Some(files) = files(root, config, sources, out)? else { return Ok(Generated::Faulty) };
        output::recover(root)?;
        let plan = output::plan(root, &config.outputs(), files)?;
        if !plan.refused(overwrite).is_empty() {
            return Ok(Generated::Refused(plan));
        }
        Ok(Generated::Written(plan.write(overwrite, &mut |_| {})?))
    };
    if root.join(&config.contracts).is_dir() {
        output::exclusively(root, on_wait, work)?
    } else {
        // Nothing can come of it, and a folder that is no project gets no lock file.
        work()
    }
}

/// Compares the disk with what the contracts of the project at `root` say; none where they have errors. Writes nothing.
pub fn check(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Plan>, Error> {
    output::beside_writers(root, || match files(root, config, sources, out)? {
        Some(files) => Ok(Some(output::plan(root, &config.outputs(), files)?)),
        None => Ok(None),
    })
}

/// Everything that is generated from the contracts of the project at `root`; none where `out` holds an error.
pub fn files(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<FileSet>, load::Error> {
    let Some(workspace) = workspace(root, config, sources, out)? else { return Ok(None) };
    out.extend(emit::left_out(&workspace));
    let mut fixtures = FileSet::default();
    if config.fixtures.enabled {
        for (path, content) in
            load::fixtures::written_fixtures(&root.join(&config.fixtures.out), emit::fixtures::GENERATED)?
        {
            fixtures.add(path, content);
        }
    }
    let mut files = emit::emit(&workspace, config, fixtures);
    for (name, draft) in EDITOR_SCHEMAS {
        files.add(format!("{}/{name}", config.schemas), language_schema(draft, &emit::header::of_package(config)));
    }
    Ok(Some(files))
}

/// The schemas by which editors complete and check contracts, beside those of the payloads.
const EDITOR_SCHEMAS: [(&str, Draft); 2] =
    [(emit::json_schema::LANGUAGE, Draft::Latest), ("contract.draft-07.schema.json", Draft::Seven)];

/// Loads, resolves and analyses the contracts of the project at `root`; none where `out` holds an error.
pub fn workspace(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let workspace = linked(&Files::on_disk(root)?, &config.contracts, sources, out)?;
    if let Some(workspace) = &workspace {
        analyze::analyze(workspace, out);
    }
    Ok(workspace.filter(|_| !out.has_errors()))
}

/// Loads and resolves the contracts of the project at `root`, for those who only run them; none where `out` holds an
/// error.
pub fn resolved(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    resolved_in(&Files::on_disk(root)?, &config.contracts, sources, out)
}

/// The same for files wherever they are.
pub fn resolved_in(
    files: &Files,
    contracts: &str,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let workspace = linked(files, contracts, sources, out)?;
    Ok(workspace.filter(|_| !out.has_errors()))
}

/// The contracts as meant; none where an error keeps them from meaning anything.
fn linked(
    files: &Files,
    contracts: &str,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let documents = load::discover_in(files, contracts, sources, out, load::raw::read_contract)?;
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for document in documents {
        match document.content {
            Some(contract) => read.push(contract),
            None => unread.push(document.name),
        }
    }
    let schemas = load::foreign_schemas(files, contracts, &read, out)?;
    Ok(resolve::resolve(sources, &read, &unread, &schemas, out))
}
