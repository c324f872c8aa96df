//! A folder of contracts enters; YAML trees with places, then contracts as written, leave.

mod budget;
mod comments;
mod discover;
mod error;
pub mod fixtures;
mod foreign;
mod gate;
mod input;
mod project;
pub mod raw;
pub mod rules;
mod scalar;
pub mod shape;
mod syntax;
pub mod yaml;

pub use comments::{Comment, comments};
pub use discover::{Document, discover};
pub use error::Error;
pub use foreign::foreign_schemas;
pub use gate::admit;
pub use input::input;
pub use project::{CONFIG_FILE, Project, project};
pub use scalar::ambiguous;
