//! A reducer enters; which fields of the envelope and of payloads its code reads leaves.

use std::collections::BTreeSet;

use super::values::expressions;
use crate::model::{
    Access, Action, AnomalyField, Expr, ExprKind, ExprType, MachineForm, MachineId, MachineRule, Reaction, Reducer,
    Report, Step, Type, Variable, Workspace,
};

/// Fields of the envelope that are read, by place; none where the envelope is read as a whole.
pub(super) fn fields(workspace: &Workspace, reducer: &Reducer) -> Option<BTreeSet<usize>> {
    let mut reads = Reads { workspace, of: Variable::Envelope, found: BTreeSet::new(), whole: false };
    reducer.reactions.iter().for_each(|reaction| reads.reaction(reaction));
    reducer.malformed.iter().for_each(|report| reads.report(report));
    reducer.unknown.iter().for_each(|unknown| reads.report(&unknown.report));
    for (_, field) in &reducer.anomaly_fields {
        if let AnomalyField::Expression(expr) = field {
            reads.expr(expr);
        }
    }
    (!reads.whole).then_some(reads.found)
}

/// Fields of the payload that the code of one event reads, by place; none where the payload is read as a whole.
pub(super) fn payload_fields(workspace: &Workspace, reducer: &Reducer, reaction: &Reaction) -> Option<BTreeSet<usize>> {
    let Type::Record(id) = workspace.events[reaction.event].payload.ty() else { return None };
    let mut reads = Reads { workspace, of: Variable::Payload, found: BTreeSet::new(), whole: false };
    reads.reaction(reaction);
    for (_, field) in &reducer.anomaly_fields {
        if let AnomalyField::Expression(expr) = field {
            reads.expr(expr);
        }
    }
    // What a type from elsewhere makes of nothing is not known.
    let fields = workspace.records[id].fields.iter().enumerate();
    reads.found.extend(fields.filter(|(_, field)| has_external(workspace, &field.ty)).map(|(at, _)| at));
    (!reads.whole).then_some(reads.found)
}

fn has_external(workspace: &Workspace, ty: &Type) -> bool {
    match workspace.plain(ty) {
        Type::Opt(inner) => has_external(workspace, inner),
        Type::External(_) => true,
        _ => false,
    }
}

struct Reads<'w> {
    workspace: &'w Workspace,
    /// The record whose fields are looked for.
    of: Variable,
    found: BTreeSet<usize>,
    whole: bool,
}

impl Reads<'_> {
    fn reaction(&mut self, reaction: &Reaction) {
        for steps in [&reaction.before_parse, &reaction.before, &reaction.handle, &reaction.after] {
            self.steps(steps);
        }
        if let Some((key, report)) = &reaction.idempotent {
            for part in key {
                self.expr(part);
            }
            self.report(report);
        }
        reaction.overridden.iter().for_each(|report| self.report(report));
        reaction.group_by.iter().chain(&reaction.goes_last).chain(&reaction.then_by).for_each(|key| self.expr(key));
    }

    /// What the rules of a machine read of the payload that they judge.
    fn machine(&mut self, id: MachineId) {
        let MachineForm::Edges(edges) = &self.workspace.machines[id].form else { return };
        edges.bypass.iter().for_each(|bypass| self.expr(bypass));
        for rule in &edges.rules {
            if let MachineRule::Deny { when, .. } = rule {
                self.expr(when);
            }
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            step.when.iter().for_each(|when| self.expr(when));
            for action in &step.actions {
                match action {
                    Action::Reject(report) | Action::Warn(report) => self.report(report),
                    Action::Skip => {}
                    Action::Move { machine, to, otherwise, .. } => {
                        self.machine(*machine);
                        self.expr(to);
                        self.report(otherwise);
                    }
                    Action::Check { machine, from, to, otherwise } => {
                        self.machine(*machine);
                        self.expr(from);
                        self.expr(to);
                        self.report(otherwise);
                    }
                    Action::Effect(_, target, value) => {
                        for access in &target.path {
                            if let Access::Key { key, .. } = access {
                                self.expr(key);
                            }
                        }
                        if let Some(value) = value {
                            expressions(value, &mut |expr| self.expr(expr));
                        }
                    }
                    Action::Steps(steps) => self.steps(steps),
                }
            }
        }
    }

    fn report(&mut self, report: &Report) {
        report.params.iter().for_each(|param| self.expr(param));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Field(owner, name) if matches!(&owner.kind, ExprKind::Variable(of) if *of == self.of) => {
                match &owner.ty {
                    ExprType::Of(Type::Record(id)) => self.found.extend(self.workspace.records[*id].field(name)),
                    _ => self.whole = true,
                }
            }
            ExprKind::Variable(of) if *of == self.of => self.whole = true,
            _ => expr.parts().into_iter().for_each(|part| self.expr(part)),
        }
    }
}
