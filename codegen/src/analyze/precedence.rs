//! What goes last in a group, or overrides others of it, enters; findings about those that change no outcome leave.

use super::groups::{GROUPS, goes_last, orders, representatives};
use super::rules;
use super::search::{Exploration, Log};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::interpret::Fold;
use crate::json::{Value, canonical};
use crate::model::{Reducer, SlotKind, any_of};
use crate::source::Span;

pub(crate) fn check(found: &Exploration<'_>, out: &mut Diagnostics) {
    let Some(concurrent) = &found.reducer.concurrent else { return };
    if !found.has_groups() {
        return;
    }
    for (entry, last) in concurrent.last.iter().enumerate() {
        let without = without_last(found.reducer, entry);
        let concerns = |group: &[usize]| {
            let is_last = |letter: &usize| goes_last(found, *letter, |by| by == entry) == Some(true);
            let is_free = |letter: &usize| goes_last(found, *letter, |_| true) == Some(false);
            group.iter().any(is_last) && group.iter().any(is_free)
        };
        let message = format!("it makes no difference that `{}` goes last", last.name);
        report(found, &without, concerns, last.span, &message, out);
    }
    if let Some(rule) = &concurrent.override_rule {
        let without = without_override(found.reducer);
        let concerns = |group: &[usize]| {
            let event = |letter: &usize| found.letters[*letter].event;
            let is_of = |events: &[_], letter: &usize| event(letter).is_some_and(|event| events.contains(&event));
            group.iter().any(|letter| is_of(&rule.by, letter)) && group.iter().any(|letter| is_of(&rule.over, letter))
        };
        report(found, &without, concerns, rule.span, "it makes no difference that these events override others", out);
    }
}

fn without_last(reducer: &Reducer, entry: usize) -> Reducer {
    let mut without = reducer.clone();
    for reaction in &mut without.reactions {
        reaction.last_by.retain(|(by, _)| *by != entry);
        reaction.goes_last = any_of(reaction.last_by.iter().map(|(_, condition)| condition));
    }
    without
}

fn without_override(reducer: &Reducer) -> Reducer {
    let mut without = reducer.clone();
    if let Some(concurrent) = &mut without.concurrent {
        concurrent.override_rule = None;
    }
    without
}

/// Reports what changes no outcome of any group that it concerns.
fn report(
    found: &Exploration<'_>,
    without: &Reducer,
    concerns: impl Fn(&[usize]) -> bool,
    place: Span,
    message: &str,
    out: &mut Diagnostics,
) {
    let Some(shown) = indifferent(found, without, concerns) else { return };
    let finding = Diagnostic::new(&rules::PRECEDENCE_WITHOUT_EFFECT, place, message);
    out.push(match shown {
        Some((log, tried)) => finding
            .label(format!("tried in {tried} groups, the shortest being {}", found.describe(&log)))
            .help("remove it, or let the steps depend on the order"),
        None => {
            finding.label("no two events meet in a group that it is about").help("remove it, or say what it is about")
        }
    });
}

/// The shortest log with a group that is concerned, and how many were tried; none where one of them ends otherwise
/// without.
#[expect(clippy::option_option, reason = "whether there is a finding, and whether it has a log to show")]
fn indifferent(
    found: &Exploration<'_>,
    without: &Reducer,
    concerns: impl Fn(&[usize]) -> bool,
) -> Option<Option<(Log, usize)>> {
    let (mut shortest, mut tried) = (None, 0);
    for size in [2, 3] {
        let before = tried;
        for node in 0..found.nodes.len() {
            let letters = representatives(found, node, 4 - size);
            for order in groups(&letters, size).iter().filter(|group| concerns(group)).flat_map(|group| orders(group)) {
                if tried - before >= GROUPS {
                    break;
                }
                tried += 1;
                let log = [found.log_to(node), vec![order]].concat();
                let (with, without) = (found.follow_as(found.reducer, &log)?, found.follow_as(without, &log)?);
                if outcome(found.reducer, &with.fold) != outcome(found.reducer, &without.fold) {
                    return None;
                }
                shortest.get_or_insert(log);
            }
        }
    }
    Some(shortest.map(|log| (log, tried)))
}

/// All choices of so many letters, with repetition.
fn groups(letters: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        found.extend(groups(&letters[at..], size - 1).into_iter().map(|rest| [vec![*letter], rest].concat()));
    }
    found
}

/// Everything that a log leaves behind.
fn outcome(reducer: &Reducer, fold: &Fold<'_>) -> String {
    let slots = reducer.slots.iter().enumerate();
    let kept = slots.filter(|(_, slot)| matches!(slot.kind, SlotKind::Value(_) | SlotKind::Machine(_)));
    let values: Vec<Value> = kept.map(|(at, _)| fold.slot_value(at)).collect();
    let recorded = fold.recorded().into_iter().map(|(kind, event)| Value::Array(vec![kind.into(), event.into()]));
    canonical(&Value::Array(values.into_iter().chain(recorded).collect()))
}
