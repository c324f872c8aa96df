//! The tree of an expression enters; the place in the state or payload that it names leaves, if it names one.

use super::ast::{Ast, Node, Operator};
use crate::model::CompareOp;
use crate::source::Span;

/// A name and the way on from it: `warnings[p.warning_id].acknowledgements`.
#[derive(Debug)]
pub struct Path<'a> {
    /// The first word.
    pub head: &'a str,
    /// Where the first word stands.
    pub span: Span,
    /// The way on.
    pub steps: Vec<PathStep<'a>>,
}

/// One step of a way.
#[derive(Debug)]
pub enum PathStep<'a> {
    /// `.name`
    Field(&'a str, Span),
    /// `[key]`
    Key(&'a Ast),
}

/// The path that a tree is, if it is one.
pub fn path(ast: &Ast) -> Option<Path<'_>> {
    match &ast.node {
        Node::Name(head) => Some(Path { head, span: ast.span, steps: Vec::new() }),
        Node::Select(base, name) => {
            let mut path = path(base)?;
            path.steps.push(PathStep::Field(&name.text, name.span));
            Some(path)
        }
        Node::Index(base, key) => {
            let mut path = path(base)?;
            path.steps.push(PathStep::Key(key));
            Some(path)
        }
        _ => None,
    }
}

/// What an anomaly field reads from a payload as received.
#[derive(Debug)]
pub enum RawSource<'a> {
    /// `text(raw.a.b, 'default')`
    Text(Vec<&'a str>, &'a str),
    /// `enum(Name, raw.a.b)`: the enum's name with its place.
    Enum(&'a str, Span, Vec<&'a str>),
}

/// The reading of `raw` that a tree is, if it is one.
pub fn raw_source(ast: &Ast) -> Option<RawSource<'_>> {
    let Node::Call(None, function, arguments) = &ast.node else { return None };
    match (function.text.as_str(), arguments.as_slice()) {
        ("text", [from, default]) => match &default.node {
            Node::Text(default) => Some(RawSource::Text(raw_path(from)?, default)),
            _ => None,
        },
        ("enum", [name, from]) => match &name.node {
            Node::Name(text) => Some(RawSource::Enum(text, name.span, raw_path(from)?)),
            _ => None,
        },
        _ => None,
    }
}

fn raw_path(ast: &Ast) -> Option<Vec<&str>> {
    let path = path(ast)?;
    let keys: Option<Vec<_>> = path
        .steps
        .iter()
        .map(|step| match step {
            PathStep::Field(name, _) => Some(*name),
            PathStep::Key(key) => match &key.node {
                Node::Text(text) => Some(text.as_str()),
                _ => None,
            },
        })
        .collect();
    keys.filter(|keys| path.head == "raw" && !keys.is_empty())
}

/// The same tree, none wherever a part of its path is none: for texts, where nothing has to be tested first.
pub fn null_safe(ast: &Ast) -> Ast {
    let Node::Select(base, name) = &ast.node else { return ast.clone() };
    // A variable is never none; what it holds may be.
    if is_variable_head(base) {
        return ast.clone();
    }
    let base = null_safe(base);
    let select = Ast { node: Node::Select(Box::new(base.clone()), name.clone()), span: ast.span, height: ast.height };
    let none = Ast { node: Node::Null, span: ast.span, height: 1 };
    let test = Ast {
        node: Node::Binary(Operator::Compare(CompareOp::Eq), Box::new(base), Box::new(none.clone())),
        span: ast.span,
        height: ast.height,
    };
    let whole = Node::Conditional(Box::new(test), Box::new(none), Box::new(select));
    Ast { node: whole, span: ast.span, height: ast.height + 1 }
}

fn is_variable_head(base: &Ast) -> bool {
    matches!(&base.node, Node::Name(name) if matches!(name.as_str(), "e" | "p" | "s" | "snap" | "error"))
}
