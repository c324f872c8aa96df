//! JSON of no declared type enters and is kept as values: what `json` and `object` fields hold.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use super::canonical;
use super::fault::Faults;
use super::number::Number;
use super::reader::Reader;
use super::text_stage;

/// The members of a JSON object, by key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object(BTreeMap<Box<str>, Json>);

impl Object {
    /// No members.
    pub const fn new() -> Self {
        Object(BTreeMap::new())
    }

    /// The canonical text.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        canonical::object(self, &mut out);
        out
    }
}

impl Deref for Object {
    type Target = BTreeMap<Box<str>, Json>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Object {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl FromIterator<(Box<str>, Json)> for Object {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Json)>>(members: I) -> Self {
        Object(members.into_iter().collect())
    }
}

/// A JSON value. Numbers are binary64, the order of members carries nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// A string.
    String(Box<str>),
    /// Values in order.
    Array(Vec<Json>),
    /// Members by key.
    Object(Object),
}

impl Json {
    /// Reads JSON text under the limits of every contract: 1 MiB, depth 64, no key twice.
    ///
    /// # Errors
    /// The one reason why the text is refused.
    pub fn from_json(text: &[u8]) -> Result<Self, Faults> {
        let read = |mut reader: Reader<'_>| {
            reader.space();
            let value = reader.json()?;
            reader.finish()?;
            Ok(value)
        };
        text_stage::open(text, text_stage::MOST_BYTES)
            .and_then(|text| read(Reader::new(text)))
            .map_err(|_| text_stage::diagnose(text, text_stage::MOST_BYTES))
    }

    /// The canonical text.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        canonical::json(self, &mut out);
        out
    }

    /// The value in a message: strings as they are, a list joined, none as `null`.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Json::String(text) => Cow::Borrowed(text),
            Json::Array(items) => Cow::Owned(items.iter().map(Json::shown).collect::<Vec<_>>().join(", ")),
            other => Cow::Owned(other.to_json()),
        }
    }

    /// A value whose text is known to be good.
    pub(super) fn of_checked(text: &str) -> Self {
        match Reader::new(text).json() {
            Ok(value) => value,
            Err(_) => unreachable!("the text was read before"),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}
