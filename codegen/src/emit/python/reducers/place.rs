//! An expression enters; the part of the state that it names leaves, where it names one.

use super::super::expression;
use super::super::module::Module;
use super::super::names::attribute;
use super::form::Form;
use crate::model::{Expr, ExprKind, Variable};

/// What the names of a reducer's expressions stand for.
#[derive(Debug, Clone, Default)]
pub struct FoldScope {
    /// Attribute and form of each slot.
    pub slots: Vec<(String, Form)>,
    /// `from`, `to` and `violations` behind a machine.
    pub from: String,
    pub to: String,
    pub violations: String,
    /// What Python's checkers see to be there.
    pub tested: Vec<Expr>,
    /// Values that are kept in variables.
    pub kept: Vec<(Expr, String)>,
}

/// A part of the state.
#[derive(Debug, Clone)]
pub struct Place {
    /// What names it.
    pub text: String,
    /// How it is held.
    pub form: Form,
}

impl Place {
    /// Its value as programs see it.
    pub fn frozen(&self) -> String {
        self.form.freeze(&self.text)
    }

    /// Whether it is a map of values that do not change in place.
    pub fn holds_plain(&self) -> bool {
        matches!(&self.form, Form::Entries(_, of) if matches!(**of, Form::Plain(_)))
    }
}

/// The part of the state that an expression names.
pub fn place(module: &mut Module<'_>, expression: &Expr) -> Option<Place> {
    module.fold.as_ref()?;
    match &expression.kind {
        ExprKind::Variable(Variable::Slot(slot)) => Some(slot_place(module, "s", *slot)),
        ExprKind::Variable(Variable::Snapshot(slot)) => Some(slot_place(module, "snap", *slot)),
        ExprKind::Known(inner) => {
            let place = place(module, inner)?;
            let form = match place.form {
                Form::Opt(of) => *of,
                form => form,
            };
            Some(Place { text: expression::known(module, &expression.ty, &place.text), form })
        }
        ExprKind::Field(owner, name) => {
            let owner = place(module, owner).filter(|owner| matches!(owner.form, Form::Draft(_)))?;
            let form = owner.form.field(module, name);
            Some(Place { text: format!("{}.{}", owner.text, attribute(name)), form })
        }
        ExprKind::Index(map, key) => {
            let map = place(module, map).filter(|map| matches!(map.form, Form::Entries(..)))?;
            let key = expression::flat(module, key);
            Some(Place { text: format!("{}[{key}]", map.text), form: map.form.value().clone() })
        }
        _ => None,
    }
}

fn slot_place(module: &Module<'_>, state: &str, slot: usize) -> Place {
    let (name, form) = &module.fold.as_ref().expect("a fold is written").slots[slot];
    Place { text: format!("{state}.{name}"), form: form.clone() }
}

/// Whether an expression reads the state, or that at the start of the group.
pub fn reads_state(expression: &Expr) -> bool {
    matches!(&expression.kind, ExprKind::Variable(Variable::Slot(_) | Variable::Snapshot(_)))
        || expression.parts().into_iter().any(reads_state)
}

/// Whether an expression has one value throughout an event: it reads nothing that changes or is bound around it.
pub fn is_settled(expression: &Expr) -> bool {
    let own = match &expression.kind {
        ExprKind::Variable(variable) => {
            matches!(variable, Variable::Payload | Variable::Envelope | Variable::Snapshot(_))
        }
        ExprKind::Exists(..) | ExprKind::All(..) => false,
        _ => true,
    };
    own && expression.parts().into_iter().all(is_settled)
}

/// Paths and variables that are tested, so that Python's checkers see what is behind the test.
pub fn tested(scope: &FoldScope, expression: &Expr) -> Vec<Expr> {
    let mut found = Vec::new();
    collect(scope, expression, &mut found);
    found
}

fn collect(scope: &FoldScope, expression: &Expr, found: &mut Vec<Expr>) {
    if let ExprKind::Compare { left, right, .. } = &expression.kind {
        for (side, other) in [(left, right), (right, left)] {
            let is_kept = || scope.kept.iter().any(|(value, _)| value.says_as(side));
            if matches!(other.kind, ExprKind::Null) && (is_path(side) || is_kept()) {
                found.push((**side).clone());
            }
        }
    }
    expression.parts().into_iter().for_each(|part| collect(scope, part, found));
}

/// A path into event or payload.
pub fn is_path(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Variable(Variable::Payload | Variable::Envelope) => true,
        ExprKind::Field(owner, _) => is_path(owner),
        ExprKind::Known(inner) => is_path(inner),
        _ => false,
    }
}
