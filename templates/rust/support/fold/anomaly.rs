//! What happened enters; an anomaly with typed parameters and a text for people leaves.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::canonical::{self, Braces};
use super::super::json::{Json, Object};
use super::super::reader::{Read, Reader};
use super::super::shape::Choice;
use super::super::slots::{Written, broken};
use super::event::MOST_DEPTH;
use super::hash::Factors;

/// What a fold could not take as it stood. There may be one for every event: its parameters are kept as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its kind.
    pub kind: &'static str,
    /// The event it is about.
    pub event_id: Box<str>,
    /// For people.
    pub message: String,
    /// The canonical text of an object.
    params: Box<str>,
}

impl Recorded {
    /// An anomaly of an event.
    pub fn new<const N: usize>(
        kind: &'static str,
        event_id: &str,
        params: [(&str, Json); N],
        message: String,
    ) -> Self {
        Self::with(kind, event_id, params, [], message)
    }

    /// The same with more parameters: what every anomaly of a reducer carries.
    pub fn with<const N: usize, const M: usize>(
        kind: &'static str,
        event_id: &str,
        params: [(&str, Json); N],
        fields: [(&str, Json); M],
        message: String,
    ) -> Self {
        let members = params.iter().chain(&fields).map(|(name, value)| (*name, value));
        let mut members: Vec<(&str, &Json)> = members.collect();
        members.sort_by_key(|(name, _)| *name);
        let mut text = String::with_capacity(128);
        let mut braces = Braces::open(&mut text);
        for (at, (name, value)) in members.iter().enumerate() {
            // Of two of a name the later counts.
            if members.get(at + 1).is_none_or(|(next, _)| next != name) {
                canonical::json(value, braces.member(name));
            }
        }
        braces.close();
        Recorded { kind, event_id: event_id.into(), message, params: text.into() }
    }

    /// The anomaly of another reducer that carries this one.
    #[must_use]
    pub fn carried(self, kind: &'static str, message: String) -> Self {
        let mut text = String::with_capacity(128);
        let mut braces = Braces::open(&mut text);
        canonical::string(self.kind, braces.member("kind"));
        braces.member("params").push_str(&self.params);
        braces.close();
        Recorded { kind, event_id: self.event_id, message, params: text.into() }
    }

    /// Typed facts.
    pub fn params(&self) -> Object {
        match Json::of_checked(&self.params) {
            Json::Object(params) => params,
            _ => broken(),
        }
    }

    /// A parameter in a message, none where there is no such.
    pub fn param(&self, name: &str) -> Json {
        let mut reader = Reader::within(&self.params, MOST_DEPTH);
        match enter(&mut reader, name) {
            Ok(true) => reader.json().unwrap_or(Json::Null),
            _ => Json::Null,
        }
    }

    /// Writes it as it is printed.
    pub(super) fn write(&self, out: &mut String) {
        let mut braces = Braces::open(out);
        canonical::string(&self.event_id, braces.member("event_id"));
        canonical::string(self.kind, braces.member("kind"));
        canonical::string(&self.message, braces.member("message"));
        braces.member("params").push_str(&self.params);
        braces.close();
    }

    /// The anomaly of one of these kinds that was printed so.
    pub(super) fn from_json(value: &Json, kinds: &[&'static str]) -> Option<Self> {
        let Json::Object(members) = value else { return None };
        let text = |name: &str| match members.get(name)? {
            Json::String(text) => Some(text.clone()),
            _ => None,
        };
        let Some(Json::Object(params)) = members.get("params") else { return None };
        let named = text("kind")?;
        let kind = kinds.iter().copied().find(|kind| *kind == &*named)?;
        let (event_id, message) = (text("event_id")?, text("message")?.into());
        let anomaly = Recorded { kind, event_id, message, params: params.to_json().into() };
        (members.len() == 4).then_some(anomaly)
    }
}

/// Anomalies that are printed with a state without having been typed.
pub(super) struct Printed<'r>(pub(super) &'r [Recorded]);

impl Written for Printed<'_> {
    fn is_absent(&self) -> bool {
        false
    }

    fn write(&self, out: &mut String) {
        canonical::list(self.0, out, Recorded::write);
    }
}

/// The anomalies without those that say what another has said: kind, event and parameters make the identity.
pub(super) fn distinct(mut anomalies: Vec<Recorded>) -> Vec<Recorded> {
    let mut last: HashMap<(&str, &str), usize, Factors> = HashMap::default();
    last.reserve(anomalies.len());
    // Of each anomaly the one before it of its kind and event: mostly there is none.
    let mut before = Vec::with_capacity(anomalies.len());
    let mut is_new = Vec::with_capacity(anomalies.len());
    for (at, anomaly) in anomalies.iter().enumerate() {
        before.push(last.insert((&anomaly.event_id, anomaly.kind), at));
        let mut others = std::iter::successors(before[at], |&other| before[other]);
        is_new.push(!others.any(|other| anomalies[other].params == anomaly.params));
    }
    let mut is_new = is_new.into_iter();
    anomalies.retain(|_| is_new.next() == Some(true));
    anomalies
}

/// The text at a path into a payload as it was received, else a default.
pub fn raw_text(payload: &str, path: &[&str], default: &str) -> Json {
    Json::String(text_at(payload, path).unwrap_or(Cow::Borrowed(default)).into())
}

/// The member of an enum that stands at a path into a payload as it was received, else none.
pub fn raw_member(payload: &str, path: &[&str], choice: &Choice) -> Json {
    let index = text_at(payload, path).and_then(|text| choice.find(&text));
    index.map_or(Json::Null, |index| Json::String(choice.values[usize::from(index)].into()))
}

/// The string at a path.
fn text_at<'p>(payload: &'p str, path: &[&str]) -> Option<Cow<'p, str>> {
    let mut reader = Reader::within(payload, MOST_DEPTH);
    reader.space();
    for key in path {
        if !enter(&mut reader, key).is_ok_and(|is_there| is_there) {
            return None;
        }
    }
    if reader.peek() == b'"' { reader.string().ok() } else { None }
}

/// Goes to the value of a member, if there is an object that has it.
fn enter(reader: &mut Reader<'_>, name: &str) -> Read<bool> {
    let mut more = reader.peek() == b'{' && !reader.open(b'}')?;
    while more {
        if reader.key()? == name {
            return Ok(true);
        }
        reader.skip()?;
        more = reader.more(b'}')?;
    }
    Ok(false)
}
