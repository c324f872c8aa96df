//! Declarations of data enter; their descriptions leave.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::types::{self, Type};
use super::{Ref, reference};
use crate::json::{self, canonical};
use crate::model::{self, HookKind, Workspace};

/// What every declaration and field may say besides its meaning.
#[derive(Debug, Serialize, JsonSchema)]
pub struct About<'w> {
    /// The name exactly as written.
    name: &'w str,
    /// A short heading.
    title: Option<&'w str>,
    /// What it means. It is free text: print it by a filter that fits the place.
    doc: Option<&'w str>,
    /// The version of its family that brought it.
    since: Option<&'w str>,
    /// Set where it is on its way out.
    deprecated: Option<Deprecation<'w>>,
    /// Valid values, as on the wire.
    examples: Vec<Value>,
}

/// Why something should not be used any more.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deprecation<'w> {
    since: &'w str,
    reason: &'w str,
    /// The name to use instead.
    replacement: Option<&'w str>,
}

/// A named scalar.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scalar<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// Its base with all bounds.
    r#type: Type<'w>,
    /// Fills an absent field of this type.
    default: Option<Value>,
}

/// A composed type with a name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedType<'w> {
    #[serde(flatten)]
    about: About<'w>,
    r#type: Type<'w>,
}

/// A type of a foreign JSON Schema.
#[derive(Debug, Serialize, JsonSchema)]
pub struct External<'w> {
    name: &'w str,
    /// Path of the schema from the folder of contracts.
    path: &'w str,
    /// What its values are in terms of the language.
    r#type: Type<'w>,
}

/// A closed set of texts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Enum<'w> {
    #[serde(flatten)]
    about: About<'w>,
    values: Vec<EnumValue<'w>>,
    /// Texts that are accepted, and written as the value.
    aliases: Vec<Alias<'w>>,
    /// Named subsets.
    sets: Vec<EnumSet<'w>>,
    /// Total maps to other enums.
    maps: Vec<EnumMap<'w>>,
    /// The values from lowest to highest, where the enum is ordered.
    rank: Option<Vec<&'w str>>,
}

/// A value of an enum.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnumValue<'w> {
    /// The text on the wire.
    text: &'w str,
    /// What identifiers are made of.
    name: &'w str,
    doc: Option<&'w str>,
    deprecated: Option<Deprecation<'w>>,
}

/// Another text for a value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Alias<'w> {
    text: &'w str,
    value: &'w str,
}

/// A named subset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnumSet<'w> {
    name: &'w str,
    values: Vec<&'w str>,
}

/// A total map to another enum.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnumMap<'w> {
    name: &'w str,
    to: Ref<'w>,
    /// The value of the other enum for each value, in order.
    values: Vec<&'w str>,
}

/// A constant lookup, total over an enum.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Table<'w> {
    #[serde(flatten)]
    about: About<'w>,
    key: Ref<'w>,
    columns: Vec<Column<'w>>,
    rows: Vec<Row<'w>>,
}

/// A column of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Column<'w> {
    name: &'w str,
    r#type: Type<'w>,
}

/// A row of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Row<'w> {
    key: &'w str,
    /// One a column, as on the wire.
    values: Vec<Value>,
}

/// A function that people write in every language.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hook<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// `predicate`, `derive` or `upcast`.
    kind: &'static str,
    args: Vec<Column<'w>>,
    returns: Type<'w>,
}

pub(super) fn about(meta: &model::Meta) -> About<'_> {
    About {
        name: &meta.name,
        title: meta.title.as_deref(),
        doc: meta.doc.as_deref(),
        since: meta.since.as_ref().map(|since| since.0.as_str()),
        deprecated: meta.deprecated.as_ref().map(deprecation),
        examples: meta.examples.iter().map(value).collect(),
    }
}

fn deprecation(said: &model::Deprecation) -> Deprecation<'_> {
    Deprecation { since: &said.since.0, reason: &said.reason, replacement: said.replacement.as_deref() }
}

pub(super) fn value(value: &json::Value) -> Value {
    serde_json::from_str(&canonical(value)).expect("canonical text is JSON")
}

pub(super) fn scalar<'w>(_: &'w Workspace, scalar: &'w model::Scalar) -> Scalar<'w> {
    let default = scalar.default.as_ref().map(value);
    Scalar { about: about(&scalar.meta), r#type: types::primitive(&scalar.primitive), default }
}

pub(super) fn named<'w>(workspace: &'w Workspace, named: &'w model::NamedType) -> NamedType<'w> {
    NamedType { about: about(&named.meta), r#type: types::of(workspace, &named.ty) }
}

pub(super) fn external<'w>(workspace: &'w Workspace, external: &'w model::External) -> External<'w> {
    External { name: &external.name, path: &external.path, r#type: types::of(workspace, &external.shape) }
}

pub(super) fn enumeration<'w>(workspace: &'w Workspace, of: &'w model::EnumDef) -> Enum<'w> {
    let text = |at: &usize| of.values[*at].text.as_str();
    let values = of.values.iter().map(|value| EnumValue {
        text: &value.text,
        name: &value.name,
        doc: value.doc.as_deref(),
        deprecated: value.deprecated.as_ref().map(deprecation),
    });
    let maps = of.maps.iter().map(|map| {
        let to = &workspace.enums[map.to];
        let values = map.targets.iter().map(|at| to.values[*at].text.as_str()).collect();
        EnumMap { name: &map.name, to: reference(workspace, to.family, &to.meta), values }
    });
    Enum {
        about: about(&of.meta),
        values: values.collect(),
        aliases: of.aliases.iter().map(|(alias, at)| Alias { text: alias, value: text(at) }).collect(),
        sets: of
            .sets
            .iter()
            .map(|it| EnumSet { name: &it.name, values: it.members.iter().map(text).collect() })
            .collect(),
        maps: maps.collect(),
        rank: of.rank.as_ref().map(|rank| rank.iter().map(text).collect()),
    }
}

pub(super) fn table<'w>(workspace: &'w Workspace, table: &'w model::ConstTable) -> Table<'w> {
    let keys = &workspace.enums[table.key];
    let row = |(key, row): (&'w model::EnumValue, &Vec<json::Value>)| Row {
        key: &key.text,
        values: row.iter().map(value).collect(),
    };
    Table {
        about: about(&table.meta),
        key: reference(workspace, keys.family, &keys.meta),
        columns: columns(workspace, &table.columns),
        rows: keys.values.iter().zip(&table.rows).map(row).collect(),
    }
}

pub(super) fn hook<'w>(workspace: &'w Workspace, hook: &'w model::Hook) -> Hook<'w> {
    let (kind, _) = HookKind::ALL.iter().find(|(_, kind)| *kind == hook.kind).expect("every kind has a word");
    Hook {
        about: about(&hook.meta),
        kind,
        args: columns(workspace, &hook.args),
        returns: types::of(workspace, &hook.returns),
    }
}

fn columns<'w>(workspace: &'w Workspace, named: &'w [(String, model::Type)]) -> Vec<Column<'w>> {
    named.iter().map(|(name, ty)| Column { name, r#type: types::of(workspace, ty) }).collect()
}
