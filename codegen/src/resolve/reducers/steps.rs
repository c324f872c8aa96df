//! Steps as written enter; steps typed for one event leave.

use super::super::{Resolver, rules as names};
use super::context::{Context, Scope, Wanted};
use super::effects::Place;
use super::rules;
use super::targets::still_given;
use crate::diagnostic::Diagnostic;
use crate::expr::Ast;
use crate::load::raw::{RawCheck, RawStep, RawText};
use crate::model::{Action, EnumType, EventId, Expr, ExprType, Payload, SlotKind, Step, Type};
use crate::source::Spanned;

/// Where in the pipeline steps stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    BeforeParse,
    Parsed,
}

/// What is known on the way through the steps of one event.
pub struct Walk<'w> {
    pub event: EventId,
    pub payload: Payload,
    pub phase: Phase,
    /// Conditions that hold from here on: guards around, and slots that a move has filled.
    pub given: Vec<(Ast, Expr)>,
    /// Named lists that are being expanded.
    pub open: Vec<&'w str>,
}

impl<'a> Resolver<'a> {
    pub(super) fn steps(&mut self, context: &mut Context<'a>, raw: &'a [RawStep], walk: &mut Walk<'a>) -> Vec<Step> {
        raw.iter().filter_map(|step| self.step(context, step, walk)).collect()
    }

    fn step(&mut self, context: &mut Context<'a>, raw: &'a RawStep, walk: &mut Walk<'a>) -> Option<Step> {
        if let Some(names) = &raw.events
            && !self.consumed_events(context.family, names).contains(&walk.event)
        {
            return None;
        }
        let guards = self.scope_of(context, walk, false);
        let around = walk.given.clone();
        let when = match &raw.when {
            Some(text) => {
                let ast = self.parsed(text)?;
                let typed = self.typed(context, &ast, &guards, &walk.given, Wanted::Guard)?;
                walk.given.push((ast, typed.clone()));
                Some(typed)
            }
            None => None,
        };
        let actions = self.actions(context, raw, walk, &guards);
        walk.given = around;
        let actions = actions?;
        walk.given = still_given(&walk.given, &actions, &context.lets);
        if raw.when.is_none() {
            self.learn_moves(context, raw, walk);
        }
        Some(Step { span: raw.span, when, actions })
    }

    fn actions(
        &mut self,
        context: &mut Context<'a>,
        raw: &'a RawStep,
        walk: &mut Walk<'a>,
        guards: &Scope,
    ) -> Option<Vec<Action>> {
        if walk.phase == Phase::BeforeParse && !(raw.moves.is_empty() && raw.effects.is_empty() && raw.uses.is_empty())
        {
            self.out.push(
                Diagnostic::new(&rules::STEP_PHASE, raw.span, "before the payload is parsed nothing is changed")
                    .help("`before_parse` holds `reject`, `warn`, `skip` and `check` only"),
            );
            return None;
        }
        let values = self.scope_of(context, walk, true);
        let mut actions = Vec::new();
        let mut complete = true;
        let add = |actions: &mut Vec<Action>, action: Option<Action>, complete: &mut bool| match action {
            Some(action) => actions.push(action),
            None => *complete = false,
        };
        if let Some(kind) = &raw.reject {
            let report = self.recorded(context, kind, &values, &walk.given);
            add(&mut actions, report.map(Action::Reject), &mut complete);
        }
        if let Some(kind) = &raw.warn {
            let report = self.recorded(context, kind, &values, &walk.given);
            add(&mut actions, report.map(Action::Warn), &mut complete);
        }
        if raw.skip {
            add(&mut actions, Some(Action::Skip), &mut complete);
        }
        for (slot, to) in &raw.moves {
            let action = self.move_action(context, slot, to, walk, guards);
            add(&mut actions, action, &mut complete);
        }
        if let Some(check) = &raw.check {
            let action = self.check_action(context, check, walk, guards);
            add(&mut actions, action, &mut complete);
        }
        for effect in &raw.effects {
            let action = self.effect(context, effect, &Place { scope: &values, given: &walk.given }, &actions);
            add(&mut actions, action, &mut complete);
        }
        // Named steps see the state behind the effects.
        walk.given = still_given(&walk.given, &actions, &context.lets);
        for name in &raw.uses {
            let action = self.used_steps(context, name, walk);
            add(&mut actions, action, &mut complete);
        }
        complete.then_some(actions)
    }

    /// What may be named: guards read the state that concurrent events share, values the state as it is.
    pub(super) fn scope_of(&self, context: &Context<'a>, walk: &Walk<'_>, for_values: bool) -> Scope {
        let scope =
            if for_values { context.value_scope(&self.workspace) } else { context.guard_scope(&self.workspace) };
        if walk.phase == Phase::Parsed { scope.with_payload(walk.payload) } else { scope }
    }

    fn used_steps(&mut self, context: &mut Context<'a>, name: &RawText, walk: &mut Walk<'a>) -> Option<Action> {
        let Some((known, steps)) = context.raw.steps.iter().find(|(known, _)| known.value == name.value) else {
            let message = format!("there are no steps named `{}`", name.value);
            self.out.push(Diagnostic::new(&names::UNKNOWN_NAME, name.span, message));
            return None;
        };
        if walk.open.contains(&known.value.as_str()) {
            let message = format!("the steps `{}` use themselves", name.value);
            self.out.push(Diagnostic::new(&rules::STEPS_CYCLE, name.span, message));
            return None;
        }
        walk.open.push(&known.value);
        let steps = self.steps(context, steps, walk);
        walk.open.pop();
        Some(Action::Steps(steps))
    }

    fn move_action(
        &mut self,
        context: &mut Context<'a>,
        slot: &RawText,
        to: &RawText,
        walk: &Walk<'_>,
        guards: &Scope,
    ) -> Option<Action> {
        let at = self.slot_named(context, slot)?;
        let SlotKind::Machine(machine) = context.slots[at].kind else {
            let message = format!("`{}` is no machine, so nothing moves in it", slot.value);
            self.out
                .push(Diagnostic::new(&rules::STEP_TARGET, slot.span, message).help("declare it as `{machine: name}`"));
            return None;
        };
        let states = self.workspace.machines[machine].states;
        let to = self.state(context, to, walk, guards, states, false)?;
        let kind = Spanned::new("invalid_transition".to_owned(), slot.span);
        let scope = self.scope_of(context, walk, true).with_move(states);
        let otherwise = self.recorded(context, &kind, &scope, &walk.given)?;
        Some(Action::Move { slot: at, machine, to, otherwise })
    }

    fn check_action(
        &mut self,
        context: &mut Context<'a>,
        raw: &RawCheck,
        walk: &Walk<'_>,
        guards: &Scope,
    ) -> Option<Action> {
        let machine = self.machine_named(context.family, &raw.machine)?;
        let states = self.workspace.machines[machine].states;
        let from = self.state(context, &raw.from, walk, guards, states, true);
        let to = self.state(context, &raw.to, walk, guards, states, false);
        let scope = self.scope_of(context, walk, true).with_move(states);
        let otherwise = self.recorded(context, &raw.otherwise, &scope, &walk.given);
        Some(Action::Check { machine, from: from?, to: to?, otherwise: otherwise? })
    }

    /// A state of a machine: a member of its enum, or none where that is allowed.
    fn state(
        &mut self,
        context: &Context<'a>,
        text: &RawText,
        walk: &Walk<'_>,
        scope: &Scope,
        states: crate::model::EnumId,
        or_none: bool,
    ) -> Option<Expr> {
        let ast = self.parsed(text)?;
        let typed = self.typed(context, &ast, scope, &walk.given, Wanted::Value)?;
        let of_states =
            |ty: &Type| matches!(self.workspace.plain(ty), Type::Enum(EnumType { id, .. }) if *id == states);
        let fits = match &typed.ty {
            ExprType::Null => or_none,
            ExprType::Of(ty) => match self.workspace.plain(ty) {
                Type::Opt(of) => or_none && of_states(of),
                _ => of_states(ty),
            },
            ExprType::ListOf(_) | ExprType::SetOf(_) => false,
        };
        if !fits {
            let name = &self.workspace.enums[states].meta.name;
            let message = format!("`{}` is no state of the machine, which are members of `{name}`", text.value);
            self.out.push(Diagnostic::new(&rules::STEP_VALUE, text.span, message));
            return None;
        }
        Some(typed)
    }

    /// Behind a move without a condition its slot holds a state.
    fn learn_moves(&mut self, context: &Context<'a>, raw: &RawStep, walk: &mut Walk<'a>) {
        for (slot, _) in &raw.moves {
            let text = Spanned::new(format!("s.{} != null", slot.value), slot.span);
            let Some(ast) = self.parsed(&text) else { continue };
            let scope = Scope { bindings: context.state_scope(&self.workspace).bindings };
            if let Some(typed) = self.typed(context, &ast, &scope, &[], Wanted::Guard) {
                walk.given.push((ast, typed));
            }
        }
    }
}
