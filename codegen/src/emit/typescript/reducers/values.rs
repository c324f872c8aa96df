//! Values that steps assign enter; TypeScript leaves, in the form that the place wants: none as null or as absence.

use std::collections::BTreeSet;

use super::super::expressions::{Binding, Compiler, Tests};
use super::super::layout::{Doc, array, conditional, object, row, text};
use super::super::module::Module;
use super::Scope;
use crate::model::{Assignment, Expr, ExprKind, ExprType, Presence, Primitive, Type, Workspace};

/// How none is written at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoneAs {
    Null,
    Absence,
}

impl NoneAs {
    fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Absence => "undefined",
        }
    }
}

/// What the steps of one event are compiled with.
pub(super) struct Steps<'c, 'm> {
    pub(super) module: &'c mut Module<'m>,
    pub(super) scope: &'c Scope<'m>,
    pub(super) tests: Tests,
    /// Variables that stand beside the steps already.
    pub(super) declared: BTreeSet<String>,
}

impl<'c, 'm> Steps<'c, 'm> {
    pub(super) fn new(module: &'c mut Module<'m>, scope: &'c Scope<'m>, tests: Tests) -> Self {
        Self { module, scope, tests, declared: BTreeSet::new() }
    }

    /// The expression as it is.
    pub(super) fn expression(&mut self, expr: &Expr) -> Doc {
        self.compiled(expr).0
    }

    pub(super) fn compiled(&mut self, expr: &Expr) -> (Doc, Binding) {
        let tests = self.tests.clone();
        Compiler { module: self.module, tests, scope: Some(self.scope), bound: Vec::new() }.compile(expr)
    }

    fn branch(&mut self, expr: &Expr, none: NoneAs) -> Doc {
        if matches!(expr.kind, ExprKind::Null | ExprKind::Conditional(..)) {
            return self.value(expr, none);
        }
        if may_be_none(self.module.workspace, &expr.ty) {
            return self.value(expr, none).parenthesised();
        }
        let (value, binding) = self.compiled(expr);
        if binding == Binding::Cast { value.parenthesised() } else { value }
    }

    /// Whether a condition becomes a question to a map of the state.
    fn is_lookup(&mut self, expr: &Expr) -> bool {
        let tests = self.tests.clone();
        let scope = Some(self.scope);
        Compiler { module: self.module, tests, scope, bound: Vec::new() }.read_of_state(expr).is_some()
    }

    /// The value of an expression that may be none.
    pub(super) fn value(&mut self, expr: &Expr, none: NoneAs) -> Doc {
        match &expr.kind {
            ExprKind::Null => text(none.as_str()),
            ExprKind::Conditional(test, yes, no) if !self.is_lookup(expr) => {
                let (test_doc, binding) = self.compiled(test);
                let test = if binding < Binding::Or { test_doc.parenthesised() } else { test_doc };
                conditional(test, self.branch(yes, none), self.branch(no, none))
            }
            _ if !may_be_none(self.module.workspace, &expr.ty) => self.expression(expr),
            _ => {
                let (value, binding) = self.compiled(expr);
                let value = if binding < Binding::Unary { value.parenthesised() } else { value };
                row(vec![value, text(format!(" ?? {}", none.as_str()))])
            }
        }
    }

    /// What an effect assigns to a place of this type.
    pub(super) fn assigned(&mut self, assignment: &Assignment, wanted: &Type, none: NoneAs) -> Doc {
        let workspace = self.module.workspace;
        match assignment {
            Assignment::Value(expr) => {
                let value = self.value(expr, none);
                self.branded(expr, wanted, value)
            }
            Assignment::List(items, _) => {
                let items = items.iter().enumerate();
                let items = items.map(|(at, item)| self.assigned(item, item_type(workspace, wanted, at), NoneAs::Null));
                array(items.collect())
            }
            Assignment::Record(given, ty) => {
                let Type::Record(id) = workspace.unwrapped(ty) else { unreachable!("a record was checked") };
                let mut members = Vec::new();
                for field in &workspace.records[*id].fields {
                    let name = &field.meta.name;
                    let given = given.iter().find(|(known, _)| known == name);
                    let absent = if field.presence == Presence::Optional { NoneAs::Absence } else { NoneAs::Null };
                    let value = match (given, &field.presence) {
                        (Some((_, value)), _) => self.assigned(value, &field.ty, absent),
                        (None, Presence::Default(default)) => self.module.literal(&field.ty, default),
                        (None, Presence::Nullable) => text("null"),
                        (None, _) => continue,
                    };
                    members.push(super::entry(name, value));
                }
                object(members)
            }
        }
    }

    /// A value of one named type where another is wanted of which the contract says that it fits.
    fn branded(&mut self, expr: &Expr, wanted: &Type, value: Doc) -> Doc {
        let workspace = self.module.workspace;
        let ExprType::Of(ty) = &expr.ty else { return value };
        let is_literal = matches!(expr.kind, ExprKind::Text(_) | ExprKind::Int(_) | ExprKind::Float(_));
        if is_literal || same_brand(workspace, ty, wanted) {
            return value;
        }
        let value = if matches!(expr.kind, ExprKind::Field(..)) && !workspace.is_optional(ty) {
            value
        } else {
            value.parenthesised()
        };
        match plain_name(workspace, wanted) {
            Some(name) if !workspace.is_optional(ty) => row(vec![value, text(format!(" as {name}"))]),
            _ => row(vec![value, text(" as unknown as "), self.module.nullable(wanted)]),
        }
    }
}

fn may_be_none(workspace: &Workspace, ty: &ExprType) -> bool {
    match ty {
        ExprType::Null => true,
        ExprType::Of(ty) => workspace.is_optional(ty),
        ExprType::ListOf(_) | ExprType::SetOf(_) => false,
    }
}

/// The type of an item of a list, set or tuple.
fn item_type<'a>(workspace: &'a Workspace, ty: &'a Type, at: usize) -> &'a Type {
    match workspace.unwrapped(ty) {
        Type::Tuple(types) => &types[at],
        Type::List(of, _) | Type::Set(of, _) => of,
        other => unreachable!("{other:?} was checked to have items"),
    }
}

/// Whether the compiler sees the same names in both types.
fn same_brand(workspace: &Workspace, from: &Type, to: &Type) -> bool {
    match (workspace.unwrapped(from), workspace.unwrapped(to)) {
        (Type::Scalar(from), Type::Scalar(to)) => from == to,
        (Type::List(from, _) | Type::Set(from, _), Type::List(to, _) | Type::Set(to, _)) => {
            same_brand(workspace, from, to)
        }
        (Type::Map(key, of, _), Type::Map(to_key, to_of, _)) => {
            same_brand(workspace, key, to_key) && same_brand(workspace, of, to_of)
        }
        (Type::Tuple(from), Type::Tuple(to)) => from.iter().zip(to).all(|(from, to)| same_brand(workspace, from, to)),
        _ => true,
    }
}

/// What a scalar is without its name.
fn plain_name(workspace: &Workspace, ty: &Type) -> Option<&'static str> {
    match workspace.unwrapped(ty) {
        Type::Scalar(id) => match &workspace.scalars[*id].primitive {
            Primitive::Json | Primitive::Object => None,
            primitive => Some(super::super::types::primitive_type(primitive)),
        },
        _ => None,
    }
}
