//! Typed expressions: what `expr` makes of the text, what interpreters and emitters compile.

use std::fmt;

use super::Type;
use super::ids::{EnumId, HookId};
use crate::source::Span;

/// A checked expression. Evaluating it cannot fail on a value of the types it was checked against.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// The type of its value; an `opt` that was tested is unwrapped by [`ExprKind::Known`] only.
    pub ty: ExprType,
    /// Where it stands.
    pub span: Span,
}

/// The type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprType {
    /// `null` alone.
    Null,
    /// A declared or built-in type, with `Type::Opt` outermost where it may be none.
    Of(Type),
    /// A list literal of values of this type; stands only right of `in`.
    ListOf(Box<ExprType>),
    /// A named set of an enum's members; stands only right of `in`.
    SetOf(EnumId),
}

/// What an expression computes.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer literal.
    Int(i64),
    /// A literal with a point or exponent.
    Float(f64),
    /// A string literal.
    Text(String),
    /// A member of an enum, by index.
    EnumValue(EnumId, usize),
    /// A named set of an enum, by index into its sets.
    EnumSet(EnumId, usize),
    /// `p`, `from`, `to` or a variable of `exists` and `all`.
    Variable(Variable),
    /// A field of a record by name, or the tag of a tagged union.
    Field(Box<Expr>, String),
    /// The value of an `opt` that is known not to be none at this place.
    Known(Box<Expr>),
    /// A value of a tagged union whose tag is known to be this (index of the tag value): the variant's record.
    Variant(Box<Expr>, usize),
    /// `map[key]`, where the key is known to be there.
    Index(Box<Expr>, Box<Expr>),
    /// `Enum.map[value]`: a total map of an enum, by index into its maps.
    EnumMap(EnumId, usize, Box<Expr>),
    /// Code points of a string, items of a container.
    Size(Box<Expr>),
    /// `text.startsWith(prefix)`
    StartsWith(Box<Expr>, Box<Expr>),
    /// `list.exists(name, body)`
    Exists(Box<Expr>, String, Box<Expr>),
    /// `list.all(name, body)`
    All(Box<Expr>, String, Box<Expr>),
    /// None, or nothing but white space.
    Blank(Box<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `a && b`
    And(Box<Expr>, Box<Expr>),
    /// `a || b`
    Or(Box<Expr>, Box<Expr>),
    /// `c ? a : b`
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A comparison; `as_instants` where both are date-times.
    Compare {
        /// Which.
        op: CompareOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
        /// Compare moments, not texts.
        as_instants: bool,
    },
    /// Member of a list literal, enum set, list, set; key of a map.
    In(Box<Expr>, Box<Expr>),
    /// `a + b`, clamped at ±(2^53−1).
    Add(Box<Expr>, Box<Expr>),
    /// `a - b`, clamped at ±(2^53−1).
    Subtract(Box<Expr>, Box<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `hook(a, b)`
    Hook(HookId, Vec<Expr>),
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// The record that holds the rule, or the event that a machine is checked with.
    Payload,
    /// The state a move leaves; null where nothing was recorded.
    From,
    /// The state a move enters.
    To,
    /// `e`: the envelope.
    Envelope,
    /// `s.slot`: a part of the state, by index.
    Slot(usize),
    /// `snap.slot`: that part at the start of the concurrent group.
    Snapshot(usize),
    /// `error.code`: of the first error of a payload.
    ErrorCode,
    /// `error.path`
    ErrorPath,
    /// `violations`: codes of the rules of a machine that refuse a move.
    Violations,
    /// Bound by `exists` or `all`.
    Bound(String),
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

/// A condition that holds where one of these does; none where there is none.
pub fn any_of<'e>(conditions: impl IntoIterator<Item = &'e Expr>) -> Option<Expr> {
    conditions.into_iter().cloned().reduce(|before, condition| Expr {
        ty: condition.ty.clone(),
        span: condition.span,
        kind: ExprKind::Or(Box::new(before), Box::new(condition)),
    })
}

impl Expr {
    /// Whether both say the same, wherever they stand.
    pub fn says_as(&self, other: &Self) -> bool {
        let (parts, others) = (self.parts(), other.parts());
        self.label() == other.label()
            && parts.len() == others.len()
            && parts.iter().zip(others).all(|(part, other)| part.says_as(other))
    }

    /// What it says besides its parts.
    fn label(&self) -> String {
        let own: &dyn fmt::Debug = match &self.kind {
            ExprKind::Bool(value) => value,
            ExprKind::Int(value) => value,
            ExprKind::Float(value) => value,
            ExprKind::Text(text) | ExprKind::Field(_, text) => text,
            ExprKind::Exists(_, name, _) | ExprKind::All(_, name, _) => name,
            ExprKind::EnumValue(id, index) | ExprKind::EnumSet(id, index) | ExprKind::EnumMap(id, index, _) => {
                return format!("{:?} {id:?} {index}", std::mem::discriminant(&self.kind));
            }
            ExprKind::Variant(_, index) => index,
            ExprKind::Hook(id, _) => id,
            ExprKind::Variable(variable) => variable,
            ExprKind::Compare { op, .. } => op,
            _ => &(),
        };
        format!("{:?} {own:?}", std::mem::discriminant(&self.kind))
    }

    /// Hooks that it calls.
    pub fn hooks(&self) -> Vec<HookId> {
        let inner = self.parts().into_iter().flat_map(Self::hooks);
        let own = if let ExprKind::Hook(id, _) = &self.kind { Some(*id) } else { None };
        own.into_iter().chain(inner).collect()
    }

    /// Whether it, or an expression in it, is this variable.
    pub fn reads(&self, variable: &Variable) -> bool {
        matches!(&self.kind, ExprKind::Variable(read) if read == variable)
            || self.parts().iter().any(|part| part.reads(variable))
    }

    /// The expressions it is made of, in the order written.
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::EnumValue(..)
            | ExprKind::EnumSet(..)
            | ExprKind::Variable(_) => Vec::new(),
            ExprKind::Field(inner, _)
            | ExprKind::Known(inner)
            | ExprKind::Variant(inner, _)
            | ExprKind::EnumMap(_, _, inner)
            | ExprKind::Size(inner)
            | ExprKind::Blank(inner)
            | ExprKind::Not(inner) => vec![inner],
            ExprKind::Index(left, right)
            | ExprKind::StartsWith(left, right)
            | ExprKind::Exists(left, _, right)
            | ExprKind::All(left, _, right)
            | ExprKind::And(left, right)
            | ExprKind::Or(left, right)
            | ExprKind::Compare { left, right, .. }
            | ExprKind::In(left, right)
            | ExprKind::Add(left, right)
            | ExprKind::Subtract(left, right) => vec![left, right],
            ExprKind::Conditional(test, yes, no) => vec![test, yes, no],
            ExprKind::List(items) | ExprKind::Hook(_, items) => items.iter().collect(),
        }
    }
}
