//! How events become `CloudEvents` enters; the module `cloudevents` leaves.

use serde::Serialize;

use super::layout::Doc;
use super::names;
use crate::config::Config;
use crate::emit::cloudevents::{Attribute, Form, Mapping};
use crate::emit::encode::rust::string;
use crate::emit::header;
use crate::model::Workspace;

/// What the template sees; every text in it is a finished token of its sink.
#[derive(Serialize)]
pub(super) struct View {
    header: String,
    /// The path of the envelope's type.
    envelope: String,
    /// The table of attributes, and that of schemas.
    attributes: String,
    schemas: String,
}

pub(super) fn view(workspace: &Workspace, config: &Config, mapping: &Mapping) -> View {
    let record = &workspace.records[mapping.envelope];
    let attributes = Doc::Array("&", mapping.attributes.iter().map(attribute).collect());
    let schema = |(wire, id): (&String, &String)| Doc::call("", vec![Doc::text(string(wire)), Doc::text(string(id))]);
    let schemas = Doc::Array("&", mapping.schemas.iter().map(schema).collect());
    View {
        header: header::of_package(config),
        envelope: names::path(workspace, record.family, &names::record(record)),
        attributes: attributes.line(0, "static ATTRIBUTES: &[Attribute] = ", ";"),
        schemas: schemas.line(0, "static SCHEMAS: &[(&str, &str)] = ", ";"),
    }
}

fn attribute(attribute: &Attribute) -> Doc {
    let make = match attribute.form {
        Form::Plain => "Attribute::plain",
        Form::Json => "Attribute::json",
        Form::Reference => "Attribute::reference",
    };
    let nullable = if attribute.nullable { ".nullable()" } else { "" };
    Doc::text(format!("{make}({}, {}){nullable}", string(&attribute.field), string(&attribute.name)))
}
