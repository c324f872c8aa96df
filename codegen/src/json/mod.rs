//! JSON as the contract language sees it: bytes enter, values leave, canonical text goes out again.

use std::collections::BTreeMap;

/// A JSON value in the data model of `docs/language.md`: numbers are binary64 (never minus zero), members unordered.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// Finite, minus zero read as zero.
    Number(f64),
    /// Unicode scalar values.
    String(String),
    /// In order.
    Array(Vec<Value>),
    /// By key; the order of a `BTreeMap` over UTF-8 is code point order.
    Object(BTreeMap<String, Value>),
}
