//! What profiles, reducers and steps say, as written.

use super::super::yaml::Node;
use super::{RawMeta, RawText, RawType};
use crate::source::Span;

/// An entry of `profiles`.
#[derive(Debug, Clone)]
pub struct RawProfile {
    /// Name and texts.
    pub meta: RawMeta,
    /// `envelope`
    pub envelope: RawText,
    /// `order_by`
    pub order_by: Vec<RawText>,
    /// `dedup_by`
    pub dedup_by: RawText,
}

/// An entry of `reducers`.
#[derive(Debug, Clone)]
pub struct RawReducer {
    /// Name and texts.
    pub meta: RawMeta,
    /// `profile`
    pub profile: RawText,
    /// `consumes`
    pub consumes: Vec<RawText>,
    /// `unknown`
    pub unknown: Option<RawUnknown>,
    /// `partition_by`
    pub partition_by: Option<RawText>,
    /// `slots`
    pub slots: Vec<RawSlot>,
    /// `let`
    pub lets: Vec<(RawText, RawText)>,
    /// `steps`
    pub steps: Vec<(RawText, Vec<RawStep>)>,
    /// `parse: eager`
    pub parse_eagerly: bool,
    /// `malformed: ignore`
    pub ignore_malformed: bool,
    /// `idempotent`
    pub idempotent: Option<RawIdempotent>,
    /// `concurrent`
    pub concurrent: Option<RawConcurrent>,
    /// `delegate`
    pub delegates: Vec<RawDelegate>,
    /// `before_parse`
    pub before_parse: Vec<RawStep>,
    /// `before`
    pub before: Vec<RawStep>,
    /// `handle`
    pub handle: Vec<(RawText, Vec<RawStep>)>,
    /// `after`
    pub after: Vec<RawStep>,
    /// `anomalies`: kind and template.
    pub anomalies: Vec<(RawText, RawText)>,
    /// `anomaly_fields`
    pub anomaly_fields: Vec<(RawText, RawText)>,
    /// `claims`
    pub claims: Vec<RawClaim>,
}

/// `unknown: {prefixes, anomaly}`
#[derive(Debug, Clone)]
pub struct RawUnknown {
    /// `prefixes`
    pub prefixes: Vec<RawText>,
    /// `anomaly`
    pub anomaly: RawText,
}

/// An entry of `slots`.
#[derive(Debug, Clone)]
pub struct RawSlot {
    /// Its name.
    pub name: RawText,
    /// What it holds.
    pub kind: RawSlotKind,
    /// `init`
    pub init: Option<Node>,
    /// `output`
    pub output: Option<RawText>,
}

/// What a slot holds.
#[derive(Debug, Clone)]
pub enum RawSlotKind {
    /// A value of this type.
    Value(RawType),
    /// `machine`
    Machine(RawText),
    /// `count`
    Count(RawText),
    /// `last`
    Last(RawText),
    /// `from`
    From(RawText),
}

/// `idempotent: {key, seen, else}`
#[derive(Debug, Clone)]
pub struct RawIdempotent {
    /// `key`
    pub key: Vec<RawText>,
    /// `seen`
    pub seen: RawText,
    /// `else`
    pub otherwise: RawText,
}

/// `concurrent`
#[derive(Debug, Clone)]
pub struct RawConcurrent {
    /// Where it stands.
    pub span: Span,
    /// `group_by`
    pub group_by: Vec<RawText>,
    /// `last`
    pub last: Vec<RawText>,
    /// `then_by`
    pub then_by: Vec<RawText>,
    /// `read: group_start`
    pub reads_group_start: bool,
    /// `override`
    pub override_rule: Option<RawOverride>,
}

/// `override: {by, over, anomaly}`
#[derive(Debug, Clone)]
pub struct RawOverride {
    /// Where it stands.
    pub span: Span,
    /// `by`
    pub by: Vec<RawText>,
    /// `over`
    pub over: Vec<RawText>,
    /// `anomaly`
    pub anomaly: RawText,
}

/// An entry of `delegate`.
#[derive(Debug, Clone)]
pub struct RawDelegate {
    /// Its name here.
    pub name: RawText,
    /// `reducer`
    pub reducer: RawText,
    /// `anomalies_as`
    pub anomalies_as: RawText,
}

/// An entry of `claims`.
#[derive(Debug, Clone)]
pub struct RawClaim {
    /// Where it stands.
    pub span: Span,
    /// `name`
    pub name: RawText,
    /// `given`
    pub given: Option<RawText>,
    /// `after` or `together`
    pub form: RawClaimForm,
    /// `then`
    pub then: RawText,
}

/// How the events of a claim come.
#[derive(Debug, Clone)]
pub enum RawClaimForm {
    /// One after the other.
    After(Vec<RawText>),
    /// As one concurrent group, in every order.
    Together(Vec<RawText>),
}

/// A step.
#[derive(Debug, Clone)]
pub struct RawStep {
    /// Where it stands.
    pub span: Span,
    /// `for`
    pub events: Option<Vec<RawText>>,
    /// `when`
    pub when: Option<RawText>,
    /// `reject`
    pub reject: Option<RawText>,
    /// `warn`
    pub warn: Option<RawText>,
    /// `skip`
    pub skip: bool,
    /// `move`: slot and state.
    pub moves: Vec<(RawText, RawText)>,
    /// `check`
    pub check: Option<RawCheck>,
    /// `set`, `init`, `inc`, `append` and the like, in the order in which they apply.
    pub effects: Vec<RawEffect>,
    /// `use`
    pub uses: Vec<RawText>,
}

impl RawStep {
    /// Whether the step has no action at all.
    pub fn does_nothing(&self) -> bool {
        let acts = self.reject.is_some() || self.warn.is_some() || self.skip || self.check.is_some();
        !acts && self.moves.is_empty() && self.effects.is_empty() && self.uses.is_empty()
    }
}

/// `check: {machine, from, to, else}`
#[derive(Debug, Clone)]
pub struct RawCheck {
    /// `machine`
    pub machine: RawText,
    /// `from`
    pub from: RawText,
    /// `to`
    pub to: RawText,
    /// `else`
    pub otherwise: RawText,
}

/// An effect on the state: its target, and the value where it takes one.
#[derive(Debug, Clone)]
pub enum RawEffect {
    /// `set`
    Set(RawText, RawValue),
    /// `init`
    Init(RawText, RawValue),
    /// `append`
    Append(RawText, RawValue),
    /// `append_unique`
    AppendUnique(RawText, RawValue),
    /// `add`
    Add(RawText, RawValue),
    /// `put`: a list of key and value.
    Put(RawText, RawValue),
    /// `drop`
    Drop(RawText, RawValue),
    /// `inc`
    Increment(RawText),
    /// `clear`
    Clear(RawText),
}

impl RawEffect {
    /// What it changes.
    pub fn target(&self) -> &RawText {
        match self {
            Self::Set(target, _)
            | Self::Init(target, _)
            | Self::Append(target, _)
            | Self::AppendUnique(target, _)
            | Self::Add(target, _)
            | Self::Put(target, _)
            | Self::Drop(target, _)
            | Self::Increment(target)
            | Self::Clear(target) => target,
        }
    }
}

/// The value of an effect.
#[derive(Debug, Clone)]
pub enum RawValue {
    /// An expression.
    Expression(RawText),
    /// A list or tuple of values.
    List(Vec<RawValue>, Span),
    /// A record of values.
    Record(Vec<(RawText, RawValue)>, Span),
}

impl RawValue {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Expression(text) => text.span,
            Self::List(_, span) | Self::Record(_, span) => *span,
        }
    }
}
