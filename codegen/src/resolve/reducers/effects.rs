//! Targets and values as written enter; typed effects leave.

use super::super::types::UNRESOLVED;
use super::super::{Resolver, rules as names};
use super::context::{Context, Scope, Wanted};
use super::rules;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::expr::{self, Ast, PathStep, is_assignable};
use crate::interpret;
use crate::json::Value;
use crate::load::raw::{RawEffect, RawText, RawValue};
use crate::model::{
    Access, Action, Assignment, AssignmentKind, Expr, ExprKind, ExprType, Primitive, RecordId, SlotKind, Target, Type,
};
use crate::source::Span;

/// What is known where an effect stands.
pub struct Place<'p> {
    pub scope: &'p Scope,
    pub given: &'p [(Ast, Expr)],
}

impl<'a> Resolver<'a> {
    pub(super) fn effect(&mut self, context: &Context<'a>, raw: &RawEffect, place: &Place<'_>) -> Option<Action> {
        let target = self.target(context, raw.target(), place)?;
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
            (Some(value), Some(wanted)) => Some(self.assignment(context, value, &wanted, place)?),
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

    fn target(&mut self, context: &Context<'a>, text: &RawText, place: &Place<'_>) -> Option<Target> {
        let ast = self.parsed(text)?;
        let Some(path) = expr::path(&ast) else {
            let message = format!("`{}` is no slot and no path into one", text.value);
            self.out.push(Diagnostic::new(&rules::STEP_TARGET, text.span, message));
            return None;
        };
        let Some(slot) = context.slots.iter().position(|slot| slot.name == path.head) else {
            self.report_unknown_slot(&context.slots, &RawText::new(path.head.to_owned(), path.span));
            return None;
        };
        let SlotKind::Value(slot_start) = &context.slots[slot].kind else {
            let message = format!("`{}` is filled by the reducer itself", path.head);
            self.out.push(
                Diagnostic::new(&rules::STEP_TARGET, text.span, message)
                    .help("a machine is changed by `move`; counts, lasts and slots of delegates by nothing"),
            );
            return None;
        };
        let mut ty = context.slots[slot].ty.clone();
        let mut start = Some(slot_start.clone());
        let mut accesses = Vec::new();
        for step in &path.steps {
            let (access, next) = self.access(context, &ty, step, place)?;
            start = self.start_of(&next);
            accesses.push(access);
            ty = next;
        }
        Some(Target { slot, path: accesses, ty, start, span: text.span })
    }

    fn access(
        &mut self,
        context: &Context<'a>,
        ty: &Type,
        step: &PathStep<'_>,
        place: &Place<'_>,
    ) -> Option<(Access, Type)> {
        match (step, self.workspace.plain(ty).clone()) {
            (PathStep::Field(name, span), Type::Record(id)) => {
                let record = &self.workspace.records[id];
                if let Some(at) = record.field(name) {
                    return Some((Access::Field((*name).to_owned()), record.fields[at].ty.clone()));
                }
                let message = format!("`{}` has no field `{name}`", record.meta.name);
                let known = record.fields.iter().map(|field| field.meta.name.as_str());
                let near = did_you_mean(name, known).map(|near| format!("did you mean `{near}`?"));
                let finding = Diagnostic::new(&names::UNKNOWN_NAME, *span, message);
                self.out.push(match near {
                    Some(near) => finding.help(near),
                    None => finding,
                });
                None
            }
            (PathStep::Key(ast), Type::Map(key, value, _)) => {
                let typed = self.typed(context, ast, place.scope, place.given, Wanted::Value)?;
                if !is_assignable(&self.workspace, &typed.ty, &key) {
                    return self.wrong_value(typed.span, "this is no key of the map");
                }
                let start = self.start_of(&value);
                Some((Access::Key { key: typed, start }, (*value).clone()))
            }
            (PathStep::Field(_, span), _) => self.wrong_value(*span, "only records have fields that can be changed"),
            (PathStep::Key(_), _) => self.wrong_value(context.raw.meta.name.span, "only maps are entered with `[..]`"),
        }
    }

    fn wrong_value<T>(&mut self, span: Span, message: &str) -> Option<T> {
        self.out.push(Diagnostic::new(&rules::STEP_VALUE, span, message));
        None
    }

    fn assignment(
        &mut self,
        context: &Context<'a>,
        raw: &RawValue,
        wanted: &Type,
        place: &Place<'_>,
    ) -> Option<Assignment> {
        match raw {
            RawValue::Expression(text) => self.assigned_expression(context, text, wanted, place).map(Assignment::Value),
            RawValue::List(items, span) => {
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
                    items.iter().zip(&types).map(|(item, ty)| self.assignment(context, item, ty, place)).collect();
                Some(Assignment::List(items.into_iter().collect::<Option<_>>()?, wanted.clone()))
            }
            RawValue::Record(members, span) => {
                let Type::Record(id) = *self.workspace.unwrapped(wanted) else {
                    return self.wrong_value(*span, "a mapping is given where no record is wanted");
                };
                self.record_value(context, id, members, *span, wanted, place)
            }
        }
    }

    fn record_value(
        &mut self,
        context: &Context<'a>,
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
            match self.assignment(context, value, &record.fields[at].ty.clone(), place) {
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

    fn assigned_expression(
        &mut self,
        context: &Context<'a>,
        text: &RawText,
        wanted: &Type,
        place: &Place<'_>,
    ) -> Option<Expr> {
        let ast = self.parsed(text)?;
        let typed = self.typed(context, &ast, place.scope, place.given, Wanted::Value)?;
        if is_assignable(&self.workspace, &typed.ty, wanted) || self.literal_fits(&typed, wanted) {
            return Some(typed);
        }
        if matches!(&typed.ty, ExprType::Of(ty) if self.workspace.is_optional(ty)) {
            // Either it was tested and fits, or the finding says how to test it.
            let typed = self.typed(context, &ast, place.scope, place.given, Wanted::Certain)?;
            if is_assignable(&self.workspace, &typed.ty, wanted) {
                return Some(typed);
            }
        }
        let message = format!("`{}` does not fit what it is assigned to", text.value);
        self.out.push(
            Diagnostic::new(&rules::STEP_VALUE, text.span, message)
                .help("the same scalar, or a plain one of its base, fits; an `opt` is tested first"),
        );
        None
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
