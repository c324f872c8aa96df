//! Slots and the records that change in them enter; the classes that hold them while events are folded leave.

use std::collections::BTreeSet;

use super::super::layout::Code;
use super::super::literal::wire;
use super::super::module::Module;
use super::super::names::attribute;
use super::super::view::{Class, Statement};
use super::form::{Form, form};
use super::method;
use crate::emit::encode::python;
use crate::json::Value;
use crate::model::{
    Access, Action, Expr, ExprKind, ExprType, FamilyId, Reaction, RecordId, Reducer, ReducerId, SlotKind, Step, Target,
    Type, Variable, Workspace,
};

/// Records that change in place as parts of a state: paths of effects lead into them, or somebody looks into a list, set
/// or map in them.
pub fn drafted(workspace: &Workspace) -> BTreeSet<(FamilyId, RecordId)> {
    let mut found = BTreeSet::new();
    for reducer in &workspace.reducers {
        let mut entered = BTreeSet::new();
        for step in reducer.reactions.iter().flat_map(all_steps) {
            enter_step(workspace, reducer, step, &mut entered);
        }
        found.extend(entered.into_iter().map(|record| (reducer.family, record)));
    }
    found
}

/// The steps of an event in their order.
pub fn all_steps(reaction: &Reaction) -> impl Iterator<Item = &Step> {
    [&reaction.before_parse, &reaction.before, &reaction.handle, &reaction.after].into_iter().flatten()
}

fn enter_step(workspace: &Workspace, reducer: &Reducer, step: &Step, entered: &mut BTreeSet<RecordId>) {
    if let Some(when) = &step.when {
        enter_containers(workspace, when, entered);
    }
    for action in &step.actions {
        match action {
            Action::Effect(_, target, _) => enter_target(workspace, reducer, target, entered),
            Action::Steps(steps) => steps.iter().for_each(|step| enter_step(workspace, reducer, step, entered)),
            _ => {}
        }
    }
}

fn enter_target(workspace: &Workspace, reducer: &Reducer, target: &Target, records: &mut BTreeSet<RecordId>) {
    let mut ty = &reducer.slots[target.slot].ty;
    for access in &target.path {
        if let (Access::Field(_), Type::Record(id)) = (access, workspace.unwrapped(ty)) {
            records.insert(*id);
        }
        ty = entered(workspace, ty, access);
    }
}

/// `x in s.record.list` takes constant time if the list is held as one that changes.
fn enter_containers(workspace: &Workspace, expression: &Expr, entered: &mut BTreeSet<RecordId>) {
    if let ExprKind::In(_, container) = &expression.kind {
        let mut place = &**container;
        let mut owners = Vec::new();
        loop {
            place = match &place.kind {
                ExprKind::Known(inner) | ExprKind::Index(inner, _) => inner,
                ExprKind::Field(owner, _) => {
                    if let ExprType::Of(ty) = &owner.ty
                        && let Type::Record(id) = workspace.unwrapped(ty)
                    {
                        owners.push(*id);
                    }
                    owner
                }
                _ => break,
            };
        }
        if matches!(&place.kind, ExprKind::Variable(Variable::Slot(_) | Variable::Snapshot(_))) {
            entered.extend(owners);
        }
    }
    expression.parts().into_iter().for_each(|part| enter_containers(workspace, part, entered));
}

/// The class that a family's states inherit what they can take back from.
fn base(workspace: &Workspace, family: FamilyId) -> &'static str {
    let overrides = |reducer: &Reducer| reducer.concurrent.as_ref().is_some_and(|it| it.override_rule.is_some());
    let takes_back = workspace.reducers.iter().any(|reducer| reducer.family == family && overrides(reducer));
    if takes_back { "_s.UndoDraft" } else { "_s.Draft" }
}

/// The class of a record that changes.
pub fn class(module: &mut Module<'_>, id: RecordId) -> Class {
    let workspace = module.workspace;
    let record = &workspace.records[id];
    let family = module.family;
    let plain = module.record(id);
    let (mut thawing, mut freezing) = (Vec::new(), vec![Code::text(plain.as_str())]);
    for field in &record.fields {
        let name = attribute(&field.meta.name);
        let form = form(module, family, &field.ty);
        let may_be_none = workspace.is_optional(&field.ty);
        let value = form.thaw(module, Code::text(format!("value.{name}")), may_be_none);
        thawing.push(value.after(&format!("self.{name} = ")).lines(8, ""));
        freezing.push(Code::text(form.freeze(&format!("self.{name}"))).after(&format!("{name}=")));
    }
    let frozen = Code::call("_s.made", freezing).after("return ").lines(8, "");
    let name = module.draft(id);
    let doc = format!("A `{}` that changes.", record.meta.name);
    let mut body = vec![
        vec![method("__init__", &["self".to_owned(), format!("value: {plain}")], "None", &thawing)],
        vec![method("__freeze__", &["self".to_owned()], &plain, &[frozen])],
    ];
    if let Some(start) = start(module, id) {
        let value = Code::call(&format!("_s.record({plain}).of"), vec![wire(&start)]);
        let line = Code::call("return cls", vec![value]).lines(8, "");
        let start = method("__start__", &["cls".to_owned()], module.typing("Self").as_str(), &[line]);
        let doc = "        \"\"\"What it starts as.\"\"\"\n";
        let code = start.code.replacen(":\n", &format!(":\n{doc}"), 1);
        body.insert(1, vec![Statement::bare(format!("    @classmethod\n{code}"))]);
    }
    Class {
        decorator: None,
        name: name.to_owned(),
        bases: vec![base(workspace, family).to_owned()],
        doc: Some(format!("    {}", python::docstring(&doc, 4))),
        body,
    }
}

/// What a record that changes starts as where a key is missing or a slot begins with it; its type alone says it.
pub fn start(module: &Module<'_>, id: RecordId) -> Option<Value> {
    let workspace = module.workspace;
    let reducers = || workspace.reducers.iter().filter(|reducer| reducer.family == module.family);
    let mut found = None;
    for reducer in reducers() {
        for slot in &reducer.slots {
            if let (SlotKind::Value(start), Type::Map(..) | Type::Record(_)) = (&slot.kind, workspace.plain(&slot.ty))
                && workspace.plain(&slot.ty) == &Type::Record(id)
            {
                found = found.or_else(|| Some(start.clone()));
            }
        }
        for step in reducer.reactions.iter().flat_map(all_steps) {
            found = found.or_else(|| start_in(workspace, reducer, step, id));
        }
    }
    found
}

fn start_in(workspace: &Workspace, reducer: &Reducer, step: &Step, id: RecordId) -> Option<Value> {
    step.actions.iter().find_map(|action| match action {
        Action::Effect(_, target, _) => {
            let mut ty = &reducer.slots[target.slot].ty;
            target.path.iter().find_map(|access| {
                ty = entered(workspace, ty, access);
                match access {
                    Access::Key { start, .. } if workspace.plain(ty) == &Type::Record(id) => start.clone(),
                    _ => None,
                }
            })
        }
        Action::Steps(steps) => steps.iter().find_map(|step| start_in(workspace, reducer, step, id)),
        _ => None,
    })
}

/// The type behind a step into a value.
fn entered<'w>(workspace: &'w Workspace, ty: &'w Type, access: &Access) -> &'w Type {
    match (access, workspace.unwrapped(ty)) {
        (Access::Field(name), Type::Record(id)) => {
            let record = &workspace.records[*id];
            &record.fields[record.field(name).expect("a field of the record, as was checked")].ty
        }
        (Access::Key { .. }, Type::Map(_, of, _)) => of,
        (access, _) => unreachable!("{access:?} was checked against the type it enters"),
    }
}

/// The class of a reducer's slots.
pub fn slots(module: &mut Module<'_>, id: ReducerId) -> Class {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let mut lines: Vec<String> = Vec::new();
    for slot in &reducer.slots {
        let name = attribute(&slot.name);
        let form = form(module, reducer.family, &slot.ty);
        let line = match &slot.kind {
            SlotKind::Value(start) => {
                let value = form.start(module, &slot.ty, start);
                let annotation = match &form {
                    Form::Plain(_) | Form::Opt(_) => format!(": {}", form.annotation(module)),
                    _ => String::new(),
                };
                Some(value.after(&format!("self.{name}{annotation} = ")))
            }
            SlotKind::Machine(_) => Some(Code::text(format!("self.{name}: {} = None", form.annotation(module)))),
            SlotKind::Count { .. } | SlotKind::Last { .. } | SlotKind::From { .. } => None,
        };
        lines.extend(line.map(|line| line.lines(8, "")));
    }
    let body = if lines.is_empty() {
        Vec::new()
    } else {
        vec![vec![method("__init__", &["self".to_owned()], "None", &lines)]]
    };
    let doc = format!("What the reducer `{}` remembers between events.", reducer.meta.name);
    Class {
        decorator: None,
        name: module.names.reducers[usize::from(id)].slots.clone(),
        bases: vec![base(workspace, reducer.family).to_owned()],
        doc: Some(format!("    {}", python::docstring(&doc, 4))),
        body,
    }
}
