//! A reducer enters; the states that its logs reach and the shortest logs that lead to them leave.
//!
//! The search goes breadth first: over states that differ in what decides ([`Readings`]), by events that differ in
//! what decides ([`Letters`]), each folded by the reference interpreter. It is the same on every run, and bounded:
//! [`Exploration::is_complete`] says whether a bound was met.
//!
//! To find the shortest log that shows something, ask [`Exploration::shortest`] for the first step that does, and
//! [`Exploration::envelopes`] for its events:
//!
//! ```text
//! let found = explore(workspace, reducer, &Budget::default())?;
//! let step = found.shortest(|step| step.asked.iter().any(|asked| !asked.is_allowed))?;
//! let log = found.envelopes(&found.log_of(step));
//! ```

use std::collections::{BTreeSet, HashMap};

use super::hooks::are_told;
use super::letters::{Letter, Letters, letters};
use super::log::{LONGEST, Numbering, Place};
use super::reading::Readings;
use crate::fault::Fault;
use crate::interpret::{Asked, Fold, Received};
use crate::json::{Value, canonical};
use crate::model::{Expr, Reducer, Workspace};

/// How far a search goes.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// States that are looked at.
    pub states: usize,
    /// Events that are folded.
    pub steps: usize,
    /// Events that are folded where something was left out already, so that nothing can be said of all logs.
    pub steps_in_vain: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { states: 100, steps: 2_000, steps_in_vain: 2_000 }
    }
}

/// A log: groups of concurrent events, each event a letter (index into [`Exploration::letters`]).
pub type Log = Vec<Vec<usize>>;

/// What was found about a reducer.
pub struct Exploration<'w> {
    /// The contracts.
    pub workspace: &'w Workspace,
    /// The reducer.
    pub reducer: &'w Reducer,
    /// The events that were tried.
    pub letters: Vec<Letter>,
    /// The states that were reached, by the length of the shortest log; the first is that of no event.
    pub nodes: Vec<Node<'w>>,
    /// Every event that was folded in a state, in the order of the search: shortest logs first.
    pub steps: Vec<Taken>,
    /// Whether every letter was tried in every state, and no state or letter was left out.
    pub is_complete: bool,
    /// The first call of a hook that no vector answers: what is behind it was left out.
    pub unanswered: Option<Fault>,
    readings: Readings,
    numbering: Numbering<'w>,
}

/// A state that was reached.
pub struct Node<'w> {
    /// It, with the shortest log behind it.
    pub fold: Fold<'w>,
    /// The state before it and the letter that led on; none for the first.
    before: Option<(usize, usize)>,
    /// How many events its log has.
    depth: u32,
}

/// An event that was folded in a state.
#[derive(Debug)]
pub struct Taken {
    /// The state before (index of a node).
    pub from: usize,
    /// The event (index of a letter).
    pub letter: usize,
    /// The state behind; none where it was left out for want of room.
    pub to: Option<usize>,
    /// Whether the event was applied; delegated ones are not asked.
    pub is_applied: bool,
    /// What machines were asked.
    pub asked: Vec<Asked>,
    /// Kinds of the anomalies that it brought.
    pub anomalies: Vec<String>,
}

/// What further groups did in a state.
pub struct Followed<'w> {
    /// The state behind.
    pub fold: Fold<'w>,
    /// What machines were asked.
    pub asked: Vec<Asked>,
    /// How many events were applied.
    pub applied: usize,
    /// Kinds of the anomalies that it brought.
    pub anomalies: Vec<String>,
}

/// Searches the states of a reducer; none where no envelope can be made for its profile.
pub fn explore<'w>(workspace: &'w Workspace, reducer: &'w Reducer, budget: Budget) -> Option<Exploration<'w>> {
    let numbering = Numbering::new(workspace, &workspace.profiles[reducer.profile])?;
    let readings = Readings::of(workspace, reducer);
    let Letters { all, is_complete } = letters(workspace, reducer, &readings, &numbering);
    let start = Node { fold: Fold::watched(workspace, reducer), before: None, depth: 0 };
    let mut found = Exploration {
        workspace,
        reducer,
        letters: all,
        nodes: vec![start],
        steps: Vec::new(),
        is_complete: is_complete && are_told(workspace, reducer),
        unanswered: None,
        readings,
        numbering,
    };
    found.run(budget);
    Some(found)
}

impl<'w> Exploration<'w> {
    fn run(&mut self, budget: Budget) {
        let mut known = HashMap::from([(self.key(&self.nodes[0].fold), 0)]);
        let mut received: HashMap<(usize, u32), Option<Received>> = HashMap::new();
        let mut at = 0;
        while at < self.nodes.len() {
            let depth = self.nodes[at].depth;
            if depth + 4 >= LONGEST {
                self.is_complete = false;
                return;
            }
            for letter in 0..self.letters.len() {
                let most = if self.is_complete { budget.steps } else { budget.steps_in_vain };
                if self.steps.len() >= most {
                    self.is_complete = false;
                    return;
                }
                let place = Place { group: depth, serial: depth };
                let event = received
                    .entry((letter, depth))
                    .or_insert_with(|| self.numbering.received(&self.letters[letter], place));
                if let Some(event) = event.clone() {
                    self.step(at, letter, event, budget, &mut known);
                }
            }
            at += 1;
        }
    }

    fn step(
        &mut self,
        from: usize,
        letter: usize,
        event: Received,
        budget: Budget,
        known: &mut HashMap<String, usize>,
    ) {
        let before = &self.nodes[from];
        let mut fold = before.fold.clone();
        let id = event.id.clone();
        fold.apply(event);
        let observed = fold.observe();
        if let Some(call) = fold.unanswered() {
            self.is_complete = false;
            self.unanswered.get_or_insert_with(|| call.clone());
            return;
        }
        let recorded = fold.recorded().into_iter().filter(|(_, event)| *event == id);
        let anomalies: Vec<String> = recorded.map(|(kind, _)| kind.to_owned()).collect();
        let (key, depth) = (self.key(&fold), before.depth + 1);
        let to = known.get(&key).copied().or_else(|| {
            if self.nodes.len() >= budget.states {
                self.is_complete = false;
                return None;
            }
            known.insert(key, self.nodes.len());
            self.nodes.push(Node { fold, before: Some((from, letter)), depth });
            Some(self.nodes.len() - 1)
        });
        let is_applied = !observed.applied.is_empty();
        self.steps.push(Taken { from, letter, to, is_applied, asked: observed.asked, anomalies });
    }

    fn key(&self, fold: &Fold<'w>) -> String {
        canonical(&self.readings.key(|slot| fold.slot_value(slot)))
    }

    /// The first step that shows something: its log is the shortest.
    pub fn shortest(&self, shows: impl Fn(&Taken) -> bool) -> Option<&Taken> {
        self.steps.iter().find(|step| shows(step))
    }

    /// The first step that asks a machine about a move and gets this answer.
    pub fn asking(&self, asked: &Asked) -> Option<&Taken> {
        self.shortest(|step| step.asked.contains(asked))
    }

    /// The first step that records an anomaly of this kind.
    pub fn recording(&self, kind: &str) -> Option<&Taken> {
        self.shortest(|step| step.anomalies.iter().any(|known| known == kind))
    }

    /// The first state in which a condition over the state holds.
    pub fn holding(&self, condition: &Expr) -> Option<usize> {
        self.nodes.iter().position(|node| node.fold.holds(condition) == Ok(true))
    }

    /// The shortest log that leads to a state.
    pub fn log_to(&self, node: usize) -> Log {
        let mut log = Vec::new();
        let mut at = node;
        while let Some((before, letter)) = self.nodes[at].before {
            log.push(vec![letter]);
            at = before;
        }
        log.reverse();
        log
    }

    /// The shortest log that ends with a step.
    pub fn log_of(&self, step: &Taken) -> Log {
        let mut log = self.log_to(step.from);
        log.push(vec![step.letter]);
        log
    }

    /// Folds further groups in a state; within a group in the order given, as far as the reducer leaves it. None where
    /// they ask a hook what no vector answers.
    pub fn follow(&self, node: usize, groups: &[Vec<usize>]) -> Option<Followed<'w>> {
        let Node { fold, depth, .. } = &self.nodes[node];
        self.fold_groups(fold.clone(), *depth, groups)
    }

    /// The same with another reducer over the same events, such as a variant of this one.
    pub fn follow_as<'v>(&self, reducer: &'v Reducer, log: &Log) -> Option<Followed<'v>>
    where
        'w: 'v,
    {
        self.fold_groups(Fold::watched(self.workspace, reducer), 0, log)
    }

    fn fold_groups<'v>(&self, mut fold: Fold<'v>, depth: u32, groups: &[Vec<usize>]) -> Option<Followed<'v>> {
        let mut ids = BTreeSet::new();
        let (mut asked, mut applied, mut serial) = (Vec::new(), 0, depth);
        for (letters, group) in groups.iter().zip(depth..) {
            for &letter in letters {
                let event = self.numbering.received(&self.letters[letter], Place { group, serial })?;
                ids.insert(event.id.clone());
                fold.apply(event);
                serial += 1;
            }
            let observed = fold.observe();
            asked.extend(observed.asked);
            applied += observed.applied.len();
        }
        if fold.unanswered().is_some() {
            return None;
        }
        let recorded = fold.recorded().into_iter().filter(|(_, event)| ids.contains(*event));
        let anomalies = recorded.map(|(kind, _)| kind.to_owned()).collect();
        Some(Followed { fold, asked, applied, anomalies })
    }

    /// The events that were folded in a state.
    pub fn steps_from(&self, node: usize) -> &[Taken] {
        let start = self.steps.partition_point(|step| step.from < node);
        let end = self.steps.partition_point(|step| step.from <= node);
        &self.steps[start..end]
    }

    /// Whether events of this profile can stand in one group.
    pub fn has_groups(&self) -> bool {
        self.numbering.has_groups()
    }

    /// The events of a log, in order, as they stand in a file.
    pub fn envelopes(&self, log: &Log) -> Vec<Value> {
        let numbered =
            log.iter().zip(0..).flat_map(|(group, number)| group.iter().map(move |letter| (*letter, number)));
        let places = numbered.zip(0..).map(|((letter, group), serial)| (letter, Place { group, serial }));
        places.map(|(letter, place)| self.numbering.envelope(&self.letters[letter], place)).collect()
    }

    /// A log for people.
    pub fn describe(&self, log: &Log) -> String {
        let name = |letter: &usize| self.letters[*letter].describe(self.workspace);
        let groups = log.iter().map(|group| match group.as_slice() {
            [one] => name(one),
            several => format!("together {}", several.iter().map(name).collect::<Vec<_>>().join(" and ")),
        });
        let groups: Vec<String> = groups.collect();
        if groups.is_empty() { "no event".into() } else { groups.join(", then ") }
    }
}
