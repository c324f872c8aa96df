//! The environment enters; what tests of the whole share leaves: the repository's root, the interpreters.

pub mod case;
pub mod corpus;
pub mod expected;
pub mod expressions;
pub mod hostile;
pub mod implementation;
pub mod layouts;
pub mod names_contract;
pub mod pages;
pub mod project;
pub mod random;
pub mod random_expressions;
pub mod schema_verdicts;
pub mod script;
pub mod sources;
pub mod tree;
pub mod vector_contract;

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

/// The interpreter that has the oldest packages that a generated one declares, and pytest.
pub fn oldest_python() -> PathBuf {
    installed("TESTS_OLDEST_PYTHON", "tests/python/oldest/.venv/bin/python")
}

/// The folder of the pinned npm packages.
pub fn node_modules() -> PathBuf {
    installed("TESTS_NODE_MODULES", "tests/typescript/node_modules")
}

/// The browser that pages are looked at with.
pub fn chromium() -> PathBuf {
    let found = ["TESTS_CHROMIUM"].iter().find_map(std::env::var_os).map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    let found = found.or_else(|| usual.into_iter().find(|path| path.exists()));
    found.expect("no browser is there: `cargo xtask test` installs Debian's chromium, or name one in TESTS_CHROMIUM")
}

/// The cases of a file in `tests/vectors`.
pub fn vectors(name: &str) -> Vec<serde_json::Value> {
    let path = root().join("tests/vectors").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn installed(variable: &str, usual: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(|| root().join(usual), PathBuf::from);
    assert!(path.exists(), "{} is not there: `cargo xtask test` makes it", path.display());
    path
}

/// The Rust of the README, run as a test of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}
