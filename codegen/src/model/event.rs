//! Events and groups of events.

use super::ids::{EventId, FamilyId, RecordId, UnionId};
use super::{Meta, Type};

/// One kind of event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// The `event_type` on the wire: the name, unless `wire` gives another text.
    pub wire: String,
    /// What its payload is.
    pub payload: Payload,
    /// `reduce: none`: said to have no reducer.
    pub unreduced: bool,
}

/// What the payload of an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// A record: declared with the event (its kind is `RecordKind::Payload`), or named by it.
    Record(RecordId),
    /// A union that the event names.
    Union(UnionId),
}

impl Payload {
    /// The payload as a type.
    pub fn ty(self) -> Type {
        match self {
            Self::Record(id) => Type::Record(id),
            Self::Union(id) => Type::Union(id),
        }
    }
}

/// A named list of events.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Its events with those of groups in it, in the order given, each once.
    pub events: Vec<EventId>,
}
