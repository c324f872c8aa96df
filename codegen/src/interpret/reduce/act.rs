//! A step whose condition holds enters; what it records and changes leaves.

use super::fold::{Flow, Fold};
use super::observe::Asked;
use super::received::Received;
use super::state::{Effect, Way};
use crate::interpret::machine;
use crate::json::Value;
use crate::model::{
    Access, Action, Assignment, AssignmentKind, MachineForm, MachineId, Presence, Report, Step, Target, Type,
};

impl<'w> Fold<'w> {
    /// All expressions of a step see the state before it: values first, then effects.
    pub(super) fn act(&mut self, step: &'w Step, event: &Received, payload: &Value) -> Flow {
        let mut moves = Vec::new();
        let mut effects = Vec::new();
        let mut nested = Vec::new();
        for action in &step.actions {
            match action {
                Action::Reject(report) => {
                    let anomaly = self.record(report, event, payload, None, &[]);
                    self.folded.push(anomaly);
                    return Flow::Ended;
                }
                Action::Warn(report) => {
                    let anomaly = self.record(report, event, payload, None, &[]);
                    self.folded.push(anomaly);
                }
                Action::Skip => return Flow::Ended,
                Action::Move { slot, machine, to, otherwise } => {
                    let from = self.machine_state(*slot);
                    let to = self.value(to, event, payload);
                    if !self.may_move(*machine, &from, &to, otherwise, event, payload) {
                        return Flow::Ended;
                    }
                    moves.push((*slot, to));
                }
                Action::Check { machine, from, to, otherwise } => {
                    let (from, to) = (self.value(from, event, payload), self.value(to, event, payload));
                    if !self.may_move(*machine, &from, &to, otherwise, event, payload) {
                        return Flow::Ended;
                    }
                }
                Action::Effect(kind, target, value) => {
                    effects.push(self.effect(*kind, target, value.as_ref(), event, payload));
                }
                Action::Steps(steps) => nested.push(steps),
            }
        }
        for (slot, state) in moves {
            self.fill(slot, state);
        }
        for effect in effects {
            self.change(effect);
        }
        for steps in nested {
            if self.run_nested(steps, event, payload) == Flow::Ended {
                return Flow::Ended;
            }
        }
        Flow::On
    }

    /// The state a move starts from: that of the group's start where guards read it.
    fn machine_state(&self, slot: usize) -> Value {
        let state = self.snapshot.as_ref().unwrap_or(&self.live);
        state.slot(slot).value(self.workspace, &self.reducer.slots[slot].ty)
    }

    /// Asks the machine; a refusal is recorded.
    fn may_move(
        &mut self,
        id: MachineId,
        from: &Value,
        to: &Value,
        otherwise: &Report,
        event: &Received,
        payload: &Value,
    ) -> bool {
        let machine = &self.workspace.machines[id];
        let states = &self.workspace.enums[machine.states];
        let index = |value: &Value| value.as_str().and_then(|text| states.index_of(text));
        let target = index(to).expect("a state of the machine, as was checked");
        let codes: Vec<String> = match &machine.form {
            MachineForm::Edges(edges) => {
                let found = machine::violations(
                    self.workspace,
                    machine,
                    edges,
                    index(from),
                    target,
                    Some(payload),
                    &self.unanswered,
                );
                found.into_iter().map(str::to_owned).collect()
            }
            MachineForm::Table(_) if machine::is_allowed(machine, index(from), target) => Vec::new(),
            MachineForm::Table(_) => vec!["EDGE".to_owned()],
        };
        if let Some(observed) = &mut self.observed {
            observed.asked.push(Asked { machine: id, from: index(from), to: target, is_allowed: codes.is_empty() });
        }
        if codes.is_empty() {
            return true;
        }
        let refusal = [(from.clone(), to.clone(), codes)];
        let anomaly = self.record(otherwise, event, payload, None, &refusal);
        self.folded.push(anomaly);
        false
    }

    fn effect(
        &self,
        kind: AssignmentKind,
        target: &'w Target,
        value: Option<&'w Assignment>,
        event: &Received,
        payload: &Value,
    ) -> Effect<'w> {
        let mut ty: &'w Type = &self.reducer.slots[target.slot].ty;
        let mut path = Vec::new();
        for access in &target.path {
            let way = match (access, self.workspace.unwrapped(ty)) {
                (Access::Field(name), Type::Record(id)) => {
                    let record = &self.workspace.records[*id];
                    let at = record.field(name).expect("a field of the record, as was checked");
                    Way { name: name.clone(), ty: &record.fields[at].ty, start: None }
                }
                (Access::Key { key, start }, Type::Map(_, of, _)) => {
                    let key = self.value(key, event, payload);
                    let name = key.as_str().expect("keys are texts").to_owned();
                    Way { name, ty: of, start: start.as_ref() }
                }
                (access, _) => unreachable!("{access:?} was checked against the type it enters"),
            };
            ty = way.ty;
            path.push(way);
        }
        let value = value.map_or(Value::Null, |value| self.assigned(value, event, payload));
        Effect { slot: target.slot, path, kind, ty, start: target.start.as_ref(), value }
    }

    fn assigned(&self, assignment: &Assignment, event: &Received, payload: &Value) -> Value {
        match assignment {
            Assignment::Value(expr) => self.value(expr, event, payload),
            Assignment::List(items, _) => {
                Value::Array(items.iter().map(|item| self.assigned(item, event, payload)).collect())
            }
            Assignment::Record(given, ty) => {
                let Type::Record(id) = self.workspace.unwrapped(ty) else { unreachable!("a record was checked") };
                let fields = self.workspace.records[*id].fields.iter().filter_map(|field| {
                    let name = &field.meta.name;
                    let given = given.iter().find(|(known, _)| known == name);
                    let value = match (given, &field.presence) {
                        (Some((_, value)), _) => self.assigned(value, event, payload),
                        (None, Presence::Default(default)) => default.clone(),
                        (None, _) => Value::Null,
                    };
                    let stays = value != Value::Null || field.presence == Presence::Nullable;
                    stays.then(|| (name.clone(), value))
                });
                Value::Object(fields.collect())
            }
        }
    }
}
