//! Steps of a reducer enter; the statements of a method leave that do the same.

use super::super::expression;
use super::super::layout::Code;
use super::effects::settled;
use super::methods::Body;
use super::place::{is_path, is_settled, reads_state, tested};
use super::report::recorded;
use crate::model::{Action, Expr, ExprKind, MachineForm, MachineId, Report, Step, Variable};

impl<'a> Body<'_, 'a> {
    /// Writes steps in order; whether the event always ends in them.
    pub fn steps(&mut self, steps: &'a [Step], indent: usize) -> bool {
        steps.iter().any(|step| self.step(step, indent))
    }

    fn step(&mut self, step: &'a Step, indent: usize) -> bool {
        let Some(when) = &step.when else { return self.actions(step, indent) };
        when.parts().into_iter().for_each(|part| self.keep_settled(part, is_always_asked(when, part), indent));
        let (known, kept) = (self.scope().tested.len(), self.scope().kept.len());
        let tested = tested(self.scope(), when);
        self.scope().tested.extend(tested);
        let test = expression::code(self.module, "if ", when).lines(indent, ":");
        self.push(test);
        if self.has_snapshot {
            // What was tested here is not seen to be so in the function that changes both states.
            self.scope().tested.truncate(known);
        }
        self.actions(step, indent + 4);
        self.scope().tested.truncate(known);
        self.scope().kept.truncate(kept);
        false
    }

    /// Keeps values in variables that say more, or would be computed again: a choice, and what a map has under a key.
    pub fn keep_settled(&mut self, value: &Expr, is_asked: bool, indent: usize) {
        if self.scope().kept.iter().any(|(kept, _)| kept.says_as(value)) {
            return;
        }
        let is_lookup = expression::lookup(self.module, value).is_some() && has_plain_key(value);
        if !is_lookup {
            let parts = value.parts().into_iter();
            parts.for_each(|part| self.keep_settled(part, is_asked && is_always_asked(value, part), indent));
        }
        let is_choice = matches!(value.kind, ExprKind::Conditional(..)) && is_asked;
        if !(is_lookup || is_choice) || !is_settled(value) {
            return;
        }
        let known = self.scope().tested.len();
        let tested = tested(self.scope(), value);
        self.scope().tested.extend(tested);
        let code = expression::code(self.module, "", value);
        self.scope().tested.truncate(known);
        let name = self.keep(if is_lookup { "found" } else { "value" }, code, indent).flat();
        self.scope().kept.push((value.clone(), name));
    }

    /// All expressions of a step see the state before it: refusals first, then moves and effects.
    fn actions(&mut self, step: &'a Step, indent: usize) -> bool {
        let changes = |action: &&Action| matches!(action, Action::Move { .. } | Action::Effect(..));
        let is_alone = step.actions.iter().filter(changes).count() == 1;
        let waits = self.has_snapshot;
        let is_kept = move |value: &Expr| (waits || !is_alone) && reads_state(value);
        let (mut moves, mut effects, mut nested) = (Vec::new(), Vec::new(), Vec::new());
        for action in &step.actions {
            match action {
                Action::Reject(report) => {
                    self.keep_params(report, indent);
                    let reject = recorded(self.module, self.id, "return self.reject", report);
                    self.push(reject.lines(indent, ""));
                    return true;
                }
                Action::Warn(report) => {
                    self.keep_params(report, indent);
                    let warn = recorded(self.module, self.id, "self.warn", report);
                    self.push(warn.lines(indent, ""));
                }
                Action::Skip => {
                    self.push(format!("{}return False", " ".repeat(indent)));
                    return true;
                }
                Action::Move { slot, machine, to, otherwise } => {
                    let (name, _) = self.slot(*slot);
                    let from = format!("{}.{name}", if self.has_snapshot { "snap" } else { "s" });
                    let to = self.settle(to, "to", indent);
                    self.ask(*machine, &from, &to, otherwise, indent);
                    moves.push(format!("s.{name} = {to}"));
                }
                Action::Check { machine, from, to, otherwise } => {
                    let from = self.settle(from, "from_", indent);
                    let to = self.settle(to, "to", indent);
                    self.ask(*machine, &from, &to, otherwise, indent);
                }
                Action::Effect(kind, target, value) => {
                    effects.push(settled(self, *kind, target, value.as_ref(), &is_kept, indent));
                }
                Action::Steps(steps) => nested.push(steps),
            }
        }
        let depth = if self.has_snapshot && !(moves.is_empty() && effects.is_empty()) { indent + 4 } else { indent };
        let mut lines: Vec<String> = moves.into_iter().map(|line| " ".repeat(depth) + &line).collect();
        lines.extend(effects.into_iter().flat_map(|effect| effect.lines(self.module, depth)));
        self.change(lines, indent);
        nested.into_iter().any(|steps| self.steps(steps, indent))
    }

    /// The name of a value, which becomes a variable where it is none yet.
    fn settle(&mut self, value: &Expr, name: &str, indent: usize) -> String {
        let text = expression::flat(self.module, value);
        let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
        if is_name && !reads_state(value) {
            return text;
        }
        let is_null = matches!(value.kind, ExprKind::Null);
        let code = expression::code(self.module, "", value);
        if is_null { text } else { self.keep(name, code, indent).flat() }
    }

    fn keep_params(&mut self, report: &Report, indent: usize) {
        report.params.iter().for_each(|param| self.keep_settled(param, true, indent));
    }

    /// Asks a machine; a refusal is recorded and ends the event.
    fn ask(&mut self, machine: MachineId, from: &str, to: &str, otherwise: &Report, indent: usize) {
        let form = &self.module.workspace.machines[machine].form;
        let name = self.module.machine(machine);
        let tells = otherwise.params.iter().any(|param| param.reads(&Variable::Violations));
        let (question, violations) = match form {
            MachineForm::Edges(edges) => {
                let payload = if edges.with.is_some() { ", p" } else { "" };
                let has_rules = edges.bypass.is_some() || edges.rules.len() > 1;
                let question = format!("{name}.violations({from}, {to}{payload})");
                if has_rules || tells {
                    let broken = self.keep("broken", Code::text(question), indent).flat();
                    (broken.clone(), format!("list({broken})"))
                } else {
                    (format!("not {name}.is_allowed({from}, {to})"), String::new())
                }
            }
            MachineForm::Table(_) => (format!("not {name}.is_allowed({from}, {to})"), "[\"EDGE\"]".to_owned()),
        };
        self.push(Code::text(question).after("if ").lines(indent, ":"));
        let scope = self.scope();
        (scope.from, scope.to, scope.violations) = (from.to_owned(), to.to_owned(), violations);
        let reject = recorded(self.module, self.id, "return self.reject", otherwise);
        self.push(reject.lines(indent + 4, ""));
    }
}

/// Whether a part is computed wherever the whole is.
fn is_always_asked(whole: &Expr, part: &Expr) -> bool {
    match &whole.kind {
        ExprKind::And(first, _) | ExprKind::Or(first, _) | ExprKind::Conditional(first, ..) => {
            std::ptr::eq(first.as_ref(), part)
        }
        _ => true,
    }
}

/// Whether what a map is asked for can be computed at any place.
fn has_plain_key(lookup: &Expr) -> bool {
    let ExprKind::Conditional(test, ..) = &lookup.kind else { return false };
    let ExprKind::In(key, _) = &test.kind else { return false };
    let is_known = |expression: &Expr| matches!(expression.kind, ExprKind::Known(_));
    is_path(key) && !is_known(key) && !key.parts().into_iter().any(is_known)
}
