//! Transition tables: edges between states with rules, or state x input -> state.

use super::ids::{EnumId, EventId, FamilyId};
use super::{Expr, Meta};
use crate::source::Span;

/// A state machine over an enum and "nothing recorded yet".
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Its states; `none` is no member of it.
    pub states: EnumId,
    /// Edges or table.
    pub form: MachineForm,
}

/// The two ways to say which state follows.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineForm {
    /// Pairs of states, with rules.
    Edges(Edges),
    /// A total table over an input.
    Table(InputTable),
}

/// Which moves are allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Edges {
    /// Successors of `none`, then of each state in order (`any_edges` included): indices, ascending, each once.
    pub allowed: Vec<Vec<usize>>,
    /// The same as it is written.
    pub written: Vec<WrittenEdges>,
    /// The event that types `p` in the expressions below.
    pub with: Option<EventId>,
    /// Where it holds, the edge test passes.
    pub bypass: Option<Expr>,
    /// States that may be entered from a terminal one (enum set `terminal`).
    pub reopen_to: Vec<usize>,
    /// All evaluated in order; holds exactly one [`MachineRule::Edge`].
    pub rules: Vec<MachineRule>,
}

/// An entry of `edges` or `any_edges`: from each of some states to each of others.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenEdges {
    /// States left; rows as in `allowed`.
    pub rows: Vec<usize>,
    /// States entered, each with its place.
    pub targets: Vec<(usize, Span)>,
}

/// A reason to refuse a move.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineRule {
    /// The edge test; its violation is `EDGE`.
    Edge,
    /// Refused when the expression over `from`, `to` and `p` holds.
    Deny {
        /// The violation's code.
        code: String,
        /// The condition.
        when: Expr,
    },
}

/// The labelled form: total over states and inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct InputTable {
    /// The enum of inputs.
    pub inputs: EnumId,
    /// Row of `none`, then of each state in order; in a row one cell an input in order.
    pub rows: Vec<Vec<Cell>>,
}

/// What an input does in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Goes to this state (index).
    To(usize),
    /// Changes nothing and is no fault.
    Stay,
    /// Is refused.
    Refuse,
}

impl Edges {
    /// Whether the table has the edge; `from` none is "nothing recorded yet". Rules and bypass are not asked.
    pub fn is_allowed(&self, from: Option<usize>, to: usize) -> bool {
        self.allowed[from.map_or(0, |state| state + 1)].binary_search(&to).is_ok()
    }
}
