//! The section `cloudevents` of `codegen.toml` enters; which envelope is a `CloudEvent`, and which fields are its
//! attributes, leaves.

use serde::Serialize;

use super::Placed;
use super::read::Section;
use crate::source::Span;

/// How events are mapped to `CloudEvents`. What is not said follows from the contracts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CloudEvents {
    /// Whether packages have the mapping.
    pub enabled: bool,
    /// The record that events travel in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<Placed<String>>,
    /// The field that is the attribute `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Placed<String>>,
    /// The same of `source`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Placed<String>>,
    /// The same of `subject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Placed<String>>,
    /// The same of `time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Placed<String>>,
    /// Where `enabled` stands.
    #[serde(skip)]
    pub place: Option<Placed<()>>,
}

pub(super) fn read(section: &mut Section<'_>, into: &mut CloudEvents) {
    section.flag("enabled", &mut into.enabled);
    into.place = into.enabled.then(|| Placed { value: (), place: section.place_of("enabled") });
    let mut name = |key| section.text(key).map(|(value, place): (String, Span)| Placed { value, place });
    into.envelope = name("envelope");
    into.id = name("id");
    into.source = name("source");
    into.subject = name("subject");
    into.time = name("time");
}
