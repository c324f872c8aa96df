//! YAML trees enter; contracts as written leave: every construct recognised, every unknown key refused, nothing linked.

mod contract;
mod declarations;
mod enums;
mod hooks;
mod machines;
mod read;
mod records;
mod reducer_types;
mod reducers;
mod rules;
mod steps;
mod types;
mod versions;

pub use contract::{RawReserved, read_contract};
pub use hooks::{HookFiles, RawHook};
pub use reducer_types::{
    RawCheck, RawClaim, RawClaimForm, RawConcurrent, RawDelegate, RawEffect, RawIdempotent, RawOverride, RawProfile,
    RawReducer, RawSlot, RawSlotKind, RawStep, RawUnknown, RawValue,
};
pub use rules::{INT_RANGE, RULES};
pub use types::read_type;
pub use versions::{RawUpcast, RawVersions};

use super::yaml::Node;
use crate::source::{Span, Spanned};

/// A text and its place.
pub type RawText = Spanned<String>;

/// One contract file as written.
#[derive(Debug, Clone)]
pub struct RawContract {
    /// The whole document.
    pub span: Span,
    /// `contract`
    pub name: RawText,
    /// `version`
    pub version: RawText,
    /// Title, doc and history of the family.
    pub meta: RawMeta,
    /// `imports`
    pub imports: Vec<RawText>,
    /// `closed`: the default of every record and event of the file.
    pub closed: bool,
    /// `reserved`
    pub reserved: RawReserved,
    /// `scalars`
    pub scalars: Vec<RawScalar>,
    /// `types`
    pub types: Vec<RawNamedType>,
    /// `enums`
    pub enums: Vec<RawEnum>,
    /// `records`
    pub records: Vec<RawRecord>,
    /// `unions`
    pub unions: Vec<RawUnion>,
    /// `mixins`
    pub mixins: Vec<RawRecord>,
    /// `events`
    pub events: Vec<RawEvent>,
    /// `groups`
    pub groups: Vec<RawGroup>,
    /// `machines`
    pub machines: Vec<RawMachine>,
    /// `tables`
    pub tables: Vec<RawTable>,
    /// `profiles`
    pub profiles: Vec<RawProfile>,
    /// `reducers`
    pub reducers: Vec<RawReducer>,
    /// `hooks`
    pub hooks: Vec<RawHook>,
}

impl RawContract {
    /// Foreign types that it names: schema and type.
    pub fn externals(&self) -> impl Iterator<Item = (&RawText, &RawText)> {
        let records = self.records.iter().chain(&self.mixins).chain(self.inline_payloads());
        let fields = records.flat_map(|record| &record.fields).map(|field| &field.ty);
        self.types.iter().map(|ty| &ty.ty).chain(fields).filter_map(|source| match source {
            RawTypeSource::External { schema, name } => Some((schema, name)),
            RawTypeSource::Type(_) => None,
        })
    }

    /// Payloads that are declared with their events.
    pub fn inline_payloads(&self) -> impl Iterator<Item = &RawRecord> {
        self.events.iter().filter(|event| event.named_payload.is_none()).map(|event| &event.payload)
    }
}

/// What may stand on every declaration and field.
#[derive(Debug, Clone)]
pub struct RawMeta {
    /// Its key.
    pub name: RawText,
    /// `title`
    pub title: Option<RawText>,
    /// `doc`
    pub doc: Option<RawText>,
    /// `since`
    pub since: Option<RawText>,
    /// `deprecated`
    pub deprecated: Option<RawDeprecated>,
    /// `examples`
    pub examples: Vec<Node>,
}

/// `deprecated: {since, reason, use}`
#[derive(Debug, Clone)]
pub struct RawDeprecated {
    /// `since`
    pub since: RawText,
    /// `reason`
    pub reason: RawText,
    /// `use`
    pub replacement: Option<RawText>,
}

/// Constraints as written, whatever they stand beside.
#[derive(Debug, Clone, Default)]
pub struct RawConstraints {
    /// `min`
    pub min: Option<Node>,
    /// `max`
    pub max: Option<Node>,
    /// `exclusive_min`
    pub exclusive_min: Option<Node>,
    /// `exclusive_max`
    pub exclusive_max: Option<Node>,
    /// `min_length`
    pub min_length: Option<Spanned<u32>>,
    /// `max_length`
    pub max_length: Option<Spanned<u32>>,
    /// `non_blank`
    pub non_blank: Option<Spanned<bool>>,
    /// `pattern`
    pub pattern: Option<RawText>,
    /// `format`
    pub format: Option<RawText>,
    /// `min_items`
    pub min_items: Option<Spanned<u32>>,
    /// `max_items`
    pub max_items: Option<Spanned<u32>>,
}

/// An entry of `scalars`.
#[derive(Debug, Clone)]
pub struct RawScalar {
    /// Name and texts.
    pub meta: RawMeta,
    /// `base`
    pub base: RawText,
    /// Its bounds.
    pub constraints: RawConstraints,
    /// `default`
    pub default: Option<Node>,
}

/// A type as written.
#[derive(Debug, Clone)]
pub struct RawType {
    /// What it is.
    pub kind: RawTypeKind,
    /// Where it stands.
    pub span: Span,
}

impl RawType {
    /// Whether it is any JSON value, null among them.
    pub fn is_json(&self) -> bool {
        matches!(&self.kind, RawTypeKind::Name(name) if name == "json")
    }
}

/// What a [`RawType`] is.
#[derive(Debug, Clone)]
pub enum RawTypeKind {
    /// A built-in or a declared name.
    Name(String),
    /// `Enum.set` or `Enum.value`.
    Member(String, String),
    /// `opt<T>`, `map<K V>` and the like.
    Apply(String, Vec<RawType>),
}

/// What a field, or an entry of `types`, says of its type.
#[derive(Debug, Clone)]
pub enum RawTypeSource {
    /// `type`, or the short form.
    Type(RawType),
    /// `external: {schema, type}`
    External {
        /// `schema`: path of the file.
        schema: RawText,
        /// `type`: name in that file.
        name: RawText,
    },
}

/// An entry of `types`.
#[derive(Debug, Clone)]
pub struct RawNamedType {
    /// Name and texts.
    pub meta: RawMeta,
    /// What it stands for.
    pub ty: RawTypeSource,
    /// Bounds beside the type.
    pub constraints: RawConstraints,
}

/// A field.
#[derive(Debug, Clone)]
pub struct RawField {
    /// Name and texts.
    pub meta: RawMeta,
    /// Its type.
    pub ty: RawTypeSource,
    /// Bounds beside the type.
    pub constraints: RawConstraints,
    /// `required`
    pub required: Option<Spanned<bool>>,
    /// `default`
    pub default: Option<Node>,
    /// `required_when`
    pub required_when: Option<RawText>,
    /// `forbidden_when`
    pub forbidden_when: Option<RawText>,
}

/// An entry of `records` or `mixins`, and the payload part of an event.
#[derive(Debug, Clone)]
pub struct RawRecord {
    /// Name and texts.
    pub meta: RawMeta,
    /// `mixins`
    pub mixins: Vec<RawText>,
    /// `closed`
    pub closed: Option<bool>,
    /// `fields`
    pub fields: Vec<RawField>,
    /// `rules`
    pub rules: Vec<RawRule>,
    /// `version`, and the `upcast` that leads to it
    pub versions: Option<RawVersions>,
}

/// An entry of `events`.
#[derive(Debug, Clone)]
pub struct RawEvent {
    /// Name and texts, and the payload where it is declared with the event.
    pub payload: RawRecord,
    /// `payload`: the record or union it names instead.
    pub named_payload: Option<RawText>,
    /// `wire`
    pub wire: Option<RawText>,
    /// `reduce: none`
    pub unreduced: bool,
}

impl RawEvent {
    /// The event type as messages carry it.
    pub fn written(&self) -> &RawText {
        self.wire.as_ref().unwrap_or(&self.payload.meta.name)
    }
}

/// A rule between fields.
#[derive(Debug, Clone)]
pub struct RawRule {
    /// Where it stands.
    pub span: Span,
    /// `code`
    pub code: RawText,
    /// `message`
    pub message: Option<RawText>,
    /// `when`
    pub when: Option<RawText>,
    /// `require`
    pub require: Vec<RawText>,
    /// `forbid`
    pub forbid: Vec<RawText>,
    /// `require_nonblank`
    pub require_nonblank: Vec<RawText>,
    /// `check`
    pub check: Option<RawText>,
    /// `at`
    pub at: Option<RawText>,
}

/// An entry of `enums`.
#[derive(Debug, Clone)]
pub struct RawEnum {
    /// Name and texts.
    pub meta: RawMeta,
    /// `values`, or the short form.
    pub values: Vec<RawEnumValue>,
    /// `aliases`
    pub aliases: Vec<(RawText, RawText)>,
    /// `sets`
    pub sets: Vec<(RawText, RawMembers)>,
    /// `maps`
    pub maps: Vec<RawEnumMap>,
    /// `rank`
    pub rank: Option<Spanned<Vec<RawText>>>,
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct RawEnumValue {
    /// `value`, or the short form.
    pub value: RawText,
    /// `name`
    pub name: Option<RawText>,
    /// `doc`
    pub doc: Option<RawText>,
    /// `deprecated`
    pub deprecated: Option<RawDeprecated>,
}

/// Which members of an enum are meant.
#[derive(Debug, Clone)]
pub enum RawMembers {
    /// `[a, b]`
    List(Vec<RawText>),
    /// `name`, or `Enum.name`: a set or a value.
    Named(RawText),
    /// `{not: ..}`
    Not(Box<RawMembers>),
}

/// A map from an enum to another.
#[derive(Debug, Clone)]
pub struct RawEnumMap {
    /// Its name.
    pub name: RawText,
    /// `to`
    pub to: RawText,
    /// Value of the other enum, and the members that lead to it.
    pub cases: Vec<(RawText, Vec<RawText>)>,
}

/// An entry of `unions`.
#[derive(Debug, Clone)]
pub struct RawUnion {
    /// Name and texts.
    pub meta: RawMeta,
    /// How variants are told apart.
    pub form: RawUnionForm,
}

impl RawUnion {
    /// Whether its tag values become an enum that no contract declares.
    pub fn has_own_tag_type(&self) -> bool {
        matches!(self.form, RawUnionForm::Tagged { tag_type: None, .. })
    }
}

/// How variants are told apart.
#[derive(Debug, Clone)]
pub enum RawUnionForm {
    /// `tag` and `variants`
    Tagged {
        /// `tag`
        tag: RawText,
        /// `tag_type`
        tag_type: Option<RawText>,
        /// `default_tag`
        default_tag: Option<RawText>,
        /// `variants`: tag value and record.
        variants: Vec<(RawText, RawText)>,
    },
    /// `untagged`
    Untagged(Vec<RawType>),
}

/// An entry of `groups`.
#[derive(Debug, Clone)]
pub struct RawGroup {
    /// Name and texts.
    pub meta: RawMeta,
    /// `events`, or the short form: events and groups.
    pub members: Vec<RawText>,
}

/// An entry of `machines`.
#[derive(Debug, Clone)]
pub struct RawMachine {
    /// Name and texts.
    pub meta: RawMeta,
    /// `states`
    pub states: RawText,
    /// `reopen_to`
    pub reopen_to: Vec<RawText>,
    /// Edges or table.
    pub form: RawMachineForm,
}

/// The two forms of a machine.
#[derive(Debug, Clone)]
pub enum RawMachineForm {
    /// `edges` and what belongs to it.
    Edges(RawEdges),
    /// `inputs` and `table`
    Table {
        /// `inputs`
        inputs: RawText,
        /// `table`: state, then input and target.
        rows: Vec<(RawText, Vec<(RawText, RawText)>)>,
    },
}

/// `edges`, `any_edges`, `with`, `bypass_edges_when`, `rules`
#[derive(Debug, Clone, Default)]
pub struct RawEdges {
    /// `edges`
    pub edges: Vec<(RawText, Vec<RawText>)>,
    /// `any_edges`
    pub any_edges: Vec<(RawMembers, Vec<RawText>)>,
    /// `with`
    pub with: Option<RawText>,
    /// `bypass_edges_when`
    pub bypass: Option<RawText>,
    /// `rules`: code and, but for `EDGE`, the expression.
    pub rules: Vec<(RawText, Option<RawText>)>,
}

/// An entry of `tables`.
#[derive(Debug, Clone)]
pub struct RawTable {
    /// Name and texts.
    pub meta: RawMeta,
    /// `key`
    pub key: RawText,
    /// `columns`
    pub columns: Vec<(RawText, RawType)>,
    /// `rows`: key value, its place, and its cells.
    pub rows: Vec<(RawText, Vec<(RawText, Node)>)>,
}
