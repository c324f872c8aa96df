//! Values of any serde format enter, rewritten as JSON text for the one decoder; typed values leave as any format.
//!
//! This door is weaker than `from_json`: limits of size and the spelling of numbers are those of the other format's
//! reader. Commands, reducers and tests use the text door.

use std::fmt;

use serde_core::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeMap, Serializer};

use super::canonical;
use super::doors;
use super::json::Json;
use super::number::write_float;
use super::reader::MOST_DEPTH;
use super::shape::{Absent, Kind, Shape};
use super::slots::{Slot, Value, broken};

/// Reads a typed value.
///
/// # Errors
/// Those of the deserializer, and every fault of the value.
pub fn read<'de, T: Value, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut text = String::new();
    Rewriter { out: &mut text, depth: 0 }.deserialize(deserializer)?;
    doors::value_from(text.as_bytes(), usize::MAX).map_err(de::Error::custom)
}

/// Writes what it visits as JSON text.
struct Rewriter<'o> {
    out: &'o mut String,
    depth: u32,
}

impl<'de> DeserializeSeed<'de> for Rewriter<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Rewriter<'_> {
    fn deeper<E: de::Error>(&mut self) -> Result<Rewriter<'_>, E> {
        if self.depth == MOST_DEPTH {
            return Err(E::custom("`too_deep`"));
        }
        Ok(Rewriter { out: self.out, depth: self.depth + 1 })
    }
}

impl<'de> Visitor<'de> for Rewriter<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the JSON data model")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.out.push_str(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.out.push_str(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        if !value.is_finite() {
            return Err(E::custom("`number_not_finite`"));
        }
        write_float(value, self.out);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        canonical::string(text, self.out);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.out.push_str("null");
        Ok(())
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.out.push('[');
        while items.next_element_seed(self.deeper()?)?.is_some() {
            self.out.push(',');
        }
        close(self.out, ']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.out.push('{');
        while let Some(key) = members.next_key::<Key>()? {
            canonical::string(&key.0, self.out);
            self.out.push(':');
            members.next_value_seed(self.deeper()?)?;
            self.out.push(',');
        }
        close(self.out, '}');
        Ok(())
    }
}

/// Puts the end of a container in place of the comma behind its last item.
fn close(out: &mut String, end: char) {
    if out.ends_with(',') {
        out.pop();
    }
    out.push(end);
}

struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(Key(key.to_owned()))
    }
}

/// Writes a typed value.
///
/// # Errors
/// Those of the serializer.
pub fn write<T: Value, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    Out(T::KIND, &value.to_slot()).serialize(serializer)
}

struct Out<'o>(&'static Kind, &'o Slot<'o>);

impl Serialize for Out<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.1) {
            (_, Slot::None) => serializer.serialize_unit(),
            (_, Slot::Bool(value)) => serializer.serialize_bool(*value),
            (Kind::Int(_), Slot::Int(value)) => serializer.serialize_i64(*value),
            (_, Slot::Float(value)) => serializer.serialize_f64(*value),
            (_, Slot::Json(value)) => value.serialize(serializer),
            (_, Slot::Object(members)) => serializer.collect_map(members.iter()),
            (_, Slot::Raw(text)) => Json::of_checked(text).serialize(serializer),
            (Kind::Opt(kind), slot) => Out(kind, slot).serialize(serializer),
            (Kind::List(item, _) | Kind::Set(item, _), Slot::List(items)) => {
                serializer.collect_seq(items.iter().map(|slot| Out(item, slot)))
            }
            (Kind::Tuple(kinds), Slot::List(items)) => {
                serializer.collect_seq(kinds.iter().zip(items).map(|(kind, slot)| Out(kind, slot)))
            }
            (Kind::Map(key, value, _), Slot::Map(members)) => {
                serializer.collect_map(members.iter().map(|(name, slot)| (Out(key, name), Out(value, slot))))
            }
            (Kind::Record(shape), Slot::List(slots)) => record(shape(), slots, None, serializer),
            (Kind::Tagged(union), Slot::Variant(index, fields)) => {
                let variant = usize::from(*index);
                let tag = (union.tag, union.values.values[variant]);
                record(union.variants[variant](), fields.items(), Some(tag), serializer)
            }
            (Kind::Untagged(kinds), Slot::Variant(index, value)) => {
                Out(kinds[usize::from(*index)], value).serialize(serializer)
            }
            (kind, slot) => serializer.serialize_str(&canonical::key(kind, slot)),
        }
    }
}

fn record<S: Serializer>(
    shape: &Shape,
    slots: &[Slot<'_>],
    tag: Option<(&str, &str)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut members = serializer.serialize_map(None)?;
    if let Some((key, text)) = tag {
        members.serialize_entry(key, text)?;
    }
    for (place, slot) in slots.iter().enumerate() {
        let Some(field) = shape.field(place) else { broken() };
        if !slot.is_none() || field.absent != Absent::None {
            members.serialize_entry(field.name, &Out(field.kind, slot))?;
        }
    }
    members.end()
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => serializer.serialize_f64(number.get()),
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(items) => serializer.collect_seq(items),
            Json::Object(members) => serializer.collect_map(members.iter()),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}
