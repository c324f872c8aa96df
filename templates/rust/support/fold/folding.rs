//! Events in order enter, one at a time; the state they add up to and the anomalies on the way leave.

use std::borrow::Cow;
use std::fmt::Debug;

use super::super::canonical;
use super::super::fault::{Fault, Faults};
use super::super::json::Json;
use super::super::number::Int;
use super::super::shape::Kind;
use super::super::slots::{Record, Sink, Slot, Value};
use super::anomaly::{Printed, Recorded, distinct};
use super::event::{Entry, Event, Log};
use super::group::Groups;
use super::key::Key;
use super::payload::Payload;
use super::saved::NotSaved;

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It goes on.
    On,
    /// It was refused, or its end was declared: nothing behind it happens.
    Ended,
}

/// Who takes an event type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The reducer itself, by the index of the event among those it consumes.
    Own(usize),
    /// A reducer that takes part of the log, by its index.
    Delegate(usize),
}

/// How events that happened together are folded.
#[derive(Debug)]
pub struct Together {
    /// Events, by index, before which others give way.
    pub by: &'static [usize],
    /// Events, by index, that give way.
    pub over: &'static [usize],
}

/// A slot as it is saved.
#[derive(Debug)]
pub struct SavedSlot {
    /// Its name.
    pub name: &'static str,
    /// What it may hold; keys and values as lists of two where it is printed as they came in.
    pub kind: &'static Kind,
}

/// What the contract says of a reducer.
pub trait Fold: Sized + Debug {
    /// Its name.
    const NAME: &'static str;
    /// The version of its contract.
    const VERSION: &'static str;
    /// How its log is read.
    const LOG: &'static Log;
    /// All payloads are parsed before the fold.
    const PARSES_EAGERLY: bool = false;
    /// Its steps read the payload of the envelope as received.
    const READS_PAYLOAD: bool = false;
    /// How concurrent events are folded, where they are.
    const TOGETHER: Option<&'static Together> = None;
    /// What the payloads of the events that it consumes may be.
    const PAYLOADS: &'static [&'static Kind];
    /// The kinds of its anomalies.
    const KINDS: &'static [&'static str];
    /// The slots that are saved.
    const SLOTS: &'static [SavedSlot];
    /// The names of its delegates.
    const DELEGATES: &'static [&'static str] = &[];
    /// What events travel in.
    type Envelope: Record + Value + Debug + Clone;
    /// What its steps read of an envelope.
    type Head: Debug + Clone;
    /// The payload of an event that it consumes.
    type Input: Debug;
    /// What is printed.
    type State: Record + Value;

    /// The state without an event.
    fn new() -> Self;
    /// Who takes an event type.
    fn route(event_type: &str) -> Option<Route>;
    /// Takes what its steps read of an envelope.
    fn head(slots: &[Slot<'_>]) -> Self::Head;
    /// Reads the payload of an event.
    fn read(index: usize, payload: Payload<'_>) -> Result<Self::Input, Faults>;
    /// What the payload of an event type may be, if it is taken.
    fn payload_kind(event_type: &str) -> Option<&'static Kind> {
        match Self::route(event_type)? {
            Route::Own(index) => Some(Self::PAYLOADS[index]),
            Route::Delegate(_) => None,
        }
    }
    /// The steps before a payload is parsed.
    fn before_parse(&mut self, _index: usize, _event: &Event<'_, Self::Head>) -> Flow {
        Flow::On
    }
    /// Folds an event.
    fn on(&mut self, event: &Event<'_, Self::Head>, input: &Self::Input) -> Flow;
    /// What is recorded of a payload that is refused.
    fn malformed(&self, _event: &Event<'_, Self::Head>, _fault: &Fault) -> Option<Recorded> {
        None
    }
    /// Whether an event type that nobody consumes looks like one of ours.
    fn is_strange(_event_type: &str) -> bool {
        false
    }
    /// What is recorded of such an event.
    fn stranger(&self, _event: &Event<'_, Self::Head>) -> Option<Recorded> {
        None
    }
    /// What concurrent events have in common.
    fn group(_index: usize, _event: &Event<'_, Self::Head>, _input: Option<&Self::Input>) -> Key {
        Key::new()
    }
    /// Whether an event goes last in its group, and what orders it there.
    fn turn(_index: usize, _event: &Event<'_, Self::Head>, _input: Option<&Self::Input>) -> (bool, Key) {
        (false, Key::default())
    }
    /// What is recorded of an event that gave way to another.
    fn overridden(&self, _event: &Event<'_, Self::Head>) -> Option<Recorded> {
        None
    }
    /// What was recorded while events were folded.
    fn recorded(&mut self) -> &mut Vec<Recorded>;
    /// The same, to be looked at.
    fn recorded_so_far(&self) -> &[Recorded];
    /// Records, and goes on.
    fn warn(&mut self, anomaly: Recorded) {
        self.recorded().push(anomaly);
    }
    /// Records, and ends the event.
    fn reject(&mut self, anomaly: Recorded) -> Flow {
        self.warn(anomaly);
        Flow::Ended
    }
    /// Takes back what the group did.
    fn revert(&mut self) {}
    /// Lets stay what the group did.
    fn settle(&mut self) {}
    /// A reducer that takes part of the log.
    fn delegate(&mut self, _index: usize) -> Option<&mut dyn Part> {
        None
    }
    /// The same, to be looked at.
    fn delegate_as_it_is(&self, _index: usize) -> Option<&dyn Part> {
        None
    }
    /// The anomaly under which that of a delegate is recorded.
    fn carried(_index: usize, inner: Recorded) -> Recorded {
        inner
    }
    /// The printed state.
    fn state(self, tally: &Tally, anomalies: Vec<Recorded>) -> Self::State;
    /// A slot as it is saved.
    fn saved(&self, slot: usize) -> Slot<'_>;
    /// Fills a slot from what was saved.
    fn restore(&mut self, slot: usize, value: Slot<'_>);
}

/// Events that a state is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many there were.
    pub deduped: u64,
    /// How many of them were consumed.
    pub consumed: u64,
    /// The id of the last one.
    pub last_deduped: Option<Box<str>>,
    /// The id of the last one that was consumed.
    pub last_consumed: Option<Box<str>>,
}

impl Tally {
    /// How many events there were.
    pub fn deduped(&self) -> Int {
        number(self.deduped)
    }

    /// How many of them were consumed.
    pub fn consumed(&self) -> Int {
        number(self.consumed)
    }

    /// The id of the last event.
    pub fn last_deduped<T: Value>(&self) -> Option<T> {
        id(self.last_deduped.as_deref())
    }

    /// The id of the last event that was consumed.
    pub fn last_consumed<T: Value>(&self) -> Option<T> {
        id(self.last_consumed.as_deref())
    }
}

fn number(events: u64) -> Int {
    Int::of_checked(i64::try_from(events).unwrap_or(i64::MAX))
}

fn id<T: Value>(id: Option<&str>) -> Option<T> {
    id.map(|id| T::from_slot(Slot::Text(Cow::Borrowed(id))))
}

/// One state that grows.
#[derive(Debug)]
pub struct Folding<F: Fold> {
    /// The state so far.
    pub fold: F,
    /// The events that it is made of.
    pub tally: Tally,
    pub(super) unknown: Vec<Recorded>,
    pub(super) refused: Vec<Recorded>,
    pub(super) groups: Groups<F>,
    /// Events that wait are saved whole.
    keeps_whole: bool,
}

/// A reducer that takes part of the log of another.
pub trait Part: Debug {
    /// Takes the next event.
    fn take(&mut self, entry: Entry<'_>);
    /// All anomalies in their order; events that wait for their group are folded first.
    fn anomalies(&mut self) -> Vec<Recorded>;
    /// From now on keeps what saving needs.
    fn keep_whole(&mut self);
    /// What is saved.
    fn save(&self) -> String;
    /// Goes back to what was saved.
    fn resume(&mut self, saved: &Json) -> Result<(), NotSaved>;
}

impl<F: Fold> Default for Folding<F> {
    fn default() -> Self {
        Folding {
            fold: F::new(),
            tally: Tally::default(),
            unknown: Vec::new(),
            refused: Vec::new(),
            groups: Groups::default(),
            keeps_whole: false,
        }
    }
}

impl<F: Fold> Folding<F> {
    /// Folds an event, or lets it wait for its group.
    pub(super) fn consume(&mut self, index: usize, event: Event<'_, F::Head>, payload: Payload<'_>, waits: bool) {
        if !F::PARSES_EAGERLY {
            if waits {
                self.groups.add(index, event.into_owned(), None);
            } else {
                self.fold_one(index, &event, None, payload);
            }
            return;
        }
        match F::read(index, payload) {
            Ok(input) if waits => self.groups.add(index, event.into_owned(), Some(input)),
            Ok(input) => _ = self.fold_one(index, &event, Some(&input), Payload::new("")),
            Err(faults) => {
                let anomaly = faults.as_slice().first().and_then(|fault| self.fold.malformed(&event, fault));
                self.refused.extend(anomaly);
            }
        }
    }

    /// Folds one event, of which the typed payload may be known; tells whether it was applied.
    pub(super) fn fold_one(
        &mut self,
        index: usize,
        event: &Event<'_, F::Head>,
        input: Option<&F::Input>,
        payload: Payload<'_>,
    ) -> bool {
        if self.fold.before_parse(index, event) == Flow::Ended {
            return false;
        }
        let flow = match input {
            Some(input) => self.fold.on(event, input),
            None => match F::read(index, payload) {
                Ok(input) => self.fold.on(event, &input),
                Err(faults) => {
                    let anomaly = faults.as_slice().first().and_then(|fault| self.fold.malformed(event, fault));
                    self.fold.recorded().extend(anomaly);
                    Flow::Ended
                }
            },
        };
        flow == Flow::On
    }

    /// The printed state; `first` are the anomalies that come before all others.
    pub(super) fn finish(mut self, first: Vec<Recorded>) -> F::State {
        let anomalies = self.all_anomalies(first);
        self.fold.state(&self.tally, anomalies)
    }

    /// The text of the printed state; anomalies go into it as they are.
    pub(super) fn print(mut self, first: Vec<Recorded>) -> String {
        let anomalies = self.all_anomalies(first);
        let state = self.fold.state(&self.tally, Vec::new());
        let shape = <F::State as Record>::shape();
        let printed = Printed(&anomalies);
        let mut values = Sink::values(&state);
        if let Some(place) = shape.fields().position(|field| field.name == ANOMALIES) {
            values[place] = &printed;
        }
        let mut out = String::with_capacity(256);
        canonical::fields(shape, &values, &mut out);
        out
    }

    /// Folds events that wait for their group. What waits in a delegate waits for the delegate's own next event.
    fn close(&mut self) {
        if let Some(pending) = self.groups.take_alone() {
            self.fold_pending(&pending);
            self.fold.settle();
        }
        for group in self.groups.take() {
            self.fold_group(group);
            self.fold.settle();
        }
    }

    fn all_anomalies(&mut self, mut all: Vec<Recorded>) -> Vec<Recorded> {
        self.close();
        all.append(&mut self.unknown);
        all.append(&mut self.refused);
        all.append(self.fold.recorded());
        for index in 0..F::DELEGATES.len() {
            if let Some(part) = self.fold.delegate(index) {
                all.extend(part.anomalies().into_iter().map(|inner| F::carried(index, inner)));
            }
        }
        distinct(all)
    }
}

impl<F: Fold> Part for Folding<F> {
    fn take(&mut self, entry: Entry<'_>) {
        self.tally.deduped += 1;
        note(&mut self.tally.last_deduped, entry.id());
        if F::TOGETHER.is_some() && !(entry.is_last && self.groups.is_empty()) && !self.groups.admit(&entry) {
            self.close();
            self.groups.admit(&entry);
        }
        match F::route(entry.event_type()) {
            Some(Route::Delegate(index)) => {
                if let Some(part) = self.fold.delegate(index) {
                    part.take(entry);
                }
            }
            Some(Route::Own(index)) => {
                self.tally.consumed += 1;
                note(&mut self.tally.last_consumed, entry.id());
                // What is the first and the last of its group need not wait.
                let waits = F::TOGETHER.is_some() && !(entry.is_last && self.groups.is_empty());
                let (event, payload) = entry.event::<F>(self.keeps_whole);
                self.consume(index, event, payload, waits);
                if F::TOGETHER.is_some() && !waits {
                    self.fold.settle();
                }
            }
            None if F::is_strange(entry.event_type()) => {
                let (event, _) = entry.event::<F>(false);
                self.unknown.extend(self.fold.stranger(&event));
            }
            None => {}
        }
    }

    fn anomalies(&mut self) -> Vec<Recorded> {
        self.all_anomalies(Vec::new())
    }

    fn keep_whole(&mut self) {
        self.keeps_whole = F::TOGETHER.is_some();
        for index in 0..F::DELEGATES.len() {
            if let Some(part) = self.fold.delegate(index) {
                part.keep_whole();
            }
        }
    }

    fn save(&self) -> String {
        self.save_fold()
    }

    fn resume(&mut self, saved: &Json) -> Result<(), NotSaved> {
        self.resume_fold(saved)
    }
}

/// The field of a state that holds its anomalies.
const ANOMALIES: &str = "anomalies";

/// Keeps an id, in the place of the one before where it fits.
fn note(last: &mut Option<Box<str>>, id: &str) {
    match last {
        Some(kept) if kept.len() == id.len() => {
            // The ids of one log are of one length as a rule: their bytes are copied over.
            let mut text = std::mem::take(kept).into_string();
            text.clear();
            text.push_str(id);
            *kept = text.into_boxed_str();
        }
        _ => *last = Some(id.into()),
    }
}
