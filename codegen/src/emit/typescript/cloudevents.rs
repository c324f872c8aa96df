//! How events become `CloudEvents` enters; what the module `cloudevents` says leaves.

use serde::Serialize;

use super::names;
use crate::config::Config;
use crate::emit::cloudevents::{Attribute, Form, Mapping};
use crate::emit::encode::typescript::string;
use crate::emit::header;
use crate::model::Workspace;

/// What the template sees; every text in it is a finished token of its sink.
#[derive(Serialize)]
pub(super) struct View {
    header: String,
    /// The module of the envelope, and its type.
    module: String,
    envelope: String,
    /// An object for each attribute.
    attributes: Vec<String>,
    schemas: Vec<SchemaView>,
}

#[derive(Serialize)]
struct SchemaView {
    event_type: String,
    id: String,
}

pub(super) fn view(workspace: &Workspace, config: &Config, mapping: &Mapping) -> View {
    let record = &workspace.records[mapping.envelope];
    let schema = |(wire, id): (&String, &String)| SchemaView { event_type: string(wire), id: string(id) };
    View {
        header: header::of_package(config),
        module: names::module(&workspace.families[record.family]),
        envelope: names::record(record),
        attributes: mapping.attributes.iter().map(attribute).collect(),
        schemas: mapping.schemas.iter().map(schema).collect(),
    }
}

fn attribute(attribute: &Attribute) -> String {
    let mut members =
        vec![format!("field: {}", string(&attribute.field)), format!("name: {}", string(&attribute.name))];
    if attribute.form != Form::Plain {
        members.push(format!("form: {}", string(attribute.form.as_str())));
    }
    if attribute.nullable {
        members.push("nullable: true".to_owned());
    }
    format!("{{ {} }}", members.join(", "))
}
