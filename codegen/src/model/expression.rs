//! Typed expressions: what `expr` makes of the text, what interpreters and emitters compile.

use super::Type;
use super::ids::{EnumId, RecordId};
use crate::source::Span;

/// A checked expression. Evaluating it cannot fail on a value of the types it was checked against.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// The type of its value, before narrowing at the place of use.
    pub ty: ExprType,
    /// Where it stands.
    pub span: Span,
}

/// The type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprType {
    /// `null` alone.
    Null,
    /// A truth value.
    Bool,
    /// An integer within ±(2^53−1).
    Int,
    /// A binary64.
    Float,
    /// A text; a date-time compares as an instant.
    Text,
    /// A declared type, `Type::Opt` where it may be none and was not tested.
    Of(Type),
    /// The payload, record or envelope that a variable stands for.
    Record(RecordId),
    /// A list literal of values of this type; stands only right of `in`.
    ListOf(Box<ExprType>),
    /// A named set of an enum's members; stands only right of `in`.
    SetOf(EnumId),
    /// The state of a machine: a member, or null for "nothing recorded yet".
    State(EnumId),
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
