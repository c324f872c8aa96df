//! A project's folder enters; its workspace leaves, or the folder with all that is generated from it.

use std::fs;
use std::path::Path;

use codegen::Generated;
use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::model::Workspace;
use codegen::source::SourceMap;
use tempfile::TempDir;

use crate::tree;

/// The workspace of the contracts below `root`, in the folder of the default configuration.
pub fn workspace(root: &Path) -> Workspace {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let workspace = codegen::workspace(root, &Config::default(), &mut sources, &mut out);
    let workspace = workspace.expect("the folder can be read");
    workspace.unwrap_or_else(|| panic!("{}", render_text(&out.sorted(&sources), &sources, false)))
}

/// A configuration by which contracts are read, and sources of hooks are not.
pub fn without_sources(mut config: Config) -> Config {
    (config.rust.enabled, config.python.enabled, config.typescript.enabled) = (false, false, false);
    config
}

/// A new project of one contract, `parcel`, with the default configuration.
pub fn parcel(contract: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("codegen.toml", ""), ("contracts/parcel.yaml", contract)]);
    folder
}

/// Generates everything from the contracts below `root`.
pub fn generate(root: &Path) {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let generated = codegen::generate(root, &Config::default(), false, || {}, &mut sources, &mut out);
    match generated.expect("the folder can be read and written") {
        Generated::Written(_) => {}
        Generated::Faulty => panic!("{}", render_text(&out.sorted(&sources), &sources, false)),
        Generated::Refused(_) => panic!("files stand in the way below {}", root.display()),
    }
}

/// Makes a project below `root` of all contracts that tests know: those of the repository with their fixtures, those of
/// the other domains, and `vectors`.
pub fn of_everything(root: &Path, vectors: &str) {
    tree::copy(&crate::root().join("contracts"), &root.join("contracts"));
    for domain in ["order", "corners", "expressions", "folds", "versions"] {
        tree::copy(&crate::root().join("tests/domains").join(domain).join("contracts"), &root.join("contracts"));
    }
    tree::copy(&crate::root().join("fixtures"), &root.join("fixtures"));
    fs::remove_dir_all(root.join("fixtures/generated")).expect("what is generated is committed");
    tree::write(root, &[("contracts/vectors.yaml", vectors)]);
    generate(root);
}
