//! Reducers: how a set of events folds into one state. Steps are instantiated per consumed event, lets are expanded.

use super::ids::{EventId, FamilyId, MachineId, ProfileId, RecordId, ReducerId};
use super::{Expr, Meta, Reached, Report, Step, Type};
use crate::json::Value;
use crate::source::Span;

/// How the events of a log are read and ordered.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// The record that types `e`; has `event_type` and `payload`.
    pub envelope: RecordId,
    /// Fields of the envelope, most significant first; `dedup_by` is one of them. The content digest comes last.
    pub order_by: Vec<usize>,
    /// The field of the envelope that identifies an event.
    pub dedup_by: usize,
}

/// A fold of a set of events into one state.
#[derive(Debug, Clone, PartialEq)]
pub struct Reducer {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Order and envelope.
    pub profile: ProfileId,
    /// Events that it takes, each with a reaction.
    pub consumes: Vec<EventId>,
    /// Events that other families declare but whose names look like ours.
    pub unknown: Option<UnknownEvents>,
    /// What tells the entities of a log apart.
    pub partition_by: Option<PartitionKey>,
    /// The state, as printed but for anomalies.
    pub slots: Vec<ReducerSlot>,
    /// Kinds of anomalies.
    pub anomalies: Vec<Anomaly>,
    /// Parameters that every anomaly carries.
    pub anomaly_fields: Vec<(String, AnomalyField)>,
    /// All payloads are parsed first, so that their anomalies come first.
    pub parses_eagerly: bool,
    /// What is recorded for a payload that is refused; none where it is ignored.
    pub malformed: Option<Report>,
    /// Events that count once.
    pub idempotent: Option<Idempotent>,
    /// How events that happened together are judged.
    pub concurrent: Option<Concurrent>,
    /// Reducers that take part of the log.
    pub delegates: Vec<Delegate>,
    /// One for each consumed event, in the order in which events are declared.
    pub reactions: Vec<Reaction>,
    /// Statements about the fold, typed.
    pub claims: Vec<Claim>,
}

/// Event types that nobody declares or reserves, recorded where their name begins so.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownEvents {
    /// Beginnings of event types.
    pub prefixes: Vec<String>,
    /// What is recorded.
    pub report: Report,
}

/// What tells entities apart.
#[derive(Debug, Clone, PartialEq)]
pub enum PartitionKey {
    /// A field of the envelope, by index.
    Envelope(usize),
    /// A payload field that every consumed event declares with this type.
    Payload(String, Type),
}

/// A part of the state.
#[derive(Debug, Clone, PartialEq)]
pub struct ReducerSlot {
    /// Its name in expressions and in the printed state.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What it holds.
    pub kind: SlotKind,
    /// Its type in expressions.
    pub ty: Type,
    /// How it is printed.
    pub output: SlotOutput,
}

/// What a slot holds.
#[derive(Debug, Clone, PartialEq)]
pub enum SlotKind {
    /// A value, with what it starts as (null for none).
    Value(Value),
    /// The state of a machine; starts as none.
    Machine(MachineId),
    /// How many events: deduplicated ones of the input, else consumed ones.
    Count {
        /// Deduplicated events of the whole input.
        deduped: bool,
    },
    /// The id of the last such event.
    Last {
        /// Deduplicated events of the whole input.
        deduped: bool,
    },
    /// A slot of a delegate.
    From {
        /// Index into `delegates`.
        delegate: usize,
        /// Index into the slots of its reducer.
        slot: usize,
    },
}

/// How a slot is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotOutput {
    /// As it is.
    Plain,
    /// The values of a map, sorted by key.
    ValuesByKey,
    /// The values of a map in the order in which their keys came in.
    Values,
    /// Not at all: memory of the fold.
    Hidden,
}

/// A kind of anomaly. Its identity is kind, event id and parameters; its text is for people.
#[derive(Debug, Clone, PartialEq)]
pub struct Anomaly {
    /// Its name.
    pub kind: String,
    /// Where it stands.
    pub span: Span,
    /// The text, in parts.
    pub template: Vec<TemplatePart>,
    /// Names of its own parameters, one a distinct hole, in order; a `Report` holds an expression for each.
    pub params: Vec<String>,
}

/// A part of the text of an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// As it is.
    Text(String),
    /// The value of one of its own parameters, by index.
    Param(usize),
    /// The value of one of the reducer's anomaly fields, by index.
    Field(usize),
    /// Of the anomaly of a delegate: its message, or one of its parameters.
    Inner(String),
}

/// A parameter that every anomaly carries, read from the payload as received.
#[derive(Debug, Clone, PartialEq)]
pub enum AnomalyField {
    /// The text at the path, else the default.
    Text {
        /// Keys from the payload.
        path: Vec<String>,
        /// Where there is no text.
        default: String,
    },
    /// The value at the path as a member of an enum, else none.
    Enum {
        /// The enum.
        id: super::EnumId,
        /// Keys from the payload.
        path: Vec<String>,
    },
    /// An expression over the envelope.
    Expression(Expr),
}

/// Events that count once.
#[derive(Debug, Clone, PartialEq)]
pub struct Idempotent {
    /// The slot, a set of tuples, that keeps the keys.
    pub seen: usize,
}

/// How events that happened together are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Concurrent {
    /// Guards and moves read the state at the start of the group.
    pub reads_group_start: bool,
    /// What goes last, entry by entry.
    pub last: Vec<Last>,
    /// Some events leave out others of their group.
    pub override_rule: Option<Override>,
}

/// An entry of `last`.
#[derive(Debug, Clone, PartialEq)]
pub struct Last {
    /// An event or a condition, as written.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A group that holds an event of `by` is folded without those of `over`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Where it stands.
    pub span: Span,
    /// What wins.
    pub by: Vec<EventId>,
    /// What is left out.
    pub over: Vec<EventId>,
}

/// A reducer that takes part of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Delegate {
    /// Its name here.
    pub name: String,
    /// Which.
    pub reducer: ReducerId,
    /// The kind under which its anomalies are recorded; their parameters are `kind` and `params` of the inner one.
    pub anomaly: usize,
}

/// What happens to one kind of event.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaction {
    /// The event.
    pub event: EventId,
    /// Before its payload is looked at.
    pub before_parse: Vec<Step>,
    /// Key and report of `idempotent`.
    pub idempotent: Option<(Vec<Expr>, Report)>,
    /// Before its own steps.
    pub before: Vec<Step>,
    /// Its own steps.
    pub handle: Vec<Step>,
    /// Behind its own steps, where it was applied.
    pub after: Vec<Step>,
    /// Keys of `concurrent`: what it is grouped by, whether it goes last, what then orders it.
    pub group_by: Vec<Expr>,
    /// Whether it goes last in its group.
    pub goes_last: Option<Expr>,
    /// The same by entry of `last` that speaks of this event.
    pub last_by: Vec<(usize, Expr)>,
    /// What orders it within its group; the rest of the order comes behind.
    pub then_by: Vec<Expr>,
    /// What is recorded where it was left out of its group.
    pub overridden: Option<Report>,
}

/// A statement about the fold.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// For people.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// States it speaks of; none means all that can be reached.
    pub given: Option<Expr>,
    /// The events and how they come.
    pub form: ClaimForm,
    /// What holds then.
    pub then: Expr,
}

/// How the events of a claim come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimForm {
    /// One after the other.
    After(Vec<EventId>),
    /// As one concurrent group, in every order.
    Together(Vec<EventId>),
}

impl Reducer {
    /// Every action of every reaction.
    pub fn actions(&self) -> impl Iterator<Item = Reached<'_>> {
        self.reactions.iter().flat_map(Reaction::actions)
    }

    /// The reaction of an event that is consumed.
    pub fn reaction(&self, event: EventId) -> Option<&Reaction> {
        self.reactions.iter().find(|reaction| reaction.event == event)
    }
}

impl Reaction {
    /// Every action on the way of the event, in order.
    pub fn actions(&self) -> Vec<Reached<'_>> {
        super::step::reached(self.before_parse.iter().chain(&self.before).chain(&self.handle).chain(&self.after))
    }
}
