//! Steps enter, typed for one event; the statements that take them leave, in the order of the contract.

use super::super::names;
use super::super::text::put;
use super::expression::{Compiler, conjuncts, reads_known, tested};
use super::places::Operand;
use super::values::expressions;
use crate::model::{
    Access, Action, EnumType, Expr, ExprKind, MachineForm, MachineId, MachineRule, Report, SlotKind, Step, Type,
    Variable,
};

/// Statements, and whether what stands behind them is never reached.
pub(super) type Statements = (String, bool);

impl Compiler<'_, '_> {
    /// A list of steps.
    pub(super) fn steps(&mut self, steps: &[Step]) -> Statements {
        let mut out = String::new();
        for step in steps {
            let (text, ends) = self.step(step);
            out.push_str(&text);
            if ends {
                return (out, true);
            }
        }
        (out, false)
    }

    fn step(&mut self, step: &Step) -> Statements {
        let Some(when) = &step.when else { return self.actions(&step.actions) };
        let known = self.known.len();
        let condition = self.guard(when, step);
        let (body, _) = self.actions(&step.actions);
        self.known.truncate(known);
        (format!("if {condition} {{ {body} }}\n"), false)
    }

    /// The condition of a step. A tested value of the event that the step goes on with is bound there.
    fn guard(&mut self, when: &Expr, step: &Step) -> String {
        let conditions = conjuncts(when);
        let mut parts = Vec::new();
        let mut at = 0;
        while at < conditions.len() {
            let condition = conditions[at];
            if let Some(bound) = self.binding(condition, step) {
                parts.push(bound);
            } else {
                let rest: Vec<&Expr> = conditions[at..].to_vec();
                let is_last_binding = !conditions[at + 1..].iter().any(|it| Self::can_bind(it, step));
                if is_last_binding {
                    let rest = if parts.is_empty() { self.all(&rest) } else { self.rest(&rest) };
                    parts.push(rest);
                    break;
                }
                let text = self.rest(&[condition]);
                parts.push(text);
            }
            at += 1;
        }
        parts.join(" && ")
    }

    fn can_bind(condition: &Expr, step: &Step) -> bool {
        tested(condition).is_some_and(|tested| is_of_event(tested) && uses_known(&step.actions, tested))
    }

    fn binding(&mut self, condition: &Expr, step: &Step) -> Option<String> {
        if !Self::can_bind(condition, step) {
            return None;
        }
        let tested = tested(condition)?;
        let ExprKind::Field(_, field) = &tested.kind else { return None };
        let name = names::apart(names::value(field), &["e", "event", "p", "from", "to", "broken", "input", "key"]);
        let (_, place) = self.maybe(tested, &name)?;
        let Operand::Place(whole) = self.operand(tested) else { return None };
        let pattern = match place.form {
            super::places::Form::Place | super::places::Form::Made => format!("let Some({name}) = {}", whole.copied()),
            super::places::Form::Reference => format!("let Some({name}) = {}", whole.reference()),
        };
        let known = Expr { kind: ExprKind::Known(Box::new(tested.clone())), ..tested.clone() };
        self.known.push((known, place));
        Some(pattern)
    }

    fn actions(&mut self, actions: &[Action]) -> Statements {
        let mut out = String::new();
        let mut entered = Vec::new();
        let mut effects = Vec::new();
        let mut nested = Vec::new();
        for action in actions {
            match action {
                Action::Reject(report) => {
                    let anomaly = self.anomaly(report);
                    put!(out, "let refused = {anomaly};\nreturn self.reject(refused);\n");
                    return (out, true);
                }
                Action::Warn(report) => {
                    let anomaly = self.anomaly(report);
                    put!(out, "let warning = {anomaly};\nself.warn(warning);\n");
                }
                Action::Skip => {
                    out.push_str("return fold::Flow::Ended;\n");
                    return (out, true);
                }
                Action::Move { slot, machine, to, otherwise } => {
                    let from = self.machine_state(*slot);
                    let to = self.state(to, *machine);
                    let is_last = actions.iter().filter(|it| matches!(it, Action::Move { .. })).count() == 1;
                    self.ask(&mut out, *machine, &from, &to, otherwise);
                    let mut entered_state = "to".to_owned();
                    if !is_last {
                        entered_state = format!("entered_{}", entered.len());
                        put!(out, "let {entered_state} = to;\n");
                    }
                    entered.push((*slot, entered_state));
                }
                Action::Check { machine, from, to, otherwise } => {
                    let states = self.workspace().machines[*machine].states;
                    let state = Type::Enum(EnumType { id: states, only: None });
                    let from = self.value(from, &Type::Opt(Box::new(state)));
                    let to = self.state(to, *machine);
                    self.ask(&mut out, *machine, &from, &to, otherwise);
                }
                Action::Effect(kind, target, value) => effects.push((*kind, target, value.as_ref())),
                Action::Steps(steps) => nested.push(steps),
            }
        }
        self.effects(&mut out, &entered, &effects);
        for steps in nested {
            let (text, ends) = self.steps(steps);
            out.push_str(&text);
            if ends {
                return (out, true);
            }
        }
        (out, false)
    }

    /// The state a move starts from: that of the group's start where guards read it.
    fn machine_state(&self, slot: usize) -> String {
        let is_at_start = self.reducer.concurrent.as_ref().is_some_and(|it| it.reads_group_start);
        if is_at_start { format!("*{}", self.start_of(slot)) } else { format!("*self.slots.{}", self.slot_name(slot)) }
    }

    fn state(&mut self, expr: &Expr, machine: MachineId) -> String {
        let states = self.workspace().machines[machine].states;
        self.value(expr, &Type::Enum(EnumType { id: states, only: None }))
    }

    /// Asks a machine about a move, and refuses the event where it says no.
    fn ask(&mut self, out: &mut String, id: MachineId, from: &str, to: &str, otherwise: &Report) {
        let workspace = self.workspace();
        let machine = &workspace.machines[id];
        let path = {
            let name = names::value(&machine.meta.name);
            let home = names::module(&workspace.families[machine.family].meta.name);
            if machine.family == self.reducer.family {
                format!("super::{name}")
            } else {
                names::in_crate(&format!("{home}::{name}"))
            }
        };
        put!(out, "let (from, to) = ({from}, {to});\n");
        let shows_codes = otherwise.params.iter().any(|param| param.reads(&Variable::Violations));
        let edge_alone = match &machine.form {
            MachineForm::Table(_) => true,
            MachineForm::Edges(edges) => edges.bypass.is_none() && matches!(edges.rules[..], [MachineRule::Edge]),
        };
        if edge_alone {
            put!(out, "if !{path}::is_allowed(from, to) {{\n");
            if shows_codes {
                out.push_str("let broken = [\"EDGE\"];\n");
            }
        } else {
            let payload = match &machine.form {
                MachineForm::Edges(edges) if edges.with.is_some() => {
                    self.reads_payload = true;
                    ", p"
                }
                _ => "",
            };
            put!(out, "let broken = {path}::violations(from, to{payload});\nif !broken.is_empty() {{\n");
        }
        let anomaly = self.anomaly(otherwise);
        put!(out, "let refused = {anomaly};\nreturn self.reject(refused);\n}}\n");
    }

    /// The call that makes an anomaly.
    pub(super) fn anomaly(&mut self, report: &Report) -> String {
        let name = super::anomalies::function(&self.reducer.anomalies[report.anomaly].kind);
        let params: Vec<String> = report.params.iter().map(|param| self.json(param)).collect();
        let arguments: Vec<String> = std::iter::once("event".to_owned()).chain(params).collect();
        format!("Self::{name}({})", arguments.join(", "))
    }
}

/// Whether an expression is a field of the payload or the envelope.
fn is_of_event(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Field(owner, _) => {
            matches!(&owner.kind, ExprKind::Variable(Variable::Payload | Variable::Envelope))
                && !matches!(&owner.ty, crate::model::ExprType::Of(Type::Union(_)))
        }
        _ => false,
    }
}

/// Whether actions take the value of an `opt` that was tested before them.
fn uses_known(actions: &[Action], tested: &Expr) -> bool {
    let reads = |expr: &Expr| reads_known(expr, tested);
    actions.iter().any(|action| match action {
        Action::Reject(report) | Action::Warn(report) => report.params.iter().any(reads),
        Action::Skip => false,
        Action::Move { to, otherwise, .. } => reads(to) || otherwise.params.iter().any(reads),
        Action::Check { from, to, otherwise, .. } => reads(from) || reads(to) || otherwise.params.iter().any(reads),
        Action::Effect(_, target, value) => {
            let mut found = target.path.iter().any(|access| match access {
                Access::Key { key, .. } => reads(key),
                Access::Field(_) => false,
            });
            if let Some(value) = value {
                expressions(value, &mut |expr| found |= reads(expr));
            }
            found
        }
        Action::Steps(steps) => {
            steps.iter().any(|step| step.when.as_ref().is_some_and(reads) || uses_known(&step.actions, tested))
        }
    })
}

/// A slot that steps change, as it is named in Rust.
pub(super) fn is_kept(kind: &SlotKind) -> bool {
    matches!(kind, SlotKind::Value(_) | SlotKind::Machine(_))
}
