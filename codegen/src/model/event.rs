//! Events and groups of events.

use super::Meta;
use super::ids::{EventId, FamilyId, RecordId};

/// One kind of event; its name is the `event_type` on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Its payload.
    pub payload: RecordId,
    /// `reduce: none`: said to have no reducer.
    pub unreduced: bool,
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
