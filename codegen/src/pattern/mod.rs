//! The pattern language: source text enters, a parsed and proven-linear pattern leaves, rendered for any dialect.

mod automaton;
mod class;
mod determinism;
mod node;
mod refusal;
mod render;
mod syntax;
mod table;

pub use class::Class;
pub use refusal::{Reason, Refusal};
pub use table::Table;

use std::sync::Arc;

use automaton::Automaton;
use node::Node;

/// A pattern that was accepted. It always matches the whole string. Clones share what was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern(Arc<Parsed>);

#[derive(Debug, PartialEq)]
struct Parsed {
    source: String,
    node: Node,
    automaton: Automaton,
    is_linear: bool,
}

/// How a program without a regular expression engine decides a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matcher {
    /// A row of classes, each taken as often as it can be.
    Runs(Vec<Run>),
    /// Anything else.
    Table(Table),
}

/// A class and how often it stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The class.
    pub class: Class,
    /// At least.
    pub min: u32,
    /// At most.
    pub max: Option<u32>,
}

/// Accepts a pattern in which the next code point always decides the next step.
pub fn parse(source: &str) -> Result<Pattern, Refusal> {
    let node = syntax::parse(source)?;
    match determinism::conflict(&node) {
        None => Ok(Pattern::new(source, node, true)),
        Some(class) => {
            let message = format!("two parts of the pattern could take {} at one place", class.example());
            Err(Refusal { message, ..Refusal::new(Reason::Ambiguous, 0) })
        }
    }
}

/// Accepts an ambiguous pattern as well, for which engines that backtrack promise no linear time.
pub fn parse_ambiguous(source: &str) -> Result<Pattern, Refusal> {
    let node = syntax::parse(source)?;
    let is_linear = determinism::conflict(&node).is_none();
    let pattern = Pattern::new(source, node, is_linear);
    if !is_linear && table::build(&pattern.0.automaton, syntax::MAX_POSITIONS).is_none() {
        return Err(Refusal::new(Reason::CountTooBig, 0));
    }
    Ok(pattern)
}

impl Pattern {
    fn new(source: &str, node: Node, is_linear: bool) -> Self {
        let automaton = Automaton::new(&node);
        Self(Arc::new(Parsed { source: source.to_owned(), node, automaton, is_linear }))
    }

    /// The text as written in the contract.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Whether every engine decides it in linear time.
    pub fn is_linear(&self) -> bool {
        self.0.is_linear
    }

    /// The text between the anchors, the same in every dialect.
    pub fn body(&self) -> String {
        render::body(&self.0.node)
    }

    /// For the `regex` crate.
    pub fn rust(&self) -> String {
        format!(r"\A(?:{})\z", self.body())
    }

    /// For `re.fullmatch`.
    pub fn python(&self) -> String {
        self.body()
    }

    /// For `RegExp` with the flag `u`.
    pub fn typescript(&self) -> String {
        format!("^(?:{})$", self.body())
    }

    /// For the keyword `pattern`.
    pub fn json_schema(&self) -> String {
        self.typescript()
    }

    /// Whether the whole text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.automaton.accepts(text)
    }

    /// How a program without a regular expression engine decides it.
    pub fn matcher(&self) -> Matcher {
        self.runs().map_or_else(|| Matcher::Table(self.table()), Matcher::Runs)
    }

    /// The smallest automaton that decides it.
    pub fn table(&self) -> Table {
        let table = table::build(&self.0.automaton, syntax::MAX_POSITIONS + 1);
        table.expect("a state a position, or tried out when the pattern was accepted")
    }

    fn runs(&self) -> Option<Vec<Run>> {
        let Node::Sequence(items) = &self.0.node else { return None };
        let run = |item: &Node| match item {
            Node::Class(class) => Some(Run { class: *class, min: 1, max: Some(1) }),
            Node::Repeat(inner, min, max) => match **inner {
                Node::Class(class) => Some(Run { class, min: *min, max: *max }),
                _ => None,
            },
            _ => None,
        };
        items.iter().map(run).collect::<Option<Vec<_>>>().filter(|_| self.0.is_linear)
    }
}

impl Table {
    /// Whether the automaton accepts the whole text.
    pub fn is_match(&self, text: &str) -> bool {
        let mut state = 0_usize;
        for character in text.chars() {
            let symbol = match character {
                '\0'..='\x7f' => self.ascii[character as usize],
                '\u{2028}' | '\u{2029}' => self.separators,
                _ => self.others,
            };
            match self.next[state][usize::from(symbol)] {
                Some(next) => state = next.into(),
                None => return false,
            }
        }
        self.accepting[state]
    }
}
