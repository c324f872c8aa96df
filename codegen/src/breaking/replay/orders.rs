//! A reducer whose versions order, group or tell apart events otherwise enters; a short log that shows it leaves.
//!
//! Behind short logs that the old version was led by, two events are tried that follow there: together, where it is about
//! groups, else with small numbers of every kind in the fields by which either version orders and identifies.

use std::collections::BTreeSet;

use super::super::pair::Pair;
use super::differ::{Difference, Divergence};
use crate::analyze::search::{Budget, Exploration, explore};
use crate::interpret::{Received, receive_value, reduce};
use crate::json::Value;
use crate::model::{Reducer, Workspace};

/// Logs that are folded at most.
const MOST: usize = 12_000;
/// States that two events are tried behind.
const STATES: usize = 10;
/// Events that are tried as the first and as the second.
const LETTERS: [usize; 2] = [10, 20];

pub(super) fn divergence(pair: &Pair<'_>, old: &Reducer, new: &Reducer, tried: &mut usize) -> Option<Divergence> {
    let states = explore(pair.old, old, Budget::default())?;
    let keys = Keys::of(pair, old, new);
    let numberings = keys.numberings();
    for node in 0..states.nodes.len().min(STATES) {
        let before = states.log_to(node);
        let firsts = followers(&states, node, LETTERS[0]);
        for &(first, behind) in &firsts {
            let mut seconds = behind.map_or_else(Vec::new, |behind| followers(&states, behind, LETTERS[1] / 2));
            seconds.extend(&firsts);
            for (second, _) in seconds {
                let events = [first, second].map(|letter| neighbours(&states, &before, letter));
                for numbers in &numberings {
                    if *tried >= MOST {
                        return None;
                    }
                    *tried += 1;
                    let mut log = states.envelopes(&before);
                    log.extend(keys.numbered(&events, numbers));
                    if let Some(divergence) = compared(pair, old, new, log) {
                        return Some(shrunk(pair, old, new, divergence));
                    }
                }
            }
        }
    }
    None
}

/// Events that were applied in a state, and the states that they lead to.
fn followers(states: &Exploration<'_>, node: usize, most: usize) -> Vec<(usize, Option<usize>)> {
    let steps = states.steps.iter().filter(|step| step.from == node && step.is_applied);
    let mut met = BTreeSet::new();
    // Of events that lead to one state the first is as good as any other.
    let steps = steps.filter(|step| met.insert((states.letters[step.letter].event, step.to)));
    steps.map(|step| (step.letter, step.to)).take(most).collect()
}

/// A letter as the next event of a log, and as the one behind that.
fn neighbours(states: &Exploration<'_>, before: &[Vec<usize>], letter: usize) -> [Value; 2] {
    let mut log = before.to_vec();
    log.extend([vec![letter], vec![letter]]);
    let mut envelopes = states.envelopes(&log);
    let higher = envelopes.pop().expect("a log with two events more");
    [envelopes.pop().expect("a log with two events more"), higher]
}

/// Fields that either version orders or identifies events by.
struct Keys {
    names: Vec<String>,
    /// The position of the id, where both versions agree on it.
    id: Option<usize>,
    /// Whether both versions agree on all of them, so that only groups can differ.
    are_same: bool,
}

/// For each of two events and each key: whether it has the higher number.
type Numbers = [Vec<bool>; 2];

impl Keys {
    fn of(pair: &Pair<'_>, old: &Reducer, new: &Reducer) -> Self {
        let of = |workspace: &Workspace, reducer: &Reducer| -> Vec<String> {
            let profile = &workspace.profiles[reducer.profile];
            let fields = &workspace.records[profile.envelope].fields;
            profile.order_by.iter().chain([&profile.dedup_by]).map(|&at| fields[at].meta.name.clone()).collect()
        };
        let (was, is) = (of(pair.old, old), of(pair.new, new));
        let (are_same, id) = (was == is, was.last().filter(|id| is.last() == Some(id)).cloned());
        let mut met = BTreeSet::new();
        let mut names: Vec<String> = was.into_iter().chain(is).filter(|name| met.insert(name.clone())).collect();
        // More would take too long, and two versions differ in one of the first.
        names.truncate(4);
        let id = id.and_then(|id| names.iter().position(|name| *name == id));
        Self { names, id, are_same }
    }

    /// The ways to number two events that are worth trying.
    fn numberings(&self) -> Vec<Numbers> {
        let count = self.names.len();
        if self.are_same {
            // Together: the first key is the same, and the rest decides who comes first.
            let later: Vec<bool> = (0..count).map(|at| at > 0).collect();
            return vec![[vec![false; count], later.clone()], [later, vec![false; count]]];
        }
        let all = (0..1_usize << (2 * count)).map(|bits| {
            let event =
                |event: usize| (0..count).map(|at| bits >> (event * count + at) & 1 == 1).collect::<Vec<bool>>();
            [event(0), event(1)]
        });
        // Two contents under one id would show what nobody changed.
        all.filter(|[first, second]| self.id.is_none_or(|id| first[id] != second[id])).collect()
    }

    fn numbered(&self, events: &[[Value; 2]; 2], numbers: &Numbers) -> Vec<Value> {
        let envelope = |at: usize| {
            let mut envelope = events[at][at].clone();
            if let Value::Object(members) = &mut envelope {
                for (name, &is_higher) in self.names.iter().zip(&numbers[at]) {
                    let value = events[at][usize::from(is_higher)].get(name);
                    members.extend(value.map(|value| (name.clone(), value.clone())));
                }
            }
            envelope
        };
        vec![envelope(0), envelope(1)]
    }
}

/// The same with as few events as show it.
fn shrunk(pair: &Pair<'_>, old: &Reducer, new: &Reducer, divergence: Divergence) -> Divergence {
    let without = |at: usize| {
        let mut log = divergence.log.clone();
        log.remove(at);
        compared(pair, old, new, log)
    };
    match (0..divergence.log.len()).find_map(without) {
        Some(shorter) => shrunk(pair, old, new, shorter),
        None => divergence,
    }
}

fn compared(pair: &Pair<'_>, old: &Reducer, new: &Reducer, log: Vec<Value>) -> Option<Divergence> {
    let fold = |workspace: &Workspace, reducer: &Reducer| {
        let profile = &workspace.profiles[reducer.profile];
        let events: Result<Vec<Received>, _> = log.iter().map(|it| receive_value(workspace, profile, it)).collect();
        reduce(workspace, reducer, events.ok()?, false).ok()
    };
    let (before, after) = (fold(pair.old, old)?, fold(pair.new, new)?);
    let difference = Difference::between(old, &before, &after);
    if difference.is_empty() {
        return None;
    }
    let event_type = log.last()?.get("event_type").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Divergence { log, event_type, asked: Vec::new(), old: before, new: after, difference })
}
