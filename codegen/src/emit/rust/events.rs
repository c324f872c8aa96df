//! Events and groups enter; their constants leave, and the one enum that holds any of them.

use super::layout::{Doc, fitted};
use super::module::Module;
use super::text::put;
use super::{docs, names};
use crate::emit::casing;
use crate::emit::encode::rust;
use crate::model::{Event, Family, FamilyId, Meta, Payload, RecordId, Workspace};

/// Writes the constants of a family: its version, its event types, and the event types of its groups.
pub(super) fn constants(module: &mut Module<'_>, family: FamilyId) {
    let workspace = module.workspace();
    let Family { meta, version, .. } = &workspace.families[family];
    let out = &mut module.out;
    let prefix = casing::screaming(&meta.name);
    put!(out, "/// The version of the contract `{}`.\n", meta.name);
    put!(out, "pub const {prefix}_SCHEMA_VERSION: &str = {};\n\n", rust::string(&version.0));
    if let Some(version) = workspace.envelope_version(family) {
        put!(out, "/// The version of the envelope.\npub const SCHEMA_VERSION: &str = {};\n\n", rust::string(version));
    }
    let events: Vec<&Event> = workspace.events.iter().filter(|event| event.family == family).collect();
    for event in &events {
        put!(out, "/// The event type of `{}`.\n", event.meta.name);
        out.push_str(&docs::deprecated(event.meta.deprecated.as_ref(), 0));
        let constant = casing::screaming(&event.meta.name);
        put!(out, "pub const {constant}: &str = {};\n\n", rust::string(&event.wire));
    }
    let groups: Vec<_> = workspace.groups.iter().filter(|group| group.family == family).collect();
    let mut lists: Vec<(String, &Meta, Vec<&Event>)> = groups
        .iter()
        .map(|group| {
            let events = group.events.iter().map(|&event| &workspace.events[event]).collect();
            (casing::screaming(&group.meta.name), &group.meta, events)
        })
        .collect();
    if !events.is_empty() && lists.iter().all(|(name, ..)| *name != prefix) {
        lists.push((prefix, meta, events));
    }
    for (name, meta, events) in lists {
        out.push_str(&docs::of(
            &Meta { since: None, ..meta.clone() },
            Some(&format!("Event types of `{}`.", meta.name)),
            "",
            0,
        ));
        let texts = Doc::array_of(events.iter().map(|event| rust::string(&event.wire)));
        out.push_str(&texts.line(0, &format!("pub const {name}_EVENT_TYPES: &[&str] = "), ";"));
        out.push('\n');
    }
}

/// The file of the enum that holds any event's payload.
pub(super) fn file(workspace: &Workspace) -> String {
    // By event type, so that one can be searched for.
    let mut events: Vec<&Event> = workspace.events.iter().collect();
    events.sort_by(|event, other| event.wire.cmp(&other.wire));
    let mut out = format!(
        "//! The payload of any event enters by its event type; one enum leaves that holds any of them.\n\nuse {};\n\n",
        names::in_crate("support")
    );
    out.push_str("/// The payload of any event, and of those that no contract declares.\n");
    out.push_str("#[derive(Debug, Clone, PartialEq)]\npub enum Event {\n");
    for event in &events {
        out.push_str(&docs::of(
            &Meta { deprecated: None, ..event.meta.clone() },
            None,
            &format!("A `{}` event.", event.meta.name),
            4,
        ));
        put!(out, "    {}(Box<{}>),\n", names::event(event), payload(workspace, event));
    }
    out.push_str(UNKNOWN);
    out.push_str("impl Event {\n    /// Reads and checks the payload of an event.\n    ///\n    /// # Errors\n");
    out.push_str("    /// Every fault of the payload; of an unknown event type only those of its text.\n");
    out.push_str("    pub fn from_json(event_type: &str, payload: &[u8]) -> Result<Self, support::Faults> {\n");
    out.push_str("        let event = match place(event_type) {\n");
    for (place, event) in events.iter().enumerate() {
        out.push_str(&arm(
            &format!("Some({place})"),
            &format!("Self::{}(support::from_json(payload)?)", names::event(event)),
        ));
    }
    out.push_str(&arm("_", "Self::unknown(event_type, support::from_json(payload)?)"));
    out.push_str("        };\n        Ok(event)\n    }\n\n");
    out.push_str("    fn unknown(event_type: &str, payload: support::Json) -> Self {\n        Self::Unknown {\n");
    out.push_str("            event_type: event_type.into(),\n            payload,\n        }\n    }\n\n");
    out.push_str("    /// The event type.\n    pub fn event_type(&self) -> &str {\n        match self {\n");
    for event in &events {
        put!(out, "            Self::{}(_) => {},\n", names::event(event), rust::string(&event.wire));
    }
    out.push_str("            Self::Unknown { event_type, .. } => event_type,\n        }\n    }\n\n");
    out.push_str(
        "    /// The payload as canonical JSON text.\n    pub fn to_json(&self) -> String {\n        match self {\n",
    );
    for event in &events {
        put!(out, "            Self::{}(payload) => payload.to_json(),\n", names::event(event));
    }
    out.push_str("            Self::Unknown { payload, .. } => payload.to_json(),\n        }\n    }\n}\n\n");
    let row =
        |event: &&Event| Doc::text(format!("({}, {}::KIND)", rust::string(&event.wire), payload(workspace, event)));
    out.push_str("/// What the payload of each event type may be, by event type.\n");
    let table = Doc::Array("&", events.iter().map(row).collect());
    out.push_str(&table.line(0, "static PAYLOADS: &[(&str, &support::Kind)] = ", ";"));
    out.push_str(LOOKUP);
    out.push_str("\n/// What events travel in.\n");
    let envelopes =
        Doc::Array("&", workspace.envelopes().map(|(record, id)| envelope(workspace, record, id)).collect());
    out.push_str(&envelopes.line(0, "pub static ENVELOPES: &[support::Envelope] = ", ";"));
    fitted(&out)
}

const UNKNOWN: &str = "    /// An event that no contract declares.
    Unknown {
        /// Its event type.
        event_type: Box<str>,
        /// Its payload as received.
        payload: support::Json,
    },
}

";

const LOOKUP: &str = "
fn place(event_type: &str) -> Option<usize> {
    PAYLOADS.binary_search_by(|(name, _)| (*name).cmp(event_type)).ok()
}

/// What the payload of an event type may be; none for an event type that no contract declares.
pub fn payload_kind(event_type: &str) -> Option<&'static support::Kind> {
    place(event_type).map(|place| PAYLOADS[place].1)
}

/// Every event type, sorted.
pub fn event_types() -> impl Iterator<Item = &'static str> {
    PAYLOADS.iter().map(|(name, _)| *name)
}

/// Checks the JSON text of an event's payload.
///
/// # Errors
/// Every fault; `union_tag` for an event type that no contract declares.
pub fn validate(event_type: &str, payload: &[u8]) -> Result<(), support::Faults> {
    support::check(known(event_type)?, payload)
}

/// Checks an event's payload that a program built.
///
/// # Errors
/// Every fault; `union_tag` for an event type that no contract declares.
pub fn validate_value(
    event_type: &str,
    payload: &support::Json,
) -> Result<(), support::Faults> {
    support::check_value(known(event_type)?, payload)
}

fn known(event_type: &str) -> Result<&'static support::Kind, support::Faults> {
    payload_kind(event_type).ok_or_else(support::Faults::undeclared)
}
";

fn envelope(workspace: &Workspace, id: RecordId, identified_by: Option<usize>) -> Doc {
    let record = &workspace.records[id];
    let path = names::path(workspace, record.family, &names::record(record));
    let identified_by =
        identified_by.map(|field| Doc::call("Some", vec![Doc::text(rust::string(&record.fields[field].meta.name))]));
    Doc::Struct(
        "support::Envelope".to_owned(),
        vec![
            ("name", Doc::text(rust::string(&record.meta.name))),
            ("kind", Doc::text(format!("{path}::KIND"))),
            ("id", identified_by.unwrap_or_else(|| Doc::text("None"))),
        ],
        None,
    )
}

/// An arm of a `match`, in braces where it is too long for a line.
fn arm(pattern: &str, body: &str) -> String {
    if pattern.len() + body.len() + 16 <= 89 {
        return format!("            {pattern} => {body},\n");
    }
    format!("            {pattern} => {{\n                {body}\n            }}\n")
}

/// The path of an event's payload.
fn payload(workspace: &Workspace, event: &Event) -> String {
    let (family, name) = match event.payload {
        Payload::Record(id) => (workspace.records[id].family, names::record(&workspace.records[id])),
        Payload::Union(id) => (workspace.unions[id].family, workspace.unions[id].meta.name.clone()),
    };
    names::path(workspace, family, &name)
}
