//! Targets and values as written enter; typed effects leave.

use super::super::types::UNRESOLVED;
use super::super::{Resolver, rules as names};
use super::context::{Context, Names, Scope, Wanted};
use super::rules;
use crate::diagnostic::Diagnostic;
use crate::expr::{self, Ast, is_assignable};
use crate::interpret;
use crate::json::Value;
use crate::load::raw::{RawEffect, RawText, RawValue};
use crate::model::{Action, Assignment, AssignmentKind, Expr, ExprKind, ExprType, Primitive, RecordId, Type};
use crate::source::Span;

/// What is known where an effect stands.
pub struct Place<'p> {
    pub scope: &'p Scope,
    pub given: &'p [(Ast, Expr)],
}

impl<'a> Resolver<'a> {
    /// An effect, of which `done` is what its step did before it.
    pub(super) fn effect(
        &mut self,
        context: &Context<'a>,
        raw: &RawEffect,
        place: &Place<'_>,
        done: &[Action],
    ) -> Option<Action> {
        let target = self.target(context, raw.target(), place, done)?;
        let plain = self.workspace.plain(&target.ty).clone();
        let (kind, wanted, value) = match raw {
            RawEffect::Set(_, value) => (AssignmentKind::Set, Some(target.ty.clone()), Some(value)),
            RawEffect::Init(_, value) => {
                let Type::Opt(of) = &plain else { return self.wrong_target(raw, "`init` needs an `opt`") };
                (AssignmentKind::Init, Some((**of).clone()), Some(value))
            }
            RawEffect::Append(_, value) | RawEffect::AppendUnique(_, value) => {
                let Type::List(of, _) = &plain else { return self.wrong_target(raw, "only lists are appended to") };
                let is_unique = matches!(raw, RawEffect::AppendUnique(..));
                let kind = if is_unique { AssignmentKind::AppendUnique } else { AssignmentKind::Append };
                (kind, Some((**of).clone()), Some(value))
            }
            RawEffect::Add(_, value) => {
                let Type::Set(of, _) = &plain else { return self.wrong_target(raw, "`add` puts members into a set") };
                (AssignmentKind::Add, Some((**of).clone()), Some(value))
            }
            RawEffect::Put(_, value) => {
                let Type::Map(key, of, _) = &plain else { return self.wrong_target(raw, "`put` needs a map") };
                (AssignmentKind::Put, Some(Type::Tuple(vec![(**key).clone(), (**of).clone()])), Some(value))
            }
            RawEffect::Drop(_, value) => {
                let (Type::Map(of, ..) | Type::Set(of, _) | Type::List(of, _)) = &plain else {
                    return self.wrong_target(raw, "`drop` takes from a map, a set or a list");
                };
                (AssignmentKind::Drop, Some((**of).clone()), Some(value))
            }
            RawEffect::Increment(_) => {
                let is_int = matches!(expr::kind(&self.workspace, &plain), expr::Kind::Int);
                if !is_int || matches!(plain, Type::Opt(_)) {
                    return self.wrong_target(raw, "`inc` counts an int");
                }
                (AssignmentKind::Increment, None, None)
            }
            RawEffect::Clear(_) => {
                if target.start.is_none() {
                    return self.wrong_target(raw, "`clear` needs something to start with");
                }
                (AssignmentKind::Clear, None, None)
            }
        };
        let value = match (value, wanted) {
            (Some(value), Some(wanted)) => Some(self.assignment(context.names(), value, &wanted, place)?),
            _ => None,
        };
        Some(Action::Effect(kind, target, value))
    }

    fn wrong_target(&mut self, raw: &RawEffect, message: &str) -> Option<Action> {
        let target = raw.target();
        let message = format!("{message}, and `{}` is none", target.value);
        self.out.push(Diagnostic::new(&rules::STEP_TARGET, target.span, message));
        None
    }

    pub(super) fn wrong_value<T>(&mut self, span: Span, message: &str) -> Option<T> {
        self.out.push(Diagnostic::new(&rules::STEP_VALUE, span, message));
        None
    }

    /// A value for something of a type.
    pub(in crate::resolve) fn assignment(
        &mut self,
        by: Names<'_>,
        raw: &RawValue,
        wanted: &Type,
        place: &Place<'_>,
    ) -> Option<Assignment> {
        match raw {
            RawValue::Expression(text) => self.assigned_expression(by, text, wanted, place).map(Assignment::Value),
            RawValue::List(items, span) => {
                if let Type::List(_, bounds) | Type::Set(_, bounds) = self.workspace.unwrapped(wanted)
                    && !bounds.hold(items.len())
                {
                    return self.wrong_value(*span, &format!("the type takes no list of {} items", items.len()));
                }
                let types = match self.workspace.unwrapped(wanted).clone() {
                    Type::Tuple(types) => types,
                    Type::List(of, _) | Type::Set(of, _) => vec![*of; items.len()],
                    _ => return self.wrong_value(*span, "a list is given where no list or tuple is wanted"),
                };
                if types.len() != items.len() {
                    let message = format!("{} values are given where {} are wanted", items.len(), types.len());
                    return self.wrong_value(*span, &message);
                }
                let items: Vec<_> =
                    items.iter().zip(&types).map(|(item, ty)| self.assignment(by, item, ty, place)).collect();
                Some(Assignment::List(items.into_iter().collect::<Option<_>>()?, wanted.clone()))
            }
            RawValue::Record(members, span) => {
                let Type::Record(id) = *self.workspace.unwrapped(wanted) else {
                    return self.wrong_value(*span, "a mapping is given where no record is wanted");
                };
                self.record_value(by, id, members, *span, wanted, place)
            }
        }
    }

    fn record_value(
        &mut self,
        by: Names<'_>,
        id: RecordId,
        members: &[(RawText, RawValue)],
        span: Span,
        wanted: &Type,
        place: &Place<'_>,
    ) -> Option<Assignment> {
        let record = self.workspace.records[id].clone();
        let mut found = Vec::new();
        let mut complete = true;
        for (name, value) in members {
            let Some(at) = record.field(&name.value) else {
                let message = format!("`{}` has no field `{}`", record.meta.name, name.value);
                self.out.push(Diagnostic::new(&names::UNKNOWN_NAME, name.span, message));
                complete = false;
                continue;
            };
            match self.assignment(by, value, &record.fields[at].ty.clone(), place) {
                Some(value) => found.push((name.value.clone(), value)),
                None => complete = false,
            }
        }
        for field in &record.fields {
            let given = members.iter().any(|(name, _)| name.value == field.meta.name);
            let needed = matches!(field.presence, crate::model::Presence::Required);
            if !given && needed {
                let message = format!("`{}` of `{}` is not given", field.meta.name, record.meta.name);
                self.wrong_value::<()>(span, &message);
                complete = false;
            }
        }
        complete.then_some(Assignment::Record(found, wanted.clone()))
    }

    fn assigned_expression(&mut self, by: Names<'_>, text: &RawText, wanted: &Type, place: &Place<'_>) -> Option<Expr> {
        let ast = self.parsed(text)?;
        let typed = self.fitting(by, &ast, wanted, place)?;
        if is_assignable(&self.workspace, &typed.ty, wanted) || self.literal_fits(&typed, wanted) {
            return Some(typed);
        }
        let message = format!("`{}` does not fit what it is assigned to", text.value);
        self.out.push(
            Diagnostic::new(&rules::STEP_VALUE, text.span, message)
                .help("the same scalar, or a plain one of its base, fits; an `opt` is tested first"),
        );
        None
    }

    /// The type of a tree, without its `opt` where the value has to be there and was tested.
    pub(super) fn fitting(&mut self, by: Names<'_>, ast: &Ast, wanted: &Type, place: &Place<'_>) -> Option<Expr> {
        let typed = self.typed_by(by, ast, place.scope, place.given, Wanted::Value)?;
        let may_be_none = matches!(&typed.ty, ExprType::Of(ty) if self.workspace.is_optional(ty));
        if !may_be_none || is_assignable(&self.workspace, &typed.ty, wanted) {
            return Some(typed);
        }
        // Either it was tested, or the finding says how to test it.
        self.typed_by(by, ast, place.scope, place.given, Wanted::Certain)
    }

    /// A literal is judged by the type it is assigned to.
    fn literal_fits(&self, typed: &Expr, wanted: &Type) -> bool {
        #[allow(clippy::cast_precision_loss)] // Literals lie within ±(2^53−1).
        let value = match &typed.kind {
            ExprKind::Text(text) => Value::String(text.clone()),
            ExprKind::Int(int) => Value::Number(*int as f64),
            ExprKind::Float(float) => Value::Number(*float),
            _ => return false,
        };
        *wanted != UNRESOLVED && interpret::check_value(&self.workspace, wanted, &value).is_ok()
    }

    /// Whether a type is a built-in without any bound; the key of `idempotent` needs no scalar.
    pub(super) fn key_fits(&self, typed: &Expr, wanted: &Type) -> bool {
        is_assignable(&self.workspace, &typed.ty, wanted)
            || matches!((&typed.ty, wanted), (ExprType::Of(_), Type::Primitive(Primitive::Json)))
    }
}
