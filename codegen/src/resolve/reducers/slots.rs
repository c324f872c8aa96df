//! Slots as written enter; typed parts of the state, each with what it starts as, leave.

use std::collections::BTreeMap;

use super::super::types::UNRESOLVED;
use super::super::{Resolver, rules as names};
use super::rules;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::interpret;
use crate::json::Value;
use crate::load::raw::{RawReducer, RawSlot, RawSlotKind, RawText};
use crate::model::{
    Delegate, EnumType, FamilyId, IntBounds, Items, MachineId, Primitive, ProfileId, ReducerSlot, SlotKind, SlotOutput,
    Type, Workspace,
};

impl Resolver<'_> {
    pub(super) fn slots(
        &mut self,
        family: FamilyId,
        raw: &RawReducer,
        profile: ProfileId,
        delegates: &[Delegate],
    ) -> Vec<ReducerSlot> {
        let mut slots = Vec::new();
        for raw_slot in &raw.slots {
            if raw_slot.name.value == "anomalies" {
                let message = "no slot is named `anomalies`: the printed state is the slots and the anomalies";
                self.out.push(Diagnostic::new(&names::NAME_RESERVED, raw_slot.name.span, message));
            }
            let (kind, ty) = self.slot_kind(family, raw, raw_slot, profile, delegates);
            let output = self.slot_output(raw_slot, &ty);
            slots.push(ReducerSlot { name: raw_slot.name.value.clone(), span: raw_slot.name.span, kind, ty, output });
        }
        slots
    }

    fn slot_kind(
        &mut self,
        family: FamilyId,
        raw: &RawReducer,
        slot: &RawSlot,
        profile: ProfileId,
        delegates: &[Delegate],
    ) -> (SlotKind, Type) {
        let unresolved = (SlotKind::Value(Value::Null), UNRESOLVED);
        match &slot.kind {
            RawSlotKind::Value(ty) => {
                let ty = self.ty(family, ty);
                let start = match &slot.init {
                    Some(node) => self.judge(&ty, node, &names::DEFAULT_INVALID, "start value"),
                    None => self.start_of(&ty),
                };
                if start.is_none() && slot.init.is_none() {
                    let message = format!("the slot `{}` has nothing to start with", slot.name.value);
                    self.out.push(
                        Diagnostic::new(&rules::SLOT, slot.name.span, message).help(
                            "make it an `opt<..>`, or give `init`: only options, containers, numbers and records of defaults start by themselves",
                        ),
                    );
                }
                (SlotKind::Value(start.unwrap_or(Value::Null)), ty)
            }
            RawSlotKind::Machine(name) => {
                let Some(machine) = self.machine_named(family, name) else { return unresolved };
                let states = self.workspace.machines[machine].states;
                let state = Type::Enum(EnumType { id: states, only: None });
                (SlotKind::Machine(machine), Type::Opt(Box::new(state)))
            }
            RawSlotKind::Count(word) => {
                let deduped = self.counted(word);
                (SlotKind::Count { deduped }, Type::Primitive(Primitive::Int(IntBounds::default())))
            }
            RawSlotKind::Last(word) => {
                let deduped = self.counted(word);
                let profile = &self.workspace.profiles[profile];
                let id = self.workspace.records[profile.envelope].fields[profile.dedup_by].ty.clone();
                (SlotKind::Last { deduped }, Type::Opt(Box::new(id)))
            }
            RawSlotKind::From(path) => self.delegated_slot(raw, path, delegates).unwrap_or(unresolved),
        }
    }

    fn delegated_slot(&mut self, raw: &RawReducer, path: &RawText, delegates: &[Delegate]) -> Option<(SlotKind, Type)> {
        let (name, slot) = path.value.split_once('.').unwrap_or((&path.value, ""));
        let found = delegates.iter().position(|delegate| delegate.name == name).and_then(|delegate| {
            let written = raw.delegates.iter().find(|written| written.name.value == name)?;
            let inner = self.resolved_reducers.get(&written.reducer.value)?.as_ref()?;
            let at = inner.slots.iter().position(|inner| inner.name == slot)?;
            Some((SlotKind::From { delegate, slot: at }, inner.slots[at].ty.clone()))
        });
        if found.is_none() {
            let message = format!("`{}` is no slot of a delegate", path.value);
            self.out
                .push(Diagnostic::new(&names::UNKNOWN_NAME, path.span, message).help("write `from: delegate.slot`"));
        }
        found
    }

    fn counted(&mut self, word: &RawText) -> bool {
        if !matches!(word.value.as_str(), "deduped" | "consumed") {
            let message = format!("`{}` says not which events are meant", word.value);
            self.out.push(
                Diagnostic::new(&rules::SLOT, word.span, message)
                    .help("`deduped`: every event of the input once; `consumed`: those this reducer consumes"),
            );
        }
        word.value == "deduped"
    }

    fn slot_output(&mut self, slot: &RawSlot, ty: &Type) -> SlotOutput {
        let Some(word) = &slot.output else { return SlotOutput::Plain };
        let is_map = matches!(self.workspace.plain(ty), Type::Map(..));
        match word.value.as_str() {
            "none" => SlotOutput::Hidden,
            "values_by_key" if is_map => SlotOutput::ValuesByKey,
            "values" if is_map => SlotOutput::Values,
            other => {
                let message = format!("`{other}` is no way to print this slot");
                self.out.push(
                    Diagnostic::new(&rules::SLOT_OUTPUT, word.span, message)
                        .help("`none`, and for maps `values` or `values_by_key`"),
                );
                SlotOutput::Plain
            }
        }
    }

    /// The machine of this name, in this file or in one it imports.
    pub(super) fn machine_named(&mut self, family: FamilyId, name: &RawText) -> Option<MachineId> {
        let visible = self.symbols.imports_of(family);
        let machines = self.workspace.machines.entries();
        let visible: BTreeMap<&str, _> = machines
            .filter(|(_, machine)| machine.family == family || visible.contains(&machine.family))
            .map(|(id, machine)| (machine.meta.name.as_str(), (id, machine.family)))
            .collect();
        let found = visible.get(name.value.as_str()).copied();
        if found.is_none() {
            let message = format!("there is no machine `{}` in this contract or in one it imports", name.value);
            let mut finding = Diagnostic::new(&names::UNKNOWN_NAME, name.span, message);
            if let Some(near) = did_you_mean(&name.value, visible.keys().copied()) {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            self.out.push(finding);
        }
        let (id, owner) = found?;
        self.symbols.use_import(family, owner);
        Some(id)
    }

    /// What a value of the type starts as without being told: none, empty, zero, or a record of defaults.
    pub(super) fn start_of(&self, ty: &Type) -> Option<Value> {
        start_of(&self.workspace, ty)
    }
}

fn start_of(workspace: &Workspace, ty: &Type) -> Option<Value> {
    let empty = |items: &Items| items.min.is_none_or(|min| min == 0);
    match workspace.plain(ty) {
        Type::Opt(_) => Some(Value::Null),
        Type::List(_, items) | Type::Set(_, items) if empty(items) => Some(Value::Array(Vec::new())),
        Type::Map(_, _, items) if empty(items) => Some(Value::Object(BTreeMap::new())),
        Type::Record(_) => interpret::check_value(workspace, ty, &Value::Object(BTreeMap::new())).ok(),
        Type::Primitive(Primitive::Int(_) | Primitive::Float(_)) | Type::Scalar(_) => {
            interpret::check_value(workspace, ty, &Value::Number(0.0)).ok()
        }
        _ => None,
    }
}
