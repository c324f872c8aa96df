//! A checked expression and the values of its variables enter; its value leaves.
//!
//! Values are bound decoded and in canonical form: an option that is none is null or has no member, an enum is its
//! text, a 64-bit integer its decimal text. Evaluation cannot fail on values of the types it was checked against; a hook
//! that no vector answers is noted in the scope.

use std::borrow::Cow;
use std::iter;

use super::operators::{Measure, compare, contains, int, number, size, sum, text};
use super::reduce::{Cell, State};
use super::scalar::is_blank;
use super::unanswered::Unanswered;
use crate::expr::{Kind, kind};
use crate::fault::Fault;
use crate::json::Value;
use crate::model::{EnumId, Expr, ExprKind, ExprType, Variable, Workspace};

/// What the names of an expression stand for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// `p`
    pub payload: &'a Value,
    /// `from`: the state that a move leaves, null where nothing was recorded.
    pub from: &'a Value,
    /// `to`: the state that a move enters.
    pub to: &'a Value,
    unanswered: &'a Unanswered,
    fold: Option<FoldScope<'a>>,
    bound: Option<&'a Bound<'a>>,
}

/// What the names of a reducer's expressions stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct FoldScope<'a> {
    /// `e`
    pub envelope: &'a Value,
    /// `p`
    pub payload: &'a Value,
    /// `s`
    pub live: &'a State,
    /// `snap`
    pub snapshot: &'a State,
    /// `error`
    pub fault: Option<&'a Fault>,
    /// `violations`
    pub violations: &'a [String],
}

/// A variable of `exists` or `all`, and those around it.
#[derive(Debug)]
struct Bound<'a> {
    name: &'a str,
    value: &'a Value,
    outer: Option<&'a Bound<'a>>,
}

impl<'a> Scope<'a> {
    /// A rule of a record sees the record alone.
    pub fn of_payload(payload: &'a Value, unanswered: &'a Unanswered) -> Self {
        Self::of_move(payload, &Value::Null, &Value::Null, unanswered)
    }

    /// A rule of a machine sees both states, and the payload where the machine has one.
    pub fn of_move(payload: &'a Value, from: &'a Value, to: &'a Value, unanswered: &'a Unanswered) -> Self {
        Self { payload, from, to, unanswered, fold: None, bound: None }
    }

    /// A step of a reducer sees envelope, payload and state.
    pub(super) fn of_fold(fold: FoldScope<'a>, unanswered: &'a Unanswered) -> Self {
        Self { fold: Some(fold), ..Self::of_payload(fold.payload, unanswered) }
    }

    /// The same behind a machine that was asked about a move.
    pub(super) fn moving(self, from: &'a Value, to: &'a Value) -> Self {
        Self { from, to, ..self }
    }

    /// What a step of a reducer sees.
    pub(super) fn into_fold(self) -> FoldScope<'a> {
        self.fold.expect("a scope of a fold")
    }

    fn with<'b>(&self, bound: &'b Bound<'b>) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope { bound: Some(bound), ..*self }
    }

    fn lookup(&self, variable: &Variable) -> Cow<'a, Value> {
        let fold = || self.fold.expect("only reducers name the envelope and what happened");
        Cow::Borrowed(match variable {
            Variable::Payload => self.payload,
            Variable::From => self.from,
            Variable::To => self.to,
            Variable::Envelope => fold().envelope,
            Variable::ErrorCode => return Cow::Owned(fold().fault.map_or(Value::Null, |f| f.code.as_str().into())),
            Variable::ErrorPath => {
                return Cow::Owned(fold().fault.map_or(Value::Null, |f| f.pointer().as_str().into()));
            }
            Variable::Violations => {
                return Cow::Owned(Value::Array(fold().violations.iter().map(|code| code.as_str().into()).collect()));
            }
            Variable::Slot(_) | Variable::Snapshot(_) => unreachable!("the state is read by place"),
            Variable::Bound(name) => {
                let around = iter::successors(self.bound, |bound| bound.outer);
                around.into_iter().find(|bound| bound.name == name).expect("a name that is bound around it").value
            }
        })
    }
}

/// The value of an expression.
pub fn evaluate<'v>(workspace: &Workspace, expression: &Expr, scope: &Scope<'v>) -> Cow<'v, Value> {
    if let Some(cell) = place(workspace, expression, scope) {
        let ExprType::Of(ty) = &expression.ty else { unreachable!("a part of the state has a type") };
        return Cow::Owned(cell.value(workspace, ty));
    }
    let value = |inner: &Expr| evaluate(workspace, inner, scope);
    let holds = |inner: &Expr| *value(inner) == Value::Bool(true);
    let body_holds = |name: &str, item: &Value, body: &Expr| {
        let bound = Bound { name, value: item, outer: scope.bound };
        *evaluate(workspace, body, &scope.with(&bound)) == Value::Bool(true)
    };
    let computed = match &expression.kind {
        ExprKind::Null => Value::Null,
        ExprKind::Bool(literal) => Value::Bool(*literal),
        ExprKind::Int(literal) => int(*literal),
        ExprKind::Float(literal) => (*literal).into(),
        ExprKind::Text(literal) => literal.as_str().into(),
        ExprKind::EnumValue(id, index) => member(workspace, *id, *index),
        ExprKind::EnumSet(id, set) => {
            let members = &workspace.enums[*id].sets[*set].members;
            Value::Array(members.iter().map(|&index| member(workspace, *id, index)).collect())
        }
        ExprKind::Variable(variable) => return scope.lookup(variable),
        ExprKind::Known(inner) | ExprKind::Variant(inner, _) => return value(inner),
        ExprKind::Field(owner, name) => return part(value(owner), name),
        ExprKind::Index(map, key) => return part(value(map), text(&value(key))),
        ExprKind::EnumMap(id, map, key) => {
            let from = &workspace.enums[*id];
            let index = from.index_of(text(&value(key))).expect("a value of the enum");
            let map = &from.maps[*map];
            member(workspace, map.to, map.targets[index])
        }
        ExprKind::Size(of) => match place(workspace, of, scope) {
            Some(cell @ (Cell::List(_) | Cell::Set(_) | Cell::Map(_))) => cell.size(),
            _ => size(&value(of)),
        },
        ExprKind::StartsWith(of, prefix) => text(&value(of)).starts_with(text(&value(prefix))).into(),
        ExprKind::Exists(list, name, body) => {
            items(&value(list)).iter().any(|item| body_holds(name, item, body)).into()
        }
        ExprKind::All(list, name, body) => items(&value(list)).iter().all(|item| body_holds(name, item, body)).into(),
        ExprKind::Blank(of) => match &*value(of) {
            Value::Null => true.into(),
            other => is_blank(text(other)).into(),
        },
        ExprKind::Not(inner) => (!holds(inner)).into(),
        ExprKind::And(left, right) => (holds(left) && holds(right)).into(),
        ExprKind::Or(left, right) => (holds(left) || holds(right)).into(),
        ExprKind::Conditional(condition, yes, no) => return value(if holds(condition) { yes } else { no }),
        ExprKind::Compare { op, left, right, as_instants } => {
            let (left_value, right_value) = (value(left), value(right));
            compare(*op, &left_value, &right_value, measure(workspace, left, *as_instants)).into()
        }
        ExprKind::In(item, container) => match place(workspace, container, scope) {
            Some(cell) => cell.contains(&value(item)).into(),
            None => contains(&value(container), &value(item)).into(),
        },
        ExprKind::Add(left, right) => sum(number(&value(left)), number(&value(right))),
        ExprKind::Subtract(left, right) => sum(number(&value(left)), -number(&value(right))),
        ExprKind::Hook(id, args) => {
            let args = args.iter().map(|arg| value(arg).into_owned()).collect();
            scope.unanswered.answer(workspace, *id, args)
        }
        ExprKind::List(parts) => Value::Array(parts.iter().map(|inner| value(inner).into_owned()).collect()),
    };
    Cow::Owned(computed)
}

/// The part of the state that an expression names, if it names one.
fn place<'v>(workspace: &Workspace, expression: &Expr, scope: &Scope<'v>) -> Option<&'v Cell> {
    let fold = scope.fold?;
    match &expression.kind {
        ExprKind::Variable(Variable::Slot(slot)) => Some(fold.live.slot(*slot)),
        ExprKind::Variable(Variable::Snapshot(slot)) => Some(fold.snapshot.slot(*slot)),
        ExprKind::Known(inner) => place(workspace, inner, scope),
        ExprKind::Field(owner, name) => match place(workspace, owner, scope)? {
            cell @ Cell::Record(_) => Some(cell.part(name)),
            _ => None,
        },
        ExprKind::Index(map, key) => Some(place(workspace, map, scope)?.part(text(&evaluate(workspace, key, scope)))),
        _ => None,
    }
}

fn member(workspace: &Workspace, id: EnumId, index: usize) -> Value {
    workspace.enums[id].values[index].text.as_str().into()
}

/// The member of an object, or null where it has none: an option that is none leaves no member.
fn part<'v>(object: Cow<'v, Value>, key: &str) -> Cow<'v, Value> {
    match object {
        Cow::Borrowed(object) => object.get(key).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        Cow::Owned(object) => Cow::Owned(object.get(key).cloned().unwrap_or(Value::Null)),
    }
}

fn items(list: &Value) -> &[Value] {
    match list {
        Value::Array(items) => items,
        other => unreachable!("a list was checked, not {}", other.kind()),
    }
}

/// What two values are compared as.
fn measure(workspace: &Workspace, operand: &Expr, as_instants: bool) -> Measure {
    match &operand.ty {
        ExprType::Of(_) if as_instants => Measure::Moment,
        ExprType::Of(ty) if matches!(kind(workspace, ty), Kind::Int64 | Kind::Uint64) => Measure::Decimal,
        _ => Measure::Value,
    }
}
