//! Nothing enters; the machines of the contract language leave as types for their schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::declarations::{Deprecated, Members, OneOrMore, declaration};
use super::text::{Expression, TypeName, Version};

/// A transition table: by edges, or by inputs.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Machine {
    /// State to state.
    Edges(Box<EdgeMachine>),
    /// State and input to state.
    Inputs(Box<InputMachine>),
}

declaration!(
    /// Which state may follow which.
    EdgeMachine {
        /// The enum of the states.
        states: TypeName,
        /// Each state, and those that may follow; `none` is nothing recorded yet.
        edges: BTreeMap<String, Vec<String>>,
        /// Edges from several states at once.
        any_edges: Option<Vec<AnyEdge>>,
        /// The event or record that types `p` in the conditions.
        with: Option<TypeName>,
        /// When any edge is allowed.
        bypass_edges_when: Option<Expression>,
        /// The only ways out of a terminal state.
        reopen_to: Option<Vec<String>>,
        /// Further conditions, all of them judged.
        rules: Option<Vec<MachineRule>>,
    }
);

declaration!(
    /// Which state follows on which input.
    InputMachine {
        /// The enum of the states.
        states: TypeName,
        /// The enum of the inputs.
        inputs: TypeName,
        /// State, then input and the state that follows; `stay` and `refuse` are targets too.
        table: BTreeMap<String, BTreeMap<String, String>>,
        /// The only ways out of a terminal state.
        reopen_to: Option<Vec<String>>,
    }
);

/// Edges from several states at once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AnyEdge {
    /// The states that they leave.
    pub from: Members,
    /// The states that they lead to.
    pub to: OneOrMore,
}

/// A condition on a transition; the code `EDGE` alone marks where the edges are judged.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = [
    {"properties": {"code": {"const": "EDGE"}}, "not": {"required": ["deny_when"]}},
    {"properties": {"code": {"not": {"const": "EDGE"}}}, "required": ["deny_when"]},
]))]
pub struct MachineRule {
    /// The code that a violation carries.
    pub code: String,
    /// When the transition is refused.
    pub deny_when: Option<Expression>,
}
