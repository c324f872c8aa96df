//! How events become `CloudEvents` enters; what the module `cloudevents` says leaves.

use serde::Serialize;

use super::identifiers::Identifiers;
use crate::config::Config;
use crate::emit::cloudevents::{Attribute, Form, Mapping};
use crate::emit::encode::python::string;
use crate::emit::header;
use crate::model::Workspace;

/// What the template sees; every text in it is a finished token of its sink.
#[derive(Serialize)]
pub(super) struct View {
    header: String,
    /// The module of the envelope, and its class.
    module: String,
    envelope: String,
    /// The arguments of each attribute.
    attributes: Vec<String>,
    schemas: Vec<SchemaView>,
}

#[derive(Serialize)]
struct SchemaView {
    event_type: String,
    id: String,
}

pub(super) fn view(workspace: &Workspace, config: &Config, names: &Identifiers, mapping: &Mapping) -> View {
    let family = workspace.records[mapping.envelope].family;
    let schema = |(wire, id): (&String, &String)| SchemaView { event_type: string(wire), id: string(id) };
    View {
        header: header::of_package(config),
        module: names.families[usize::from(family)].module.clone(),
        envelope: names.records[usize::from(mapping.envelope)].clone(),
        attributes: mapping.attributes.iter().map(attribute).collect(),
        schemas: mapping.schemas.iter().map(schema).collect(),
    }
}

fn attribute(attribute: &Attribute) -> String {
    let mut arguments = vec![string(&attribute.field), string(&attribute.name)];
    if attribute.form != Form::Plain {
        arguments.push(string(attribute.form.as_str()));
    }
    if attribute.nullable {
        arguments.push("nullable=True".to_owned());
    }
    arguments.join(", ")
}
