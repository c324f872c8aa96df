//! Events enter one at a time, in order; the state they make leaves, or a text from which the rest can be added later.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use super::super::json::Json;
use super::anomaly::Recorded;
use super::event::Entry;
use super::folding::{Fold, Folding, Part};
use super::key::Key;
use super::replay::divergence;
use super::saved::{self, NotSaved};
use super::sha256::{Digest, from_hexadecimal, hexadecimal, sha256};

/// A reducer that takes events in order.
#[derive(Debug)]
pub struct Incremental<F: Fold> {
    folding: Folding<F>,
    /// Ids in the order in which their events were taken.
    seen: Vec<(Box<str>, Digest)>,
    by_id: HashMap<Box<str>, usize>,
    divergent: BTreeMap<usize, BTreeSet<Digest>>,
    last: Option<Last>,
}

/// The last event that was taken.
#[derive(Debug)]
struct Last {
    key: Key,
    digest: Digest,
    envelope: String,
}

/// The event sorts before the one that was taken last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfOrder;

impl fmt::Display for OutOfOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event sorts before the one that was taken last")
    }
}

impl std::error::Error for OutOfOrder {}

impl<F: Fold> Default for Incremental<F> {
    fn default() -> Self {
        Incremental {
            folding: Folding::default(),
            seen: Vec::new(),
            by_id: HashMap::new(),
            divergent: BTreeMap::new(),
            last: None,
        }
    }
}

impl<F: Fold> Incremental<F> {
    /// A reducer that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next event of the order. A copy of one that was taken changes nothing.
    ///
    /// # Errors
    /// If the event sorts before the last one.
    pub fn apply(&mut self, event: &F::Envelope) -> Result<(), OutOfOrder> {
        let mut entry = Entry::of_envelope(event, F::LOG);
        let envelope = entry.canonical::<F::Envelope>();
        let digest = sha256(envelope.as_bytes());
        let mut key = Key::new();
        entry.key::<F::Envelope>(&mut key);
        let is_before = |last: &Last| key.cmp(&last.key).then(digest.cmp(&last.digest)).is_lt();
        if self.last.as_ref().is_some_and(is_before) {
            return Err(OutOfOrder);
        }
        if let Some(&at) = self.by_id.get(entry.id()) {
            if self.seen[at].1 != digest {
                self.divergent.entry(at).or_default().insert(digest);
            }
            return Ok(());
        }
        self.by_id.insert(entry.id().into(), self.seen.len());
        self.seen.push((entry.id().into(), digest));
        self.last = Some(Last { key, digest, envelope });
        self.folding.take(entry);
        Ok(())
    }

    /// The printed state.
    pub fn finish(self) -> F::State {
        let seen = &self.seen;
        let first = |(at, dropped): (usize, BTreeSet<Digest>)| divergence(&seen[at].0, &seen[at].1, &dropped);
        let first: Vec<Recorded> = self.divergent.into_iter().map(first).collect();
        self.folding.finish(first)
    }

    /// Everything that is known, as canonical JSON.
    pub fn save(&self) -> String {
        let text = |digest: &Digest| Json::String(hexadecimal(digest).into());
        let number = |at: usize| super::value::json_int(super::value::count(at));
        let divergent = self.divergent.iter().map(|(at, dropped)| {
            Json::Array(vec![number(*at), Json::Array(dropped.iter().map(text).collect())])
        });
        let seen = self.seen.iter().map(|(id, digest)| Json::Array(vec![Json::String(id.clone()), text(digest)]));
        let last = self.last.iter().map(|last| ("last", last.envelope.clone()));
        let members = [
            ("divergent", Json::Array(divergent.collect()).to_json()),
            ("fold", self.folding.save()),
        ];
        let rest = [
            ("reducer", Json::String(F::NAME.into()).to_json()),
            ("seen", Json::Array(seen.collect()).to_json()),
            ("version", Json::String(F::VERSION.into()).to_json()),
        ];
        saved::object(members.into_iter().chain(last).chain(rest))
    }

    /// A reducer that goes on from what was saved.
    ///
    /// # Errors
    /// If another reducer or version saved it, or it is nothing that was saved.
    pub fn resume(text: &str) -> Result<Self, NotSaved> {
        let members = saved::read(text)?;
        if saved::text(&members, "reducer")? != F::NAME {
            return Err(NotSaved::OtherReducer);
        }
        if saved::text(&members, "version")? != F::VERSION {
            return Err(NotSaved::OtherVersion);
        }
        let known = ["divergent", "fold", "last", "reducer", "seen", "version"];
        if !members.keys().all(|key| known.contains(&&**key)) {
            return Err(NotSaved::Damaged);
        }
        let mut reducer = Self::new();
        for entry in saved::list(&members, "seen")? {
            let [Json::String(id), Json::String(digest)] = saved::pair(entry)? else { return Err(NotSaved::Damaged) };
            let digest = from_hexadecimal(digest).ok_or(NotSaved::Damaged)?;
            if reducer.by_id.insert(id.clone(), reducer.seen.len()).is_some() {
                return Err(NotSaved::Damaged);
            }
            reducer.seen.push((id.clone(), digest));
        }
        for entry in saved::list(&members, "divergent")? {
            let [at, Json::Array(dropped)] = saved::pair(entry)? else { return Err(NotSaved::Damaged) };
            let at = saved::index(at).filter(|at| *at < reducer.seen.len()).ok_or(NotSaved::Damaged)?;
            let digest = |digest: &Json| match digest {
                Json::String(text) => from_hexadecimal(text).ok_or(NotSaved::Damaged),
                _ => Err(NotSaved::Damaged),
            };
            let dropped = dropped.iter().map(digest).collect::<Result<_, _>>()?;
            reducer.divergent.insert(at, dropped);
        }
        reducer.last = members.get("last").map(last::<F>).transpose()?;
        if reducer.last.is_some() == reducer.seen.is_empty() {
            return Err(NotSaved::Damaged);
        }
        reducer.folding.resume(members.get("fold").ok_or(NotSaved::Damaged)?)?;
        Ok(reducer)
    }
}

fn last<F: Fold>(envelope: &Json) -> Result<Last, NotSaved> {
    let text = envelope.to_json();
    let mut entry = Entry::of_line::<F::Envelope>(text.as_bytes(), F::LOG).map_err(|_| NotSaved::Damaged)?;
    let envelope = entry.canonical::<F::Envelope>();
    let mut key = Key::new();
    entry.key::<F::Envelope>(&mut key);
    Ok(Last { key, digest: sha256(envelope.as_bytes()), envelope })
}
