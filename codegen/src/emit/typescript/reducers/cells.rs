//! Types of slots enter; leaves how the state keeps their values: lists, sets, maps and records grow in place.

use super::super::layout::{
    Doc, arrow, assigned_member, call, generic, given_object, member, members, object, row, text,
};
use super::super::module::Module;
use super::super::types::without_opt;
use super::Names;
use crate::emit::encode::typescript::string;
use crate::json::Value;
use crate::model::{
    Access, Action, Items, RecordId, Reducer, ReducerSlot, SlotKind, SlotOutput, Step, Target, Type, Workspace,
};

/// Whether a value of the type is entered and changed where it is kept.
pub(super) fn is_cell(workspace: &Workspace, ty: &Type) -> bool {
    matches!(workspace.plain(ty), Type::List(..) | Type::Set(..) | Type::Map(..) | Type::Record(_))
}

/// Whether a type is a record that is kept as it is but for its fields.
fn has_cells(workspace: &Workspace, id: RecordId) -> bool {
    workspace.records[id].fields.iter().any(|field| is_cell(workspace, &field.ty))
}

impl<'a> Module<'a> {
    /// `interface $ConnectorSlots { .. }`: the state while it grows.
    pub(super) fn slots_interface(&mut self, reducer: &'a Reducer, names: &Names) {
        let slots: Vec<&ReducerSlot> = own_slots(reducer).collect();
        let types: Vec<Doc> = slots.iter().map(|slot| self.cell_type(&slot.ty)).collect();
        for slot in &slots {
            self.record_cells(&slot.ty);
        }
        self.begin_noted(&format!("The state of `{}` while it grows.", reducer.meta.name));
        if slots.is_empty() {
            return self.line(&format!("interface {} {{}}", names.slots));
        }
        self.line(&format!("interface {} {{", names.slots));
        for (slot, ty) in slots.into_iter().zip(types) {
            row(vec![text(format!("{}: ", slot.name)), ty, text(";")]).write_indented(2, &mut self.body);
            self.body.push('\n');
        }
        self.line("}");
    }

    /// The type of the place that keeps a value.
    pub(super) fn cell_type(&mut self, ty: &Type) -> Doc {
        let workspace = self.workspace;
        match workspace.plain(ty) {
            Type::List(of, _) => generic("$.ListCell", vec![self.ty(of)]),
            Type::Set(of, _) => generic("$.SetCell", vec![self.ty(of)]),
            Type::Map(key, of, _) => {
                let mut arguments = vec![self.ty(key), self.ty(of)];
                if is_cell(workspace, of) {
                    arguments.push(self.cell_type(of));
                }
                generic("$.MapCell", arguments)
            }
            Type::Record(id) => text(self.record_cell_name(*id)),
            _ => self.nullable(ty),
        }
    }

    /// How a value becomes a part of the state, and a value again.
    pub(super) fn shape(&mut self, ty: &Type) -> Doc {
        let workspace = self.workspace;
        match workspace.plain(ty) {
            Type::List(..) => call("$.growingList", vec![]),
            Type::Set(..) => call("$.growingSet", vec![]),
            Type::Map(_, of, _) => {
                let mut arguments = vec![self.shape(of)];
                if let Some(start) = made_values(workspace).find(|(ty, _)| *ty == &**of).map(|(_, start)| start) {
                    arguments.push(self.start_literal(of, start));
                }
                call("$.growingMap", arguments)
            }
            Type::Record(id) => call(self.record_shape_name(*id), vec![]),
            _ => call("$.whole", vec![]),
        }
    }

    fn record_cell_name(&mut self, id: RecordId) -> String {
        format!("${}Cell", self.record_type(id))
    }

    pub(super) fn record_shape_name(&mut self, id: RecordId) -> String {
        format!("$shapeOf{}", self.record_type(id))
    }

    /// The types and shapes of the records in a type, each once a module.
    fn record_cells(&mut self, ty: &Type) {
        let workspace = self.workspace;
        match workspace.plain(ty) {
            Type::Map(_, of, _) => self.record_cells(of),
            Type::Record(id) if self.record_cells.insert(*id) => {
                self.record_cell(*id);
                for field in &workspace.records[*id].fields {
                    self.record_cells(&field.ty);
                }
            }
            _ => {}
        }
    }

    fn record_cell(&mut self, id: RecordId) {
        let workspace = self.workspace;
        let record = self.record_type(id);
        let (cell, shape) = (self.record_cell_name(id), self.record_shape_name(id));
        let fields = workspace.records[id].fields.iter().filter(|field| is_cell(workspace, &field.ty));
        let (mut types, mut parts) = (Vec::new(), Vec::new());
        for field in fields {
            types.push(member(&field.meta.name, self.cell_type(&field.ty)));
            parts.push(member(&field.meta.name, self.shape(&field.ty)));
        }
        self.begin_noted(&format!("A `{record}` in a state: its fields change."));
        let mut arguments = vec![text(record.as_str())];
        let mut values = Vec::new();
        if has_cells(workspace, id) {
            arguments.push(members(types));
            values.push(arrow("", given_object(parts)));
        }
        let ty = generic("$.RecordCell", arguments);
        self.statement(row(vec![text(format!("type {cell} = ")), ty]));
        self.body.push('\n');
        self.line(&format!("function {shape}(): $.Shape<{record}, {cell}> {{"));
        row(vec![text("return "), call("$.growingRecord", values), text(";")]).write_indented(2, &mut self.body);
        self.line("\n}");
    }

    /// `$.slot(schema, start)` or, for what grows, `$.growingSlot(schema, start, shape)`.
    pub(super) fn slot_row(&mut self, slot: &ReducerSlot) -> Doc {
        let workspace = self.workspace;
        let (ty, start) = match &slot.kind {
            SlotKind::Value(start) => (&slot.ty, start.clone()),
            _ => (&slot.ty, Value::Null),
        };
        let unbounded = without_bounds(workspace, ty);
        let schema = if workspace.is_optional(ty) {
            call("$.opt", vec![self.schema(without_opt(workspace, ty))])
        } else {
            self.schema(&unbounded)
        };
        let start = self.start_literal(ty, &start);
        let mut arguments = vec![schema, start];
        if !is_cell(workspace, ty) {
            return call("$.slot", arguments);
        }
        arguments.push(self.shape(ty));
        if let (SlotOutput::Values, Type::Map(key, of, _)) = (slot.output, workspace.plain(ty)) {
            let pair = call("$.tuple", vec![self.schema(key), self.schema(of)]);
            arguments.push(call("$.list", vec![pair]));
        }
        call("$.growingSlot", arguments)
    }

    /// A value that something starts with.
    pub(super) fn start_literal(&mut self, ty: &Type, value: &Value) -> Doc {
        let workspace = self.workspace;
        match (workspace.plain(ty), value) {
            (Type::Map(..), Value::Object(members)) if members.is_empty() => text("new Map()"),
            (_, Value::Null) => text("null"),
            _ => self.literal(ty, value),
        }
    }

    /// `[CONNECTOR_PROVISIONED, ConnectorProvisionedPayload]`
    pub(super) fn payload_row(&mut self, event: crate::model::EventId) -> Doc {
        let workspace = self.workspace;
        let event = &workspace.events[event];
        let constant = self.event_constant(event);
        let payload = self.value_name(event.family, &super::names::payload(event));
        super::array(vec![text(constant), text(payload)])
    }
}

/// What values of maps are made from where a step enters a key that is missing: it depends on their type alone.
fn made_values(workspace: &Workspace) -> impl Iterator<Item = (&Type, &Value)> {
    let targets = workspace.reducers.iter().flat_map(targets);
    targets.flat_map(move |(reducer, target)| {
        let mut ty = &reducer.slots[target.slot].ty;
        target.path.iter().filter_map(move |access| match (access, workspace.plain(ty)) {
            (Access::Field(name), Type::Record(id)) => {
                let record = &workspace.records[*id];
                ty = &record.fields[record.field(name)?].ty;
                None
            }
            (Access::Key { start, .. }, Type::Map(_, of, _)) => {
                ty = of;
                start.as_ref().map(|start| (&**of, start))
            }
            _ => None,
        })
    })
}

fn targets(reducer: &Reducer) -> Vec<(&Reducer, &Target)> {
    fn of<'r>(reducer: &'r Reducer, steps: &'r [Step], found: &mut Vec<(&'r Reducer, &'r Target)>) {
        for action in steps.iter().flat_map(|step| &step.actions) {
            match action {
                Action::Effect(_, target, _) => found.push((reducer, target)),
                Action::Steps(steps) => of(reducer, steps, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for reaction in &reducer.reactions {
        for steps in [&reaction.before, &reaction.handle, &reaction.after] {
            of(reducer, steps, &mut found);
        }
    }
    found
}

/// `{ invalid_transition: "{from} -> {to}" }`
pub(super) fn messages(reducer: &Reducer) -> Doc {
    let own = reducer.anomalies.iter().map(|anomaly| {
        let shared: Vec<&str> = reducer.anomaly_fields.iter().map(|(name, _)| name.as_str()).collect();
        let template = super::public::template(anomaly, &shared);
        assigned_member(&super::names::key(&anomaly.kind), text(string(&template)))
    });
    object(own.collect())
}

/// The slots that steps and moves fill.
pub(super) fn own_slots(reducer: &Reducer) -> impl Iterator<Item = &ReducerSlot> {
    reducer.slots.iter().filter(|slot| matches!(slot.kind, SlotKind::Value(_) | SlotKind::Machine(_)))
}

/// Effects do not count what a container holds, and so may put more into it than its type says.
fn without_bounds(workspace: &Workspace, ty: &Type) -> Type {
    match workspace.plain(ty) {
        Type::List(of, _) => Type::List(of.clone(), Items::default()),
        Type::Set(of, _) => Type::Set(of.clone(), Items::default()),
        Type::Map(key, of, _) => Type::Map(key.clone(), of.clone(), Items::default()),
        _ => ty.clone(),
    }
}
