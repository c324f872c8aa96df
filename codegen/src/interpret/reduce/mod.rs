//! A log of events enters; the state that a reducer makes of it leaves, whatever the order and repetition of the log.
//!
//! This is the executable meaning of reducers: order, dedup, partition, groups, steps and anomalies, written to be read.

mod act;
mod anomaly;
mod cell;
mod fold;
mod group;
mod observe;
mod print;
mod received;
mod state;

use std::collections::{BTreeMap, HashMap};

pub(super) use cell::Cell;
pub use fold::Fold;
pub use observe::{Asked, Observed};
pub use received::{Received, receive, receive_value};
pub(super) use state::State;

use super::check_value;
use crate::fault::Fault;
use crate::json::Value;
use crate::model::{PartitionKey, Reducer, Workspace};

/// Orders a log: by the keys of its profile, then by content.
pub fn order(events: &mut [Received]) {
    events.sort_by(Received::order);
}

/// A reduction that takes events in order.
pub struct Replay<'w> {
    workspace: &'w Workspace,
    reducer: &'w Reducer,
    is_partitioned: bool,
    /// The whole, or what belongs to no part.
    rest: Fold<'w>,
    parts: BTreeMap<String, Fold<'w>>,
    seen: HashMap<String, Seen>,
    next: u64,
    is_rest_used: bool,
    unanswered: Option<Fault>,
}

/// The copy of an event that was kept.
struct Seen {
    ordinal: u64,
    digest: String,
    part: Option<String>,
}

impl<'w> Replay<'w> {
    /// A reduction that has seen nothing.
    pub fn new(workspace: &'w Workspace, reducer: &'w Reducer, is_partitioned: bool) -> Self {
        Self {
            workspace,
            reducer,
            is_partitioned,
            rest: Fold::new(workspace, reducer),
            parts: BTreeMap::new(),
            seen: HashMap::new(),
            next: 0,
            is_rest_used: false,
            unanswered: None,
        }
    }

    /// Takes the next event of the order. A copy of one seen before changes nothing; another content is recorded.
    pub fn apply(&mut self, event: Received) {
        if let Some(seen) = self.seen.get(&event.id) {
            if seen.digest != event.digest {
                let fold = match &seen.part {
                    Some(part) => self.parts.get_mut(part).expect("the part that took the kept copy"),
                    None => &mut self.rest,
                };
                fold.diverge(seen.ordinal, &event.id, &seen.digest, &event.digest);
            }
            return;
        }
        let part = if self.is_partitioned { self.part_of(&event) } else { None };
        let seen = Seen { ordinal: self.next, digest: event.digest.clone(), part: part.clone() };
        self.next += 1;
        self.seen.insert(event.id.clone(), seen);
        let fold = if let Some(part) = part {
            let new = || Fold::new(self.workspace, self.reducer);
            self.parts.entry(part).or_insert_with(new)
        } else {
            self.is_rest_used = true;
            &mut self.rest
        };
        fold.apply(event);
        if self.unanswered.is_none() {
            self.unanswered = fold.unanswered().cloned();
        }
    }

    /// The first call of a hook that no vector answers.
    pub fn unanswered(&self) -> Option<&Fault> {
        self.unanswered.as_ref()
    }

    /// The part an event belongs to: its key in canonical form, read before the payload is parsed.
    fn part_of(&self, event: &Received) -> Option<String> {
        match self.reducer.partition_by.as_ref()? {
            PartitionKey::Envelope(at) => {
                let profile = &self.workspace.profiles[self.reducer.profile];
                let name = &self.workspace.records[profile.envelope].fields[*at].meta.name;
                let is_ours = self.rest.consumes(&event.event_type);
                event.envelope.get(name).and_then(Value::as_str).filter(|_| is_ours).map(str::to_owned)
            }
            PartitionKey::Payload(name, ty) => {
                let value = event.payload().get(name).filter(|_| self.rest.consumes(&event.event_type))?;
                let canonical = check_value(self.workspace, ty, value).ok()?;
                canonical.as_str().map(str::to_owned)
            }
        }
    }

    /// The printed state, or that of every part; in place of it a call that no vector answers.
    pub fn finish(self) -> Result<Value, Fault> {
        if let Some(call) = self.unanswered {
            return Err(call);
        }
        if !self.is_partitioned {
            return finished(self.rest);
        }
        let parts = self.parts.into_iter().map(|(key, fold)| Ok((key, finished(fold)?)));
        let mut members = BTreeMap::from([("partitions".to_owned(), Value::Object(parts.collect::<Result<_, _>>()?))]);
        if self.is_rest_used {
            members.insert("rest".into(), finished(self.rest)?);
        }
        Ok(Value::Object(members))
    }
}

/// The state of a fold; groups that are still open call hooks as they are folded.
fn finished(mut fold: Fold<'_>) -> Result<Value, Fault> {
    fold.close();
    match fold.unanswered() {
        Some(call) => Err(call.clone()),
        None => Ok(fold.finish()),
    }
}

/// Reduces events in whatever order they come; in place of the state a call of a hook that no vector answers.
pub fn reduce(
    workspace: &Workspace,
    reducer: &Reducer,
    mut events: Vec<Received>,
    is_partitioned: bool,
) -> Result<Value, Fault> {
    order(&mut events);
    let mut replay = Replay::new(workspace, reducer, is_partitioned);
    for event in events {
        replay.apply(event);
    }
    replay.finish()
}
