//! The name of a JSON Schema enters; its text leaves.

use crate::files::SCHEMAS;

/// The names of all schemas, in order.
pub fn list_schemas() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// The text of the schema of this name.
pub fn load_schema(name: &str) -> Option<&'static str> {
    schemas().find(|(other, _)| *other == name).map(|(_, text)| text)
}

/// Name and text of every schema.
pub fn schemas() -> impl Iterator<Item = (&'static str, &'static str)> {
    SCHEMAS.iter().copied()
}
