//! What the names in an expression stand for.

use super::ast::Ast;
use crate::diagnostic::Diagnostic;
use crate::model::{EnumId, EnumType, ExprType, HookId, Type, Variable, Workspace};
use crate::source::Span;

/// What an expression may name.
pub struct Environment<'a> {
    /// Types, enums and records (with their fields) are read from here; rules, machines and events are not.
    pub workspace: &'a Workspace,
    /// What a name means in this file, asked for by the place that uses it.
    pub enum_named: &'a dyn Fn(&str, Span) -> Lookup,
    /// Hooks that can be called here.
    pub hooks: &'a [HookId],
    /// Variables by name.
    pub bindings: Vec<Binding>,
    /// Named expressions, which are typed where they are used. One may use those before it.
    pub lets: &'a [(String, Ast)],
}

/// What a name means where an enum is looked for.
#[derive(Debug)]
pub enum Lookup {
    /// This enum.
    Enum(EnumId),
    /// No enum has this name.
    Nothing,
    /// The name cannot be used, for this reason (several files declare it).
    Refused(Box<Diagnostic>),
}

/// A variable that stands for a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// As it is written: a word, or a word, a dot and a word (`s.current_state`).
    pub name: String,
    /// What it stands for.
    pub variable: Variable,
    /// Its type.
    pub ty: ExprType,
}

impl Binding {
    /// The first word of its name.
    pub fn head(&self) -> &str {
        self.name.split('.').next().unwrap_or(&self.name)
    }

    /// `p`: the record that holds the rule, or the payload that a machine is checked with.
    pub fn payload(ty: Type) -> Self {
        Self { name: "p".into(), variable: Variable::Payload, ty: ExprType::Of(ty) }
    }

    /// `from`: the state a move leaves, none where nothing was recorded.
    pub fn from_state(states: EnumId) -> Self {
        let state = Type::Enum(EnumType { id: states, only: None });
        Self { name: "from".into(), variable: Variable::From, ty: ExprType::Of(Type::Opt(Box::new(state))) }
    }

    /// `to`: the state a move enters.
    pub fn to_state(states: EnumId) -> Self {
        let state = Type::Enum(EnumType { id: states, only: None });
        Self { name: "to".into(), variable: Variable::To, ty: ExprType::Of(state) }
    }
}
