//! A reducer enters; which fields of the envelope its code reads leaves.

use std::collections::BTreeSet;

use super::values::expressions;
use crate::model::{
    Access, Action, AnomalyField, Expr, ExprKind, ExprType, Reducer, Report, Step, Type, Variable, Workspace,
};

/// Fields of the envelope that are read, by place; none where the envelope is read as a whole.
pub(super) fn fields(workspace: &Workspace, reducer: &Reducer) -> Option<BTreeSet<usize>> {
    let mut reads = Reads { workspace, found: BTreeSet::new(), whole: false };
    for reaction in &reducer.reactions {
        for steps in [&reaction.before_parse, &reaction.before, &reaction.handle, &reaction.after] {
            reads.steps(steps);
        }
        if let Some((key, report)) = &reaction.idempotent {
            for part in key {
                reads.expr(part);
            }
            reads.report(report);
        }
        reaction.overridden.iter().for_each(|report| reads.report(report));
        reaction.group_by.iter().chain(&reaction.goes_last).chain(&reaction.then_by).for_each(|key| reads.expr(key));
    }
    reducer.malformed.iter().for_each(|report| reads.report(report));
    reducer.unknown.iter().for_each(|unknown| reads.report(&unknown.report));
    for (_, field) in &reducer.anomaly_fields {
        if let AnomalyField::Expression(expr) = field {
            reads.expr(expr);
        }
    }
    (!reads.whole).then_some(reads.found)
}

struct Reads<'w> {
    workspace: &'w Workspace,
    found: BTreeSet<usize>,
    whole: bool,
}

impl Reads<'_> {
    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            step.when.iter().for_each(|when| self.expr(when));
            for action in &step.actions {
                match action {
                    Action::Reject(report) | Action::Warn(report) => self.report(report),
                    Action::Skip => {}
                    Action::Move { to, otherwise, .. } => {
                        self.expr(to);
                        self.report(otherwise);
                    }
                    Action::Check { from, to, otherwise, .. } => {
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
            ExprKind::Field(owner, name) if matches!(owner.kind, ExprKind::Variable(Variable::Envelope)) => {
                if let ExprType::Of(Type::Record(id)) = &owner.ty {
                    self.found.extend(self.workspace.records[*id].field(name));
                }
            }
            ExprKind::Variable(Variable::Envelope) => self.whole = true,
            _ => expr.parts().into_iter().for_each(|part| self.expr(part)),
        }
    }
}
