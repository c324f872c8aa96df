//! What is said about expressions.

use crate::diagnostic::{Rule, rule};

/// The text is not of the grammar.
pub const EXPRESSION_SYNTAX: Rule = rule!("expression-syntax", Error);
/// Operands do not fit.
pub const EXPRESSION_TYPE: Rule = rule!("expression-type", Error);
/// Floats compared for equality.
pub const FLOAT_EQUALITY: Rule = rule!("float-equality", Error);
/// A map read where its key may be missing.
pub const UNCHECKED_KEY: Rule = rule!("unchecked-key", Error);
/// An `opt` used where it may be none.
pub const UNCHECKED_OPT: Rule = rule!("unchecked-opt", Error);
/// A name that nothing declares.
pub const UNKNOWN_NAME: Rule = rule!("unknown-name", Error);

/// All of them.
pub const RULES: &[&Rule] =
    &[&EXPRESSION_SYNTAX, &EXPRESSION_TYPE, &FLOAT_EQUALITY, &UNCHECKED_KEY, &UNCHECKED_OPT, &UNKNOWN_NAME];
