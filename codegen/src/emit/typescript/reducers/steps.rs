//! Steps enter; statements leave that record, refuse, ask machines and change the state, in the order of the contract.

use super::super::layout::{Doc, call, row, text};
use super::super::names::Derived;
use super::code::Code;
use super::effects::Effects;
use super::values::{NoneAs, Steps};
use crate::model::{Action, Expr, Machine, MachineForm, MachineId, MachineRule, Report, Step, Variable};

impl<'m> Steps<'_, 'm> {
    /// All of a list, one after the other.
    pub(super) fn steps(&mut self, steps: &'m [Step], code: &mut Code) {
        for step in steps {
            if let Some(when) = &step.when {
                self.conditional_step(when, step, code);
            } else {
                self.certain_step(step, code);
            }
        }
    }

    fn conditional_step(&mut self, when: &Expr, step: &'m Step, code: &mut Code) {
        let test = self.expression(when);
        match &step.actions[..] {
            [Action::Reject(report), ..] => code.guard(test, self.recorded("return f.reject", report)),
            [Action::Skip, ..] => code.guard(test, text("return false")),
            [Action::Warn(report)] => code.guard(test, self.recorded("f.warn", report)),
            _ => code.when(test, |code| self.actions(step, code)),
        }
    }

    /// In a block of its own where its variables stand there already.
    fn certain_step(&mut self, step: &'m Step, code: &mut Code) {
        let mut trial = Code::new(0);
        self.actions(step, &mut trial);
        let names: Vec<String> = trial.declared().map(str::to_owned).collect();
        if names.iter().any(|name| self.declared.contains(name)) {
            code.block("", |code| self.actions(step, code));
        } else {
            self.actions(step, code);
            self.declared.extend(names);
        }
    }

    /// All expressions of a step see the state before it: what refuses comes first, then moves and effects.
    fn actions(&mut self, step: &'m Step, code: &mut Code) {
        let mut effects = Effects::default();
        let mut moves = 0;
        let mut nested = Vec::new();
        let named = self.scope.count_names();
        for action in &step.actions {
            match action {
                Action::Reject(report) => {
                    let reject = self.recorded("return f.reject", report);
                    return code.statement(reject);
                }
                Action::Warn(report) => {
                    let warn = self.recorded("f.warn", report);
                    code.statement(warn);
                }
                Action::Skip => return code.line("return false;"),
                Action::Move { slot, machine, to, otherwise } => {
                    let name = format!("s.{}", self.scope.reducer.slots[*slot].name);
                    let from = if self.scope.reads_start() { name.replacen("s.", "snap.", 1) } else { name };
                    self.scope.note(if self.scope.reads_start() { "snap" } else { "s" });
                    let state = self.expression(to);
                    let variable = self.ask(*machine, text(from), state, otherwise, moves, code);
                    self.scope.name(to, &variable);
                    effects.fill(*slot, variable);
                    moves += 1;
                }
                Action::Check { machine, from, to, otherwise } => {
                    let from = self.value(from, NoneAs::Null);
                    let to = self.expression(to);
                    self.ask(*machine, from, to, otherwise, moves, code);
                    moves += 1;
                }
                Action::Effect(kind, target, value) => effects.add(*kind, target, value.as_ref()),
                Action::Steps(steps) => nested.push(steps),
            }
        }
        self.effects(effects, code);
        self.scope.forget_names(named);
        for steps in nested {
            self.steps(steps, code);
        }
    }

    /// Asks a machine about a move; a refusal is recorded and ends the event. The variable that holds the new state.
    fn ask(
        &mut self,
        id: MachineId,
        from: Doc,
        to: Doc,
        otherwise: &'m Report,
        before: usize,
        code: &mut Code,
    ) -> String {
        let workspace = self.module.workspace;
        let machine = &workspace.machines[id];
        let name = self.module.derived_name(machine.family, &machine.meta.name, Derived::Machine);
        let states = self.module.enum_type(machine.states);
        let number = if before == 0 { String::new() } else { (before + 1).to_string() };
        let (from_name, to_name) = (format!("from{number}"), format!("to{number}"));
        code.statement(row(vec![text(format!("const {from_name}: {states} | null = ")), from]));
        code.statement(row(vec![text(format!("const {to_name}: {states} = ")), to]));
        let names = [(Variable::From, from_name.clone()), (Variable::To, to_name.clone())];
        let report = self.renamed(otherwise, &names, number.as_str());
        if otherwise.params.iter().any(|param| param.reads(&Variable::Violations)) || has_rules(machine) {
            let asked = self.violations(machine, &name, &from_name, &to_name);
            let violations = format!("violations{number}");
            code.statement(row(vec![text(format!("const {violations}: readonly string[] = ")), asked]));
            code.guard(text(format!("{violations}.length > 0")), report);
        } else {
            let asked = call(format!("!{name}.isAllowed"), vec![text(from_name), text(to_name.as_str())]);
            code.guard(asked, report);
        }
        to_name
    }

    fn violations(&mut self, machine: &Machine, name: &str, from: &str, to: &str) -> Doc {
        match &machine.form {
            MachineForm::Edges(edges) => {
                let mut arguments = vec![text(from), text(to)];
                if edges.with.is_some() {
                    self.scope.note("p");
                    arguments.push(text("p"));
                }
                call(format!("{name}.violations"), arguments)
            }
            MachineForm::Table(_) => text(format!("{name}.isAllowed({from}, {to}) ? [] : [\"EDGE\"]")),
        }
    }

    /// A refusal, where the names of states and codes may have numbers behind them.
    fn renamed(&mut self, report: &Report, names: &[(Variable, String)], number: &str) -> Doc {
        let anomaly = &self.scope.reducer.anomalies[report.anomaly];
        let params = anomaly.params.iter().zip(&report.params).map(|(param, expr)| {
            let value = match &expr.kind {
                crate::model::ExprKind::Variable(Variable::Violations) => text(format!("violations{number}")),
                crate::model::ExprKind::Variable(variable) => match names.iter().find(|(known, _)| known == variable) {
                    Some((_, name)) => text(name.as_str()),
                    None => self.expression(expr),
                },
                _ => self.expression(expr),
            };
            (param.clone(), value)
        });
        let params = params.collect();
        let kind = text(crate::emit::encode::typescript::string(&anomaly.kind));
        call("return f.reject", vec![kind, super::public::facts(params)])
    }
}

/// Whether more than the edges decides about a move.
fn has_rules(machine: &Machine) -> bool {
    match &machine.form {
        MachineForm::Edges(edges) => {
            edges.with.is_some()
                || edges.bypass.is_some()
                || edges.rules.iter().any(|rule| matches!(rule, MachineRule::Deny { .. }))
        }
        MachineForm::Table(_) => false,
    }
}
