//! JSON as the contract language sees it: bytes enter, values leave, canonical text goes out again.

mod canonical;
mod places;
mod read;

use std::collections::BTreeMap;

pub use canonical::{canonical, digest, number};
pub use places::Places;
pub use read::{MAX_BYTES, MAX_DEPTH, read, read_within};

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

impl Value {
    /// An object of these members.
    pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The word for its kind in errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(key),
            _ => None,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(if number == 0.0 { 0.0 } else { number })
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}
