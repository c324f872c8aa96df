//! A reducer enters; whether the vectors of the hooks that it asks tell everything about them leaves.
//!
//! The interpreter knows a hook by its vectors alone. Where these have all args there are, a search sees all that the
//! hook can do; of any other hook it sees a part, and nothing can be said of all logs.

use std::collections::BTreeSet;

use super::atoms::expressions;
use crate::expr::{Kind, kind};
use crate::model::{Access, Action, Assignment, Expr, Hook, HookId, Payload, RecordId, Reducer, Rule, Type, Workspace};

/// Whether vectors answer every call on which the way of an event, a part of the state or a claim depends.
pub(crate) fn are_told(workspace: &Workspace, reducer: &Reducer) -> bool {
    let mut asked = BTreeSet::new();
    collect(workspace, reducer, &mut asked);
    asked.into_iter().all(|id| is_told(workspace, &workspace.hooks[id]))
}

fn collect(workspace: &Workspace, reducer: &Reducer, asked: &mut BTreeSet<HookId>) {
    let mut see = |expr: &Expr| asked.extend(expr.hooks());
    for claim in &reducer.claims {
        claim.given.iter().chain([&claim.then]).for_each(&mut see);
    }
    rules(workspace, workspace.profiles[reducer.profile].envelope).for_each(&mut see);
    for reaction in &reducer.reactions {
        expressions(workspace, reaction).into_iter().for_each(&mut see);
        for reached in reaction.actions() {
            let Action::Effect(_, target, value) = reached.action else { continue };
            let keys = target.path.iter().filter_map(|access| match access {
                Access::Field(_) => None,
                Access::Key { key, .. } => Some(key),
            });
            keys.for_each(&mut see);
            if let Some(value) = value {
                assigned(value, &mut see);
            }
        }
        if let Payload::Record(id) = workspace.events[reaction.event].payload {
            rules(workspace, id).for_each(&mut see);
        }
    }
    for delegate in &reducer.delegates {
        collect(workspace, &workspace.reducers[delegate.reducer], asked);
    }
}

fn rules(workspace: &Workspace, id: RecordId) -> impl Iterator<Item = &Expr> {
    workspace.records[id].rules.iter().filter_map(Rule::condition)
}

fn assigned(value: &Assignment, see: &mut impl FnMut(&Expr)) {
    match value {
        Assignment::Value(expr) => see(expr),
        Assignment::List(items, _) => items.iter().for_each(|item| assigned(item, see)),
        Assignment::Record(members, _) => members.iter().for_each(|(_, member)| assigned(member, see)),
    }
}

/// Whether there is a vector for all args there are: vectors are accepted by the types, and each has other args.
fn is_told(workspace: &Workspace, hook: &Hook) -> bool {
    let mut counts = hook.args.iter().map(|(_, ty)| count(workspace, ty));
    let all = counts.try_fold(1_usize, |product, count| product.checked_mul(count?));
    all == Some(hook.vectors.iter().len())
}

/// How many values a type has, where that is few.
fn count(workspace: &Workspace, ty: &Type) -> Option<usize> {
    let values = match (workspace.unwrapped(ty), kind(workspace, ty)) {
        (Type::Enum(of), _) => of.only.as_ref().map_or(workspace.enums[of.id].values.len(), Vec::len),
        (_, Kind::Bool) => 2,
        _ => return None,
    };
    Some(values + usize::from(workspace.is_optional(ty)))
}
