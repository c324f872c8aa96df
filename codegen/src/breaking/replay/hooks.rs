//! Hooks of both versions enter; answers that are others now, or that nothing holds any more, leave.

use super::super::pair::{Pair, Place, by_name};
use super::super::rules;
use super::suspect::{Shows, Suspect};
use crate::json::{Value, canonical};
use crate::model::{Hook, Vector};

/// Every change in what hooks are known to answer. Their sources are not compared: vectors speak for them.
pub(super) fn suspects(pair: &Pair<'_>) -> Vec<Suspect> {
    let mut found = Vec::new();
    for (old, new) in both(pair) {
        let place = || Place::of(new.meta.name.clone(), &old.meta, &new.meta);
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for vector in &old.vectors {
            match new.vectors.answer(&vector.args) {
                Some(answer) if *answer == vector.returns => {}
                Some(answer) => changed.push((vector, answer)),
                None => gone.push(vector),
            }
        }
        if let Some((vector, answer)) = changed.first() {
            let (call, was, is) = (call(old, vector), canonical(&vector.returns), canonical(answer));
            let message = format!("{call} is `{is}` now, and was `{was}`{}", others(changed.len()));
            let help = "keep the answer, and declare a hook of another name for the new one";
            found.push(Suspect::new(&rules::REPLAY_HOOK_SAME, place(), message, help, Shows::Any));
        }
        // Of other args there are no vectors that could be the same.
        if let Some(vector) = gone.first().filter(|_| has_same_args(old, new)) {
            let message = format!("no vector holds {} any more{}", call(old, vector), others(gone.len()));
            let help = "keep the vectors that were released, and add to them";
            found.push(Suspect::new(&rules::REPLAY_HOOK_VECTOR_KEPT, place(), message, help, Shows::Nothing));
        }
    }
    found
}

/// Whether any hook is known to answer otherwise: contracts may be the same then, and logs fold differently.
pub(super) fn are_touched(pair: &Pair<'_>) -> bool {
    both(pair).any(|(old, new)| old.vectors != new.vectors)
}

fn both<'a>(pair: &Pair<'a>) -> impl Iterator<Item = (&'a Hook, &'a Hook)> {
    let new = pair.new;
    pair.old.hooks.iter().filter_map(|old| Some((old, by_name(&new.hooks, &old.meta.name, |hook| &hook.meta)?)))
}

fn has_same_args(old: &Hook, new: &Hook) -> bool {
    let names = |hook: &Hook| hook.args.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    names(old) == names(new)
}

/// The call that a vector speaks of.
fn call(hook: &Hook, vector: &Vector) -> String {
    let args: Vec<String> = vector.args.iter().map(|arg: &Value| canonical(arg)).collect();
    format!("`{}({})`", hook.meta.name, args.join(", "))
}

fn others(count: usize) -> String {
    match count - 1 {
        0 => String::new(),
        1 => ", and so is one more".to_owned(),
        more => format!(", and so are {more} more"),
    }
}
