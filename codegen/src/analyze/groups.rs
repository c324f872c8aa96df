//! The states of a reducer enter; groups of concurrent events worth trying in them leave, and the shortest log that ends
//! with one that shows something.

use std::collections::BTreeMap;

use super::search::{Exploration, Followed, Log};
use crate::interpret::{Scope, Unanswered, evaluate};
use crate::json::Value;
use crate::model::{Expr, Variable};

/// How many groups are tried to show one thing.
pub(crate) const GROUPS: usize = 600;

/// Letters of a state that stand for the others: of each event some that are applied there and some that are not, and
/// both where it depends on the payload whether it goes last.
pub(crate) fn representatives(found: &Exploration<'_>, node: usize, each: usize) -> Vec<usize> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let steps = found.steps_from(node).iter().filter(|step| found.letters[step.letter].is_valid);
    let own = steps.filter(|step| goes_last(found, step.letter, |_| true).is_some());
    own.filter(|step| {
        let last = goes_last(found, step.letter, |_| true);
        let class = (found.letters[step.letter].event, last, step.is_applied);
        let count = counts.entry(class).or_default();
        *count += 1;
        *count <= each
    })
    .map(|step| step.letter)
    .collect()
}

/// Whether a letter goes last by one of these entries of `last`; none where the event is not the reducer's own.
pub(crate) fn goes_last(found: &Exploration<'_>, letter: usize, by: impl Fn(usize) -> bool) -> Option<bool> {
    let letter = &found.letters[letter];
    let reaction = found.reducer.reaction(letter.event?)?;
    let unanswered = Unanswered::default();
    let scope = Scope::of_payload(letter.payload(0), &unanswered);
    // What the envelope decides is not asked: then it may go last. So it may where no vector answers a hook.
    let holds = |condition: &Expr| {
        condition.reads(&Variable::Envelope)
            || *evaluate(found.workspace, condition, &scope) == Value::Bool(true)
            || unanswered.call().is_some()
    };
    Some(reaction.last_by.iter().any(|(entry, condition)| by(*entry) && holds(condition)))
}

/// All orders of a group, the given one first, each once.
pub(crate) fn orders(group: &[usize]) -> Vec<Vec<usize>> {
    let Some((first, rest)) = group.split_first() else { return vec![Vec::new()] };
    let mut found: Vec<Vec<usize>> = Vec::new();
    for order in orders(rest) {
        for at in 0..=order.len() {
            let mut order = order.clone();
            order.insert(at, *first);
            if !found.contains(&order) {
                found.push(order);
            }
        }
    }
    found
}

/// The shortest log that ends with a group of two which shows something, as far as groups are tried.
pub(crate) fn shortest_pair(found: &Exploration<'_>, shows: impl Fn(&Followed<'_>) -> bool) -> Option<Log> {
    let mut tried = 0;
    for node in 0..found.nodes.len() {
        let letters = representatives(found, node, 2);
        for (at, &one) in letters.iter().enumerate() {
            for order in letters[at..].iter().flat_map(|&other| orders(&[one, other])) {
                tried += 1;
                if tried > GROUPS {
                    return None;
                }
                let group = [order];
                if found.follow(node, &group).is_some_and(|followed| shows(&followed)) {
                    return Some([found.log_to(node), group.to_vec()].concat());
                }
            }
        }
    }
    None
}
