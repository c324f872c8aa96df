//! Nothing enters; the hooks of the contract language leave as types for their schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::declarations::{Deprecated, declaration};
use super::text::{MemberName, TypeText, Version};

declaration!(
    /// A pure and total function that is written by hand in every language.
    Hook {
        /// What it is for.
        kind: HookKind,
        /// What it takes, in order: names and types.
        args: BTreeMap<MemberName, TypeText>,
        /// The type of its answer.
        returns: TypeText,
        /// The file that lists `{args, returns}`, from the folder of contracts.
        vectors: String,
        /// Its source in each language that is generated.
        implementations: Option<Implementations>,
    }
);

/// What a hook is for.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum HookKind {
    /// Decides something: it returns `bool`.
    Predicate,
    /// Makes a value of others.
    Derive,
    /// Makes the payload of a newer version of an older one.
    Upcast,
}

/// Source files of a hook, from the folder of contracts.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Implementations {
    /// A module of Rust.
    pub rust: Option<String>,
    /// A module of Python.
    pub python: Option<String>,
    /// A module of TypeScript.
    pub typescript: Option<String>,
}
