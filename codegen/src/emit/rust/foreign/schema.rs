//! The shapes of foreign types enter; a JSON Schema of their structure alone leaves, without bounds and texts.

use serde_json::{Map, Value, json};

use crate::emit::casing;
use crate::model::{External, Presence, Primitive, RecordId, Type, UnionForm, UnionId, Workspace};

/// What stands before the names that resolving made.
const PREFIX: &str = "External";

/// The name of the Rust type for a foreign name.
pub(super) fn type_name(name: &str) -> String {
    let name = casing::pascal(name);
    name.strip_prefix(PREFIX).filter(|rest| !rest.is_empty()).map_or(name.clone(), str::to_owned)
}

/// Definitions, by the names of their Rust types.
pub(super) struct Schema<'w> {
    workspace: &'w Workspace,
    definitions: Map<String, Value>,
}

impl<'w> Schema<'w> {
    pub fn of(workspace: &'w Workspace, externals: &[&External]) -> Self {
        let mut schema = Self { workspace, definitions: Map::new() };
        for external in externals {
            let name = type_name(&external.name);
            let value = schema.ty(&external.shape);
            schema.definitions.entry(name).or_insert(value);
        }
        schema
    }

    /// The whole, as drafts before 2019 write it, which `typify` reads.
    pub fn root(self) -> Value {
        json!({"definitions": self.definitions})
    }

    fn ty(&mut self, ty: &Type) -> Value {
        let workspace = self.workspace;
        match ty {
            Type::Primitive(primitive) => of_primitive(primitive),
            Type::Scalar(id) => of_primitive(&workspace.scalars[*id].primitive),
            Type::Named(id) => self.ty(&workspace.types[*id].ty),
            Type::External(id) => self.ty(&workspace.externals[*id].shape),
            Type::Enum(of) => {
                let declared = &workspace.enums[of.id];
                let texts: Vec<&str> = declared.values.iter().map(|value| value.text.as_str()).collect();
                self.define(&declared.meta.name, |_| json!({"type": "string", "enum": texts}))
            }
            Type::Record(id) => {
                let name = &workspace.records[*id].meta.name;
                self.define(name, |schema| schema.record(*id, None))
            }
            Type::Union(id) => {
                let name = &workspace.unions[*id].meta.name;
                self.define(name, |schema| schema.union(*id))
            }
            Type::Opt(inner) => json!({"oneOf": [self.ty(inner), {"type": "null"}]}),
            Type::List(item, _) | Type::Set(item, _) => json!({"type": "array", "items": self.ty(item)}),
            Type::Map(_, value, _) => json!({"type": "object", "additionalProperties": self.ty(value)}),
            Type::Tuple(parts) => {
                let count = parts.len();
                let parts: Vec<Value> = parts.iter().map(|part| self.ty(part)).collect();
                json!({"type": "array", "items": parts, "minItems": count, "maxItems": count})
            }
        }
    }

    /// A reference to a definition, made once.
    fn define(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        let name = type_name(name);
        if !self.definitions.contains_key(&name) {
            let value = make(self);
            self.definitions.insert(name.clone(), value);
        }
        json!({"$ref": format!("#/definitions/{name}")})
    }

    fn record(&mut self, id: RecordId, tag: Option<(&str, &str)>) -> Value {
        let record = &self.workspace.records[id];
        let mut properties = Map::new();
        let mut required = Vec::new();
        if let Some((key, text)) = tag {
            properties.insert(key.to_owned(), json!({"type": "string", "enum": [text]}));
            required.push(key);
        }
        for field in &record.fields {
            let ty = match (&field.ty, &field.presence) {
                (Type::Opt(inner), Presence::Optional) => inner,
                (ty, _) => ty,
            };
            properties.insert(field.meta.name.clone(), self.ty(ty));
            if matches!(field.presence, Presence::Required | Presence::Nullable) {
                required.push(&field.meta.name);
            }
        }
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        if record.closed {
            object["additionalProperties"] = json!(false);
        }
        object
    }

    fn union(&mut self, id: UnionId) -> Value {
        let workspace = self.workspace;
        match &workspace.unions[id].form {
            UnionForm::Tagged { tag, tag_type, variants, .. } => {
                let texts = &workspace.enums[*tag_type].values;
                let variants =
                    variants.iter().map(|variant| self.record(variant.record, Some((tag, &texts[variant.value].text))));
                json!({"oneOf": variants.collect::<Vec<_>>()})
            }
            UnionForm::Untagged(types) => json!({"anyOf": types.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>()}),
        }
    }
}

fn of_primitive(primitive: &Primitive) -> Value {
    match primitive {
        Primitive::String(_) | Primitive::Int64(_) | Primitive::Uint64(_) => json!({"type": "string"}),
        Primitive::Int(_) => json!({"type": "integer"}),
        Primitive::Float(_) => json!({"type": "number"}),
        Primitive::Bool => json!({"type": "boolean"}),
        Primitive::Json => json!(true),
        Primitive::Object => json!({"type": "object"}),
    }
}
