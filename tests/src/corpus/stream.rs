//! A reducer, known logs and a seed enter; a log leaves in which everything happens that can happen to a log.
//!
//! Legal and illegal courses, malformed payloads, copies, other contents under one id, one clock for many, foreign and
//! unknown types, and every spelling of ids and instants.

use codegen::expr::{Kind, kind};
use codegen::json::{self, Value, canonical};
use codegen::model::{Event, Format, PartitionKey, Primitive, Profile, Reducer, Type, Workspace};

use super::instance::Instances;
use super::mutant::mutant;
use super::random::Random;

/// More events do not find more.
const LONGEST: usize = 24;

/// Ids that come again and again.
const COMMON_IDS: usize = 10;

/// Makes logs for one reducer.
#[derive(Debug)]
pub struct Streams<'a> {
    workspace: &'a Workspace,
    reducer: &'a Reducer,
    /// Logs with a known course, which random events alone would rarely take.
    courses: Vec<Vec<Value>>,
}

/// What varies within one log.
struct Log<'a> {
    streams: &'a Streams<'a>,
    instances: Instances<'a>,
    events: Vec<Value>,
    /// The number of the next id that no event has yet.
    next: usize,
}

impl<'a> Streams<'a> {
    /// Logs of this reducer; `courses` are logs of envelopes to begin with.
    pub fn new(workspace: &'a Workspace, reducer: &'a Reducer, courses: Vec<Vec<Value>>) -> Self {
        Self { workspace, reducer, courses }
    }

    /// The log of a seed, one line an event. One in twenty logs has a line that is no envelope.
    pub fn log(&self, seed: u64) -> Vec<String> {
        let mut log = self.made(seed);
        let mut lines: Vec<String> = log.events.iter().map(canonical).collect();
        if log.once_in(20)
            && let Some(event) = log.events.first()
        {
            let broken = mutant(event, &mut log.instances.random);
            lines.push(String::from_utf8_lossy(&broken).replace('\n', " "));
        }
        lines
    }

    /// The envelopes of a seed; all of them are some.
    pub fn events(&self, seed: u64) -> Vec<Value> {
        self.made(seed).events
    }

    fn made(&self, seed: u64) -> Log<'_> {
        let instances = Instances { workspace: self.workspace, random: Random::new(seed) };
        let mut log = Log { streams: self, instances, events: Vec::new(), next: COMMON_IDS };
        log.begin();
        for _ in 0..log.below(8) {
            log.disturb();
        }
        log
    }

    fn profile(&self) -> &'a Profile {
        &self.workspace.profiles[self.reducer.profile]
    }

    /// Every event that the reducer or one of its delegates takes.
    fn consumed(&self) -> Vec<&'a Event> {
        let mut events: Vec<&Event> = Vec::new();
        let mut reducers = vec![self.reducer];
        while let Some(reducer) = reducers.pop() {
            events.extend(reducer.reactions.iter().map(|reaction| &self.workspace.events[reaction.event]));
            reducers.extend(reducer.delegates.iter().map(|delegate| &self.workspace.reducers[delegate.reducer]));
        }
        events
    }
}

impl Log<'_> {
    fn below(&mut self, limit: usize) -> usize {
        self.instances.random.below(limit)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.instances.random.once_in(times)
    }

    /// Known courses, random events, or some of both.
    fn begin(&mut self) {
        let courses = &self.streams.courses;
        if !courses.is_empty() && !self.once_in(3) {
            for _ in 0..=self.below(2) {
                let course = &courses[self.below(courses.len())];
                self.events.extend(course.iter().take(LONGEST).cloned());
            }
        }
        if self.events.is_empty() || self.once_in(2) {
            for _ in 0..self.below(LONGEST) {
                let event = self.event();
                self.events.push(event);
            }
        }
    }

    /// An event of any consumed type, with keys from a small stock so that they meet.
    fn event(&mut self) -> Value {
        let consumed = self.streams.consumed();
        let event = *self.instances.random.pick(&consumed);
        let payload = self.instances.value(&event.payload.ty(), 1);
        self.enveloped(&event.wire, payload)
    }

    fn enveloped(&mut self, event_type: &str, payload: Value) -> Value {
        let profile = self.streams.profile();
        let mut envelope = self.instances.value(&Type::Record(profile.envelope), 0);
        let record = &self.streams.workspace.records[profile.envelope];
        let entity = match self.streams.reducer.partition_by {
            Some(PartitionKey::Envelope(at)) => Some(at),
            _ => None,
        };
        for at in profile.order_by.iter().copied().chain(entity) {
            let field = &record.fields[at];
            let value = self.key(&field.ty, at == profile.dedup_by || Some(at) == entity);
            set(&mut envelope, &field.meta.name, value);
        }
        set(&mut envelope, "event_type", event_type.into());
        set(&mut envelope, "payload", payload);
        envelope
    }

    /// A part of the sort key: few values, in all their spellings.
    fn key(&mut self, ty: &Type, is_id: bool) -> Value {
        match kind(self.streams.workspace, ty) {
            Kind::Instant => spelled_instant(self.below(4), self.below(6)).into(),
            Kind::Int if self.once_in(12) => Value::from(9_007_199_254_740_991.0),
            Kind::Int => Value::from(u32::try_from(self.below(4)).expect("small")),
            Kind::Int64 | Kind::Uint64 if self.once_in(12) => i64::MAX.to_string().into(),
            Kind::Int64 | Kind::Uint64 => self.below(4).to_string().into(),
            Kind::Text if is_id => {
                let id = if self.once_in(6) { self.below(COMMON_IDS) } else { self.new_id() };
                let spelling = self.below(4);
                spelled_id(format_of(self.streams.workspace, ty), id, spelling).into()
            }
            _ => self.instances.value(ty, 1),
        }
    }

    fn new_id(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn position(&mut self) -> Option<usize> {
        if self.events.is_empty() { None } else { Some(self.below(self.events.len())) }
    }

    /// One thing that happens to logs.
    fn disturb(&mut self) {
        let Some(at) = self.position() else { return };
        let (profile, workspace) = (self.streams.profile(), self.streams.workspace);
        let record = &workspace.records[profile.envelope];
        let mut copy = self.events[at].clone();
        match self.below(12) {
            0 => self.events.push(copy),
            1 => {
                // Another content under one id.
                let payload = self.near(copy.get("payload"));
                set(&mut copy, "payload", payload);
                self.events.push(copy);
            }
            2 | 3 => {
                // Another place in the order, under the old id or a new one.
                let key = *self.instances.random.pick(&profile.order_by);
                let value = self.key(&record.fields[key].ty, key == profile.dedup_by);
                set(&mut copy, &record.fields[key].meta.name, value);
                if self.once_in(2) {
                    self.events[at] = copy;
                } else {
                    self.events.push(copy);
                }
            }
            4 => {
                // The clock of another, so that they happened together.
                let other = self.below(self.events.len());
                let name = &record.fields[profile.order_by[0]].meta.name;
                if let Some(clock) = self.events[other].get(name).cloned() {
                    set(&mut self.events[at], name, clock);
                }
            }
            5 if !record.closed => {
                let name = *self.instances.random.pick(&["__proto__", "received_at", "constructor"]);
                set(&mut copy, name, "relayed".into());
                self.events.push(copy);
            }
            6 => {
                let event_type = self.foreign_type();
                let event = self.enveloped(&event_type, Value::object([("x", 1_u32.into())]));
                self.events.push(event);
            }
            7 | 8 => {
                let payload = self.near(copy.get("payload"));
                set(&mut self.events[at], "payload", payload);
            }
            9 => {
                let event = self.event();
                self.events.push(event);
            }
            10 => {
                let other = self.below(self.events.len());
                self.events.swap(at, other);
            }
            _ => {
                // The payload of one under the type of another.
                let consumed = self.streams.consumed();
                let event_type = self.instances.random.pick(&consumed).wire.clone();
                set(&mut self.events[at], "event_type", event_type.into());
            }
        }
    }

    /// A payload near another one; an object still, or the line would be no envelope.
    fn near(&mut self, payload: Option<&Value>) -> Value {
        let random = &mut self.instances.random;
        let near = payload.map(|payload| mutant(payload, random)).and_then(|text| json::read(&text).ok());
        match near {
            Some(object @ Value::Object(_)) => object,
            _ => Value::object([("__proto__", Value::Null)]),
        }
    }

    /// The type of an event that the reducer does not take: of another family, of nobody, or one letter off.
    fn foreign_type(&mut self) -> String {
        let unknown = self.streams.reducer.unknown.iter().flat_map(|unknown| &unknown.prefixes);
        let mut names: Vec<String> = unknown.map(|prefix| format!("{prefix}Unheard")).collect();
        if !names.is_empty() && self.once_in(3) {
            return self.instances.random.pick(&names).clone();
        }
        names.extend(self.streams.workspace.events.iter().map(|event| event.wire.clone()));
        names.extend(self.streams.workspace.families.iter().flat_map(|family| family.reserved.events.clone()));
        names.extend(["__proto__".into(), "toString".into(), "😀".into()]);
        self.instances.random.pick(&names).clone()
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    let Value::Object(members) = object else { unreachable!("envelopes are objects") };
    members.insert(name.to_owned(), value);
}

fn format_of(workspace: &Workspace, ty: &Type) -> Option<Format> {
    match workspace.unwrapped(ty) {
        Type::Scalar(id) => match &workspace.scalars[*id].primitive {
            Primitive::String(text) => text.format,
            _ => None,
        },
        Type::Primitive(Primitive::String(text)) => text.format,
        _ => None,
    }
}

/// The id of a number, spelled in one of the ways that its format allows.
fn spelled_id(format: Option<Format>, id: usize, spelling: usize) -> String {
    const ODD: [&str; COMMON_IDS] = ["a", "a-", "aa", "A", "é", "～", "😀", "b", "10", "9"];
    let text = match format {
        Some(Format::Ulid) => format!("01JA0000000000000000000{id:03}"),
        Some(Format::Uuid) => format!("123e4567-e89b-12d3-a456-42661417a{id:03}"),
        _ => return ODD.get(id).map_or_else(|| format!("e{id}"), |odd| (*odd).to_owned()),
    };
    match spelling {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        _ => text,
    }
}

/// An instant in one of its spellings, some of which are the same instant.
fn spelled_instant(instant: usize, spelling: usize) -> &'static str {
    const SPELLINGS: [[&str; 6]; 4] = [
        [
            "2026-01-01T00:00:00Z",
            "2026-01-01T02:00:00+02:00",
            "2025-12-31T23:30:00-00:30",
            "2026-01-01T00:00:00.0Z",
            "2026-01-01T05:30:00+05:30",
            "2026-01-01T00:00:00.000000000+00:00",
        ],
        [
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T01:00:00.50+01:00",
            "2026-01-01T00:00:00.500Z",
            "2026-01-01T00:00:00.5-00:00",
            "2026-01-01T00:00:00.50000Z",
            "2026-01-01T05:30:00.5+05:30",
        ],
        [
            "2026-01-01T00:00:00.12Z",
            "2026-01-01T00:00:00.1Z",
            "2026-01-01T00:00:00.1234567Z",
            "2026-01-01T00:00:00.123456789Z",
            "2026-01-01T00:00:00.12345Z",
            "2026-01-01T00:00:00.10Z",
        ],
        [
            "1969-12-31T23:59:59.5Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2026-01-01T00:00:01Z",
            "2026-01-01T00:00:00.999999Z",
            "2025-12-31T23:59:59Z",
        ],
    ];
    SPELLINGS[instant][spelling]
}
