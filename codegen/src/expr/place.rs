//! The tree of an expression enters; the place in the state or payload that it names leaves, if it names one.

use super::ast::{Ast, Name, Node, Operator};
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

/// The tree that reads what a path in a state names: `a[k]` is `s.a[k]`.
pub fn in_state(ast: &Ast) -> Ast {
    let node = match &ast.node {
        Node::Name(slot) => {
            let state = Ast { node: Node::Name("s".into()), span: ast.span, height: 1 };
            Node::Select(Box::new(state), Name { text: slot.clone(), span: ast.span })
        }
        Node::Select(base, name) => Node::Select(Box::new(in_state(base)), name.clone()),
        Node::Index(base, key) => Node::Index(Box::new(in_state(base)), key.clone()),
        _ => return ast.clone(),
    };
    Ast { node, span: ast.span, height: ast.height + 1 }
}

/// The trees on the way of a path in a state: the slot, then what each step leads to.
pub fn way(ast: &Ast) -> Vec<&Ast> {
    let mut parts = match &ast.node {
        Node::Select(base, _) if matches!(base.node, Node::Name(_)) => Vec::new(),
        Node::Select(base, _) | Node::Index(base, _) => way(base),
        _ => Vec::new(),
    };
    parts.push(ast);
    parts
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
/// `may_be_none` says which parts can be.
pub fn null_safe(ast: &Ast, may_be_none: &mut dyn FnMut(&Ast) -> bool) -> Ast {
    let Node::Select(base, name) = &ast.node else { return ast.clone() };
    // A variable is never none; what it holds may be.
    if is_variable_head(base) {
        return ast.clone();
    }
    let base = null_safe(base, may_be_none);
    let select = Ast { node: Node::Select(Box::new(base.clone()), name.clone()), span: ast.span, height: ast.height };
    if !may_be_none(&base) {
        return select;
    }
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
