//! The slots of a reducer enter; findings about those that no step writes, and notes about those that only grow, leave.

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Access, Action, AssignmentKind, Items, Reducer, SlotKind, Type, Workspace};

pub(crate) fn check(workspace: &Workspace, reducer: &Reducer, out: &mut Diagnostics) {
    let reached: Vec<_> = reducer.actions().collect();
    for (at, slot) in reducer.slots.iter().enumerate() {
        let is_seen = reducer.idempotent.as_ref().is_some_and(|idempotent| idempotent.seen == at);
        let writes = |action: &Action| match action {
            Action::Move { slot, .. } => *slot == at,
            Action::Effect(_, target, _) => target.slot == at,
            _ => false,
        };
        let is_kept = matches!(slot.kind, SlotKind::Value(_) | SlotKind::Machine(_));
        if is_kept && !is_seen && !reached.iter().any(|found| writes(found.action)) {
            let message = format!("no step writes the slot `{}`", slot.name);
            out.push(
                Diagnostic::new(&rules::SLOT_NOT_WRITTEN, slot.span, message)
                    .help("write it in a step, or remove it: it stays as it starts"),
            );
        }
        let effects = || {
            reached.iter().filter_map(|found| match found.action {
                Action::Effect(kind, target, _) if target.slot == at => Some((kind, target)),
                _ => None,
            })
        };
        let mut grown = effects().filter(|(kind, target)| {
            let makes_keys = target.path.iter().any(|access| matches!(access, Access::Key { .. }));
            makes_keys || (is_growth(**kind) && !is_bounded(workspace, &target.ty))
        });
        let shrinks =
            |kind: AssignmentKind| matches!(kind, AssignmentKind::Drop | AssignmentKind::Clear | AssignmentKind::Set);
        let is_grown = grown.next().is_some() || is_seen;
        if is_grown && !effects().any(|(kind, target)| shrinks(*kind) && target.path.is_empty()) {
            let message = format!("the slot `{}` only grows", slot.name);
            out.push(
                Diagnostic::new(&rules::SLOT_UNBOUNDED, slot.span, message)
                    .help("a state that must stay small drops what is done with, or keeps a count instead"),
            );
        }
    }
}

fn is_growth(kind: AssignmentKind) -> bool {
    use AssignmentKind::{Add, Append, AppendUnique, Put};
    matches!(kind, Append | AppendUnique | Add | Put)
}

fn is_bounded(workspace: &Workspace, ty: &Type) -> bool {
    let items = match workspace.unwrapped(ty) {
        Type::List(_, items) | Type::Set(_, items) | Type::Map(_, _, items) => *items,
        _ => Items::default(),
    };
    items.max.is_some()
}
