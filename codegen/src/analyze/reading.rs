//! A reducer enters; which parts of its state and which fields of its payloads decide anything leave.
//!
//! Two states that agree in those parts go the same ways ever after, so one of them is looked at. What is only
//! printed, such as a log of ids, would make every state another one.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::Value;
use crate::model::{
    Access, Action, Assignment, AssignmentKind, CompareOp, EventId, Expr, ExprKind, MachineForm, MachineRule, Reaction,
    Reducer, SlotKind, Target, Variable, Workspace,
};

/// How much of a value decides.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    /// All of it.
    whole: bool,
    /// A number up to here, or so many items: one more makes no difference.
    limit: Option<i64>,
    /// Fields of a record.
    fields: BTreeMap<String, Reading>,
    /// Keys of a map, and this of their values.
    values: Option<Box<Reading>>,
}

/// What decides in a reducer.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    /// By slot.
    slots: BTreeMap<usize, Reading>,
    /// By event: fields of its payload.
    payloads: BTreeMap<EventId, BTreeSet<String>>,
    /// Those of them whose values become part of the state.
    carried: BTreeMap<EventId, BTreeSet<String>>,
    /// Fields of which it matters whether two of their values are the same, more than that they name an entry of a map.
    told_apart: BTreeMap<EventId, BTreeSet<String>>,
    is_carrying: bool,
    is_telling: bool,
    /// Fields of the envelope.
    pub envelope: BTreeSet<String>,
}

/// One step into what is read.
#[derive(Debug, Clone)]
enum Part<'e> {
    Field(&'e str),
    Value,
}

/// What is wanted of it there.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Whole,
    Presence,
    Limit(i64),
}

impl Readings {
    /// What decides the way of every event, and the claims.
    pub fn of(workspace: &Workspace, reducer: &Reducer) -> Self {
        let mut found = Self::default();
        for claim in &reducer.claims {
            claim
                .given
                .iter()
                .chain([&claim.then])
                .for_each(|expr| found.read(None, expr, &mut Vec::new(), Wanted::Whole));
        }
        for (at, slot) in reducer.slots.iter().enumerate() {
            if matches!(slot.kind, SlotKind::Machine(_)) {
                found.slots.insert(at, Reading { whole: true, ..Reading::default() });
            }
        }
        if let Some(idempotent) = &reducer.idempotent {
            found.slots.insert(idempotent.seen, Reading { whole: true, ..Reading::default() });
        }
        for reaction in &reducer.reactions {
            found.read_reaction(workspace, reaction);
        }
        // What decides may be made of what else stands in the state.
        found.is_carrying = true;
        loop {
            let before = (found.slots.clone(), found.payloads.clone());
            for reaction in &reducer.reactions {
                found.read_effects(reaction);
            }
            if before == (found.slots.clone(), found.payloads.clone()) {
                return found;
            }
        }
    }

    /// Fields of the payload of an event that decide.
    pub fn payload(&self, event: EventId) -> BTreeSet<String> {
        self.payloads.get(&event).cloned().unwrap_or_default()
    }

    /// Whether it matters that two values of a field of the payload are the same.
    pub fn tells_apart(&self, event: EventId, field: &str) -> bool {
        self.told_apart.get(&event).is_some_and(|fields| fields.contains(field))
    }

    /// Fields of the payload of an event that go into the part of the state that decides.
    pub fn carried(&self, event: EventId) -> BTreeSet<String> {
        self.carried.get(&event).cloned().unwrap_or_default()
    }

    /// The part of a state that decides, given the values of its slots.
    pub fn key(&self, slot: impl Fn(usize) -> Value) -> Value {
        Value::Array(self.slots.iter().map(|(at, reading)| reading.of(&slot(*at))).collect())
    }

    fn read_reaction(&mut self, workspace: &Workspace, reaction: &Reaction) {
        let event = Some(reaction.event);
        for expr in reaction.idempotent.iter().flat_map(|(key, _)| key) {
            self.telling(true, |found| found.whole(event, expr));
        }
        for expr in reaction.group_by.iter().chain(&reaction.goes_last).chain(&reaction.then_by) {
            self.whole(event, expr);
        }
        for reached in reaction.actions() {
            reached.guards.iter().for_each(|guard| self.whole(event, guard));
            let machine = match reached.action {
                Action::Move { machine, to, .. } => {
                    self.whole(event, to);
                    machine
                }
                Action::Check { machine, from, to, .. } => {
                    self.whole(event, from);
                    self.whole(event, to);
                    machine
                }
                _ => continue,
            };
            if let MachineForm::Edges(edges) = &workspace.machines[*machine].form {
                let denied = edges.rules.iter().filter_map(|rule| match rule {
                    MachineRule::Edge => None,
                    MachineRule::Deny { when, .. } => Some(when),
                });
                denied.chain(&edges.bypass).for_each(|expr| self.whole(event, expr));
            }
        }
    }

    fn read_effects(&mut self, reaction: &Reaction) {
        for reached in reaction.actions() {
            let Action::Effect(kind, target, value) = reached.action else { continue };
            let Some(mut reading) = self.slots.get(&target.slot).cloned() else { continue };
            self.read_target(reaction.event, target);
            for access in &target.path {
                let inner = match access {
                    Access::Field(name) => reading.fields.get(name).cloned(),
                    Access::Key { .. } => reading.values.as_deref().cloned(),
                };
                match inner {
                    Some(inner) => reading = inner,
                    None if reading.whole => {}
                    None => reading = Reading::default(),
                }
            }
            match (kind, value) {
                (AssignmentKind::Put, Some(Assignment::List(pair, _))) if pair.len() == 2 => {
                    let of_value =
                        if reading.whole { Some(reading.clone()) } else { reading.values.as_deref().cloned() };
                    self.assigned(reaction.event, &pair[0], &Reading { whole: true, ..Reading::default() });
                    self.telling(true, |found| found.assigned(reaction.event, &pair[1], &of_value.unwrap_or_default()));
                }
                (_, Some(value)) => {
                    self.telling(true, |found| found.assigned(reaction.event, value, &reading));
                }
                (_, None) => {}
            }
        }
    }

    fn read_target(&mut self, event: EventId, target: &Target) {
        for access in &target.path {
            if let Access::Key { key, .. } = access {
                self.whole(Some(event), key);
            }
        }
    }

    fn assigned(&mut self, event: EventId, value: &Assignment, reading: &Reading) {
        match value {
            Assignment::Record(members, _) => {
                for (name, member) in members {
                    let inner = if reading.whole { Some(reading) } else { reading.fields.get(name) };
                    if let Some(inner) = inner.cloned() {
                        self.assigned(event, member, &inner);
                    }
                }
            }
            Assignment::List(items, _) => items.iter().for_each(|item| self.assigned(event, item, reading)),
            Assignment::Value(expr) if reading.whole || reading.limit.is_some() => self.whole(Some(event), expr),
            Assignment::Value(expr) => {
                let mut parts: Vec<Part<'_>> = Vec::new();
                self.read(Some(event), expr, &mut parts, Wanted::Presence);
                for name in reading.fields.keys() {
                    parts.push(Part::Field(name));
                    self.read(Some(event), expr, &mut parts, Wanted::Whole);
                    parts.pop();
                }
                if reading.values.is_some() {
                    self.whole(Some(event), expr);
                }
            }
        }
    }

    fn telling(&mut self, is_telling: bool, read: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_telling, is_telling);
        read(self);
        self.is_telling = before;
    }

    fn whole(&mut self, event: Option<EventId>, expr: &Expr) {
        self.read(event, expr, &mut Vec::new(), Wanted::Whole);
    }

    /// Notes what an expression reads, if this part of its value is wanted. `parts` are innermost first.
    fn read<'e>(&mut self, event: Option<EventId>, expr: &'e Expr, parts: &mut Vec<Part<'e>>, wanted: Wanted) {
        match &expr.kind {
            ExprKind::Variable(Variable::Slot(slot) | Variable::Snapshot(slot)) => {
                self.slots.entry(*slot).or_default().add(parts, wanted);
            }
            ExprKind::Variable(Variable::Payload) => {
                if let (Some(Part::Field(name)), Some(event)) = (parts.last(), event) {
                    self.payloads.entry(event).or_default().insert((*name).to_owned());
                    if self.is_telling {
                        self.told_apart.entry(event).or_default().insert((*name).to_owned());
                    }
                    if self.is_carrying {
                        self.carried.entry(event).or_default().insert((*name).to_owned());
                    }
                }
            }
            ExprKind::Variable(Variable::Envelope) => {
                if let Some(Part::Field(name)) = parts.last() {
                    self.envelope.insert((*name).to_owned());
                }
            }
            ExprKind::Field(inner, name) => {
                parts.push(Part::Field(name));
                self.read(event, inner, parts, wanted);
                parts.pop();
            }
            ExprKind::Known(inner) | ExprKind::Variant(inner, _) => self.read(event, inner, parts, wanted),
            ExprKind::Index(map, key) => {
                self.telling(false, |found| found.whole(event, key));
                parts.push(Part::Value);
                self.read(event, map, parts, wanted);
                parts.pop();
            }
            ExprKind::Conditional(test, yes, no) => {
                self.whole(event, test);
                self.read(event, yes, parts, wanted);
                self.read(event, no, parts, wanted);
            }
            ExprKind::In(item, container) => {
                let is_map = is_map(container);
                self.telling(!is_map, |found| found.whole(event, item));
                if is_map {
                    self.read(event, container, &mut vec![Part::Value], Wanted::Presence);
                } else {
                    self.whole(event, container);
                }
            }
            ExprKind::Compare { op, left, right, .. } => self.read_comparison(event, *op, left, right),
            _ => expr.parts().into_iter().for_each(|part| self.whole(event, part)),
        }
    }

    fn read_comparison<'e>(&mut self, event: Option<EventId>, op: CompareOp, left: &'e Expr, right: &'e Expr) {
        let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        for (one, other) in [(left, right), (right, left)] {
            let mut parts = Vec::new();
            match (&one.kind, &other.kind) {
                (_, ExprKind::Null) if is_equality => self.read(event, one, &mut parts, Wanted::Presence),
                (ExprKind::Size(of), ExprKind::Int(limit)) => {
                    self.read(event, of, &mut parts, Wanted::Limit(*limit + 1));
                }
                (_, ExprKind::Int(limit)) => self.read(event, one, &mut parts, Wanted::Limit(*limit + 1)),
                _ => self.telling(true, |found| found.whole(event, one)),
            }
        }
    }
}

/// Whether keys are looked up, not items.
fn is_map(container: &Expr) -> bool {
    use crate::model::{ExprType, Type};
    match &container.ty {
        ExprType::Of(Type::Opt(inner)) => matches!(**inner, Type::Map(..)),
        ExprType::Of(ty) => matches!(ty, Type::Map(..)),
        _ => false,
    }
}

impl Reading {
    fn add(&mut self, parts: &[Part<'_>], wanted: Wanted) {
        match parts.split_last() {
            Some((Part::Field(name), rest)) => self.fields.entry((*name).to_owned()).or_default().add(rest, wanted),
            Some((Part::Value, rest)) => self.values.get_or_insert_default().add(rest, wanted),
            None => match wanted {
                Wanted::Whole => self.whole = true,
                Wanted::Presence => {}
                Wanted::Limit(limit) => self.limit = Some(self.limit.map_or(limit, |known| known.max(limit))),
            },
        }
    }

    /// The part of a value that decides.
    fn of(&self, value: &Value) -> Value {
        match value {
            value if self.whole => value.clone(),
            Value::Number(number) => self.limit.map_or(Value::Bool(true), |limit| capped(*number, limit)),
            Value::Array(items) => {
                let size = u32::try_from(items.len()).unwrap_or(u32::MAX);
                self.limit.map_or(Value::Bool(true), |limit| capped(f64::from(size), limit))
            }
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .filter_map(|(key, value)| {
                        let inner = self.fields.get(key).or(self.values.as_deref());
                        inner.map(|inner| (key.clone(), inner.of(value)))
                    })
                    .collect(),
            ),
            Value::Null => Value::Null,
            _ => Value::Bool(true),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "literals lie within ±(2^53−1)")]
fn capped(number: f64, limit: i64) -> Value {
    Value::Number(number.min(limit as f64))
}
