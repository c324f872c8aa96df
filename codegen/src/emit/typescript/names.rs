//! Names of contracts enter; identifiers, property keys and file names of TypeScript leave.
//!
//! Types keep their names. What is derived of one has a suffix of its own (`laneSets`, `missionMachine`), so that no
//! two kinds of declaration can meet; nothing of a contract can meet `$`, under which the support code is imported.

use crate::emit::casing::{camel, screaming};
use crate::emit::encode;
use crate::model::{Event, Family, Record, RecordKind};

/// What stands beside the type of a declaration, in a constant of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    /// The companion of an enum; the enum's own name is taken by the object of its members.
    Schema,
    Aliases,
    Sets,
    Maps,
    Rank,
    /// The fields of a mixin.
    Fields,
    Machine,
    Table,
    Profile,
    /// A reducer, ready for use.
    Rules,
}

impl Derived {
    /// The name of the constant.
    pub(super) fn of(self, name: &str) -> String {
        let suffix = match self {
            Self::Schema => "Schema",
            Self::Aliases => "Aliases",
            Self::Sets => "Sets",
            Self::Maps => "Maps",
            Self::Rank => "Rank",
            Self::Fields => "Fields",
            Self::Machine => "Machine",
            Self::Table => "Table",
            Self::Profile => "Profile",
            Self::Rules => "Rules",
        };
        camel(name) + suffix
    }
}

/// The type of a record; that of a payload is told apart from the event it belongs to.
pub(super) fn record(record: &Record) -> String {
    match record.kind {
        RecordKind::Record => record.meta.name.clone(),
        RecordKind::Payload(_) => record.meta.name.clone() + "Payload",
    }
}

/// The type of an event's payload.
pub(super) fn payload(event: &Event) -> String {
    event.meta.name.clone() + "Payload"
}

/// The constant that holds an event type.
pub(super) fn event_type(event: &Event) -> String {
    screaming(&event.meta.name)
}

/// The constant that holds the event types of a family or group.
pub(super) fn event_types(name: &str) -> String {
    screaming(name) + "_EVENT_TYPES"
}

/// The constant that holds the version of a family.
pub(super) fn schema_version(family: &Family) -> String {
    screaming(&family.meta.name) + "_SCHEMA_VERSION"
}

/// Modules of the package that belong to no family.
const OWN_MODULES: &[&str] =
    &["bin", "cloudevents", "fixtures", "hooks", "index", "replay", "schemas", "support", "validate"];

/// The module of a family, without extension; no family has a hyphen in its name.
pub(super) fn module(family: &Family) -> String {
    let name = &family.meta.name;
    if OWN_MODULES.contains(&name.as_str()) { format!("{name}-family") } else { name.clone() }
}

/// The key of a member in an object literal. `"__proto__": x` would set the prototype.
pub(super) fn key(text: &str) -> String {
    match text {
        "__proto__" => "[\"__proto__\"]".into(),
        text if is_identifier(text) => text.into(),
        text => encode::typescript::string(text),
    }
}

/// A member of an object, read.
pub(super) fn access(object: &str, key: &str) -> String {
    if is_identifier(key) {
        format!("{object}.{key}")
    } else {
        format!("{object}[{}]", encode::typescript::string(key))
    }
}

/// A variable that an expression binds. Names with capitals may be constants of the module, and keywords are none;
/// contracts have no `$`.
pub(super) fn variable(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_plain && !TAKEN.contains(&name) { name.into() } else { format!("${name}") }
}

/// The function of a hook.
pub(super) fn hook(name: &str) -> String {
    let name = camel(name);
    if TAKEN.contains(&name.as_str()) { name + "_" } else { name }
}

/// The module of a source of hooks, without extension; `index` has their signatures.
pub(super) fn source(stem: &str) -> String {
    if stem == "index" { format!("{stem}-source") } else { stem.to_owned() }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Words that are no variable in a module, and the parameters that expressions read.
const TAKEN: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "choice",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "e",
    "else",
    "enum",
    "error",
    "eval",
    "export",
    "extends",
    "f",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "key",
    "let",
    "new",
    "null",
    "p",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "s",
    "snap",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "to",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "violations",
    "void",
    "while",
    "with",
    "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_members_are_quoted_where_they_must() {
        assert_eq!(key("in_progress"), "in_progress");
        assert_eq!(key("2fa"), "\"2fa\"");
        assert_eq!(key("__proto__"), "[\"__proto__\"]");
        assert_eq!(access("Lane", "done"), "Lane.done");
        assert_eq!(access("Lane", "in progress"), "Lane[\"in progress\"]");
        assert_eq!(access("Lane", "__proto__"), "Lane.__proto__");
    }

    #[test]
    fn bound_variables_meet_neither_keywords_nor_constants() {
        assert_eq!(variable("line"), "line");
        assert_eq!(variable("new"), "$new");
        assert_eq!(variable("p"), "$p");
        assert_eq!(variable("laneSets"), "$laneSets");
    }
}
