//! An event in its envelope enters, a `CloudEvent` 1.0 leaves, and the other way round: a table says which field is which
//! attribute.

use std::io::{self, Write};

use super::doors;
use super::fault::{Code, Fault, Faults, Params};
use super::fold::{BadLine, Source};
use super::json::{Json, Object};
use super::shape::Kind;
use super::slots::Value;

/// How large a line may be.
const MOST_LINE_BYTES: usize = 4 << 20;

/// The field that is the data of a `CloudEvent`.
const PAYLOAD: &str = "payload";

/// How an envelope becomes attributes.
#[derive(Debug)]
pub struct Mapping {
    /// Every field of the envelope but the payload.
    pub attributes: &'static [Attribute],
    /// The `$id` of the schema of each event's payload, by event type.
    pub schemas: &'static [(&'static str, &'static str)],
    /// The kind of an event type's payload.
    pub find: fn(&str) -> Option<&'static Kind>,
}

/// A field that is an attribute.
#[derive(Debug)]
pub struct Attribute {
    field: &'static str,
    name: &'static str,
    form: Form,
    is_nullable: bool,
}

#[derive(Debug)]
enum Form {
    Plain,
    Json,
    Reference,
}

impl Attribute {
    /// An attribute that has the value of the field.
    pub const fn plain(field: &'static str, name: &'static str) -> Self {
        Attribute { field, name, form: Form::Plain, is_nullable: false }
    }

    /// An attribute that has the JSON text of the value.
    pub const fn json(field: &'static str, name: &'static str) -> Self {
        Attribute { field, name, form: Form::Json, is_nullable: false }
    }

    /// An attribute that has the value as a URI reference, percent-encoded.
    pub const fn reference(field: &'static str, name: &'static str) -> Self {
        Attribute { field, name, form: Form::Reference, is_nullable: false }
    }

    /// The same of a field that is null where there is no attribute.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Attribute { is_nullable: true, ..self }
    }

    fn write(&self, value: Json) -> Json {
        match (&self.form, value) {
            (Form::Json, value) => Json::String(value.to_json().into()),
            (Form::Reference, Json::String(text)) => Json::String(encoded(&text).into()),
            (_, value) => value,
        }
    }

    fn read(&self, value: &Json) -> Result<Json, (Code, Params)> {
        match (&self.form, value) {
            (Form::Plain, value) => Ok(value.clone()),
            (_, value) if !matches!(value, Json::String(_)) => {
                Err((Code::Type, Params::Kinds { expected: "string", got: kind_of(value) }))
            }
            (Form::Json, Json::String(text)) => {
                doors::value_from(text.as_bytes(), MOST_LINE_BYTES).map_err(|_| (Code::Format, Params::Format("json")))
            }
            (_, Json::String(text)) => match decoded(text) {
                Some(text) => Ok(Json::String(text.into())),
                None => Err((Code::Format, Params::Format("uri-reference"))),
            },
            _ => unreachable!("only strings are left"),
        }
    }
}

/// The `CloudEvent` of an event.
///
/// # Errors
/// What the contract of the payload refuses, and text that no attribute can hold.
pub fn to_cloud_event<E: Value>(mapping: &Mapping, envelope: &E) -> Result<Object, Faults> {
    let mut members = members_of(envelope);
    let payload = members.remove(PAYLOAD).unwrap_or(Json::Null);
    let event_type = text_of(members.get("event_type"));
    let mut faults = payload_faults(mapping, event_type.as_deref(), &payload, PAYLOAD);
    let mut event = Object::new();
    let mut put = |name: &str, value: Json| drop(event.insert(name.into(), value));
    for attribute in mapping.attributes {
        let value = members.remove(attribute.field).filter(|value| *value != Json::Null);
        let Some(value) = value.map(|value| attribute.write(value)) else { continue };
        if matches!(&value, Json::String(text) if text.chars().any(is_refused)) {
            faults.push(fault(attribute.field, Code::Format, Params::Format("cloudevents-string")));
        }
        put(attribute.name, value);
    }
    put("data", payload);
    put("datacontenttype", Json::String("application/json".into()));
    put("specversion", Json::String("1.0".into()));
    let schema = mapping.schemas.iter().find(|(of, _)| Some(*of) == event_type.as_deref());
    if let Some((_, id)) = schema {
        put("dataschema", Json::String((*id).into()));
    }
    reported(faults).map(|()| event)
}

/// The event of a `CloudEvent`. Attributes that no field has are left out.
///
/// # Errors
/// What is wrong with the form of the `CloudEvent`; else all that the contracts refuse. Paths are those of the
/// `CloudEvent`.
pub fn from_cloud_event<E: Value>(mapping: &Mapping, event: &Json) -> Result<E, Faults> {
    let Json::Object(event) = event else {
        return Err(Faults::one(Code::Type, Params::Kinds { expected: "object", got: kind_of(event) }));
    };
    let mut faults = form_faults(event);
    let mut members = Object::new();
    for attribute in mapping.attributes {
        match event.get(attribute.name).filter(|value| **value != Json::Null).map(|value| attribute.read(value)) {
            Some(Ok(value)) => drop(members.insert(attribute.field.into(), value)),
            Some(Err((code, params))) => faults.push(fault(attribute.name, code, params)),
            None if attribute.is_nullable => drop(members.insert(attribute.field.into(), Json::Null)),
            None => {}
        }
    }
    reported(faults)?;
    members.extend(event.get("data").map(|data| (PAYLOAD.into(), data.clone())));
    let event_type = text_of(members.get("event_type"));
    let mut payload = members.get(PAYLOAD).cloned();
    let envelope = doors::from_value(&Json::Object(members));
    let mut faults = Vec::new();
    match &envelope {
        Ok(envelope) if payload.is_none() => payload = members_of::<E>(envelope).remove(PAYLOAD),
        Ok(_) => {}
        Err(refused) => faults.extend(refused.as_slice().iter().map(|fault| moved(mapping, fault))),
    }
    if let Some(payload @ Json::Object(_)) = &payload {
        faults.extend(payload_faults(mapping, event_type.as_deref(), payload, "data"));
    }
    reported(faults)?;
    envelope
}

/// Writes the `CloudEvent` of each envelope that is a line, or the other way round where that is asked; what a line
/// lacks goes to `refuse`. Tells whether all lines were good.
///
/// # Errors
/// Those of reading and writing.
pub fn convert_lines<E: Value>(
    mapping: &Mapping,
    reverse: bool,
    source: &mut dyn Source,
    output: &mut dyn Write,
    refuse: &mut dyn FnMut(&BadLine),
) -> io::Result<bool> {
    let (mut number, mut all_good, mut line) = (0, true, Vec::new());
    while source.line(&mut line)? > 0 {
        number += 1;
        let converted = if reverse {
            let event = doors::value_from(&line, MOST_LINE_BYTES);
            event.and_then(|event| from_cloud_event::<E>(mapping, &event)).map(|envelope| doors::to_json(&envelope))
        } else {
            let envelope = doors::value_from::<E>(&line, MOST_LINE_BYTES);
            envelope.and_then(|envelope| to_cloud_event(mapping, &envelope)).map(|event| event.to_json())
        };
        match converted {
            Ok(text) => writeln!(output, "{text}")?,
            Err(faults) => {
                all_good = false;
                refuse(&BadLine { line: number, faults: Some(faults) });
            }
        }
        line.clear();
    }
    output.flush()?;
    Ok(all_good)
}

/// What a typed value is on the wire.
fn members_of<E: Value>(envelope: &E) -> Object {
    match Json::of_checked(&doors::to_json(envelope)) {
        Json::Object(members) => members,
        _ => unreachable!("an envelope is an object"),
    }
}

fn text_of(value: Option<&Json>) -> Option<Box<str>> {
    match value {
        Some(Json::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn fault(member: &str, code: Code, params: Params) -> Fault {
    Fault { code, path: format!("/{member}"), params }
}

/// What is wrong with a payload, below the member that holds it.
fn payload_faults(mapping: &Mapping, event_type: Option<&str>, payload: &Json, member: &str) -> Vec<Fault> {
    let kind = event_type.and_then(mapping.find);
    let refused = kind.and_then(|kind| doors::check_value(kind, payload).err());
    let below = |fault: Fault| Fault { path: format!("/{member}{}", fault.path), ..fault };
    refused.into_iter().flatten().map(below).collect()
}

/// What is wrong with the attributes that no field has.
fn form_faults(event: &Object) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut demand = |name: &str, is_needed: bool, is_right: fn(&str) -> bool| match event.get(name) {
        None | Some(Json::Null) if is_needed => faults.push(fault(name, Code::Required, Params::None)),
        None | Some(Json::Null) => {}
        Some(Json::String(text)) if is_right(text) => {}
        Some(Json::String(_)) => faults.push(fault(name, Code::Enum, Params::None)),
        Some(other) => {
            let params = Params::Kinds { expected: "string", got: kind_of(other) };
            faults.push(fault(name, Code::Type, params));
        }
    };
    demand("specversion", true, |text| text == "1.0");
    demand("datacontenttype", false, is_json);
    demand("dataschema", false, |_| true);
    if event.get("data_base64").is_some_and(|data| *data != Json::Null) {
        faults.push(fault("data_base64", Code::UnknownKey, Params::None));
    }
    faults
}

/// Whether this is the media type of JSON, whatever its parameters.
fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default();
    name.trim_matches([' ', '\t']).eq_ignore_ascii_case("application/json")
}

/// A fault of the envelope where it stands in the `CloudEvent`.
fn moved(mapping: &Mapping, fault: &Fault) -> Fault {
    let member = first(&fault.path);
    let known = mapping.attributes.iter().find(|attribute| attribute.field == member);
    let name = known.map_or(if member == PAYLOAD { "data" } else { member }, |attribute| attribute.name);
    let path = if fault.path.is_empty() {
        String::new()
    } else {
        format!("/{name}{}", &fault.path[1 + member.len()..])
    };
    Fault { path, ..fault.clone() }
}

/// The member that a path leads into.
fn first(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// The faults by member; those of one member are in order already.
fn reported(mut faults: Vec<Fault>) -> Result<(), Faults> {
    faults.sort_by(|one, other| first(&one.path).cmp(first(&other.path)));
    Faults::listed(faults)
}

fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// Whether no attribute may hold a character.
fn is_refused(c: char) -> bool {
    c.is_control() || matches!(u32::from(c), 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe
}

/// The text with all but unreserved characters percent-encoded.
fn encoded(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
            out.extend(['%', high, low]);
        }
    }
    out
}

/// The text that a reference encodes; none where that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first == b'%' {
            let [high, low, behind @ ..] = behind else { return None };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            bytes.push(u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()?);
            rest = behind;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}
