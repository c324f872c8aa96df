//! Names of contracts enter; the identifiers that Python code has for them leave.
//!
//! The law: the casing of the language, and a `_` behind whatever the language or the base class has taken. Names on the
//! wire are never touched.

use crate::emit::casing::{screaming, snake};

/// Python's keywords; `True`, `False` and `None` are no names of the contract language in any casing used here.
const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield",
];

/// What the base classes and their metaclasses have under a name that a field could have, in either base, so that both give
/// the same code.
const MEMBERS_OF_RECORDS: &[&str] = &[
    "construct",
    "copy",
    "dict",
    "fields",
    "from_orm",
    "json",
    "mro",
    "of",
    "parse",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "register",
    "schema",
    "schema_json",
    "to_json",
    "to_wire",
    "update_forward_refs",
    "validate",
];

/// What the package itself has beside its families.
const MEMBERS_OF_PACKAGE: &[&str] = &["cloudevents", "conformance", "hooks", "schemas", "support"];

/// The attribute of a field.
pub fn attribute(name: &str) -> String {
    let name = snake(name);
    let taken = MEMBERS_OF_RECORDS.contains(&&*name) || name.starts_with("model_");
    if taken { name + "_" } else { variable(&name) }
}

/// A local variable or a column of a table.
pub fn variable(name: &str) -> String {
    let name = snake(name);
    if KEYWORDS.contains(&&*name) { name + "_" } else { name }
}

/// The member of an enum.
pub fn member(name: &str) -> String {
    screaming(name)
}

/// The module of a family.
pub fn module(family: &str) -> String {
    if MEMBERS_OF_PACKAGE.contains(&family) { format!("{family}_") } else { variable(family) }
}

/// A key by which names are sorted: constants, then classes, then the rest; numbers in names by their value.
pub type Place = (u8, Vec<(String, u64)>, String);

/// Where a name stands in `__all__`.
pub fn place_in_all(name: &str) -> Place {
    (rank(name), natural(name), String::new())
}

/// Where a name stands in an import, which looks at small and capital letters alike.
pub fn place_in_import(name: &str) -> Place {
    (rank(name), natural(&name.to_ascii_lowercase()), name.to_owned())
}

fn rank(name: &str) -> u8 {
    match name.chars().next() {
        Some(first) if first.is_ascii_uppercase() => {
            u8::from(name.len() == 1 || name.contains(|c: char| c.is_ascii_lowercase()))
        }
        _ => 2,
    }
}

/// The texts of a name and the numbers behind them.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (text, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let (digits, behind) = behind.split_at(behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len()));
        parts.push((text.to_owned(), digits.parse().unwrap_or(0)));
        rest = behind;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_vectors_is_spelled_as_they_say() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/names.json"));
        let cases: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        for case in &cases {
            let Some(expected) = case["emitted"]["python"].as_str() else { continue };
            let name = case["name"].as_str().unwrap();
            let spelled = match case["kind"].as_str().unwrap() {
                "field" => attribute(name),
                "enum_value" => member(name),
                _ => name.to_owned(),
            };
            assert_eq!(spelled, expected, "{case}");
        }
    }

    #[test]
    fn what_the_package_has_itself_is_no_name_of_a_family() {
        assert_eq!(module("schemas"), "schemas_");
        assert_eq!(module("import"), "import_");
        assert_eq!(module("connector"), "connector");
    }
}
