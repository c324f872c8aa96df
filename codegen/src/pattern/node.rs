//! Parsed parts enter; the tree of a pattern leaves, with common beginnings of its alternatives merged.

use super::class::Class;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// One code point of a set.
    Class(Class),
    /// One after the other; a sequence holds no sequence.
    Sequence(Vec<Node>),
    /// One of several, none of which is empty.
    Choice(Vec<Node>),
    /// Again and again: at least, at most.
    Repeat(Box<Node>, u32, Option<u32>),
}

impl Node {
    /// Several alternatives as one node: those that begin alike share their beginning.
    pub(super) fn choice(alternatives: Vec<Vec<Node>>) -> Self {
        let mut branches: Vec<(Node, Vec<Vec<Node>>)> = Vec::new();
        let mut has_empty = false;
        for mut items in alternatives.into_iter().flat_map(spliced) {
            if items.is_empty() {
                has_empty = true;
                continue;
            }
            let head = items.remove(0);
            match branches.iter_mut().find(|(other, _)| *other == head) {
                Some((_, tails)) => tails.push(items),
                None => branches.push((head, vec![items])),
            }
        }
        let mut nodes: Vec<Node> = branches
            .into_iter()
            .map(|(head, tails)| {
                let mut items = vec![head];
                push(&mut items, Self::choice(tails));
                Self::Sequence(items)
            })
            .collect();
        let body = match nodes.len() {
            0 => return Self::Sequence(Vec::new()),
            1 => nodes.remove(0),
            _ => Self::Choice(nodes),
        };
        if has_empty && !body.is_nullable() { Self::Repeat(Box::new(body), 0, Some(1)) } else { body }
    }

    /// Whether the empty text matches.
    pub(super) fn is_nullable(&self) -> bool {
        match self {
            Self::Class(_) => false,
            Self::Sequence(items) => items.iter().all(Self::is_nullable),
            Self::Choice(branches) => branches.iter().any(Self::is_nullable),
            Self::Repeat(inner, min, _) => *min == 0 || inner.is_nullable(),
        }
    }

    /// Code points that a match can begin with.
    pub(super) fn first(&self) -> Class {
        match self {
            Self::Class(class) => *class,
            Self::Sequence(items) => first_of(items, Class::EMPTY),
            Self::Choice(branches) => branches.iter().fold(Class::EMPTY, |all, branch| all.or(branch.first())),
            Self::Repeat(inner, ..) => inner.first(),
        }
    }

    /// How many classes there are once every count is written out.
    pub(super) fn positions(&self) -> usize {
        match self {
            Self::Class(_) => 1,
            Self::Sequence(nodes) | Self::Choice(nodes) => nodes.iter().map(Self::positions).sum(),
            Self::Repeat(inner, min, max) => inner.positions() * max.unwrap_or((*min).max(1)) as usize,
        }
    }
}

/// Code points that can come first in a row of parts that is followed by `behind`.
pub(super) fn first_of(items: &[Node], behind: Class) -> Class {
    let mut first = Class::EMPTY;
    for item in items {
        first = first.or(item.first());
        if !item.is_nullable() {
            return first;
        }
    }
    first.or(behind)
}

/// Adds a node to a sequence, the items of a sequence one by one.
pub(super) fn push(items: &mut Vec<Node>, node: Node) {
    match node {
        Node::Sequence(more) => items.extend(more),
        other => items.push(other),
    }
}

/// An alternative that is nothing but a choice stands for the alternatives of that choice.
fn spliced(mut items: Vec<Node>) -> Vec<Vec<Node>> {
    match items.pop() {
        Some(Node::Choice(branches)) if items.is_empty() => branches
            .into_iter()
            .map(|branch| {
                let mut items = Vec::new();
                push(&mut items, branch);
                items
            })
            .collect(),
        Some(last) => {
            items.push(last);
            vec![items]
        }
        None => vec![items],
    }
}
