//! The tree of an expression as written; two trees are equal when they say the same, wherever they stand.

use crate::model::CompareOp;
use crate::source::Span;

/// An expression that was parsed but not yet checked.
#[derive(Debug, Clone)]
pub struct Ast {
    pub(super) node: Node,
    pub(super) span: Span,
    /// Nodes on the longest way down, this one included.
    pub(super) height: usize,
}

impl PartialEq for Ast {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// What stands at a place of the tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Name(String),
    /// `x.name`
    Select(Box<Ast>, Name),
    /// `x[y]`
    Index(Box<Ast>, Box<Ast>),
    /// `name(..)` or `x.name(..)`
    Call(Option<Box<Ast>>, Name, Vec<Ast>),
    Not(Box<Ast>),
    Binary(Operator, Box<Ast>, Box<Ast>),
    Conditional(Box<Ast>, Box<Ast>, Box<Ast>),
    List(Vec<Ast>),
}

/// A word behind a dot or before a parenthesis.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What joins two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Compare(CompareOp),
    In,
    Add,
    Subtract,
}

impl Operator {
    /// As it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::And => "&&",
            Self::Or => "||",
            Self::Compare(op) => op.as_str(),
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
        }
    }
}

impl Ast {
    /// The text of a plain path such as `p.a.b`, for messages.
    pub(super) fn path(&self) -> Option<String> {
        match &self.node {
            Node::Name(name) => Some(name.clone()),
            Node::Select(base, name) => Some(format!("{}.{}", base.path()?, name.text)),
            _ => None,
        }
    }

    pub(super) fn children(&self) -> Vec<&Self> {
        match &self.node {
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) | Node::Name(_) => Vec::new(),
            Node::Select(base, _) | Node::Not(base) => vec![base],
            Node::Index(left, right) | Node::Binary(_, left, right) => vec![left, right],
            Node::Call(base, _, arguments) => base.as_deref().into_iter().chain(arguments).collect(),
            Node::Conditional(test, yes, no) => vec![test, yes, no],
            Node::List(items) => items.iter().collect(),
        }
    }
}
