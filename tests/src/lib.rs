//! The environment enters; what tests of the whole share leaves: the repository's root, the interpreters.

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the package `tests` lies in the workspace").to_path_buf()
}

/// The Python interpreter that has the pinned packages.
pub fn python() -> PathBuf {
    installed("TESTS_PYTHON", "tests/python/.venv/bin/python")
}

/// The folder of the pinned npm packages.
pub fn node_modules() -> PathBuf {
    installed("TESTS_NODE_MODULES", "tests/typescript/node_modules")
}

fn installed(variable: &str, usual: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(|| root().join(usual), PathBuf::from);
    assert!(path.exists(), "{} is not there: `cargo xtask test` makes it", path.display());
    path
}
