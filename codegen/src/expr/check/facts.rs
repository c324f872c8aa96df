//! A condition enters; what is certain where it held, or where it did not, leaves.

use super::super::ast::{Ast, Node, Operator};
use crate::model::{CompareOp, Expr, ExprKind};

/// Something that a test made certain. Expressions have no effects, so it holds for every equal expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fact<'a> {
    /// It is not none.
    Certain(&'a Ast),
    /// The map has the key.
    HasKey(&'a Ast, &'a Ast),
    /// The tag of the union is this value.
    Variant(&'a Ast, usize),
}

/// What follows from the condition being `holds`. `expr` is what `ast` was typed as.
pub(super) fn facts<'a>(ast: &'a Ast, expr: &Expr, holds: bool) -> Vec<Fact<'a>> {
    match (&ast.node, &expr.kind) {
        (Node::Not(inner), ExprKind::Not(typed)) => facts(inner, typed, !holds),
        (Node::Binary(_, left, right), ExprKind::And(l, r)) => joined((left, l), (right, r), holds, holds),
        (Node::Binary(_, left, right), ExprKind::Or(l, r)) => joined((left, l), (right, r), holds, !holds),
        (Node::Binary(Operator::In, key, map), ExprKind::In(..)) if holds => vec![Fact::HasKey(map, key)],
        (Node::Binary(_, left, right), ExprKind::Compare { op: CompareOp::Eq, left: l, right: r, .. }) => {
            equality((left, l), (right, r), holds)
        }
        (Node::Binary(_, left, right), ExprKind::Compare { op: CompareOp::Ne, left: l, right: r, .. }) => {
            equality((left, l), (right, r), !holds)
        }
        _ => Vec::new(),
    }
}

type Side<'a, 'e> = (&'a Ast, &'e Expr);

/// Facts of two conditions of which both are certain, or one of them without saying which.
fn joined<'a>(left: Side<'a, '_>, right: Side<'a, '_>, holds: bool, both: bool) -> Vec<Fact<'a>> {
    let (mut known, more) = (facts(left.0, left.1, holds), facts(right.0, right.1, holds));
    if both {
        known.extend(more);
    } else {
        known.retain(|fact| more.contains(fact));
    }
    known
}

fn equality<'a>(left: Side<'a, '_>, right: Side<'a, '_>, equal: bool) -> Vec<Fact<'a>> {
    let sides = [(left, right), (right, left)];
    sides.into_iter().filter_map(|(tested, against)| tested_against(tested, against, equal)).collect()
}

fn tested_against<'a>(tested: Side<'a, '_>, against: Side<'a, '_>, equal: bool) -> Option<Fact<'a>> {
    match (&tested.0.node, &against.1.kind) {
        (_, ExprKind::Null) if !equal => Some(Fact::Certain(tested.0)),
        (Node::Select(union, _), ExprKind::EnumValue(_, value)) if equal => Some(Fact::Variant(union, *value)),
        _ => None,
    }
}
