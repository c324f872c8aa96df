//! The settings of the mapping enter; the envelope and the fields that are attributes of the standard leave.

use std::collections::BTreeMap;

use super::{base, rules, setting};
use crate::config::CloudEvents;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Format, Presence, Primitive, Record, RecordId, Text, Type, Workspace};
use crate::source::Span;

/// An attribute of the standard that a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Id,
    Source,
    Type,
    Subject,
    Time,
}

impl Role {
    const ALL: [Self; 5] = [Self::Id, Self::Source, Self::Type, Self::Subject, Self::Time];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Source => "source",
            Self::Type => "type",
            Self::Subject => "subject",
            Self::Time => "time",
        }
    }
}

fn refusal(place: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(&rules::CLOUDEVENTS_MAPPING, place, message).help(help)
}

/// The envelope that is named, or the only one.
pub(super) fn envelope(
    workspace: &Workspace,
    settings: &CloudEvents,
    place: Span,
    out: &mut Diagnostics,
) -> Option<RecordId> {
    let envelopes = || workspace.records.entries().filter(|(id, _)| workspace.is_envelope(*id));
    let called = |id: RecordId| workspace.records[id].meta.name.as_str();
    let found: Vec<RecordId> = match &settings.envelope {
        Some(name) => envelopes().map(|(id, _)| id).filter(|id| called(*id) == name.value).collect(),
        None => envelopes().map(|(id, _)| id).collect(),
    };
    if let [only] = found[..] {
        return Some(only);
    }
    let place = settings.envelope.as_ref().map_or(place, |name| name.place);
    let names: Vec<&str> = envelopes().map(|(id, _)| called(id)).collect();
    out.push(match &settings.envelope {
        Some(name) if found.is_empty() => {
            let message = format!("there is no envelope `{}`", name.value.escape_debug());
            let near = did_you_mean(&name.value, names);
            let help = near.map_or("an envelope has `event_type` and `payload: object`".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
            refusal(place, message, &help)
        }
        Some(name) => refusal(place, format!("several families declare an envelope `{}`", name.value), "rename one"),
        None if names.is_empty() => refusal(
            place,
            "the contracts declare no envelope".to_owned(),
            "declare a record with `event_type` and `payload: object`, or leave out `cloudevents`",
        ),
        None => refusal(
            place,
            format!("the contracts declare several envelopes: `{}`", names.join("`, `")),
            "name one by `envelope = \"..\"`",
        ),
    });
    None
}

/// The field of each role that there is.
pub(super) fn roles(
    workspace: &Workspace,
    settings: &CloudEvents,
    envelope: RecordId,
    place: Span,
    out: &mut Diagnostics,
) -> Option<BTreeMap<usize, Role>> {
    let record = &workspace.records[envelope];
    let before = out.error_count();
    let mut roles: BTreeMap<usize, Role> = BTreeMap::new();
    for role in Role::ALL {
        let place = setting(settings, role).map_or(place, |name| name.place);
        let field = match setting(settings, role) {
            Some(name) => named(record, &name.value, place, out),
            None => inferred(workspace, envelope, role, place, out),
        };
        let Some(field) = field else { continue };
        if let Some(finding) = unfit(workspace, record, field, role, place) {
            out.push(finding);
        }
        if let Some(other) = roles.insert(field, role) {
            let (name, other, role) = (&record.fields[field].meta.name, other.as_str(), role.as_str());
            let message = format!("the field `{name}` would be both `{other}` and `{role}`");
            out.push(refusal(place, message, "a field is one attribute: name another for one of them"));
        }
    }
    (out.error_count() == before).then_some(roles)
}

fn named(record: &Record, name: &str, place: Span, out: &mut Diagnostics) -> Option<usize> {
    let found = record.field(name).filter(|_| name != "payload");
    if found.is_none() {
        let message = format!("`{}` has no field `{}` for an attribute", record.meta.name, name.escape_debug());
        let names: Vec<&str> = record.fields.iter().map(|field| field.meta.name.as_str()).collect();
        let help = match did_you_mean(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its fields are `{}`", names.join("`, `")),
        };
        out.push(refusal(place, message, &help));
    }
    found
}

/// What the contracts say of a role: profiles know the id; a field may be called as the attribute; one moment is the time.
fn inferred(
    workspace: &Workspace,
    envelope: RecordId,
    role: Role,
    place: Span,
    out: &mut Diagnostics,
) -> Option<usize> {
    let record = &workspace.records[envelope];
    if role == Role::Type {
        return record.field("event_type");
    }
    if let Some(field) = record.field(role.as_str()) {
        return Some(field);
    }
    let name = role.as_str();
    match role {
        Role::Id => {
            let profiles = workspace.profiles.iter().filter(|profile| profile.envelope == envelope);
            let mut ids: Vec<usize> = profiles.map(|profile| profile.dedup_by).collect();
            ids.dedup();
            if let [only] = ids[..] {
                return Some(only);
            }
        }
        Role::Time => {
            let is_moment = |at: &usize| {
                let text = base(workspace, &record.fields[*at].ty);
                matches!(text, Some(Primitive::String(Text { format: Some(Format::DateTime), .. })))
            };
            let moments: Vec<usize> = (0..record.fields.len()).filter(is_moment).collect();
            match moments[..] {
                [] => return None,
                [only] => return Some(only),
                _ => {}
            }
        }
        Role::Source => {}
        // A subject may be missing.
        Role::Subject | Role::Type => return None,
    }
    let message = format!("nothing says which field of `{}` is the attribute `{name}`", record.meta.name);
    out.push(refusal(place, message, &format!("name it by `{name} = \"..\"` under `[cloudevents]`")));
    None
}

/// Why a field cannot be the attribute.
fn unfit(workspace: &Workspace, record: &Record, field: usize, role: Role, place: Span) -> Option<Diagnostic> {
    let field = &record.fields[field];
    let why = match base(workspace, &field.ty) {
        Some(Primitive::String(text)) if role == Role::Time => {
            (text.format != Some(Format::DateTime)).then_some("is no date-time")
        }
        Some(Primitive::String(text)) => {
            let holds_something = text.format.is_some() || text.non_blank || text.min_length.is_some_and(|min| min > 0);
            (!holds_something).then_some("may be empty")
        }
        _ if role != Role::Time && matches!(workspace.unwrapped(&field.ty), Type::Enum(_)) => None,
        _ => Some("is no string"),
    };
    let may_be_absent = matches!(field.presence, Presence::Optional | Presence::Nullable);
    let needed = matches!(role, Role::Id | Role::Source | Role::Type);
    let why = why.or_else(|| (needed && may_be_absent).then_some("may be none"))?;
    let message = format!("the field `{}` {why}, and cannot be the attribute `{}`", field.meta.name, role.as_str());
    let help = match role {
        Role::Time => "name a field of format `date-time`",
        Role::Type => "give it a type that is never empty, such as `{type: string, min_length: 1}`",
        Role::Subject => "name a field of type string that is never empty (`min_length: 1`)",
        Role::Id | Role::Source => "name a required field of type string that is never empty (`min_length: 1`)",
    };
    Some(refusal(place, message, help).related(field.meta.span, "declared here"))
}
