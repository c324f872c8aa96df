//! A workspace and its settings enter; how its events are mapped to `CloudEvents` 1.0 leaves, or findings.
//!
//! The payload is the data. Each other field of the envelope is one attribute: those of the standard by their roles, the
//! rest as extensions called by the letters and digits of their names. Nothing is lost on the way there and back.

mod export;
mod roles;
pub mod rules;

pub use export::document;

use std::collections::BTreeMap;

use super::json_schema;
use crate::config::{CloudEvents, Config, Placed};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{IntBounds, Presence, Primitive, Record, RecordId, Type, Workspace};
use crate::source::Span;
use roles::{Role, envelope, roles};

/// How the envelope becomes attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The envelope.
    pub envelope: RecordId,
    /// Every field of it but the payload, in its order.
    pub attributes: Vec<Attribute>,
    /// The `$id` of the schema of each event's payload, by event type.
    pub schemas: BTreeMap<String, String>,
}

/// A field of the envelope that is an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The field.
    pub field: String,
    /// The name of the attribute: lower-case letters and digits.
    pub name: String,
    /// How its value is written.
    pub form: Form,
    /// Whether an absent attribute is a null that has to be there in the envelope.
    pub nullable: bool,
}

/// How the value of a field is written as an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is: a string, a boolean, or an integer of 32 bits.
    Plain,
    /// As a string that holds its JSON text: what `CloudEvents` have no type for.
    Json,
    /// As a URI reference: all but unreserved characters are percent-encoded.
    Reference,
}

impl Form {
    /// The word for it in packages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Json => "json",
            Self::Reference => "reference",
        }
    }
}

/// Names that no extension may have.
const TAKEN: [&str; 8] = ["data", "database64", "datacontenttype", "dataschema", "id", "source", "specversion", "type"];

/// The mapping that is asked for; none where there is none, or where `out` says why.
pub fn mapping(workspace: &Workspace, config: &Config, out: &mut Diagnostics) -> Option<Mapping> {
    let settings = &config.cloudevents;
    let place = settings.place.as_ref().filter(|_| settings.enabled)?.place;
    let id = envelope(workspace, settings, place, out)?;
    let record = &workspace.records[id];
    let roles = roles(workspace, settings, id, place, out)?;
    let attributes = attributes(workspace, record, &roles, place, out)?;
    let schema = |event: &crate::model::Event| {
        (event.wire.clone(), json_schema::id(&workspace.families[event.family], &event.meta))
    };
    Some(Mapping { envelope: id, attributes, schemas: workspace.events.iter().map(schema).collect() })
}

fn attributes(
    workspace: &Workspace,
    record: &Record,
    roles: &BTreeMap<usize, Role>,
    place: Span,
    out: &mut Diagnostics,
) -> Option<Vec<Attribute>> {
    let mut attributes: Vec<Attribute> = Vec::new();
    let before = out.error_count();
    for (at, field) in record.fields.iter().enumerate().filter(|(_, field)| field.meta.name != "payload") {
        let role = roles.get(&at);
        let name = match role {
            Some(role) => role.as_str().to_owned(),
            None => extension(&field.meta.name),
        };
        let other = attributes.iter().find(|attribute| attribute.name == name);
        let message = match other {
            _ if role.is_none() && TAKEN.contains(&name.as_str()) => {
                format!("the field `{}` would be the attribute `{name}`, which means something else", field.meta.name)
            }
            Some(other) => format!("the fields `{}` and `{}` would both be `{name}`", other.field, field.meta.name),
            None => {
                let form = match role {
                    Some(Role::Source) if !is_url(workspace, &field.ty) => Form::Reference,
                    _ => form(workspace, &field.ty),
                };
                let nullable = field.presence == Presence::Nullable;
                attributes.push(Attribute { field: field.meta.name.clone(), name, form, nullable });
                continue;
            }
        };
        let finding = Diagnostic::new(&rules::CLOUDEVENTS_MAPPING, place, message);
        out.push(finding.related(field.meta.span, "declared here").help("give the field another name"));
    }
    (out.error_count() == before).then_some(attributes)
}

/// The letters and digits of a name: all that attributes are made of.
fn extension(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The base of a type without `opt`; none where it is composed or an enum.
fn base<'w>(workspace: &'w Workspace, ty: &'w Type) -> Option<&'w Primitive> {
    match workspace.unwrapped(ty) {
        Type::Primitive(primitive) => Some(primitive),
        Type::Scalar(id) => Some(&workspace.scalars[*id].primitive),
        _ => None,
    }
}

fn is_url(workspace: &Workspace, ty: &Type) -> bool {
    let format = match base(workspace, ty) {
        Some(Primitive::String(text)) => text.format,
        _ => None,
    };
    format == Some(crate::model::Format::HttpUrl)
}

fn form(workspace: &Workspace, ty: &Type) -> Form {
    match (workspace.unwrapped(ty), base(workspace, ty)) {
        (Type::Enum(_), _)
        | (_, Some(Primitive::String(_) | Primitive::Int64(_) | Primitive::Uint64(_) | Primitive::Bool)) => Form::Plain,
        (_, Some(Primitive::Int(bounds))) if is_small(bounds) => Form::Plain,
        _ => Form::Json,
    }
}

/// Whether all values have 32 bits.
fn is_small(bounds: &IntBounds) -> bool {
    let within = |limit: i64| i32::try_from(limit).is_ok();
    bounds.min.is_some_and(|min| within(min.limit)) && bounds.max.is_some_and(|max| within(max.limit))
}

/// The setting of a role.
fn setting(settings: &CloudEvents, role: Role) -> Option<&Placed<String>> {
    match role {
        Role::Id => settings.id.as_ref(),
        Role::Source => settings.source.as_ref(),
        Role::Subject => settings.subject.as_ref(),
        Role::Time => settings.time.as_ref(),
        Role::Type => None,
    }
}
