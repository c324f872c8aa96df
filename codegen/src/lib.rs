//! Event contracts enter, generated packages leave:
//! load -> resolve -> model -> { analyze + lint | breaking | emit } -> plan -> write | check.

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
pub mod source;

use std::path::Path;

use config::Config;
use diagnostic::Diagnostics;
use model::Workspace;
use source::SourceMap;

/// Loads and resolves the contracts of the project at `root`; none where `out` holds an error.
pub fn workspace(
    root: &Path,
    config: &Config,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Result<Option<Workspace>, load::Error> {
    let documents = load::discover(root, &config.contracts, sources, out)?;
    let contracts: Vec<_> =
        documents.iter().filter_map(|document| load::raw::read_contract(document.root.as_ref()?, out)).collect();
    Ok(resolve::resolve(sources, &contracts, out))
}
