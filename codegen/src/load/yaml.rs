//! The bytes of one YAML file enter; a tree in which every key and value has its place leaves, or located refusals.

use crate::source::{Span, Spanned};

/// A YAML value with its place. Anchors, aliases, tags and duplicate keys are refused before one exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands; a scalar's span includes its quotes.
    pub span: Span,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar; an empty value is the plain scalar of empty text.
    Scalar(String, Style),
    /// Items in order.
    Sequence(Vec<Node>),
    /// Members as written, each key once.
    Mapping(Vec<(Spanned<String>, Node)>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: its text may mean null, a boolean or a number.
    Plain,
    /// In quotes, or as a block: always text.
    Text,
}
