//! Steps of a reducer: guards, refusals and effects, typed for one event; and every action of a list of them.

use super::ids::MachineId;
use super::{Expr, Type};
use crate::json::Value;
use crate::source::Span;

/// A step. All its expressions see the state before it; its actions happen in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where it stands; one place for all events it was instantiated for.
    pub span: Span,
    /// The condition; none means always.
    pub when: Option<Expr>,
    /// At least one.
    pub actions: Vec<Action>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Record, and end the event with none of its effects.
    Reject(Report),
    /// Record, and go on.
    Warn(Report),
    /// End the event and keep its effects so far.
    Skip,
    /// Move a machine slot, or record `invalid_transition` and end the event.
    Move {
        /// The slot.
        slot: usize,
        /// Its machine.
        machine: MachineId,
        /// The state to enter.
        to: Expr,
        /// What is recorded where the machine refuses.
        otherwise: Report,
    },
    /// Ask a machine about a move that the event says happened.
    Check {
        /// The machine.
        machine: MachineId,
        /// The state left.
        from: Expr,
        /// The state entered.
        to: Expr,
        /// What is recorded where the machine refuses.
        otherwise: Report,
    },
    /// Change a part of the state.
    Effect(AssignmentKind, Target, Option<Assignment>),
    /// A named list of steps, in place.
    Steps(Vec<Step>),
}

/// What is recorded: a kind, and an expression for each of its own parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Index into the anomalies of the reducer.
    pub anomaly: usize,
    /// By parameter.
    pub params: Vec<Expr>,
}

/// The kinds of effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentKind {
    /// Replace.
    Set,
    /// Replace where it is none.
    Init,
    /// One more.
    Increment,
    /// Behind the others.
    Append,
    /// Behind the others, where it is not among them.
    AppendUnique,
    /// Into a set.
    Add,
    /// Under a key of a map; the value is a tuple of key and value.
    Put,
    /// A key of a map, a member of a set, the first equal item of a list.
    Drop,
    /// Back to its start value.
    Clear,
}

/// A slot, or a path into one.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The slot.
    pub slot: usize,
    /// The way into it.
    pub path: Vec<Access>,
    /// The type of what is there.
    pub ty: Type,
    /// What it starts as, for `clear` and for a missing way.
    pub start: Option<Value>,
    /// Where it stands.
    pub span: Span,
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// A field of a record.
    Field(String),
    /// A value of a map; made from `start` where the key is missing.
    Key {
        /// The key.
        key: Expr,
        /// What a missing value is made from; none where the key is known to be there.
        start: Option<Value>,
    },
}

/// The value of an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Assignment {
    /// An expression.
    Value(Expr),
    /// A list or tuple.
    List(Vec<Assignment>, Type),
    /// A record: members by name; others take their default or none.
    Record(Vec<(String, Assignment)>, Type),
}

impl Assignment {
    /// The expressions in it, in order.
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            Self::Value(expr) => vec![expr],
            Self::List(items, _) => items.iter().flat_map(Self::expressions).collect(),
            Self::Record(members, _) => members.iter().flat_map(|(_, value)| value.expressions()).collect(),
        }
    }
}

/// An action with all conditions around it.
#[derive(Debug, Clone)]
pub struct Reached<'s> {
    /// What is done.
    pub action: &'s Action,
    /// The conditions of its step and of the steps that use that one.
    pub guards: Vec<&'s Expr>,
    /// Where its step stands.
    pub span: Span,
}

/// All actions in order, those of named steps in place of their use.
pub fn reached<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Vec<Reached<'s>> {
    fn add<'s>(step: &'s Step, around: &[&'s Expr], found: &mut Vec<Reached<'s>>) {
        let guards: Vec<&Expr> = around.iter().copied().chain(&step.when).collect();
        for action in &step.actions {
            match action {
                Action::Steps(steps) => steps.iter().for_each(|inner| add(inner, &guards, found)),
                action => found.push(Reached { action, guards: guards.clone(), span: step.span }),
            }
        }
    }
    let mut found = Vec::new();
    for step in steps {
        add(step, &[], &mut found);
    }
    found
}
