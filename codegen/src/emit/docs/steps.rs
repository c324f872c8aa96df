//! Steps of a reducer enter; each leaves as a point in plain words.

use super::page::{Inline, code, joined, text};
use crate::expr;
use crate::model::{Access, Action, Assignment, AssignmentKind, Expr, Reducer, Report, Step, Target, Workspace};

/// What steps need to be named in words.
#[derive(Clone, Copy)]
pub(super) struct Words<'w> {
    pub workspace: &'w Workspace,
    pub reducer: &'w Reducer,
}

impl Words<'_> {
    fn expression(self, of: &Expr) -> String {
        expr::text_of_fold(of, self.workspace, self.reducer)
    }

    /// One point a step.
    pub fn steps(self, steps: &[Step]) -> Vec<Vec<Inline>> {
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(self, step: &Step) -> Vec<Inline> {
        let mut words = Vec::new();
        if let Some(when) = &step.when {
            words.extend([text("Where "), code(self.expression(when)), text(": ")]);
        }
        words.extend(joined(step.actions.iter().map(|action| self.action(action)), "; "));
        words
    }

    fn action(self, action: &Action) -> Vec<Inline> {
        let expression = |of| code(self.expression(of));
        match action {
            Action::Reject(report) => self.reported("refuse as ", report),
            Action::Warn(report) => self.reported("record ", report),
            Action::Skip => vec![text("end here")],
            Action::Move { slot, to, otherwise, .. } => {
                let slot = &self.reducer.slots[*slot].name;
                let mut words = vec![text("move "), code(&**slot), text(" to "), expression(to)];
                words.extend(self.reported(", or refuse as ", otherwise));
                words
            }
            Action::Check { machine, from, to, otherwise } => {
                let machine = &self.workspace.machines[*machine].meta.name;
                let mut words = vec![text("ask "), code(&**machine), text(" about the move from "), expression(from)];
                words.extend([text(" to "), expression(to)]);
                words.extend(self.reported(", or refuse as ", otherwise));
                words
            }
            Action::Effect(kind, target, value) => self.effect(*kind, target, value.as_ref()),
            Action::Steps(steps) => {
                let steps = joined(steps.iter().map(|step| self.step(step)), "; ");
                [vec![text("(")], steps, vec![text(")")]].concat()
            }
        }
    }

    fn reported(self, words: &str, report: &Report) -> Vec<Inline> {
        vec![text(words), code(&*self.reducer.anomalies[report.anomaly].kind)]
    }

    fn effect(self, kind: AssignmentKind, target: &Target, value: Option<&Assignment>) -> Vec<Inline> {
        let target = code(self.target(target));
        let value = value.map_or_else(|| text(""), |value| code(self.assigned(value)));
        match kind {
            AssignmentKind::Set => vec![text("set "), target, text(" to "), value],
            AssignmentKind::Init => vec![text("set "), target, text(" to "), value, text(" if it is none")],
            AssignmentKind::Increment => vec![text("count one more in "), target],
            AssignmentKind::Append => vec![text("append "), value, text(" to "), target],
            AssignmentKind::AppendUnique => {
                vec![text("append "), value, text(" to "), target, text(" if it is not there")]
            }
            AssignmentKind::Add => vec![text("add "), value, text(" to "), target],
            AssignmentKind::Put => vec![text("put "), value, text(" into "), target],
            AssignmentKind::Drop => vec![text("drop "), value, text(" from "), target],
            AssignmentKind::Clear => vec![text("clear "), target],
        }
    }

    fn target(self, target: &Target) -> String {
        let mut path = self.reducer.slots[target.slot].name.clone();
        for access in &target.path {
            match access {
                Access::Field(name) => path.extend([".", name]),
                Access::Key { key, .. } => path.extend(["[", &self.expression(key), "]"]),
            }
        }
        path
    }

    fn assigned(self, value: &Assignment) -> String {
        match value {
            Assignment::Value(of) => self.expression(of),
            Assignment::List(items, _) => {
                let items: Vec<String> = items.iter().map(|item| self.assigned(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Assignment::Record(members, _) => {
                let members = members.iter().map(|(name, value)| format!("{name}: {}", self.assigned(value)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
        }
    }
}
