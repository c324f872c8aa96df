//! JSON Schemas enter; the declarations that say the same in the language leave, as a contract would write them, with a
//! list of what they do not say.

mod annotations;
mod bounded;
mod conditions;
mod defined;
mod documents;
mod emitted;
mod enumeration;
mod losses;
mod made;
mod names;
mod object;
mod parts;
mod rules;
mod shape;
mod union;

pub use documents::{Document, Documents};
pub use emitted::Origin;
pub use losses::{Loss, LossKind};
pub use made::Made;
pub use parts::{bare, pascal};
pub use shape::{Shaper, Style};

use crate::json::Value;

/// The version of a contract that has no earlier one.
pub const FIRST_VERSION: &str = "1.0.0";

/// The name of the declaration that is made for a foreign name where it is called `External`.
pub fn external_name(name: &str) -> String {
    format!("External{}", pascal(name))
}

/// The definitions of a document: where each stands, its key, and itself.
pub fn definitions(schema: &Value) -> impl Iterator<Item = (String, &str, &Value)> {
    ["$defs", "definitions"].into_iter().flat_map(move |group| {
        let defined = parts::members(schema.get(group));
        defined.map(move |(key, definition)| (parts::child(&format!("#/{group}"), key), key, definition))
    })
}
