//! A condition enters; what is certain where it held, or where it did not, leaves.

use super::super::ast::{Ast, Node, Operator};
use crate::model::{CompareOp, Expr, ExprKind};

/// Named expressions; one may use those before it.
type Lets<'a> = &'a [(String, Ast)];

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

/// What follows from the condition being `holds`. `expr` is what `ast` was typed as; names stand for `lets`.
pub(super) fn facts<'a>(ast: &'a Ast, expr: &Expr, holds: bool, lets: Lets<'a>) -> Vec<Fact<'a>> {
    let (ast, lets) = named(ast, lets);
    let joined = |left: Side<'a, '_>, right: Side<'a, '_>, both| {
        joined(facts(left.0, left.1, holds, lets), &facts(right.0, right.1, holds, lets), both)
    };
    match (&ast.node, &expr.kind) {
        (Node::Not(inner), ExprKind::Not(typed)) => facts(inner, typed, !holds, lets),
        (Node::Binary(_, left, right), ExprKind::And(l, r)) => joined((left, l), (right, r), holds),
        (Node::Binary(_, left, right), ExprKind::Or(l, r)) => joined((left, l), (right, r), !holds),
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
fn joined<'a>(mut known: Vec<Fact<'a>>, more: &[Fact<'a>], both: bool) -> Vec<Fact<'a>> {
    if both {
        known.extend_from_slice(more);
    } else {
        known.retain(|fact| more.contains(fact));
    }
    known
}

/// The tree that a name stands for, with the names that it may use; other trees are themselves.
fn named<'a>(mut ast: &'a Ast, mut lets: Lets<'a>) -> (&'a Ast, Lets<'a>) {
    while let Node::Name(name) = &ast.node
        && let Some(at) = lets.iter().position(|(known, _)| known == name)
    {
        (ast, lets) = (&lets[at].1, &lets[..at]);
    }
    (ast, lets)
}

/// The conditions that hold where this one does, each with its type.
pub fn conjuncts<'c>(ast: &'c Ast, expr: &'c Expr, lets: Lets<'c>) -> Vec<(&'c Ast, &'c Expr)> {
    let (inner, known) = named(ast, lets);
    match (&inner.node, &expr.kind) {
        (Node::Binary(_, left, right), ExprKind::And(l, r)) => {
            let mut all = conjuncts(left, l, known);
            all.extend(conjuncts(right, r, known));
            all
        }
        _ => vec![(ast, expr)],
    }
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
