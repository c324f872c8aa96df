//! Both versions enter; every way in which an old log folds to another state leaves, with the shortest log that shows it.

mod differ;
mod hooks;
mod machines;
mod orders;
mod reducers;
mod search;
mod shadow;
mod slots;
mod spoken;
mod steps;
mod suspect;

use std::collections::BTreeSet;

use super::pair::{Pair, Place, Side, by_name};
use super::report::{Evidence, Report};
use super::rules;
use crate::model::{FamilyId, Reducer, Workspace};
use crate::source::SourceMap;
pub(super) use differ::Divergence;
use search::Divergences;
use suspect::Shows;

/// Reports every change in what logs fold to.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, sources: &SourceMap, report: &mut Report<'_>) {
    let pair = Pair { old: old.workspace, new: new.workspace };
    let mut searched = Vec::new();
    for before in &pair.old.reducers {
        let Some(after) = by_name(&pair.new.reducers, &before.meta.name, |reducer| &reducer.meta) else {
            gone(&pair, before, report);
            continue;
        };
        let suspects = reducers::suspects(&pair, before, after);
        let found = if is_touched(&pair, before, after, sources) || hooks::are_touched(&pair) {
            search::divergences(&pair, before, after, suspects.iter().any(|it| it.shows == Shows::Order))
        } else {
            Divergences::default()
        };
        searched.push((before, after, suspects, found));
    }
    let mut suspected = machines::suspects(&pair);
    suspected.extend(hooks::suspects(&pair));
    for (before, after, suspects, found) in &searched {
        let is_explained = !suspects.is_empty() || suspected.iter().any(|it| found.shows(&it.shows).is_some());
        for suspect in suspects {
            suspect.report(found.evidence(&suspect.shows), report);
        }
        if let Some(divergence) = found.first().filter(|_| !is_explained) {
            unexplained(before, after, Evidence::Log(divergence.clone()), report);
        }
    }
    for suspect in &suspected {
        // The reducer that shows it best speaks for the machine or hook.
        let exact = searched.iter().find_map(|(.., found)| found.shows(&suspect.shows));
        let asks = || searched.iter().filter(|(before, ..)| machines::is_asked_by(pair.old, before, &suspect.shows));
        let evidence = match exact {
            Some(divergence) => Evidence::Log(divergence.clone()),
            None => asks().map(|(.., found)| found.evidence(&suspect.shows)).next().unwrap_or(Evidence::NotAsked),
        };
        suspect.report(evidence, report);
    }
}

fn gone(pair: &Pair<'_>, old: &Reducer, report: &mut Report<'_>) {
    let name = &old.meta.name;
    let new = pair.new_family(old.family).map(|family| family.meta.span);
    let place = Place { name: name.clone(), old: Some(old.meta.span), new };
    let message = format!("the reducer `{name}` is gone: nothing folds its logs any more");
    let help = format!("keep `{name}` beside the reducer that takes its place until no state of it is read");
    report.replay(&rules::REPLAY_REDUCER_KEPT, place, message, help, Evidence::NotAsked);
}

/// Nothing of the reducer itself changed, and it folds differently all the same.
fn unexplained(old: &Reducer, new: &Reducer, evidence: Evidence, report: &mut Report<'_>) {
    let name = &new.meta.name;
    let message = format!("`{name}` folds an old log to another state, because of what it reads");
    let help = "see the findings about the types of its events, its sets and tables; keep what old logs hold as it was";
    let place = Place::of(name.clone(), &old.meta, &new.meta);
    report.replay(&rules::REPLAY_FOLD_SAME, place, message, help, evidence);
}

/// Whether a file that takes part in the reducer was changed at all.
fn is_touched(pair: &Pair<'_>, old: &Reducer, new: &Reducer, sources: &SourceMap) -> bool {
    let texts = |workspace: &Workspace, reducer: &Reducer| {
        let mut open = vec![reducer.family];
        open.extend(reducer.reactions.iter().map(|reaction| workspace.events[reaction.event].family));
        let mut seen: BTreeSet<FamilyId> = BTreeSet::new();
        while let Some(family) = open.pop() {
            if seen.insert(family) {
                open.extend(&workspace.families[family].imports);
            }
        }
        let text = |family: &FamilyId| sources.text(workspace.families[*family].meta.span.file).to_owned();
        seen.iter().map(text).collect::<BTreeSet<String>>()
    };
    texts(pair.old, old) != texts(pair.new, new)
}
