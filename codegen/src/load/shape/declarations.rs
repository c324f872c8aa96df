//! Nothing enters; the declarations of the contract language leave as types for their schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::text::{BuiltIn, Expression, MemberName, TypeName, TypeText, Version};
use super::versions::{Upcast, Versioned};

/// A mapping with the keys that every declaration may have.
macro_rules! declaration {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident: $type:ty,)* }) => {
        #[derive(JsonSchema)]
        #[schemars(deny_unknown_fields)]
        $(#[$doc])*
        pub struct $name {
            /// A short name for people.
            pub title: Option<String>,
            /// What it means, for people.
            pub doc: Option<String>,
            /// The version that introduced it.
            pub since: Option<Version>,
            /// Why it should not be used any more.
            pub deprecated: Option<Deprecated>,
            /// Valid values, for people and tests.
            pub examples: Option<Vec<Value>>,
            $($(#[$member_doc])* pub $member: $type,)*
        }
    };
}
pub(super) use declaration;

/// A mapping with the keys that bound a value.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident: $type:ty,)* }) => {
        declaration!(
            $(#[$doc])*
            $name {
                $($(#[$member_doc])* $member: $type,)*
                /// The smallest value.
                min: Option<Number>,
                /// The largest value.
                max: Option<Number>,
                /// All values are larger.
                exclusive_min: Option<Number>,
                /// All values are smaller.
                exclusive_max: Option<Number>,
                /// The fewest code points.
                min_length: Option<u32>,
                /// The most code points.
                max_length: Option<u32>,
                /// Whether a text of white space alone is refused.
                non_blank: Option<bool>,
                /// A regular expression that the whole text matches.
                pattern: Option<String>,
                /// What the text looks like.
                format: Option<Format>,
                /// The fewest items.
                min_items: Option<u32>,
                /// The most items.
                max_items: Option<u32>,
            }
        );
    };
}

/// Why something should not be used any more.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Deprecated {
    /// The version that says so.
    pub since: Version,
    /// Why, for people.
    pub reason: String,
    /// The declaration to use instead.
    #[schemars(rename = "use")]
    pub replacement: Option<String>,
}

/// Names that may not come back with another meaning.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Reserved {
    /// Event types.
    pub events: Option<Vec<String>>,
    /// Fields, as `Record.field`.
    pub fields: Option<Vec<String>>,
    /// Enum values, as `Enum.value`.
    pub values: Option<Vec<String>>,
}

/// A bound: a number, or for `int64` and `uint64` its decimal text.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Number {
    /// A number.
    Number(f64),
    /// Digits in quotes.
    Text(String),
}

/// What a text looks like.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Format {
    /// A UUID, canonical in lower case.
    Uuid,
    /// A ULID, canonical in upper case.
    Ulid,
    /// An `http` or `https` URL.
    HttpUrl,
    /// A moment of RFC 3339 with offset.
    DateTime,
    /// A semantic version.
    Semver,
}

/// One text, or a list of them.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

bounded!(
    /// A built-in with bounds.
    Scalar {
        /// `string`, `int`, `int64`, `uint64`, `float` or `bool`.
        base: BuiltIn,
        /// What an absent field of this type has.
        default: Option<Value>,
    }
);

/// A type with a name: its text, or with bounds, or of a foreign JSON Schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum NamedType {
    /// The type alone.
    Short(TypeText),
    /// With bounds, or foreign.
    Full(Box<FullType>),
}

bounded!(
    /// A type with bounds, or a foreign one.
    #[schemars(extend("oneOf" = [{"required": ["type"]}, {"required": ["external"]}]))]
    FullType {
        /// The type.
        r#type: Option<TypeText>,
        /// Instead of `type`: a type of a JSON Schema file of this repository.
        external: Option<External>,
    }
);

/// A type of a foreign JSON Schema.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct External {
    /// The file, relative to the project.
    pub schema: String,
    /// The name of the type in it.
    pub r#type: String,
}

/// A closed set of texts: its values, or with what else is known of them.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Enum {
    /// The values alone.
    Short(Vec<EnumValue>),
    /// With aliases, sets, maps or rank.
    Full(Box<FullEnum>),
}

declaration!(
    /// An enum with what is known of its values.
    FullEnum {
        /// The values, in order.
        #[schemars(length(min = 1))]
        values: Vec<EnumValue>,
        /// Older spellings that are read as a value.
        aliases: Option<BTreeMap<String, String>>,
        /// Named sets of values.
        sets: Option<BTreeMap<MemberName, Members>>,
        /// Total maps to other enums.
        maps: Option<BTreeMap<MemberName, EnumMap>>,
        /// All values from the lowest to the highest.
        rank: Option<Vec<String>>,
    }
);

/// A value of an enum: its text, or with its name and texts.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum EnumValue {
    /// The text alone.
    Short(String),
    /// With name, doc or deprecation.
    Full(FullValue),
}

/// A value of an enum with its name and texts.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FullValue {
    /// The text as events carry it.
    pub value: String,
    /// Its identifier, where the text gives none.
    pub name: Option<String>,
    /// What it means, for people.
    pub doc: Option<String>,
    /// Why it should not be used any more.
    pub deprecated: Option<Deprecated>,
}

/// Members of an enum: values, the name of a set or value, or all others.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Members {
    /// A set, a value, or `Enum.set`.
    Named(String),
    /// Values.
    List(Vec<String>),
    /// All but these.
    Not {
        /// Those that are left out.
        not: Box<Members>,
    },
}

/// A map to another enum: value of the other enum, and the values that lead to it.
#[derive(JsonSchema)]
pub struct EnumMap {
    /// The other enum.
    pub to: TypeName,
    /// Its values, each with those that lead to it.
    #[schemars(flatten)]
    pub cases: BTreeMap<String, OneOrMore>,
}

declaration!(
    /// An object with named fields.
    Record {
        /// Mixins whose fields stand first.
        mixins: Option<Vec<TypeName>>,
        /// Whether unknown keys are refused.
        closed: Option<bool>,
        /// The fields, in order.
        fields: Option<BTreeMap<MemberName, Field>>,
        /// Rules between the fields.
        rules: Option<Vec<Rule>>,
        /// Which version this shape is, and where values say theirs.
        version: Option<Versioned>,
        /// How older versions become this one, a step each.
        upcast: Option<Vec<Upcast>>,
    }
);

declaration!(
    /// Fields and rules that several records or events share.
    Mixin {
        /// The fields, in order.
        fields: Option<BTreeMap<MemberName, Field>>,
        /// Rules between the fields.
        rules: Option<Vec<Rule>>,
    }
);

/// A field: its type, or with bounds, default and conditions.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Field {
    /// The type alone.
    Short(TypeText),
    /// With bounds, default or conditions.
    Full(Box<FullField>),
}

bounded!(
    /// A field with bounds, default or conditions.
    #[schemars(extend("oneOf" = [{"required": ["type"]}, {"required": ["external"]}]))]
    FullField {
        /// The type.
        r#type: Option<TypeText>,
        /// Instead of `type`: a type of a JSON Schema file of this repository.
        external: Option<External>,
        /// Whether the key of an `opt` has to be there; it may be null.
        required: Option<bool>,
        /// What an absent field has.
        default: Option<Value>,
        /// When the field has to be there.
        required_when: Option<Expression>,
        /// When the field may not be there.
        forbidden_when: Option<Expression>,
    }
);

/// A rule between fields: `when` with what it demands, or `check`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("anyOf" = [
    {"required": ["require"]}, {"required": ["forbid"]}, {"required": ["require_nonblank"]}, {"required": ["check"]},
], "not" = {"required": ["check"], "anyOf": [
    {"required": ["when"]}, {"required": ["require"]}, {"required": ["forbid"]}, {"required": ["require_nonblank"]},
]}))]
pub struct Rule {
    /// The code that a violation carries.
    pub code: String,
    /// What is wrong, for people.
    pub message: Option<String>,
    /// When the rule holds.
    pub when: Option<Expression>,
    /// Fields that have to be there.
    pub require: Option<OneOrMore>,
    /// Fields that may not be there.
    pub forbid: Option<OneOrMore>,
    /// Fields that have to be there and not blank.
    pub require_nonblank: Option<OneOrMore>,
    /// What has to be true.
    pub check: Option<Expression>,
    /// The field at which a failed `check` is reported.
    pub at: Option<MemberName>,
}

/// One of several types, told apart by a tag or by trying them in order.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Union {
    /// By a tag.
    Tagged(Box<TaggedUnion>),
    /// The first that matches.
    Untagged(Box<UntaggedUnion>),
}

declaration!(
    /// Variants told apart by a tag.
    TaggedUnion {
        /// The field that holds the tag.
        tag: MemberName,
        /// The enum of the tags.
        tag_type: Option<TypeName>,
        /// The tag that an absent one means.
        default_tag: Option<String>,
        /// The record of each tag.
        variants: BTreeMap<String, TypeName>,
    }
);

declaration!(
    /// Types of which the first that matches is meant.
    UntaggedUnion {
        /// The types, in order.
        untagged: Vec<TypeText>,
    }
);

declaration!(
    /// An event: its payload by name, or inline.
    #[schemars(extend("not" = {"required": ["payload"], "anyOf": [
        {"required": ["fields"]}, {"required": ["mixins"]}, {"required": ["rules"]}, {"required": ["closed"]},
        {"required": ["version"]},
    ]}))]
    Event {
        /// The record or union of its payload.
        payload: Option<TypeName>,
        /// The event type as written, where it is no identifier.
        wire: Option<String>,
        /// `none` where no reducer consumes it.
        reduce: Option<Reduce>,
        /// Mixins whose fields stand first.
        mixins: Option<Vec<TypeName>>,
        /// Whether unknown keys are refused.
        closed: Option<bool>,
        /// The fields, in order.
        fields: Option<BTreeMap<MemberName, Field>>,
        /// Rules between the fields.
        rules: Option<Vec<Rule>>,
        /// Which version this payload is, and where payloads say theirs.
        version: Option<Versioned>,
        /// How older versions become this one, a step each.
        upcast: Option<Vec<Upcast>>,
    }
);

/// That no reducer consumes an event.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Reduce {
    /// No reducer consumes it.
    None,
}

/// A list of events and groups.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Group {
    /// The members alone.
    Short(Vec<TypeName>),
    /// With texts.
    Full(Box<FullGroup>),
}

declaration!(
    /// A group with texts.
    FullGroup {
        /// Events and groups.
        events: Vec<TypeName>,
    }
);

declaration!(
    /// A constant table: one row for each value of an enum.
    Table {
        /// The enum of the rows.
        key: TypeName,
        /// The columns and their types.
        columns: BTreeMap<MemberName, TypeText>,
        /// The cells, by row and column.
        rows: BTreeMap<String, BTreeMap<MemberName, Value>>,
    }
);
