//! What happened enters; an anomaly with typed parameters and a text for people leaves.

use std::collections::HashMap;

use super::super::json::{Json, Object};
use super::super::shape::Choice;
use super::hash::Factors;

/// What a fold could not take as it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its kind.
    pub kind: Box<str>,
    /// The event it is about.
    pub event_id: Box<str>,
    /// Typed facts.
    pub params: Object,
    /// For people.
    pub message: String,
}

impl Recorded {
    /// An anomaly of an event.
    pub fn new<const N: usize>(kind: &str, event_id: &str, params: [(&str, Json); N], message: String) -> Self {
        let params = params.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Recorded { kind: kind.into(), event_id: event_id.into(), params, message }
    }

    /// The same with more parameters: what every anomaly of a reducer carries.
    #[must_use]
    pub fn with<const N: usize>(mut self, fields: [(&str, Json); N]) -> Self {
        self.params.extend(fields.map(|(name, value)| (name.into(), value)));
        self
    }

    /// The anomaly of another reducer that carries this one.
    #[must_use]
    pub fn carried(self, kind: &str, message: String) -> Self {
        let params = [("kind", Json::String(self.kind)), ("params", Json::Object(self.params))];
        Recorded::new(kind, &self.event_id, params, message)
    }

    /// A parameter in a message, none where there is no such.
    pub fn param(&self, name: &str) -> Json {
        self.params.get(name).cloned().unwrap_or(Json::Null)
    }

    /// As it is printed.
    pub fn to_json(&self) -> Json {
        let text = |text: &str| Json::String(text.into());
        Json::Object(
            [
                ("event_id", text(&self.event_id)),
                ("kind", text(&self.kind)),
                ("message", text(&self.message)),
                ("params", Json::Object(self.params.clone())),
            ]
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
        )
    }

    /// The anomaly that was printed so.
    pub(super) fn from_json(value: &Json) -> Option<Self> {
        let Json::Object(members) = value else { return None };
        let text = |name: &str| match members.get(name)? {
            Json::String(text) => Some(text.clone()),
            _ => None,
        };
        let Some(Json::Object(params)) = members.get("params") else { return None };
        let message = text("message")?.into();
        let anomaly = Recorded { kind: text("kind")?, event_id: text("event_id")?, params: params.clone(), message };
        (members.len() == 4).then_some(anomaly)
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
        before.push(last.insert((&anomaly.event_id, &anomaly.kind), at));
        let mut others = std::iter::successors(before[at], |&other| before[other]);
        is_new.push(!others.any(|other| anomalies[other].params == anomaly.params));
    }
    let mut is_new = is_new.into_iter();
    anomalies.retain(|_| is_new.next() == Some(true));
    anomalies
}

/// The text at a path into a payload as it was received, else a default.
pub fn raw_text(payload: &Json, path: &[&str], default: &str) -> Json {
    match at_path(payload, path) {
        Some(text @ Json::String(_)) => text.clone(),
        _ => Json::String(default.into()),
    }
}

/// The member of an enum that stands at a path into a payload as it was received, else none.
pub fn raw_member(payload: &Json, path: &[&str], choice: &Choice) -> Json {
    let Some(Json::String(text)) = at_path(payload, path) else { return Json::Null };
    choice.find(text).map_or(Json::Null, |index| Json::String(choice.values[usize::from(index)].into()))
}

fn at_path<'v>(payload: &'v Json, path: &[&str]) -> Option<&'v Json> {
    path.iter().try_fold(payload, |value, key| match value {
        Json::Object(members) => members.get(*key),
        _ => None,
    })
}
