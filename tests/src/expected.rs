//! What is printed enters, and the file that holds what is expected; how they differ leaves.

use std::fs;
use std::path::Path;

/// What is wrong with the report of a rule: it lacks the rule, or is not what its file expects. `BLESS=1` writes what is
/// printed now.
pub fn fault(rule: &str, now: &str, expected: &Path) -> Option<String> {
    let difference = difference(rule, now, expected);
    if !now.contains(&format!("[{rule}]: ")) {
        return Some(format!("{rule} is not reported:\n{now}"));
    }
    difference
}

/// How a text differs from what its file expects. `BLESS=1` writes it.
pub fn difference(name: &str, now: &str, expected: &Path) -> Option<String> {
    if std::env::var_os("BLESS").is_some() {
        fs::write(expected, now).expect("what is expected is written");
    }
    let is_expected = fs::read_to_string(expected).is_ok_and(|expected| expected == now);
    let file = expected.file_name().unwrap_or_default().to_string_lossy();
    (!is_expected).then(|| format!("{name}: {file} says something else than\n{now}"))
}
