//! Names as written enter; what is wrong with them, and the key under which two of them collide, leave.

use crate::source::characters::is_device;

/// What is wrong with a name by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// Not made of the characters that names have, too long, or empty.
    Syntax,
    /// A type's name that does not begin with a capital or holds an underscore.
    Case,
    /// Taken by a language that is generated.
    Reserved,
    /// An enum value without a letter or digit, and no name given beside it.
    Missing,
}

/// The longest name.
pub const MAX_NAME: usize = 64;

/// Keys that change what a JavaScript object is.
const RESERVED_FIELDS: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "prototype",
    "then",
    "toJSON",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Type names that no target could spell unchanged.
const RESERVED_TYPES: &[&str] = &["False", "None", "Self", "True"];

/// Names of one scope whose keys are equal collide in some casing of some target: small letters and digits alone.
pub fn collision_key(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a field, alias, set, rule or the like may have this name: `[A-Za-z][A-Za-z0-9_]*`.
pub fn check_field_name(name: &str) -> Result<(), NameFault> {
    if !is_identifier(name) {
        return Err(NameFault::Syntax);
    }
    if RESERVED_FIELDS.contains(&name) { Err(NameFault::Reserved) } else { Ok(()) }
}

/// Whether a scalar, enum, record, union or event may have this name: `[A-Z][A-Za-z0-9]*`.
pub fn check_type_name(name: &str) -> Result<(), NameFault> {
    if !is_identifier(name) {
        return Err(NameFault::Syntax);
    }
    if name.starts_with(|c: char| c.is_ascii_lowercase()) || name.contains('_') {
        return Err(NameFault::Case);
    }
    // Events, records and the like give their names to files.
    let is_taken = RESERVED_TYPES.contains(&name) || is_device(name);
    if is_taken { Err(NameFault::Reserved) } else { Ok(()) }
}

/// Whether an identifier can be made of an enum value's text, or of the name given beside it.
pub fn check_value_name(name: &str) -> Result<(), NameFault> {
    if collision_key(name).is_empty() { Err(NameFault::Missing) } else { Ok(()) }
}

fn is_identifier(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code that a case of `names.json` should meet; none where the name is accepted.
    fn verdict(case: &serde_json::Value) -> Option<&'static str> {
        let name = case["name"].as_str().unwrap();
        let fault = match case["kind"].as_str().unwrap() {
            "field" => check_field_name(name),
            "type" => check_type_name(name),
            _ => check_value_name(name),
        };
        let scope = case["scope"].as_array().into_iter().flatten();
        match fault {
            Err(NameFault::Syntax) => Some("name-syntax"),
            Err(NameFault::Case) => Some("name-case"),
            Err(NameFault::Reserved) => Some("name-reserved"),
            Err(NameFault::Missing) => Some("name-missing"),
            Ok(()) => scope
                .filter_map(|other| other.as_str())
                .any(|other| collision_key(other) == collision_key(name))
                .then_some("name-collision"),
        }
    }

    #[test]
    fn every_name_of_the_vectors_meets_its_code() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/names.json"));
        let cases: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        for case in &cases {
            assert_eq!(verdict(case), case["code"].as_str(), "{case}");
        }
    }
}
