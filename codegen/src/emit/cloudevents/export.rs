//! A mapping enters; a JSON document of it leaves, for those who bind `CloudEvents` without a package.

use serde_json::{Map, Value, json};

use super::{Form, Mapping, base};
use crate::config::Config;
use crate::emit::header;
use crate::model::{Format, Primitive, Text, Workspace};

/// Which field is which attribute, and the schema of each event's data.
pub fn document(workspace: &Workspace, config: &Config, mapping: &Mapping) -> String {
    let record = &workspace.records[mapping.envelope];
    let attributes: Map<String, Value> = mapping
        .attributes
        .iter()
        .map(|attribute| {
            let field = &record.fields[record.field(&attribute.field).expect("an attribute is a field")];
            let required = !workspace.is_optional(&field.ty);
            let ty = match (attribute.form, base(workspace, &field.ty)) {
                (Form::Reference, _) => "URI-reference",
                (_, Some(Primitive::String(Text { format: Some(Format::DateTime), .. }))) => "Timestamp",
                (_, Some(Primitive::String(Text { format: Some(Format::HttpUrl), .. }))) => "URI",
                (Form::Plain, Some(Primitive::Bool)) => "Boolean",
                (Form::Plain, Some(Primitive::Int(_))) => "Integer",
                _ => "String",
            };
            let row =
                json!({"field": attribute.field, "form": attribute.form.as_str(), "type": ty, "required": required});
            (attribute.name.clone(), row)
        })
        .collect();
    let document = json!({
        "$comment": header::of_package(config),
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "envelope": {"family": workspace.families[record.family].meta.name, "name": record.meta.name},
        "attributes": attributes,
        "data": {"field": "payload"},
        "dataschema": mapping.schemas,
    });
    format!("{document:#}\n")
}
