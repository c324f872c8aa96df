//! Event contracts enter, generated packages leave:
//! load -> resolve -> model -> { analyze + lint | breaking | emit } -> plan -> write | check.

pub mod config;
pub mod diagnostic;
pub mod emit;
pub mod expr;
pub mod fault;
pub mod interpret;
pub mod json;
pub mod load;
pub mod model;
pub mod output;
pub mod pattern;
pub mod source;
