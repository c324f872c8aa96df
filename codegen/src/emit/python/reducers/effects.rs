//! Effects of a step enter; the statements that change the state leave.

use super::super::expression;
use super::super::layout::Code;
use super::super::literal::read;
use super::super::module::Module;
use super::super::names::attribute;
use super::super::types::kind;
use super::form::Form;
use super::methods::Body;
use crate::json::Value;
use crate::model::{Access, Assignment, AssignmentKind, Expr, ExprKind, ExprType, Presence, Target, Type};

/// Where an effect happens.
struct Goal<'t> {
    /// The part of the state, or the map that it is a value of.
    owner: String,
    /// The form of the part.
    form: Form,
    /// The key in the map, and what a missing value is made from.
    key: Option<(String, Option<&'t Value>, &'t Type)>,
    /// Statements that make the way into a part.
    way: Vec<Code>,
}

/// What is done there, with values that are settled.
pub struct Change<'t> {
    kind: AssignmentKind,
    target: &'t Target,
    goal: Goal<'t>,
    /// The value; of `put` key and value.
    values: Vec<Code>,
    may_be_none: bool,
}

/// Settles keys and values of an effect; what has to be computed before the state changes becomes a variable.
pub fn settled<'t>(
    body: &mut Body<'_, 't>,
    kind: AssignmentKind,
    target: &'t Target,
    value: Option<&Assignment>,
    is_kept: &dyn Fn(&Expr) -> bool,
    indent: usize,
) -> Change<'t> {
    let goal = goal(body, target, is_kept, indent);
    let ty = target_type(body.module, kind, &target.ty);
    let values = match (kind, value) {
        (_, None) => Vec::new(),
        (AssignmentKind::Put, Some(Assignment::List(parts, _))) => {
            let Type::Map(key, of, _) = body.module.workspace.plain(&target.ty) else {
                unreachable!("`put` needs a map")
            };
            parts.iter().zip([&**key, &**of]).map(|(part, ty)| kept(body, part, ty, is_kept, indent)).collect()
        }
        (_, Some(value)) => vec![kept(body, value, &ty, is_kept, indent)],
    };
    let may_be_none = match value {
        Some(Assignment::Value(value)) => is_optional(body.module, value),
        Some(Assignment::List(parts, _)) if kind == AssignmentKind::Put => {
            matches!(parts.last(), Some(Assignment::Value(value)) if is_optional(body.module, value))
        }
        _ => false,
    };
    Change { kind, target, goal, values, may_be_none }
}

fn is_optional(module: &Module<'_>, value: &Expr) -> bool {
    matches!(&value.ty, ExprType::Of(ty) if module.workspace.is_optional(ty))
}

/// The type of the value of an effect.
fn target_type(module: &Module<'_>, kind: AssignmentKind, ty: &Type) -> Type {
    match (kind, module.workspace.plain(ty)) {
        (AssignmentKind::Set | AssignmentKind::Clear | AssignmentKind::Increment | AssignmentKind::Put, _) => {
            ty.clone()
        }
        (AssignmentKind::Init, Type::Opt(of)) | (_, Type::List(of, _) | Type::Set(of, _) | Type::Map(of, ..)) => {
            (**of).clone()
        }
        (kind, ty) => unreachable!("{kind:?} was checked against {ty:?}"),
    }
}

/// A value, or the variable that keeps it.
fn kept(
    body: &mut Body<'_, '_>,
    value: &Assignment,
    ty: &Type,
    is_kept: &dyn Fn(&Expr) -> bool,
    indent: usize,
) -> Code {
    let code = assigned(body.module, value, ty);
    if reads(value, is_kept) { body.keep("value", code, indent) } else { code }
}

fn reads(value: &Assignment, is_kept: &dyn Fn(&Expr) -> bool) -> bool {
    match value {
        Assignment::Value(expression) => is_kept(expression),
        Assignment::List(items, _) => items.iter().any(|item| reads(item, is_kept)),
        Assignment::Record(members, _) => members.iter().any(|(_, member)| reads(member, is_kept)),
    }
}

/// A value as programs see it.
fn assigned(module: &mut Module<'_>, value: &Assignment, ty: &Type) -> Code {
    let workspace = module.workspace;
    match value {
        Assignment::Value(expression) => match literal(expression) {
            Some(value) => read(module, ty, &value),
            None => expression::code(module, "", expression),
        },
        Assignment::List(items, _) => match workspace.unwrapped(ty) {
            Type::Tuple(types) => {
                Code::tuple(items.iter().zip(types).map(|(item, ty)| assigned(module, item, ty)).collect())
            }
            Type::Set(of, _) => {
                let mut arguments = vec![kind(module, of)];
                arguments.extend(items.iter().map(|item| assigned(module, item, of)));
                Code::call("_s.members", arguments)
            }
            Type::List(of, _) => Code::tuple(items.iter().map(|item| assigned(module, item, of)).collect()),
            other => unreachable!("{other:?} was checked to be a list or tuple"),
        },
        Assignment::Record(given, _) => {
            let Type::Record(id) = workspace.unwrapped(ty) else { unreachable!("a record was checked") };
            let mut arguments = vec![Code::text(module.record(*id))];
            for field in &workspace.records[*id].fields {
                let name = &field.meta.name;
                let given = given.iter().find(|(known, _)| known == name);
                let value = match (given, &field.presence) {
                    (Some((_, value)), _) => assigned(module, value, &field.ty),
                    (None, Presence::Default(default)) => read(module, &field.ty, default),
                    (None, _) => Code::text("None"),
                };
                arguments.push(value.after(&format!("{}=", attribute(name))));
            }
            Code::call("_s.made", arguments)
        }
    }
}

fn literal(expression: &Expr) -> Option<Value> {
    match &expression.kind {
        ExprKind::Text(text) => Some(text.as_str().into()),
        #[expect(clippy::cast_precision_loss, reason = "literals lie within the integers that binary64 holds")]
        ExprKind::Int(int) => Some(Value::Number(*int as f64)),
        ExprKind::Float(float) => Some(Value::Number(*float)),
        _ => None,
    }
}

fn goal<'t>(body: &mut Body<'_, 't>, target: &'t Target, is_kept: &dyn Fn(&Expr) -> bool, indent: usize) -> Goal<'t> {
    let (name, form) = body.slot(target.slot);
    let mut goal = Goal { owner: format!("s.{name}"), form, key: None, way: Vec::new() };
    let mut ty = body.slot_type(target.slot);
    for access in &target.path {
        let mut owner = place_of(body.module, &goal);
        let mut way = std::mem::take(&mut goal.way);
        if matches!(goal.key, Some((_, Some(_), _))) {
            let part = body.variable("part");
            way.push(Code::text(owner).after(&format!("{part} = ")));
            owner = part;
        }
        goal = match access {
            Access::Field(name) => {
                let form = goal.form.field(body.module, name);
                ty = body.field_type(ty, name);
                Goal { owner: format!("{owner}.{}", attribute(name)), form, key: None, way }
            }
            Access::Key { key, start } => {
                let Type::Map(key_type, of, _) = body.module.workspace.plain(ty) else {
                    unreachable!("a map was checked")
                };
                ty = of;
                let code = kept(body, &Assignment::Value(key.clone()), key_type, is_kept, indent).flat();
                Goal { owner, form: goal.form.value().clone(), key: Some((code, start.as_ref(), ty)), way }
            }
        };
    }
    goal
}

/// What reads the part: a missing value of a map is made where it has a start.
fn place_of(module: &mut Module<'_>, goal: &Goal<'_>) -> String {
    match &goal.key {
        None => goal.owner.clone(),
        Some((key, None, _)) => format!("{}[{key}]", goal.owner),
        Some((key, Some(start), ty)) => {
            let maker = maker(module, &goal.form, ty, start);
            format!("{}.at({key}, {maker})", goal.owner)
        }
    }
}

/// What makes a missing value.
fn maker(module: &mut Module<'_>, form: &Form, ty: &Type, start: &Value) -> String {
    let start = form.start(module, ty, start).flat();
    match start.strip_suffix("()") {
        Some(function) if !function.contains('(') => function.to_owned(),
        _ => format!("lambda: {start}"),
    }
}

impl Change<'_> {
    /// The statements, each with its indentation.
    pub fn lines(self, module: &mut Module<'_>, indent: usize) -> Vec<String> {
        let Self { kind, target, goal, mut values, may_be_none } = self;
        let mut lines: Vec<String> = goal.way.iter().map(|way| way.lines(indent, "")).collect();
        let call = |module: &mut Module<'_>, method: &str, values: Vec<Code>| {
            let place = place_of(module, &goal);
            vec![Code::call(&format!("{place}.{method}"), values).lines(indent, "")]
        };
        lines.extend(match kind {
            AssignmentKind::Append => call(module, "append", values),
            AssignmentKind::AppendUnique => call(module, "append_unique", values),
            AssignmentKind::Add => call(module, "add", values),
            AssignmentKind::Drop => call(module, "drop", values),
            AssignmentKind::Put => {
                let value = values.pop().expect("`put` was checked to have key and value");
                let form = goal.form.value().clone();
                values.push(form.thaw(module, value, may_be_none));
                call(module, "put", values)
            }
            AssignmentKind::Set => {
                let value = goal.form.thaw(module, values.remove(0), may_be_none);
                vec![assign(&goal, value).lines(indent, "")]
            }
            AssignmentKind::Init => {
                let value = goal.form.thaw(module, values.remove(0), may_be_none);
                let place = place_of(module, &goal);
                vec![format!("{}if {place} is None:", " ".repeat(indent)), assign(&goal, value).lines(indent + 4, "")]
            }
            AssignmentKind::Increment => {
                let place = place_of(module, &goal);
                let value = Code::text(format!("_s.increased({place})"));
                vec![assign(&goal, value).lines(indent, "")]
            }
            AssignmentKind::Clear => {
                let start = target.start.as_ref().expect("`clear` was checked to have a start");
                let value = goal.form.start(module, &target.ty, start);
                vec![assign(&goal, value).lines(indent, "")]
            }
        });
        lines
    }
}

fn assign(goal: &Goal<'_>, value: Code) -> Code {
    match &goal.key {
        None => value.after(&format!("{} = ", goal.owner)),
        Some((key, ..)) => Code::call(&format!("{}.put", goal.owner), vec![Code::text(key), value]),
    }
}
