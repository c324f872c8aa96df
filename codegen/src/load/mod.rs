//! A folder of contracts enters; YAML trees with places, then contracts as written, leave.

pub mod yaml;
