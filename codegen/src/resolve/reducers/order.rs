//! The steps on the way of one event enter; findings about effects before refusals, and about moves that collide, leave.

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Action, CompareOp, Expr, ExprKind, Reached, Step, reached};

/// A refusal ends the event with none of its effects, so on no way does an effect come before one.
pub fn check_effects(path: &[&Step], out: &mut Diagnostics) {
    let mut effects: Vec<Reached<'_>> = Vec::new();
    for found in reached(path.iter().copied()) {
        let refuses = matches!(found.action, Action::Reject(_) | Action::Move { .. } | Action::Check { .. });
        let before =
            effects.iter().find(|effect| !is_same_move(effect, &found) && !exclusive(&effect.guards, &found.guards));
        if let (true, Some(effect)) = (refuses, before) {
            out.push(
                Diagnostic::new(&rules::STEP_ORDER, found.span, "this step may refuse the event after an effect")
                    .related(effect.span, "an effect before it")
                    .help("refuse first, then change: a refused event has no effect at all"),
            );
        }
        // A move that succeeds is an effect for every refusal behind it.
        if matches!(found.action, Action::Effect(..) | Action::Move { .. }) {
            effects.push(found);
        }
    }
}

/// Two moves of one slot, which have a finding of their own.
fn is_same_move(one: &Reached<'_>, other: &Reached<'_>) -> bool {
    match (one.action, other.action) {
        (Action::Move { slot, .. }, Action::Move { slot: other, .. }) => slot == other,
        _ => false,
    }
}

/// Two moves of one slot that could both happen.
pub fn check_moves(path: &[&Step], out: &mut Diagnostics) {
    let mut moves: Vec<(usize, Reached<'_>)> = Vec::new();
    for found in reached(path.iter().copied()) {
        let Action::Move { slot, .. } = found.action else { continue };
        let clash = moves.iter().find(|(other, before)| other == slot && !exclusive(&before.guards, &found.guards));
        if let Some((_, first)) = clash {
            out.push(
                Diagnostic::new(&rules::STEP_MOVES, found.span, "this slot may already have moved for the same event")
                    .related(first.span, "the other move")
                    .help(
                        "give the two conditions that exclude each other: `x` and `!x`, or `y == E.a` and `y == E.b`",
                    ),
            );
        }
        moves.push((*slot, found));
    }
}

fn exclusive(left: &[&Expr], right: &[&Expr]) -> bool {
    let rights: Vec<&Expr> = right.iter().flat_map(|guard| conjuncts(guard)).collect();
    left.iter().flat_map(|guard| conjuncts(guard)).any(|left| rights.iter().any(|right| excludes(left, right)))
}

fn conjuncts(guard: &Expr) -> Vec<&Expr> {
    match &guard.kind {
        ExprKind::And(left, right) => conjuncts(left).into_iter().chain(conjuncts(right)).collect(),
        _ => vec![guard],
    }
}

fn excludes(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Not(inner), _) if inner.says_as(other) => true,
        (_, ExprKind::Not(inner)) if inner.says_as(one) => true,
        (
            ExprKind::Compare { op, left, right, .. },
            ExprKind::Compare { op: op_too, left: left_too, right: right_too, .. },
        ) if left.says_as(left_too) => match (op, op_too) {
            (CompareOp::Eq, CompareOp::Eq) => is_other_member(right, right_too),
            (CompareOp::Eq, CompareOp::Ne) | (CompareOp::Ne, CompareOp::Eq) => right.says_as(right_too),
            _ => false,
        },
        _ => false,
    }
}

/// Two members of one enum.
fn is_other_member(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::EnumValue(id, index), ExprKind::EnumValue(id_too, index_too)) => id == id_too && index != index_too,
        _ => false,
    }
}
