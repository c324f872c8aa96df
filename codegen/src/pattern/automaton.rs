//! The tree of a pattern enters; its positions and what may follow each leave, which is enough to match.

use super::class::Class;
use super::node::Node;

/// Every class of the unrolled pattern as a state, entered by reading a code point of it. State 0 is the start.
#[derive(Debug, PartialEq)]
pub(super) struct Automaton {
    pub(super) classes: Vec<Class>,
    pub(super) follow: Vec<Vec<usize>>,
    pub(super) accepting: Vec<bool>,
}

struct Part {
    first: Vec<usize>,
    last: Vec<usize>,
    nullable: bool,
}

impl Automaton {
    pub(super) fn new(pattern: &Node) -> Self {
        let mut automaton = Self { classes: vec![Class::EMPTY], follow: vec![Vec::new()], accepting: Vec::new() };
        let whole = automaton.add(pattern);
        automaton.accepting = vec![false; automaton.classes.len()];
        for state in whole.last {
            automaton.accepting[state] = true;
        }
        automaton.accepting[0] = whole.nullable;
        automaton.follow[0] = whole.first;
        automaton
    }

    pub(super) fn accepts(&self, text: &str) -> bool {
        let mut states = vec![0];
        for character in text.chars() {
            states = self.step(&states, |class| class.contains(character));
            if states.is_empty() {
                return false;
            }
        }
        states.iter().any(|&state| self.accepting[state])
    }

    /// States behind `states` whose class is wanted, ascending. One at most where the pattern is unambiguous.
    pub(super) fn step(&self, states: &[usize], wanted: impl Fn(Class) -> bool) -> Vec<usize> {
        let behind = states.iter().flat_map(|&state| &self.follow[state]);
        let mut next: Vec<usize> = behind.copied().filter(|&state| wanted(self.classes[state])).collect();
        next.sort_unstable();
        next.dedup();
        next
    }

    fn add(&mut self, node: &Node) -> Part {
        match node {
            Node::Class(class) => {
                self.classes.push(*class);
                self.follow.push(Vec::new());
                let state = vec![self.classes.len() - 1];
                Part { first: state.clone(), last: state, nullable: false }
            }
            Node::Sequence(items) => items.iter().fold(Part::empty(), |before, item| {
                let part = self.add(item);
                self.join(before, part)
            }),
            Node::Choice(branches) => {
                let mut whole = Part { nullable: false, ..Part::empty() };
                for branch in branches {
                    let part = self.add(branch);
                    whole.first.extend(part.first);
                    whole.last.extend(part.last);
                    whole.nullable |= part.nullable;
                }
                whole
            }
            Node::Repeat(inner, min, max) => self.repeat(inner, *min, *max),
        }
    }

    /// As many copies as the counts say; the last one loops where there is no upper count.
    fn repeat(&mut self, inner: &Node, min: u32, max: Option<u32>) -> Part {
        let mut whole = Part::empty();
        let mut exits = Vec::new();
        let copies = max.unwrap_or(min.max(1));
        for copy in 1..=copies {
            let part = self.add(inner);
            if copy == copies && max.is_none() {
                self.connect(&part.last, &part.first);
            }
            if copy >= min {
                exits.extend(&part.last);
            }
            whole = self.join(whole, part);
        }
        Part { last: exits, nullable: min == 0, ..whole }
    }

    fn join(&mut self, mut before: Part, part: Part) -> Part {
        self.connect(&before.last, &part.first);
        if before.nullable {
            before.first.extend(part.first);
        }
        if part.nullable {
            before.last.extend(part.last);
        } else {
            before.last = part.last;
        }
        before.nullable &= part.nullable;
        before
    }

    fn connect(&mut self, from: &[usize], to: &[usize]) {
        for &state in from {
            self.follow[state].extend(to);
        }
    }
}

impl Part {
    fn empty() -> Self {
        Self { first: Vec::new(), last: Vec::new(), nullable: true }
    }
}
