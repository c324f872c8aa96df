//! A reducer without `partition_by` enters; a finding leaves where its state is about one entity and its log about many.

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Action, Assignment, AssignmentKind, Expr, ExprKind, Payload, Reducer, ReducerSlot, Type, Variable, Workspace,
};

/// Such a state has a slot that every event of the reducer names with one and the same field, and that some step
/// replaces by that field: then events of another entity take the state over, unless a guard compares the two.
pub(crate) fn check(workspace: &Workspace, reducer: &Reducer, out: &mut Diagnostics) {
    if reducer.partition_by.is_some() {
        return;
    }
    for (at, slot) in reducer.slots.iter().enumerate() {
        let Some(place) = taken_over(reducer, at, &slot.name) else { continue };
        if !is_id(workspace, slot) || !is_common(workspace, reducer, &slot.name) || is_compared(reducer, at, &slot.name)
        {
            continue;
        }
        let message = format!("entities of every `{}` share one state in `{}`", slot.name, reducer.meta.name);
        out.push(
            Diagnostic::new(&rules::PARTITION_MISSING, reducer.meta.span, message)
                .related(place, "the state becomes that of another entity")
                .help(format!("add `partition_by: p.{}`", slot.name)),
        );
        return;
    }
}

/// Where a step replaces the slot by the field of that name.
fn taken_over(reducer: &Reducer, slot: usize, field: &str) -> Option<crate::source::Span> {
    let reached = reducer.actions();
    let mut writes = reached.filter_map(|found| match found.action {
        Action::Effect(AssignmentKind::Set, target, Some(Assignment::Value(value)))
            if target.slot == slot && target.path.is_empty() && is_field(value, field) =>
        {
            Some(target.span)
        }
        _ => None,
    });
    writes.next()
}

/// A name that ends as the names of identifiers do, of a text.
fn is_id(workspace: &Workspace, slot: &ReducerSlot) -> bool {
    let is_text = matches!(crate::expr::kind(workspace, &slot.ty), crate::expr::Kind::Text);
    is_text
        && ["id", "uuid", "key", "slug"].iter().any(|end| slot.name == *end || slot.name.ends_with(&format!("_{end}")))
}

fn is_common(workspace: &Workspace, reducer: &Reducer, name: &str) -> bool {
    let mut types = reducer.reactions.iter().map(|reaction| match workspace.events[reaction.event].payload {
        Payload::Record(id) => {
            let record = &workspace.records[id];
            record.field(name).map(|at| &record.fields[at].ty)
        }
        Payload::Union(_) => None,
    });
    let first: Option<&Type> = types.next().flatten();
    first.is_some_and(|first| !workspace.is_optional(first)) && types.all(|ty| ty == first)
}

/// Whether some guard looks at both the slot and the field.
fn is_compared(reducer: &Reducer, slot: usize, field: &str) -> bool {
    let compares = |guard: &Expr| {
        let reads_slot = guard.reads(&Variable::Slot(slot)) || guard.reads(&Variable::Snapshot(slot));
        reads_slot && reads_field(guard, field)
    };
    let mut reached = reducer.actions();
    reached.any(|found| found.guards.iter().any(|guard| compares(guard)))
}

fn reads_field(expr: &Expr, field: &str) -> bool {
    is_field(expr, field) || expr.parts().into_iter().any(|part| reads_field(part, field))
}

fn is_field(expr: &Expr, field: &str) -> bool {
    match &expr.kind {
        ExprKind::Field(owner, name) => name == field && matches!(owner.kind, ExprKind::Variable(Variable::Payload)),
        ExprKind::Known(inner) => is_field(inner, field),
        _ => false,
    }
}
