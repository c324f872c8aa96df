//! What happens to an event enters; what it learns of a payload leaves, so that payloads it cannot tell apart are one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::reading::Readings;
use crate::interpret::{Scope, Unanswered, evaluate, violations};
use crate::json::{Value, canonical};
use crate::model::{Action, Expr, ExprKind, Machine, MachineForm, MachineRule, Reaction, Variable, Workspace};

/// Every expression that the way of an event depends on.
pub(crate) fn expressions<'m>(workspace: &'m Workspace, reaction: &'m Reaction) -> Vec<&'m Expr> {
    let mut found = keys(reaction);
    for reached in reaction.actions() {
        found.extend(&reached.guards);
        found.extend(asked(workspace, reached.action));
    }
    found
}

fn keys(reaction: &Reaction) -> Vec<&Expr> {
    let keys = reaction.idempotent.iter().flat_map(|(key, _)| key);
    keys.chain(&reaction.group_by).chain(&reaction.goes_last).chain(&reaction.then_by).collect()
}

/// The expressions of a question to a machine, those of its rules included.
fn asked<'m>(workspace: &'m Workspace, action: &'m Action) -> Vec<&'m Expr> {
    let (machine, mut found) = match action {
        Action::Move { machine, to, .. } => (machine, vec![to]),
        Action::Check { machine, from, to, .. } => (machine, vec![from, to]),
        _ => return Vec::new(),
    };
    if let MachineForm::Edges(edges) = &workspace.machines[*machine].form {
        found.extend(&edges.bypass);
        found.extend(edges.rules.iter().filter_map(|rule| match rule {
            MachineRule::Edge => None,
            MachineRule::Deny { when, .. } => Some(when),
        }));
    }
    found
}

/// Expressions over the payload alone: their values are all that a reducer learns of it.
pub(crate) struct Atoms<'m> {
    workspace: &'m Workspace,
    conditions: Vec<&'m Expr>,
    /// Questions to machines that the payload alone decides: guards, machine, state left and entered.
    checks: Vec<(Vec<&'m Expr>, &'m Machine, &'m Expr, &'m Expr)>,
    /// Fields whose values go into the state.
    carried: BTreeSet<String>,
}

impl<'m> Atoms<'m> {
    pub fn of(workspace: &'m Workspace, reaction: &'m Reaction, readings: &Readings) -> Self {
        let (mut whole, mut checks) = (keys(reaction), Vec::new());
        for reached in reaction.actions() {
            match reached.action {
                Action::Check { machine, from, to, .. } if [from, to].into_iter().all(reads_payload_alone) => {
                    let guards = reached.guards.iter().copied().filter(|guard| reads_payload_alone(guard)).collect();
                    checks.push((guards, &workspace.machines[*machine], from, to));
                }
                action => whole.extend(asked(workspace, action)),
            }
            whole.extend(reached.guards);
        }
        let mut found = Vec::new();
        for expr in whole {
            collect(expr, &mut found);
        }
        let mut conditions: Vec<&Expr> = Vec::new();
        for atom in found {
            if !conditions.iter().any(|known| known.says_as(atom)) {
                conditions.push(atom);
            }
        }
        Self { workspace, conditions, checks, carried: readings.carried(reaction.event) }
    }

    /// The same for two payloads that nothing tells apart. Of a payload that a machine refuses, whatever the state is,
    /// nothing gets into the state.
    pub fn signature(&self, payload: &Value) -> String {
        let value = |atom: &Expr| {
            let unanswered = Unanswered::default();
            let scope = Scope::of_payload(payload, &unanswered);
            let value = is_defined(self.workspace, atom, &scope).then(|| evaluate(self.workspace, atom, &scope));
            value.filter(|_| unanswered.call().is_none()).map_or_else(|| raw(atom, payload), Cow::into_owned)
        };
        let mut parts: Vec<Value> = self.conditions.iter().map(|atom| value(atom)).collect();
        let mut is_refused = false;
        for (guards, machine, from, to) in &self.checks {
            let happens = guards.iter().all(|guard| value(guard) == Value::Bool(true));
            let (from, to) = (value(from), value(to));
            is_refused |= happens && self.refuses(machine, &from, &to, payload);
            parts.extend(if is_refused { [Value::Null, Value::Null] } else { [from, to] });
        }
        parts.push(is_refused.into());
        if !is_refused {
            parts.extend(self.carried.iter().map(|name| payload.get(name).cloned().unwrap_or(Value::Null)));
        }
        canonical(&Value::Array(parts))
    }

    fn refuses(&self, machine: &Machine, from: &Value, to: &Value, payload: &Value) -> bool {
        let states = &self.workspace.enums[machine.states];
        let index = |value: &Value| value.as_str().and_then(|text| states.index_of(text));
        let MachineForm::Edges(edges) = &machine.form else { return false };
        let Some(target) = index(to) else { return false };
        let unanswered = Unanswered::default();
        let broken = violations(self.workspace, machine, edges, index(from), target, Some(payload), &unanswered);
        !broken.is_empty() && unanswered.call().is_none()
    }
}

/// Whether a part of a condition has a value by itself: what it takes for known may be known by what stands around it.
fn is_defined(workspace: &Workspace, expr: &Expr, scope: &Scope<'_>) -> bool {
    match &expr.kind {
        ExprKind::Variant(..) | ExprKind::Index(..) => false,
        // What is bound is known by the body that binds it.
        ExprKind::Known(inner) if reads_bound(inner) => true,
        ExprKind::Known(inner) => {
            is_defined(workspace, inner, scope) && *evaluate(workspace, inner, scope) != Value::Null
        }
        _ => expr.parts().into_iter().all(|part| is_defined(workspace, part, scope)),
    }
}

fn reads_bound(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Variable(Variable::Bound(_))) || expr.parts().into_iter().any(reads_bound)
}

/// The members that a condition reads, as they are.
fn raw(expr: &Expr, payload: &Value) -> Value {
    let mut names = BTreeSet::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Field(owner, name) if matches!(owner.kind, ExprKind::Variable(Variable::Payload)) => {
                names.insert(name.as_str());
            }
            _ => open.extend(expr.parts()),
        }
    }
    Value::Array(names.into_iter().map(|name| payload.get(name).cloned().unwrap_or(Value::Null)).collect())
}

fn collect<'m>(expr: &'m Expr, found: &mut Vec<&'m Expr>) {
    if reads_payload_alone(expr) {
        if expr.reads(&Variable::Payload) {
            found.push(expr);
        }
    } else {
        expr.parts().into_iter().for_each(|part| collect(part, found));
    }
}

/// Whether `p` is all that an expression reads; what `exists` binds inside it is its own.
fn reads_payload_alone(expr: &Expr) -> bool {
    fn own<'e>(expr: &'e Expr, bound: &mut Vec<&'e str>) -> bool {
        match &expr.kind {
            ExprKind::Variable(Variable::Payload) => true,
            ExprKind::Variable(Variable::Bound(name)) => bound.contains(&name.as_str()),
            ExprKind::Variable(_) => false,
            ExprKind::Exists(list, name, body) | ExprKind::All(list, name, body) => {
                bound.push(name);
                let is_own = own(list, bound) && own(body, bound);
                bound.pop();
                is_own
            }
            _ => expr.parts().into_iter().all(|part| own(part, bound)),
        }
    }
    own(expr, &mut Vec::new())
}
