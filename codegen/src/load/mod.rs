//! A folder of contracts enters; YAML trees with places, then contracts as written, leave.

mod baseline;
mod budget;
mod bundle;
mod comments;
mod discover;
mod error;
mod files;
pub mod fixtures;
mod foreign;
mod gate;
mod git;
mod hooks;
mod input;
mod project;
pub mod raw;
pub mod rules;
mod scalar;
mod schemas;
pub mod shape;
mod syntax;
pub mod yaml;

pub use baseline::{Baseline, BaselineError, baseline};
pub use bundle::bundle;
pub use comments::{Comment, comments};
pub use discover::{Document, discover, discover_in};
pub use error::Error;
pub use files::Files;
pub use foreign::foreign_schemas;
pub use gate::admit;
pub use git::GitError;
pub use hooks::hook_files;
pub use input::input;
pub use project::{CONFIG_FILE, Project, project};
pub use scalar::ambiguous;
pub use schemas::schema_files;
