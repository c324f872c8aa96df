//! The tree of a pattern enters; code points leave that two parts could take at one place, if there are any.
//!
//! A tree without such a place is one-unambiguous: at every point the next code point decides the next step alone, so
//! that a backtracking engine never has a second way to try and needs linear time.

use super::class::Class;
use super::node::{Node, first_of};

/// What two ways forward have in common, somewhere in the pattern.
pub(super) fn conflict(pattern: &Node) -> Option<Class> {
    conflict_before(pattern, Class::EMPTY)
}

/// The same for a part behind which the code points of `behind` may come.
fn conflict_before(node: &Node, behind: Class) -> Option<Class> {
    match node {
        Node::Class(_) => None,
        Node::Sequence(items) => {
            items.iter().enumerate().find_map(|(at, item)| conflict_before(item, first_of(&items[at + 1..], behind)))
        }
        Node::Choice(branches) => conflict_between(branches, behind)
            .or_else(|| branches.iter().find_map(|branch| conflict_before(branch, behind))),
        Node::Repeat(inner, min, max) => {
            let first = inner.first();
            let again = if *max == Some(1) { Class::EMPTY } else { first };
            let leave_or_stay = if *max == Some(*min) { None } else { common(first, behind) };
            leave_or_stay.or_else(|| conflict_before(inner, behind.or(again)))
        }
    }
}

/// Two branches that begin alike, or one that may be empty where what follows begins like a branch. Two empty ways
/// through one choice share everything: engines would try both.
fn conflict_between(branches: &[Node], behind: Class) -> Option<Class> {
    let mut seen = Class::EMPTY;
    for branch in branches {
        if let Some(shared) = common(seen, branch.first()) {
            return Some(shared);
        }
        seen = seen.or(branch.first());
    }
    match branches.iter().filter(|branch| branch.is_nullable()).count() {
        0 => None,
        1 => common(seen, behind),
        _ => Some(seen),
    }
}

fn common(one: Class, other: Class) -> Option<Class> {
    let shared = one.and(other);
    (shared != Class::EMPTY).then_some(shared)
}
