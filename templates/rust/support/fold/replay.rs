//! Events in order enter, copies among them; the state they add up to leaves, or that of every entity by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use super::super::json::{Json, Object};
use super::super::shape::Kind;
use super::super::slots::{Record, Value};
use super::super::doors;
use super::anomaly::Recorded;
use super::event::Entry;
use super::folding::{Fold, Folding, Part};
use super::ids::Ids;
use super::key::Key;
use super::payload::member_text;
use super::sha256::{Digest, hexadecimal};

/// What tells the entities of a log apart.
#[derive(Debug, Clone, Copy)]
pub enum PartKey {
    /// A field of the envelope, by its place.
    Envelope(usize),
    /// A member of the payload, if it is of this kind.
    Payload(&'static str, &'static Kind),
}

/// A reducer over a log of many entities.
pub trait FoldParts: Fold {
    /// What tells them apart.
    const PART_KEY: PartKey;
}

/// The state of every entity of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Partitioned<S> {
    /// By key, in code point order.
    pub partitions: BTreeMap<Box<str>, S>,
    /// Of events that belong to no entity, where there are such.
    pub rest: Option<S>,
}

impl<S: Value> Partitioned<S> {
    /// The canonical JSON text.
    pub fn to_json(&self) -> String {
        let value = |state: &S| Json::of_checked(&doors::to_json(state));
        let parts: Object = self.partitions.iter().map(|(key, state)| (key.clone(), value(state))).collect();
        let rest = self.rest.iter().map(|rest| ("rest".into(), value(rest)));
        let members = [("partitions".into(), Json::Object(parts))].into_iter().chain(rest);
        Json::Object(members.collect()).to_json()
    }
}

/// Where events came from: what is needed of one again when another comes under its id.
pub(super) trait Origin {
    /// The digest of an event.
    fn digest(&mut self, place: usize) -> io::Result<Digest>;
    /// Whether two events are known to be copies without their digests.
    fn is_copy(&mut self, _place: usize, _other: usize) -> bool {
        false
    }
}

/// A reduction that takes events in order.
#[derive(Debug)]
pub(super) struct Replay<F: Fold> {
    rest: Folding<F>,
    is_rest_used: bool,
    parts: Vec<Folding<F>>,
    by_key: HashMap<Box<str>, usize>,
    part_key: Option<PartKey>,
    seen: Ids<Seen>,
    divergent: BTreeMap<u32, Divergent>,
}

/// The copy of an event that was kept. There is one for every event: it is kept small.
#[derive(Debug, Clone, Copy)]
struct Seen {
    place: usize,
    ordinal: u32,
    /// The part it belongs to, and one more; 0 where it belongs to none.
    part: u32,
}

impl Seen {
    fn part(self) -> Option<usize> {
        self.part.checked_sub(1).map(|part| part as usize)
    }
}

/// A number of events. Of as many as this cannot count no ids are held in memory.
fn small(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("more than 4294967295 events"))
}

/// Contents that came under one id.
#[derive(Debug)]
struct Divergent {
    part: Option<usize>,
    id: Box<str>,
    kept: Digest,
    dropped: BTreeSet<Digest>,
}

impl<F: Fold> Replay<F> {
    /// A reduction that has seen nothing.
    pub(super) fn new(part_key: Option<PartKey>) -> Self {
        Replay {
            rest: Folding::default(),
            is_rest_used: false,
            parts: Vec::new(),
            by_key: HashMap::new(),
            part_key,
            seen: Ids::of(F::Envelope::shape().field(F::LOG.id).map_or(&Kind::Json, |field| field.kind)),
            divergent: BTreeMap::new(),
        }
    }

    /// Takes the next event of the order; tells whether its id is new. A copy of one seen before changes nothing;
    /// another content is recorded.
    pub(super) fn apply(&mut self, entry: Entry<'_>, place: usize, origin: &mut impl Origin) -> io::Result<bool> {
        let new = Seen { place, ordinal: small(self.seen.len())?, part: 0 };
        if let Some(seen) = self.seen.known_or_insert(entry.id(), new).map(|seen| *seen) {
            return self.again(entry, place, seen, origin).map(|()| false);
        }
        let part = self.part_of(&entry);
        if let Some(part) = part {
            if let Some(seen) = self.seen.known_or_insert(entry.id(), new) {
                seen.part = small(part + 1)?;
            }
            self.parts[part].take(entry);
        } else {
            self.is_rest_used = true;
            self.rest.take(entry);
        }
        Ok(true)
    }

    fn again(&mut self, entry: Entry<'_>, place: usize, seen: Seen, origin: &mut impl Origin) -> io::Result<()> {
        if origin.is_copy(seen.place, place) {
            return Ok(());
        }
        let id: Box<str> = entry.id().into();
        let (kept, dropped) = (origin.digest(seen.place)?, entry.digest::<F::Envelope>());
        if kept != dropped {
            let new = || Divergent { part: seen.part(), id, kept, dropped: BTreeSet::new() };
            self.divergent.entry(seen.ordinal).or_insert_with(new).dropped.insert(dropped);
        }
        Ok(())
    }

    /// The part an event belongs to: its key in canonical form, read before the payload is parsed.
    fn part_of(&mut self, entry: &Entry<'_>) -> Option<usize> {
        F::route(entry.event_type())?;
        let key: Box<str> = match self.part_key? {
            PartKey::Envelope(place) => entry.text::<F::Envelope>(place)?.into(),
            PartKey::Payload(name, kind) => member_text(entry.payload(), name, kind)?,
        };
        let next = self.parts.len();
        let part = *self.by_key.entry(key).or_insert(next);
        if part == next {
            self.parts.push(Folding::default());
        }
        Some(part)
    }

    /// The printed state.
    pub(super) fn finish(self) -> F::State {
        let first = self.divergent.into_values().map(recorded).collect();
        self.rest.finish(first)
    }

    /// The text of the printed state.
    pub(super) fn print(self) -> String {
        let first = self.divergent.into_values().map(recorded).collect();
        self.rest.print(first)
    }

    /// The printed state of every part.
    pub(super) fn finish_parts(self) -> Partitioned<F::State> {
        let mut first: Vec<Vec<Recorded>> = self.parts.iter().map(|_| Vec::new()).collect();
        let mut of_rest = Vec::new();
        for divergent in self.divergent.into_values() {
            let anomalies = divergent.part.map_or(&mut of_rest, |part| &mut first[part]);
            anomalies.push(recorded(divergent));
        }
        let states: Vec<F::State> =
            self.parts.into_iter().zip(first).map(|(part, first)| part.finish(first)).collect();
        let mut keys: Vec<(usize, Box<str>)> = self.by_key.into_iter().map(|(key, part)| (part, key)).collect();
        keys.sort_unstable();
        let partitions = keys.into_iter().map(|(_, key)| key).zip(states).collect();
        Partitioned { partitions, rest: self.is_rest_used.then(|| self.rest.finish(of_rest)) }
    }
}

fn recorded(divergent: Divergent) -> Recorded {
    let Divergent { id, kept, dropped, .. } = divergent;
    divergence(&id, &kept, &dropped)
}

/// What is recorded where several contents came under one id.
pub(super) fn divergence(id: &str, kept: &Digest, dropped: &BTreeSet<Digest>) -> Recorded {
    let text = |digest: &Digest| Json::String(hexadecimal(digest).into());
    let message = format!("event {id} came with {} contents", dropped.len() + 1);
    let dropped = Json::Array(dropped.iter().map(text).collect());
    Recorded::new("divergent_duplicate", id, [("dropped", dropped), ("kept", text(kept))], message)
}

/// The state that events make, in whatever order they come.
pub fn reduce<F: Fold>(events: impl IntoIterator<Item = F::Envelope>) -> F::State {
    replay::<F>(events, None).finish()
}

/// The state that events make of every entity by itself.
pub fn reduce_parts<F: FoldParts>(events: impl IntoIterator<Item = F::Envelope>) -> Partitioned<F::State> {
    replay::<F>(events, Some(F::PART_KEY)).finish_parts()
}

fn replay<F: Fold>(events: impl IntoIterator<Item = F::Envelope>, part_key: Option<PartKey>) -> Replay<F> {
    let events: Vec<F::Envelope> = events.into_iter().collect();
    let mut origin = Built::<F> { events: &events, digests: HashMap::new() };
    let mut order: Vec<(Key, usize)> = (0..events.len())
        .map(|place| {
            let mut key = Key::new();
            origin.entry(place).key::<F::Envelope>(&mut key);
            (key, place)
        })
        .collect();
    order.sort_by(|(key, place), (other, other_place)| {
        key.cmp(other).then_with(|| origin.known(*place).cmp(&origin.known(*other_place)))
    });
    let mut replay = Replay::new(part_key);
    for (_, place) in order {
        let entry = Entry::of_envelope(&events[place], F::LOG);
        let applied = replay.apply(entry, place, &mut origin);
        debug_assert!(applied.is_ok(), "events in memory can be read again");
    }
    replay
}

/// Events that a program built.
struct Built<'e, F: Fold> {
    events: &'e [F::Envelope],
    digests: HashMap<usize, Digest>,
}

impl<'e, F: Fold> Built<'e, F> {
    fn entry(&self, place: usize) -> Entry<'e> {
        Entry::of_envelope(&self.events[place], F::LOG)
    }

    fn known(&mut self, place: usize) -> Digest {
        if let Some(digest) = self.digests.get(&place) {
            return *digest;
        }
        let digest = self.entry(place).digest::<F::Envelope>();
        self.digests.insert(place, digest);
        digest
    }
}

impl<F: Fold> Origin for Built<'_, F> {
    fn digest(&mut self, place: usize) -> io::Result<Digest> {
        Ok(self.known(place))
    }
}
