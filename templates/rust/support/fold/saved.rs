//! A fold enters; what is saved of it leaves as canonical JSON, and such a text goes back into a fold, checked.

use std::fmt;

use super::super::canonical;
use super::super::doors::read_text;
use super::super::json::{Json, Object};
use super::super::path::Path;
use super::super::reader::Reader;
use super::super::shape::Kind;
use super::super::slots::{Slot, Written};
use super::anomaly::{Printed, Recorded};
use super::event::Entry;
use super::folding::{Fold, Folding, Route, Tally};
use super::value::slot_text;

/// How many brackets may be open at once in what is saved: those of an envelope, and those around it.
const MOST_DEPTH: u32 = 512;

/// A text is nothing that this reducer saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSaved {
    /// Another reducer did.
    OtherReducer,
    /// The reducer of another version of the contract did.
    OtherVersion,
    /// Nothing that saves does write such a text.
    Damaged,
}

impl fmt::Display for NotSaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotSaved::OtherReducer => "another reducer saved this",
            NotSaved::OtherVersion => "the reducer of another version of the contract saved this",
            NotSaved::Damaged => "this is no saved state",
        })
    }
}

impl std::error::Error for NotSaved {}

/// An object of members in order, each with its text.
pub(super) fn object<'n>(members: impl IntoIterator<Item = (&'n str, String)>) -> String {
    let mut out = "{".to_owned();
    for (name, text) in members {
        if out.len() > 1 {
            out.push(',');
        }
        canonical::string(name, &mut out);
        out.push(':');
        out.push_str(&text);
    }
    out.push('}');
    out
}

fn text_of(value: &dyn Written) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// The members of a text that is an object.
pub(super) fn read(text: &str) -> Result<Object, NotSaved> {
    let mut reader = Reader::within(text, MOST_DEPTH);
    reader.space();
    match reader.json().and_then(|value| reader.finish().map(|()| value)) {
        Ok(Json::Object(members)) => Ok(members),
        _ => Err(NotSaved::Damaged),
    }
}

/// A member that is a text.
pub(super) fn text<'m>(members: &'m Object, name: &str) -> Result<&'m str, NotSaved> {
    match members.get(name) {
        Some(Json::String(text)) => Ok(text),
        _ => Err(NotSaved::Damaged),
    }
}

/// A member that is a list.
pub(super) fn list<'m>(members: &'m Object, name: &str) -> Result<&'m [Json], NotSaved> {
    match members.get(name) {
        Some(Json::Array(items)) => Ok(items),
        _ => Err(NotSaved::Damaged),
    }
}

fn members<'m>(members: &'m Object, name: &str) -> Result<&'m Object, NotSaved> {
    match members.get(name) {
        Some(Json::Object(members)) => Ok(members),
        _ => Err(NotSaved::Damaged),
    }
}

/// The two items of a list of two.
pub(super) fn pair(value: &Json) -> Result<&[Json; 2], NotSaved> {
    match value {
        Json::Array(items) => items.as_slice().try_into().map_err(|_| NotSaved::Damaged),
        _ => Err(NotSaved::Damaged),
    }
}

/// The place that a number is.
pub(super) fn index(value: &Json) -> Option<usize> {
    value.to_json().parse().ok()
}

fn recorded<F: Fold>(value: &Json) -> Result<Recorded, NotSaved> {
    Recorded::from_json(value, F::KINDS).ok_or(NotSaved::Damaged)
}

impl<F: Fold> Folding<F> {
    pub(super) fn save_fold(&self) -> String {
        let printed = |all: &[Recorded]| text_of(&Printed(all));
        let number = |number: u64| number.to_string();
        let id = |id: &Option<Box<str>>| id.as_ref().map(|id| Json::String(id.clone()).to_json());
        let Tally { deduped, consumed, last_deduped, last_consumed } = &self.tally;
        let last = [("consumed", id(last_consumed)), ("deduped", id(last_deduped))];
        let last = last.into_iter().filter_map(|(name, id)| Some((name, id?)));
        let mut delegates: Vec<_> = F::DELEGATES
            .iter()
            .enumerate()
            .filter_map(|(index, name)| Some((*name, self.fold.delegate_as_it_is(index)?.save())))
            .collect();
        delegates.sort_by_key(|(name, _)| *name);
        let mut slots: Vec<_> = F::SLOTS.iter().enumerate().map(|(at, slot)| (slot, self.fold.saved(at))).collect();
        slots.sort_by_key(|(slot, _)| slot.name);
        let slots = slots.iter().map(|(slot, value)| (slot.name, slot_text(slot.kind, value)));
        let anomalies = [
            ("fold", printed(self.fold.recorded_so_far())),
            ("parse", printed(&self.refused)),
            ("unknown", printed(&self.unknown)),
        ];
        object([
            ("anomalies", object(anomalies)),
            ("counts", object([("consumed", number(*consumed)), ("deduped", number(*deduped))])),
            ("delegates", object(delegates)),
            ("last", object(last)),
            ("open", array(self.groups.waiting().map(|event| event.whole.clone().unwrap_or_default()))),
            ("slots", object(slots.filter(|(_, text)| text != "null"))),
        ])
    }

    pub(super) fn resume_fold(&mut self, saved: &Json) -> Result<(), NotSaved> {
        let Json::Object(saved) = saved else { return Err(NotSaved::Damaged) };
        if saved.len() != 6 {
            return Err(NotSaved::Damaged);
        }
        self.resume_slots(members(saved, "slots")?)?;
        let anomalies = members(saved, "anomalies")?;
        let all = |name| list(anomalies, name)?.iter().map(recorded::<F>).collect::<Result<Vec<_>, _>>();
        *self.fold.recorded() = all("fold")?;
        (self.refused, self.unknown) = (all("parse")?, all("unknown")?);
        let counts = members(saved, "counts")?;
        let number = |name| counts.get(name).and_then(index).map(|it| it as u64).ok_or(NotSaved::Damaged);
        let last = members(saved, "last")?;
        let id = |name| last.get(name).map(|_| text(last, name).map(Box::from)).transpose();
        self.tally = Tally {
            deduped: number("deduped")?,
            consumed: number("consumed")?,
            last_deduped: id("deduped")?,
            last_consumed: id("consumed")?,
        };
        let delegates = members(saved, "delegates")?;
        if delegates.len() != F::DELEGATES.len() {
            return Err(NotSaved::Damaged);
        }
        for (at, name) in F::DELEGATES.iter().enumerate() {
            let part = self.fold.delegate(at).ok_or(NotSaved::Damaged)?;
            part.resume(delegates.get(*name).ok_or(NotSaved::Damaged)?)?;
        }
        for envelope in list(saved, "open")? {
            self.resume_open(envelope)?;
        }
        Ok(())
    }

    fn resume_slots(&mut self, slots: &Object) -> Result<(), NotSaved> {
        let is_known = |name: &str| F::SLOTS.iter().any(|slot| slot.name == name);
        if !slots.keys().all(|name| is_known(name)) {
            return Err(NotSaved::Damaged);
        }
        for (at, slot) in F::SLOTS.iter().enumerate() {
            let text = slots.get(slot.name).map_or_else(|| "null".to_owned(), Json::to_json);
            let mut value = Slot::None;
            let kind: &'static Kind = slot.kind;
            read_text(text.as_bytes(), usize::MAX, |decoder| decoder.value(kind, &mut value, &Path::Root))
                .map_err(|_| NotSaved::Damaged)?;
            self.fold.restore(at, value);
        }
        self.fold.settle();
        Ok(())
    }

    /// An event that waited for its group waits again; it was counted before.
    fn resume_open(&mut self, envelope: &Json) -> Result<(), NotSaved> {
        let text = envelope.to_json();
        let entry = Entry::of_line::<F::Envelope>(text.as_bytes(), F::LOG, F::payload_kind).map_err(|_| NotSaved::Damaged)?;
        let Some(Route::Own(index)) = F::route(entry.event_type()) else { return Err(NotSaved::Damaged) };
        if F::TOGETHER.is_none() || !self.groups.admit(&entry) {
            return Err(NotSaved::Damaged);
        }
        let (event, payload) = entry.event::<F>(true);
        let refused = self.refused.len();
        self.consume(index, event, payload, true);
        if self.refused.len() == refused { Ok(()) } else { Err(NotSaved::Damaged) }
    }
}
