//! Events that happened together enter; they are folded in their order, with what overrides them.

use std::collections::HashMap;

use super::event::{Entry, Event};
use super::folding::{Fold, Folding};
use super::hash::Factors;
use super::key::Key;
use super::payload::Payload;

/// An event that waits for its turn.
#[derive(Debug)]
pub(super) struct Pending<F: Fold> {
    pub(super) index: usize,
    pub(super) event: Event<'static, F::Head>,
    pub(super) input: Option<F::Input>,
}

/// Groups that may still grow, in the order of their first events.
///
/// Mostly an event is alone in its group: what a group is known by is asked when a second one comes.
#[derive(Debug)]
pub struct Groups<F: Fold> {
    alone: Option<Pending<F>>,
    /// In the order of the log.
    waiting: Vec<Waiting<F>>,
    open: Vec<Ends>,
    by_key: HashMap<Key, usize, Factors>,
    /// The first key of the order, which all of them share.
    first: Key,
    /// That of the event that was asked about last.
    next: Key,
}

/// An event with the place of the next one of its group.
#[derive(Debug)]
struct Waiting<F: Fold> {
    pending: Pending<F>,
    next: Option<usize>,
}

/// The places of the first and the last event of a group.
#[derive(Debug)]
struct Ends {
    first: usize,
    last: usize,
}

impl<F: Fold> Default for Groups<F> {
    fn default() -> Self {
        let by_key = HashMap::default();
        Groups { alone: None, waiting: Vec::new(), open: Vec::new(), by_key, first: Key::new(), next: Key::new() }
    }
}

impl<F: Fold> Groups<F> {
    /// Whether no event waits.
    pub(super) fn is_empty(&self) -> bool {
        self.alone.is_none() && self.open.is_empty()
    }

    /// Whether an event may belong to one of the groups, or begins the first of them.
    pub(super) fn admit(&mut self, entry: &Entry<'_>) -> bool {
        let mut first = std::mem::take(&mut self.next);
        first.clear();
        entry.first_key::<F::Envelope>(&mut first);
        let is_admitted = self.is_empty() || first == self.first;
        if is_admitted {
            std::mem::swap(&mut first, &mut self.first);
        }
        self.next = first;
        is_admitted
    }

    /// Adds an event to its group.
    pub(super) fn add(&mut self, index: usize, event: Event<'static, F::Head>, input: Option<F::Input>) {
        let pending = Pending { index, event, input };
        if self.is_empty() {
            self.alone = Some(pending);
            return;
        }
        if let Some(alone) = self.alone.take() {
            self.add_to_group(alone);
        }
        self.add_to_group(pending);
    }

    fn add_to_group(&mut self, pending: Pending<F>) {
        let key = F::group(pending.index, &pending.event, pending.input.as_ref());
        let (place, next) = (self.waiting.len(), self.open.len());
        let group = *self.by_key.entry(key).or_insert(next);
        if group == next {
            self.open.push(Ends { first: place, last: place });
        } else {
            let before = std::mem::replace(&mut self.open[group].last, place);
            self.waiting[before].next = Some(place);
        }
        self.waiting.push(Waiting { pending, next: None });
    }

    /// Gives the only event out, if there is but one.
    pub(super) fn take_alone(&mut self) -> Option<Pending<F>> {
        self.alone.take()
    }

    /// Gives all groups out.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Vec<Pending<F>>> + use<F> {
        self.by_key.clear();
        let mut waiting: Vec<_> = std::mem::take(&mut self.waiting).into_iter().map(Some).collect();
        std::mem::take(&mut self.open).into_iter().map(move |ends| {
            let mut next = Some(ends.first);
            let events = std::iter::from_fn(|| {
                let event = waiting[next?].take()?;
                next = event.next;
                Some(event.pending)
            });
            events.collect()
        })
    }

    /// All waiting events in the order of the log.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Event<'static, F::Head>> {
        self.alone.iter().chain(self.waiting.iter().map(|waiting| &waiting.pending)).map(|pending| &pending.event)
    }
}

impl<F: Fold> Folding<F> {
    /// Folds the events of a group.
    pub(super) fn fold_group(&mut self, group: Vec<Pending<F>>) {
        let group = in_order(group);
        let overrides = |pending: &Pending<F>| F::TOGETHER.is_some_and(|rule| rule.by.contains(&pending.index));
        let yields = |pending: &Pending<F>| F::TOGETHER.is_some_and(|rule| rule.over.contains(&pending.index));
        if !group.iter().any(overrides) || !group.iter().any(yields) {
            return self.fold_all(&group);
        }
        let recorded = self.fold.recorded().len();
        let mut has_won = false;
        for pending in group.iter().filter(|pending| !yields(pending)) {
            has_won |= self.fold_pending(pending) && overrides(pending);
        }
        if has_won {
            for pending in group.iter().filter(|pending| yields(pending)) {
                let anomaly = self.fold.overridden(&pending.event);
                self.fold.recorded().extend(anomaly);
            }
            return;
        }
        // What was refused overrides nothing: the group is folded again, whole.
        self.fold.revert();
        self.fold.recorded().truncate(recorded);
        self.fold_all(&group);
    }

    /// Folds an event that waited; tells whether it was applied.
    pub(super) fn fold_pending(&mut self, pending: &Pending<F>) -> bool {
        let Pending { index, event, input } = pending;
        self.fold_one(*index, event, input.as_ref(), Payload::new(&event.payload))
    }

    fn fold_all(&mut self, group: &[Pending<F>]) {
        for pending in group {
            self.fold_pending(pending);
        }
    }
}

/// Those that go last behind the others; within both the order of the log, or that of the contract.
fn in_order<F: Fold>(group: Vec<Pending<F>>) -> Vec<Pending<F>> {
    let turn = |pending: &Pending<F>| F::turn(pending.index, &pending.event, pending.input.as_ref());
    let turns: Vec<(bool, Key)> = group.iter().map(turn).collect();
    if turns.is_sorted() {
        return group;
    }
    let mut keyed: Vec<_> = turns.into_iter().zip(group).collect();
    keyed.sort_by(|(turn, _), (other, _)| turn.cmp(other));
    keyed.into_iter().map(|(_, pending)| pending).collect()
}
