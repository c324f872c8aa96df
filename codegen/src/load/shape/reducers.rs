//! Nothing enters; profiles and reducers of the contract language leave as types for their schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::declarations::{Deprecated, OneOrMore, declaration};
use super::text::{Expression, MemberName, TypeName, TypeText, Version};

declaration!(
    /// How the events of a log are read and ordered.
    Profile {
        /// The record that types `e`; has `event_type` and `payload`.
        envelope: TypeName,
        /// Fields of the envelope (`e.name`), most significant first; the id is one of them.
        order_by: Vec<String>,
        /// The field of the envelope that identifies an event.
        dedup_by: String,
    }
);

declaration!(
    /// A fold of a set of events into one state.
    Reducer {
        /// The profile of its log.
        profile: MemberName,
        /// Events and groups that it folds.
        consumes: Vec<TypeName>,
        /// What is recorded for event types that look like ours and are declared by nobody.
        unknown: Option<UnknownEvents>,
        /// What tells the entities of a log apart: `e.field` or `p.field`.
        partition_by: Option<String>,
        /// The state, by name.
        slots: BTreeMap<MemberName, Slot>,
        /// Named expressions.
        #[schemars(rename = "let")]
        lets: Option<BTreeMap<MemberName, Expression>>,
        /// Named lists of steps.
        steps: Option<BTreeMap<MemberName, Vec<Step>>>,
        /// Whether all payloads are parsed first.
        parse: Option<Parse>,
        /// What becomes of payloads that are refused.
        malformed: Option<Malformed>,
        /// Events that count once.
        idempotent: Option<Idempotent>,
        /// How events that happened together are judged.
        concurrent: Option<Concurrent>,
        /// Reducers that take part of the log.
        delegate: Option<BTreeMap<MemberName, Delegate>>,
        /// Steps before the payload is looked at.
        before_parse: Option<Vec<Step>>,
        /// Steps before those of the event.
        before: Option<Vec<Step>>,
        /// What each consumed event does; `[]` is nothing.
        handle: BTreeMap<TypeName, Vec<Step>>,
        /// Steps behind those of the event, where it was applied.
        after: Option<Vec<Step>>,
        /// Kinds of anomalies, each with its text; `{holes}` are its parameters.
        anomalies: Option<BTreeMap<MemberName, String>>,
        /// Parameters that every anomaly carries.
        anomaly_fields: Option<BTreeMap<MemberName, Expression>>,
        /// Statements about the fold, tried on its shortest logs.
        claims: Option<Vec<Claim>>,
    }
);

/// Event types that look like ours.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct UnknownEvents {
    /// How they begin.
    pub prefixes: Vec<String>,
    /// What is recorded.
    pub anomaly: MemberName,
}

/// Whether payloads are parsed in the fold or all first.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Parse {
    /// In the fold.
    Lazy,
    /// All first, so that their anomalies come first.
    Eager,
}

/// What becomes of payloads that are refused.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Malformed {
    /// `malformed_payload` is recorded.
    Anomaly,
    /// They are left out.
    Ignore,
}

/// A part of the state: a type, or more said of it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Slot {
    /// Its type.
    Type(TypeText),
    /// More.
    More(SlotBody),
}

/// What a slot holds; exactly one of `type`, `machine`, `count`, `last`, `from`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = [
    {"required": ["type"]}, {"required": ["machine"]}, {"required": ["count"]}, {"required": ["last"]},
    {"required": ["from"]},
]))]
pub struct SlotBody {
    /// A value of this type.
    #[schemars(rename = "type")]
    pub ty: Option<TypeText>,
    /// The state of this machine.
    pub machine: Option<MemberName>,
    /// How many events.
    pub count: Option<Counted>,
    /// The id of the last event.
    pub last: Option<Counted>,
    /// A slot of a delegate: `delegate.slot`.
    pub from: Option<String>,
    /// What it starts as.
    pub init: Option<Value>,
    /// How it is printed.
    pub output: Option<Output>,
}

/// Which events are counted.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Counted {
    /// Every event of the input once.
    Deduped,
    /// Those that the reducer consumes.
    Consumed,
}

/// How a slot is printed.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Output {
    /// Not at all.
    None,
    /// The values of a map in the order in which their keys came in.
    Values,
    /// The values of a map sorted by key.
    ValuesByKey,
}

/// Events that count once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Idempotent {
    /// What makes two events one.
    pub key: Vec<Expression>,
    /// The slot that keeps the keys.
    pub seen: MemberName,
    /// What is recorded for a second one.
    #[schemars(rename = "else")]
    pub otherwise: MemberName,
}

/// How events that happened together are judged.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Concurrent {
    /// Events with equal values of these form a group.
    pub group_by: Vec<String>,
    /// Events and named expressions: what goes last in its group.
    pub last: Option<Vec<String>>,
    /// What orders a group.
    pub then_by: Option<Vec<String>>,
    /// Which state guards and moves read.
    pub read: Option<Read>,
    /// What leaves out others of its group.
    #[schemars(rename = "override")]
    pub override_rule: Option<Override>,
}

/// Which state guards and moves read.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Read {
    /// The state as it is.
    Live,
    /// That at the start of the group.
    GroupStart,
}

/// What leaves out others of its group.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Override {
    /// What wins.
    pub by: Vec<TypeName>,
    /// What is left out.
    pub over: Vec<TypeName>,
    /// What is recorded for it.
    pub anomaly: MemberName,
}

/// A reducer that takes part of the log.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Delegate {
    /// Which.
    pub reducer: MemberName,
    /// The kind under which its anomalies are recorded.
    pub anomalies_as: MemberName,
}

/// A statement about the fold.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = [{"required": ["after"]}, {"required": ["together"]}]))]
pub struct Claim {
    /// For people.
    pub name: String,
    /// The states it speaks of.
    pub given: Option<Expression>,
    /// Events, one after the other.
    pub after: Option<Vec<TypeName>>,
    /// Events as one concurrent group, in every order.
    pub together: Option<Vec<TypeName>>,
    /// What holds then.
    pub then: Expression,
}

/// A step: a condition, and what happens where it holds.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Step {
    /// The events it is for.
    #[schemars(rename = "for")]
    pub events: Option<Vec<TypeName>>,
    /// The condition.
    pub when: Option<Expression>,
    /// Record, and end the event with none of its effects.
    pub reject: Option<MemberName>,
    /// Record, and go on.
    pub warn: Option<MemberName>,
    /// End the event and keep its effects so far.
    pub skip: Option<bool>,
    /// Move machine slots.
    #[schemars(rename = "move")]
    pub moves: Option<BTreeMap<MemberName, Expression>>,
    /// Ask a machine about a move.
    pub check: Option<Check>,
    /// Replace.
    pub set: Option<BTreeMap<String, Value>>,
    /// Replace what is none.
    pub init: Option<BTreeMap<String, Value>>,
    /// Count one more.
    pub inc: Option<OneOrMore>,
    /// Add to lists.
    pub append: Option<BTreeMap<String, Value>>,
    /// Add to lists what is not in them.
    pub append_unique: Option<BTreeMap<String, Value>>,
    /// Add to sets.
    pub add: Option<BTreeMap<String, Value>>,
    /// Put into maps: key and value.
    pub put: Option<BTreeMap<String, Value>>,
    /// Take from maps, sets and lists.
    pub drop: Option<BTreeMap<String, Value>>,
    /// Back to the start value.
    pub clear: Option<OneOrMore>,
    /// Named steps, in place.
    #[schemars(rename = "use")]
    pub uses: Option<OneOrMore>,
}

/// A move that an event says happened.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Check {
    /// The machine.
    pub machine: MemberName,
    /// The state left.
    pub from: Expression,
    /// The state entered.
    pub to: Expression,
    /// What is recorded where the machine refuses.
    #[schemars(rename = "else")]
    pub otherwise: MemberName,
}
