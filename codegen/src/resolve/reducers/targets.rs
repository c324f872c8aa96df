//! A target as written enters; the slot and the way into it leave, of which every part is there or can be made.

use super::super::{Resolver, rules as names};
use super::context::{Context, Wanted};
use super::effects::Place;
use super::rules;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::expr::{self, Ast, PathStep, is_assignable};
use crate::load::raw::RawText;
use crate::model::{Access, Action, AssignmentKind, Expr, SlotKind, Target, Type, Variable};

/// A step into a value.
struct Entered {
    access: Access,
    ty: Type,
    /// Whether what is entered may be none, or the key missing, but for a test.
    is_tested: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn target(
        &mut self,
        context: &Context<'a>,
        text: &RawText,
        place: &Place<'_>,
        done: &[Action],
    ) -> Option<Target> {
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
        let mut way = Vec::new();
        // What an effect before this one must not replace: all above this many steps.
        let mut tested = 0;
        let read = expr::in_state(&ast);
        let parts = expr::way(&read);
        for (at, step) in path.steps.iter().enumerate() {
            let entered = self.entered(context, &ty, step, place, (parts[at], parts[at + 1]))?;
            start = self.start_of(&entered.ty);
            if entered.is_tested {
                tested = at + 1;
            }
            way.push(entered.access);
            ty = entered.ty;
        }
        if done.iter().any(|action| may_replace(action, slot, &way[..], tested)) {
            let message = format!("an effect before it may take the way to `{}` away", text.value);
            self.out
                .push(Diagnostic::new(&rules::STEP_TARGET, text.span, message).help(
                    "all effects of a step happen where its `when` held: write a step of its own, with the test",
                ));
            return None;
        }
        Some(Target { slot, path: way, ty, start, span: text.span })
    }

    /// One step on the way; `owner` and `whole` read what is entered, and what is found there.
    fn entered(
        &mut self,
        context: &Context<'a>,
        ty: &Type,
        step: &PathStep<'_>,
        place: &Place<'_>,
        (owner, whole): (&Ast, &Ast),
    ) -> Option<Entered> {
        let mut is_tested = false;
        let mut of = self.workspace.plain(ty).clone();
        if let Type::Opt(inner) = &of {
            self.typed(context, owner, place.scope, place.given, Wanted::Certain)?;
            is_tested = true;
            of = self.workspace.plain(inner).clone();
        }
        match (step, of) {
            (PathStep::Field(name, span), Type::Record(id)) => {
                let record = &self.workspace.records[id];
                if let Some(at) = record.field(name) {
                    let ty = record.fields[at].ty.clone();
                    return Some(Entered { access: Access::Field((*name).to_owned()), ty, is_tested });
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
                let typed = self.fitting(context.names(), ast, &key, place)?;
                if !is_assignable(&self.workspace, &typed.ty, &key) {
                    return self.wrong_value(typed.span, "this is no key of the map");
                }
                let start = self.start_of(&value);
                if start.is_none() {
                    self.typed(context, whole, place.scope, place.given, Wanted::Value)?;
                    is_tested = true;
                }
                Some(Entered { access: Access::Key { key: typed, start }, ty: *value, is_tested })
            }
            (PathStep::Field(_, span), _) => self.wrong_value(*span, "only records have fields that can be changed"),
            (PathStep::Key(_), _) => self.wrong_value(context.raw.meta.name.span, "only maps are entered with `[..]`"),
        }
    }
}

/// Whether an action may replace what stands less than `below` steps on the way into a slot.
fn may_replace(action: &Action, slot: usize, way: &[Access], below: usize) -> bool {
    let Action::Effect(kind, target, _) = action else { return false };
    let is_on_the_way = target.path.iter().zip(way).all(|pair| match pair {
        (Access::Field(one), Access::Field(other)) => one == other,
        // Two keys may be one.
        _ => true,
    });
    replaces(*kind) && target.slot == slot && target.path.len() < below && is_on_the_way
}

/// Whether an effect may end what was known of its target.
fn replaces(kind: AssignmentKind) -> bool {
    use AssignmentKind::{Clear, Drop, Put, Set};
    matches!(kind, Set | Put | Drop | Clear)
}

/// What is still known where these actions were done: conditions over slots that they replaced are not.
pub(super) fn still_given(given: &[(Ast, Expr)], actions: &[Action], lets: &[(String, Ast)]) -> Vec<(Ast, Expr)> {
    let mut slots = Vec::new();
    replaced(actions, &mut slots);
    let mut still = Vec::new();
    for (ast, condition) in given {
        let parts = expr::conjuncts(ast, condition, lets);
        let holds = |part: &Expr| !slots.iter().any(|slot| part.reads(&Variable::Slot(*slot)));
        if parts.iter().all(|(_, part)| holds(part)) {
            still.push((ast.clone(), condition.clone()));
        } else {
            let parts = parts.into_iter().filter(|(_, part)| holds(part));
            still.extend(parts.map(|(ast, part)| (ast.clone(), part.clone())));
        }
    }
    still
}

fn replaced(actions: &[Action], slots: &mut Vec<usize>) {
    for action in actions {
        match action {
            Action::Effect(kind, target, _) if replaces(*kind) => slots.push(target.slot),
            Action::Steps(steps) => steps.iter().for_each(|step| replaced(&step.actions, slots)),
            _ => {}
        }
    }
}
