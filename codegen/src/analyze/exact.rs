//! Conditions over a payload enter; payloads leave of which every way to decide them is one, or nothing.
//!
//! Nothing leaves where a few values cannot stand for all, as with two numbers that are compared: no finding is better
//! than a wrong one.

use std::collections::BTreeSet;

use crate::expr::{Kind, kind};
use crate::interpret::check_value;
use crate::json::{Value, canonical};
use crate::model::{CompareOp, Expr, ExprKind, ExprType, Presence, Record, Type, Variable, Workspace};
use crate::sample::{distinct, exact, sample};

/// How many payloads are made.
const MOST: usize = 2_048;

/// Payloads that hold these fields, in every way that the conditions can tell apart.
pub(crate) fn payloads(
    workspace: &Workspace,
    record: &Record,
    conditions: &[&Expr],
    fields: &BTreeSet<usize>,
) -> Option<Vec<Value>> {
    if !conditions.iter().all(|condition| is_exact(workspace, condition)) {
        return None;
    }
    let mut literals = BTreeSet::new();
    for condition in conditions {
        collect_literals(condition, &mut literals);
    }
    let mut found = vec![Vec::new()];
    for &at in fields {
        let field = &record.fields[at];
        let values = values(workspace, &field.ty, &field.presence, &literals)?;
        if found.len() * values.len() > MOST {
            return None;
        }
        let name = field.meta.name.as_str();
        let mut longer: Vec<Vec<(&str, Value)>> = Vec::with_capacity(found.len() * values.len());
        for known in &found {
            longer.extend(values.iter().map(|value| [known.as_slice(), &[(name, value.clone())]].concat()));
        }
        found = longer;
    }
    Some(found.into_iter().map(Value::object).collect())
}

/// Whether few values of each field stand for all of them.
fn is_exact(workspace: &Workspace, condition: &Expr) -> bool {
    let is_choice = |expr: &Expr| matches!(kind_of(workspace, expr), Some(Kind::Bool | Kind::Enum(_)));
    match &condition.kind {
        ExprKind::Bool(_) => true,
        ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Conditional(..) => {
            condition.parts().into_iter().all(|part| is_exact(workspace, part))
        }
        ExprKind::Compare { op, left, right, .. } => {
            let is_plain = [left, right].into_iter().all(|side| is_operand(side) || is_literal(side));
            let is_null = [left, right].into_iter().any(|side| matches!(side.kind, ExprKind::Null));
            let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
            let has_stand_ins = |side: &Expr| match kind_of(workspace, side) {
                Some(Kind::Bool | Kind::Enum(_) | Kind::Int) => true,
                Some(Kind::Text) => is_equality,
                _ => false,
            };
            let with_literal = (is_literal(left) || is_literal(right)) && has_stand_ins(left) && has_stand_ins(right);
            is_plain && (is_null || with_literal || (is_choice(left) && is_choice(right)))
        }
        ExprKind::In(item, container) => {
            is_operand(item)
                && matches!(kind_of(workspace, item), Some(Kind::Bool | Kind::Enum(_) | Kind::Int | Kind::Text))
                && match &container.kind {
                    ExprKind::EnumSet(..) => true,
                    ExprKind::List(items) => items.iter().all(is_literal),
                    _ => false,
                }
        }
        ExprKind::Blank(of) => is_operand(of),
        _ => is_operand(condition) && is_choice(condition),
    }
}

fn kind_of<'a>(workspace: &'a Workspace, expr: &'a Expr) -> Option<Kind<'a>> {
    match &expr.ty {
        ExprType::Of(ty) => Some(kind(workspace, ty)),
        _ => None,
    }
}

/// A field of `p`, `from` or `to`, perhaps through the map of an enum.
fn is_operand(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Variable(Variable::From | Variable::To) => true,
        ExprKind::Field(owner, _) => matches!(owner.kind, ExprKind::Variable(Variable::Payload)),
        ExprKind::Known(inner) | ExprKind::EnumMap(_, _, inner) => is_operand(inner),
        _ => false,
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Text(_) | ExprKind::EnumValue(..)
    )
}

/// Values of a field, decoded: null where it may be none.
fn values(workspace: &Workspace, ty: &Type, presence: &Presence, literals: &BTreeSet<Literal>) -> Option<Vec<Value>> {
    let mut found: Vec<Value> = match (workspace.unwrapped(ty), kind(workspace, ty)) {
        (Type::Enum(ty), _) => {
            let members = workspace.enums[ty.id].values.iter().enumerate();
            let is_member = |index: &usize| ty.only.as_ref().is_none_or(|only| only.contains(index));
            members.filter(|(index, _)| is_member(index)).map(|(_, value)| value.text.as_str().into()).collect()
        }
        (_, Kind::Bool) => vec![false.into(), true.into()],
        (inner, Kind::Text) => {
            let spoken = literals.iter().filter_map(|literal| match literal {
                Literal::Text(text) => Some(Value::from(text.as_str())),
                Literal::Int(_) => None,
            });
            let others = distinct(workspace, inner).into_iter().take(literals.len() + 2);
            let candidates = spoken.chain(["".into(), " ".into()]).chain(others);
            candidates.filter(|value| check_value(workspace, inner, value).is_ok()).collect()
        }
        (inner, Kind::Int) => {
            let spoken = literals.iter().flat_map(|literal| match literal {
                Literal::Int(int) => [-1, 0, 1].map(|step| exact(int.saturating_add(step))).to_vec(),
                Literal::Text(_) => Vec::new(),
            });
            let candidates = spoken.chain(sample(workspace, inner, false));
            candidates.filter(|value| check_value(workspace, inner, value).is_ok()).collect()
        }
        (inner, _) => vec![sample(workspace, inner, false)?],
    };
    let mut met = BTreeSet::new();
    found.retain(|value| met.insert(canonical(value)));
    if workspace.is_optional(ty) && !matches!(presence, Presence::Default(_)) {
        found.push(Value::Null);
    }
    (!found.is_empty()).then_some(found)
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Literal {
    Text(String),
    Int(i64),
}

fn collect_literals(expr: &Expr, found: &mut BTreeSet<Literal>) {
    match &expr.kind {
        ExprKind::Text(text) => _ = found.insert(Literal::Text(text.clone())),
        ExprKind::Int(int) => _ = found.insert(Literal::Int(*int)),
        _ => expr.parts().into_iter().for_each(|part| collect_literals(part, found)),
    }
}
