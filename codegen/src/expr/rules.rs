//! What is said about expressions.

use crate::diagnostic::rules;

rules! {
    EXPRESSION_SYNTAX = "expression-syntax", Error;
    EXPRESSION_TYPE = "expression-type", Error;
    FLOAT_EQUALITY = "float-equality", Error;
    UNCHECKED_KEY = "unchecked-key", Error;
    UNCHECKED_OPT = "unchecked-opt", Error;
    UNKNOWN_NAME = "unknown-name", Error;
}
