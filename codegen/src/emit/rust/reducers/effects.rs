//! Effects on the state enter; the statements that make them leave.

use std::collections::BTreeSet;

use super::super::names;
use super::super::text::put;
use super::super::types::spell;
use super::cells::{Cell, loose};
use super::expression::Compiler;
use super::places::{Operand, receiver};
use super::values::expressions;
use crate::emit::encode::rust;
use crate::json::{Value, canonical};
use crate::model::{Access, Assignment, AssignmentKind, Expr, ExprKind, Target, Type, Variable};

impl Compiler<'_, '_> {
    /// Moves, then effects. All of them see the state before: what reads a slot that changes before is read first.
    pub(super) fn effects(
        &mut self,
        out: &mut String,
        entered: &[(usize, String)],
        effects: &[(AssignmentKind, &Target, Option<&Assignment>)],
    ) {
        let mut changed: BTreeSet<usize> = entered.iter().map(|(slot, _)| *slot).collect();
        let mut texts = Vec::new();
        for (at, (kind, target, value)) in effects.iter().enumerate() {
            let mut read = BTreeSet::new();
            for access in &target.path {
                if let Access::Key { key, .. } = access {
                    slots_of(key, &mut read);
                }
            }
            if let Some(value) = value {
                expressions(value, &mut |expr| slots_of(expr, &mut read));
            }
            let is_early = !read.is_disjoint(&changed) || !target.path.is_empty() && !read.is_empty();
            let name = is_early.then(|| format!("value_{at}"));
            let text = self.effect(out, *kind, target, *value, name);
            texts.push(text);
            changed.insert(target.slot);
        }
        for (slot, state) in entered {
            put!(out, "self.slots.{}.set(Some({state}));\n", self.slot_name(*slot));
        }
        out.push_str(&texts.concat());
    }

    fn effect(
        &mut self,
        before: &mut String,
        kind: AssignmentKind,
        target: &Target,
        value: Option<&Assignment>,
        early: Option<String>,
    ) -> String {
        let (part, cell) = self.target(target, before, early.is_some());
        let mut value_of = |compiler: &mut Self, ty: &Type| {
            let value = value.expect("an effect with a value has one");
            let text = compiler.assigned(value, ty);
            match &early {
                Some(name) => {
                    put!(before, "let {name} = {text};\n");
                    name.clone()
                }
                None => text,
            }
        };
        let ty = target.ty.clone();
        let change = match (kind, &cell) {
            (AssignmentKind::Set, Cell::Plain(_)) => format!("set({})", value_of(self, &ty)),
            (AssignmentKind::Set, Cell::Record(_)) => {
                let value = value_of(self, &ty);
                return format!("fold::Cell::replace(&mut {part}, support::Value::to_slot(&{value}));\n");
            }
            (AssignmentKind::Set, _) => format!("set(&{})", value_of(self, &ty)),
            (AssignmentKind::Init, _) => format!("init({})", value_of(self, &ty)),
            (AssignmentKind::Increment, _) => "increase()".into(),
            (AssignmentKind::Append, Cell::List(of, _)) => format!("push({})", value_of(self, of)),
            (AssignmentKind::AppendUnique, Cell::List(of, _)) => format!("push_unique({})", value_of(self, of)),
            (AssignmentKind::Add, Cell::Members(of)) => format!("add({})", value_of(self, of)),
            (AssignmentKind::Drop, Cell::List(of, _) | Cell::Members(of)) => {
                format!("drop({})", self.dropped(value, of, early.as_deref(), before))
            }
            (AssignmentKind::Drop, Cell::Map(..)) => {
                let key = self.key_of(value.expect("what is dropped is named"), early.as_deref(), before);
                format!("drop({key})")
            }
            (AssignmentKind::Put, Cell::Map(key, _)) => {
                let Type::Map(_, of, _) = self.workspace().plain(&ty).clone() else {
                    unreachable!("a map was checked")
                };
                return self.put(&part, value, &(key.clone(), *of), early, before);
            }
            (AssignmentKind::Clear, Cell::List(..) | Cell::Members(_) | Cell::Map(..)) if starts_empty(target) => {
                "clear()".into()
            }
            (AssignmentKind::Clear, _) => return self.cleared(&part, &cell, target),
            (kind, cell) => unreachable!("{kind:?} was checked against {cell:?}"),
        };
        format!("{part}.{change};\n")
    }

    fn put(
        &mut self,
        part: &str,
        value: Option<&Assignment>,
        (key_ty, value_ty): &(Type, Type),
        early: Option<String>,
        before: &mut String,
    ) -> String {
        match value {
            Some(Assignment::List(pair, _)) if pair.len() == 2 => {
                let key = self.key_of(&pair[0], early.as_deref(), before);
                let mut value = self.lent_assignment(&pair[1], value_ty);
                if let Some(name) = early {
                    put!(before, "let {name} = {};\n", self.assigned(&pair[1], value_ty));
                    value = format!("&{name}");
                }
                format!("{part}.put({key}, {value});\n")
            }
            Some(value) => {
                let pair = Type::Tuple(vec![key_ty.clone(), value_ty.clone()]);
                let pair = self.assigned(value, &pair);
                let name = early.unwrap_or_else(|| "pair".into());
                put!(before, "let {name} = {pair};\n");
                format!("{part}.put(&fold::spelled(&{name}.0), &{name}.1);\n")
            }
            None => unreachable!("`put` has a value"),
        }
    }

    fn lent_assignment(&mut self, value: &Assignment, ty: &Type) -> String {
        let workspace = self.workspace();
        if let Assignment::Value(expr) = value
            && let Operand::Place(place) = self.operand(expr)
            && workspace.is_optional(&place.ty) == workspace.is_optional(ty)
        {
            return place.reference();
        }
        match self.assigned(value, ty) {
            none if none == "None" => {
                let spelled = spell(self.module, ty, "").ty;
                format!("&(None as {spelled})")
            }
            text => format!("&{text}"),
        }
    }

    fn key_of(&mut self, value: &Assignment, early: Option<&str>, before: &mut String) -> String {
        let Assignment::Value(expr) = value else { unreachable!("a key is an expression") };
        let key = self.key(expr);
        match early {
            Some(name) => {
                put!(before, "let {name}_key = {}.to_string();\n", receiver(&key));
                format!("&{name}_key")
            }
            None => key,
        }
    }

    fn dropped(&mut self, value: Option<&Assignment>, of: &Type, early: Option<&str>, before: &mut String) -> String {
        let value = value.expect("what is dropped is named");
        match early {
            Some(name) => {
                put!(before, "let {name} = {};\n", self.assigned(value, of));
                format!("&{name}")
            }
            None => match value {
                Assignment::Value(expr) => self.lent(expr, of),
                other => format!("&{}", self.assigned(other, of)),
            },
        }
    }

    fn cleared(&mut self, part: &str, cell: &Cell, target: &Target) -> String {
        let start = target.start.as_ref().expect("`clear` was checked to have a start");
        let ty = target.ty.clone();
        if let Cell::Plain(of) = cell {
            format!("{part}.set({});\n", self.constant(start, of))
        } else {
            let spelled = spell(self.module, &loose(self.workspace(), &ty), "").ty;
            let json = rust::string(&canonical(start));
            format!(
                "fold::Cell::replace(&mut {part}, support::Value::to_slot(&support::constant::<{spelled}>({json})));\n"
            )
        }
    }

    /// The part of the state that an effect changes. Missing values of maps on the way are made.
    fn target(&mut self, target: &Target, before: &mut String, early: bool) -> (String, Cell) {
        let workspace = self.workspace();
        let slot = &self.reducer.slots[target.slot];
        let mut text = format!("self.slots.{}", self.slot_name(target.slot));
        let mut cell = self.cells.slot(target.slot, slot);
        let mut ty = slot.ty.clone();
        for (at, access) in target.path.iter().enumerate() {
            match (access, cell) {
                (Access::Field(name), Cell::Record(id)) => {
                    put!(text, ".{}", names::value(name));
                    cell = self.cells.field(id, name);
                    let declared = &workspace.records[id];
                    ty = declared.fields[declared.field(name).expect("a field that was checked")].ty.clone();
                }
                (Access::Key { key, start }, Cell::Map(_, value)) => {
                    let mut key = self.key(key);
                    if early {
                        let name = format!("key_{}_{at}", target.slot);
                        put!(before, "let {name} = {}.to_string();\n", receiver(&key));
                        key = format!("&{name}");
                    }
                    let Type::Map(_, of, _) = workspace.plain(&ty).clone() else { unreachable!("a map was checked") };
                    ty = *of;
                    if let Some(start) = start {
                        let of = loose(workspace, &ty);
                        let spelled = spell(self.module, &of, "").ty;
                        let json = rust::string(&canonical(start));
                        put!(text, ".entry({key}, || support::constant::<{spelled}>({json}))");
                    } else {
                        put!(text, ".part({key})");
                    }
                    cell = *value;
                }
                (access, cell) => unreachable!("{access:?} was checked to lead into {cell:?}"),
            }
        }
        (text, cell)
    }
}

/// Whether it starts without an item.
fn starts_empty(target: &Target) -> bool {
    match &target.start {
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        _ => false,
    }
}

/// Slots that an expression reads.
fn slots_of(expr: &Expr, found: &mut BTreeSet<usize>) {
    if let ExprKind::Variable(Variable::Slot(slot)) = &expr.kind {
        found.insert(*slot);
    }
    expr.parts().into_iter().for_each(|part| slots_of(part, found));
}
