//! A folder of contracts enters; YAML trees with places, then contracts as written, leave.

mod budget;
pub mod fixtures;
mod gate;
pub mod rules;
mod scalar;
pub mod yaml;

pub use gate::admit;
pub use scalar::ambiguous;
