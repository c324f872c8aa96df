//! A project's folder enters; its workspace leaves.

use std::path::Path;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, render_text};
use codegen::model::Workspace;
use codegen::source::SourceMap;

/// The workspace of the contracts below `root`, in the folder of the default configuration.
pub fn workspace(root: &Path) -> Workspace {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let workspace =
        codegen::workspace(root, &Config::default(), &mut sources, &mut out).expect("the folder can be read");
    workspace.unwrap_or_else(|| panic!("{}", render_text(&out.sorted(&sources), &sources, false)))
}
