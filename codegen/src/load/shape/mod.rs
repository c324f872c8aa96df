//! Nothing enters; the JSON Schema of the contract language leaves, by which editors complete and check contracts.
//!
//! These types are the language as YAML shows it and exist for their schema alone; [`super::raw`] reads contracts, and
//! a test holds the two together.

mod declarations;
mod hooks;
mod machines;
mod reducers;
mod text;
mod versions;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, json_schema};
use serde::Serialize;

use declarations::{Enum, Event, Group, Mixin, NamedType, Record, Scalar, Table, Union};
use hooks::Hook;
use machines::Machine;
use reducers::{Profile, Reducer};
use text::{ContractName, MemberName, TypeName, Version};

/// Which draft of JSON Schema is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    /// 2020-12
    Latest,
    /// Draft-07, which editors of YAML read.
    Seven,
}

/// The schema of a contract file, with a comment for those who open it.
pub fn language_schema(draft: Draft, comment: &str) -> String {
    let (settings, id) = match draft {
        Draft::Latest => (SchemaSettings::draft2020_12(), "urn:contract:language:1"),
        Draft::Seven => (SchemaSettings::draft07(), "urn:contract:language:1:draft-07"),
    };
    let mut schema = settings.into_generator().into_root_schema_for::<Contract>();
    RecursiveTransform(without_null).transform(&mut schema);
    schema.insert("$id".into(), id.into());
    schema.insert("patternProperties".into(), json_schema!({ "^x-": true }).into());
    let mut text = serde_json::to_string_pretty(&Commented { comment, schema }).expect("a schema is JSON");
    text.push('\n');
    text
}

/// A schema whose comment stands first, where people look.
#[derive(Serialize)]
struct Commented<'a> {
    #[serde(rename = "$comment")]
    comment: &'a str,
    #[serde(flatten)]
    schema: Schema,
}

/// A key may be left out, but no key of the language takes null.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(types) = object.get_mut("type").and_then(|types| types.as_array_mut()) {
        types.retain(|one| one != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".into(), one);
        }
    }
    if let Some(choices) = object.get_mut("anyOf").and_then(|choices| choices.as_array_mut()) {
        choices.retain(|choice| choice["type"] != "null");
        if choices.len() == 1
            && let Some(serde_json::Value::Object(one)) = choices.pop()
        {
            object.remove("anyOf");
            object.extend(one);
        }
    }
    // Names of Rust's number types say nothing to an editor.
    if matches!(object.get("format").and_then(|format| format.as_str()), Some("uint32" | "double")) {
        object.remove("format");
    }
}

/// An event family: everything that is true of its events.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "Event contract")]
pub struct Contract {
    /// The version of the contract language.
    #[schemars(range(min = 1, max = 1))]
    pub language: u32,
    /// The family's name, equal to the file's.
    pub contract: ContractName,
    /// Semantic version of this family.
    pub version: Version,
    /// A short name for people.
    pub title: Option<String>,
    /// What the family is about.
    pub doc: Option<String>,
    /// The version that introduced it.
    pub since: Option<Version>,
    /// Why it should not be used any more.
    pub deprecated: Option<declarations::Deprecated>,
    /// Examples for people.
    pub examples: Option<Vec<serde_json::Value>>,
    /// Other contracts whose declarations are used here.
    pub imports: Option<Vec<ContractName>>,
    /// Whether records and events refuse unknown keys unless they say otherwise.
    pub closed: Option<bool>,
    /// Names that may not come back with another meaning.
    pub reserved: Option<declarations::Reserved>,
    /// Texts and numbers with bounds, by name.
    pub scalars: Option<BTreeMap<TypeName, Scalar>>,
    /// Composed or foreign types, by name.
    pub types: Option<BTreeMap<TypeName, NamedType>>,
    /// Closed sets of texts, by name.
    pub enums: Option<BTreeMap<TypeName, Enum>>,
    /// Objects with named fields, by name.
    pub records: Option<BTreeMap<TypeName, Record>>,
    /// Values that are one of several types, by name.
    pub unions: Option<BTreeMap<TypeName, Union>>,
    /// Fields and rules that several records or events share, by name.
    pub mixins: Option<BTreeMap<TypeName, Mixin>>,
    /// Events, by type name.
    pub events: Option<BTreeMap<TypeName, Event>>,
    /// Lists of events and groups, by name.
    pub groups: Option<BTreeMap<TypeName, Group>>,
    /// Transition tables, by name.
    pub machines: Option<BTreeMap<MemberName, Machine>>,
    /// Constant tables, by name.
    pub tables: Option<BTreeMap<MemberName, Table>>,
    /// How logs are read and ordered, by name.
    pub profiles: Option<BTreeMap<MemberName, Profile>>,
    /// Folds of events into a state, by name.
    pub reducers: Option<BTreeMap<MemberName, Reducer>>,
    /// Functions that are written by hand in every language, by name.
    pub hooks: Option<BTreeMap<MemberName, Hook>>,
}
