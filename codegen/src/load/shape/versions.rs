//! Nothing enters; versions and upcasts of the contract language leave as types for their schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::declarations::OneOrMore;
use super::text::{MemberName, TypeName};

/// Which version a shape is, and where values say theirs.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Versioned {
    /// The key that holds the version of a value, a number.
    pub member: MemberName,
    /// The version of the shape that stands here.
    #[schemars(range(min = 1, max = 100))]
    pub current: u32,
    /// The version of a value that does not say one; without it, all have to.
    #[schemars(range(min = 1, max = 100))]
    pub absent: Option<u32>,
}

/// How one version becomes the next: fields of the same name are taken over.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("not" = {"required": ["hook"], "anyOf": [
    {"required": ["rename"]}, {"required": ["set"]}, {"required": ["drop"]},
]}))]
pub struct Upcast {
    /// This version.
    #[schemars(range(min = 1, max = 99))]
    pub from: u32,
    /// The record that this version was.
    pub shape: TypeName,
    /// Fields of this version, and what they are called in the next.
    pub rename: Option<BTreeMap<MemberName, MemberName>>,
    /// Fields of the next version, and their values: `p` is this version.
    pub set: Option<BTreeMap<MemberName, Value>>,
    /// Fields of this version that the next has not.
    pub drop: Option<OneOrMore>,
    /// Instead of all these: a hook of the kind `upcast`.
    pub hook: Option<String>,
}
