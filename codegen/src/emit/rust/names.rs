//! Names of contracts enter; identifiers of Rust that are free where they stand leave.

use std::collections::BTreeSet;

use crate::emit::casing;
use crate::model::{Event, FamilyId, Record, RecordKind, Workspace};

/// Words that no identifier may be, in every edition, and `Self` in any casing of a field.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Modules and roots of the crate that are no family, and names of crates that paths begin with.
const MODULES: &[&str] = &[
    "alloc",
    "cloudevents",
    "conformance",
    "core",
    "event",
    "files",
    "foreign",
    "hooks",
    "lib",
    "main",
    "reducers",
    "schemas",
    "serde",
    "serde_core",
    "serde_json",
    "std",
    "support",
];

/// Types of the prelude that the generated code names.
const PRELUDE: &[(&str, &str)] = &[
    ("Box", "::std::boxed::Box"),
    ("Option", "::core::option::Option"),
    ("Result", "::core::result::Result"),
    ("Vec", "::std::vec::Vec"),
];

/// A field, method or function.
pub(super) fn value(name: &str) -> String {
    apart(casing::snake(name), KEYWORDS)
}

/// A path from the root of the crate that is generated.
pub(super) fn in_crate(path: &str) -> String {
    ["crate", path].join("::")
}

/// The path of a type of a family.
pub(super) fn path(workspace: &Workspace, family: FamilyId, name: &str) -> String {
    in_crate(&format!("{}::{name}", module(&workspace.families[family].meta.name)))
}

/// A module of a family.
pub(super) fn module(name: &str) -> String {
    let name = value(name);
    apart(name, MODULES)
}

/// A member of an enum.
pub(super) fn variant(name: &str) -> String {
    apart(casing::pascal(name), &["Self"])
}

/// The name with underscores behind it until it is none of those taken.
pub(super) fn apart(mut name: String, taken: &[&str]) -> String {
    while taken.contains(&&*name) {
        name.push('_');
    }
    name
}

/// The type of a record, or of an event's own payload.
pub(super) fn record(record: &Record) -> String {
    match record.kind {
        RecordKind::Record => record.meta.name.clone(),
        RecordKind::Payload(_) => format!("{}Payload", record.meta.name),
    }
}

/// The arm of an event among all events.
pub(super) fn event(event: &Event) -> String {
    apart(casing::pascal(&event.meta.name), &["Self", "Unknown"])
}

/// What types of every family are called, to keep made names clear of them.
#[derive(Debug)]
pub(super) struct Taken {
    /// The last set is that of modules of no family.
    by_family: Vec<BTreeSet<String>>,
}

impl Taken {
    pub(super) fn new(workspace: &Workspace) -> Self {
        let mut by_family = vec![BTreeSet::new(); workspace.families.len() + 1];
        let mut add = |family: FamilyId, name: String| by_family[usize::from(family)].insert(name);
        workspace.scalars.iter().for_each(|it| _ = add(it.family, it.meta.name.clone()));
        workspace.types.iter().for_each(|it| _ = add(it.family, it.meta.name.clone()));
        workspace.enums.iter().for_each(|it| _ = add(it.family, it.meta.name.clone()));
        workspace.mixins.iter().for_each(|it| _ = add(it.family, it.meta.name.clone()));
        workspace.unions.iter().for_each(|it| _ = add(it.family, it.meta.name.clone()));
        workspace.records.iter().for_each(|it| _ = add(it.family, record(it)));
        Self { by_family }
    }

    /// Whether a family has a type of this name.
    pub(super) fn has(&self, family: FamilyId, name: &str) -> bool {
        self.by_family[usize::from(family)].contains(name)
    }

    /// A name that no type of the family has; from now on it is taken.
    pub(super) fn fresh(&mut self, family: FamilyId, mut name: String) -> String {
        while !self.by_family[usize::from(family)].insert(name.clone()) {
            name.push_str("Value");
        }
        name
    }

    /// A type of the prelude: by its path where a contract has given its name to something else.
    pub(super) fn prelude(&self, name: &'static str) -> &'static str {
        let is_taken = self.by_family.iter().any(|names| names.contains(name));
        PRELUDE.iter().find(|(short, _)| *short == name && is_taken).map_or(name, |(_, path)| path)
    }

    /// Types of a family, by name.
    pub(super) fn of(&self, family: FamilyId) -> impl Iterator<Item = &str> {
        self.by_family[usize::from(family)].iter().map(String::as_str)
    }
}
