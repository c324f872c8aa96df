//! Effects enter; the state they leave behind, and how to take them back, leave.

use super::cell::{Cell, NONE};
use crate::json::{self, Value};
use crate::model::{AssignmentKind, Reducer, SlotKind, Type, Workspace};

/// The slots of a reducer.
#[derive(Debug, Clone)]
pub struct State {
    slots: Vec<Cell>,
}

/// An effect of which everything is known but where it is applied.
#[derive(Debug, Clone)]
pub struct Effect<'r> {
    /// The slot.
    pub slot: usize,
    /// The way into it.
    pub path: Vec<Way<'r>>,
    /// What is done there.
    pub kind: AssignmentKind,
    /// The type of what is there.
    pub ty: &'r Type,
    /// What it starts as.
    pub start: Option<&'r Value>,
    /// With what: of `put` key and value.
    pub value: Value,
}

/// One step into a cell.
#[derive(Debug, Clone)]
pub struct Way<'r> {
    /// A field or a key.
    pub name: String,
    /// The type of what is there, for a value that has to be made.
    pub ty: &'r Type,
    /// What a missing value of a map is made from.
    pub start: Option<&'r Value>,
}

/// How to take one change back.
#[derive(Debug, Clone)]
pub enum Undo {
    /// What stood there.
    Cell(usize, Vec<String>, Cell),
    /// The map had no such key.
    NoEntry(usize, Vec<String>, String),
    /// The map had this entry, which came in then.
    Entry(usize, Vec<String>, String, (u64, Cell)),
    /// The list was one shorter.
    Pop(usize, Vec<String>),
    /// The list had this item there.
    Item(usize, Vec<String>, usize, Value),
    /// The set had no such member.
    NoMember(usize, Vec<String>, String),
    /// The set had this member.
    Member(usize, Vec<String>, Value),
}

impl State {
    /// What a reducer starts with.
    pub fn new(workspace: &Workspace, reducer: &Reducer) -> Self {
        let slots = reducer.slots.iter().map(|slot| match &slot.kind {
            SlotKind::Value(start) => Cell::new(workspace, &slot.ty, start.clone()),
            _ => NONE.clone(),
        });
        Self { slots: slots.collect() }
    }

    /// A slot.
    pub fn slot(&self, slot: usize) -> &Cell {
        &self.slots[slot]
    }

    /// Fills a slot that the reducer itself keeps; what was there.
    pub fn fill(&mut self, slot: usize, value: Value) -> Undo {
        let old = std::mem::replace(&mut self.slots[slot], Cell::Plain(value));
        Undo::Cell(slot, Vec::new(), old)
    }

    /// Applies an effect. What it needs to be taken back is added to `undo`.
    pub fn apply(&mut self, workspace: &Workspace, effect: &Effect<'_>, undo: &mut Vec<Undo>) {
        let names: Vec<String> = effect.path.iter().map(|way| way.name.clone()).collect();
        let slot = effect.slot;
        let cell = self.enter(workspace, effect, undo);
        let replace = |cell: &mut Cell, new: Cell, undo: &mut Vec<Undo>| {
            undo.push(Undo::Cell(slot, names.clone(), std::mem::replace(cell, new)));
        };
        let value = &effect.value;
        match (effect.kind, cell) {
            (AssignmentKind::Set, cell) => replace(cell, Cell::new(workspace, effect.ty, value.clone()), undo),
            (AssignmentKind::Init, cell) => {
                if cell.is_none() {
                    replace(cell, Cell::new(workspace, effect.ty, value.clone()), undo);
                }
            }
            (AssignmentKind::Increment, cell) => {
                let Cell::Plain(Value::Number(count)) = cell else { unreachable!("`inc` was checked to count an int") };
                let next = Value::Number((*count + 1.0).min(super::super::scalar::SAFE));
                replace(cell, Cell::Plain(next), undo);
            }
            (AssignmentKind::Clear, cell) => {
                let start = effect.start.expect("`clear` was checked to have a start");
                replace(cell, Cell::new(workspace, effect.ty, start.clone()), undo);
            }
            (AssignmentKind::Append, Cell::List(items)) => {
                items.push(value.clone());
                undo.push(Undo::Pop(slot, names));
            }
            (AssignmentKind::AppendUnique, Cell::List(items)) => {
                if items.push_unique(value.clone()) {
                    undo.push(Undo::Pop(slot, names));
                }
            }
            (AssignmentKind::Add, Cell::Set(members)) => {
                let key = json::canonical(value);
                if members.insert(key.clone(), value.clone()).is_none() {
                    undo.push(Undo::NoMember(slot, names, key));
                }
            }
            (AssignmentKind::Put, Cell::Map(entries)) => {
                let Value::Array(pair) = value else { unreachable!("`put` was checked to have key and value") };
                let key = pair[0].as_str().expect("keys are texts").to_owned();
                let Type::Map(_, of, _) = workspace.plain(effect.ty) else { unreachable!("`put` needs a map") };
                match entries.put(key.clone(), Cell::new(workspace, of, pair[1].clone())) {
                    Some(old) => {
                        let mut names = names;
                        names.push(key);
                        undo.push(Undo::Cell(slot, names, old));
                    }
                    None => undo.push(Undo::NoEntry(slot, names, key)),
                }
            }
            (AssignmentKind::Drop, Cell::Map(entries)) => {
                let key = value.as_str().expect("keys are texts");
                if let Some(entry) = entries.by_key.remove(key) {
                    undo.push(Undo::Entry(slot, names, key.to_owned(), entry));
                }
            }
            (AssignmentKind::Drop, Cell::Set(members)) => {
                if let Some(member) = members.remove(&json::canonical(value)) {
                    undo.push(Undo::Member(slot, names, member));
                }
            }
            (AssignmentKind::Drop, Cell::List(items)) => {
                if let Some(at) = items.remove(value) {
                    undo.push(Undo::Item(slot, names, at, value.clone()));
                }
            }
            (kind, _) => unreachable!("{kind:?} was checked against its target"),
        }
    }

    /// The cell that an effect changes; missing values of maps on the way are made.
    fn enter(&mut self, workspace: &Workspace, effect: &Effect<'_>, undo: &mut Vec<Undo>) -> &mut Cell {
        let mut cell = &mut self.slots[effect.slot];
        let mut names: Vec<String> = Vec::new();
        for way in &effect.path {
            cell = match cell {
                Cell::Record(fields) => fields.entry(way.name.clone()).or_insert_with(|| NONE.clone()),
                Cell::Map(entries) => {
                    if !entries.by_key.contains_key(&way.name) {
                        let start = way.start.expect("a key was checked to be there, or to have a start");
                        entries.put(way.name.clone(), Cell::new(workspace, way.ty, start.clone()));
                        undo.push(Undo::NoEntry(effect.slot, names.clone(), way.name.clone()));
                    }
                    &mut entries.by_key.get_mut(&way.name).expect("it was just put there").1
                }
                other => unreachable!("the way into {other:?} was checked"),
            };
            names.push(way.name.clone());
        }
        cell
    }

    /// Takes changes back, the last one first.
    pub fn revert(&mut self, changes: Vec<Undo>) {
        for change in changes.into_iter().rev() {
            match change {
                Undo::Cell(slot, path, old) => *self.cell(slot, &path) = old,
                Undo::NoEntry(slot, path, key) => {
                    if let Cell::Map(entries) = self.cell(slot, &path) {
                        entries.by_key.remove(&key);
                    }
                }
                Undo::Entry(slot, path, key, entry) => {
                    if let Cell::Map(entries) = self.cell(slot, &path) {
                        entries.by_key.insert(key, entry);
                    }
                }
                Undo::Pop(slot, path) => {
                    if let Cell::List(items) = self.cell(slot, &path) {
                        items.pop();
                    }
                }
                Undo::Item(slot, path, at, item) => {
                    if let Cell::List(items) = self.cell(slot, &path) {
                        items.insert(at, item);
                    }
                }
                Undo::NoMember(slot, path, key) => {
                    if let Cell::Set(members) = self.cell(slot, &path) {
                        members.remove(&key);
                    }
                }
                Undo::Member(slot, path, member) => {
                    if let Cell::Set(members) = self.cell(slot, &path) {
                        members.insert(json::canonical(&member), member);
                    }
                }
            }
        }
    }

    fn cell(&mut self, slot: usize, path: &[String]) -> &mut Cell {
        let mut cell = &mut self.slots[slot];
        for name in path {
            cell = match cell {
                Cell::Record(fields) => fields.get_mut(name).expect("the way was there when it was changed"),
                Cell::Map(entries) => &mut entries.by_key.get_mut(name).expect("the way was there").1,
                other => unreachable!("the way into {other:?} was taken before"),
            };
        }
        cell
    }
}
