//! A value and its type enter; a part of the state leaves, in which keys, members and items are found quickly.

use std::collections::{BTreeMap, HashMap};

use crate::json::{self, Value};
use crate::model::{Presence, Record, Type, Workspace};

/// A part of the state.
#[derive(Debug, Clone)]
pub enum Cell {
    /// A value that is only replaced: none, a scalar, a tuple, a union.
    Plain(Value),
    /// Fields by name; one that is none may be missing.
    Record(BTreeMap<String, Cell>),
    /// Items in order.
    List(Items),
    /// Members by canonical text.
    Set(BTreeMap<String, Value>),
    /// Values by key.
    Map(Entries),
}

/// Items of a list, and once somebody asked, how often each is there.
#[derive(Debug, Clone, Default)]
pub struct Items {
    items: Vec<Value>,
    counts: Option<HashMap<String, usize>>,
}

/// Values by key, each with a number that says when its key came in.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    pub by_key: BTreeMap<String, (u64, Cell)>,
    next: u64,
}

/// What is not there.
pub static NONE: Cell = Cell::Plain(Value::Null);

impl Cell {
    /// The part of a value of this type, in canonical wire form.
    pub fn new(workspace: &Workspace, ty: &Type, value: Value) -> Self {
        match (workspace.unwrapped(ty), value) {
            (_, Value::Null) => Self::Plain(Value::Null),
            (Type::Record(id), Value::Object(members)) => {
                let record = &workspace.records[*id];
                let part = |(name, value): (String, Value)| {
                    let cell = match record.field(&name) {
                        Some(at) => Self::new(workspace, &record.fields[at].ty, value),
                        None => Self::Plain(value),
                    };
                    (name, cell)
                };
                Self::Record(members.into_iter().map(part).collect())
            }
            (Type::List(..), Value::Array(items)) => Self::List(Items { items, counts: None }),
            (Type::Set(..), Value::Array(items)) => {
                Self::Set(items.into_iter().map(|item| (json::canonical(&item), item)).collect())
            }
            (Type::Map(_, of, _), Value::Object(members)) => {
                let mut entries = Entries::default();
                for (key, value) in members {
                    entries.put(key, Self::new(workspace, of, value));
                }
                Self::Map(entries)
            }
            (_, value) => Self::Plain(value),
        }
    }

    /// The value in wire form; fields that are none are left out, as output does.
    pub fn value(&self, workspace: &Workspace, ty: &Type) -> Value {
        match (self, workspace.unwrapped(ty)) {
            (Self::Plain(value), _) => value.clone(),
            (Self::Record(fields), Type::Record(id)) => record_value(workspace, &workspace.records[*id], fields),
            (Self::List(items), _) => Value::Array(items.items.clone()),
            (Self::Set(members), _) => Value::Array(members.values().cloned().collect()),
            (Self::Map(entries), Type::Map(_, of, _)) => {
                let members = entries.by_key.iter();
                Value::Object(members.map(|(key, (_, cell))| (key.clone(), cell.value(workspace, of))).collect())
            }
            _ => unreachable!("a cell keeps the shape of its type"),
        }
    }

    /// A field of a record, or the value under a key of a map.
    pub fn part(&self, key: &str) -> &Self {
        match self {
            Self::Record(fields) => fields.get(key).unwrap_or(&NONE),
            Self::Map(entries) => entries.by_key.get(key).map_or(&NONE, |(_, cell)| cell),
            _ => &NONE,
        }
    }

    /// How many items, members or keys.
    pub fn size(&self) -> Value {
        let size = match self {
            Self::List(items) => items.items.len(),
            Self::Set(members) => members.len(),
            Self::Map(entries) => entries.by_key.len(),
            Self::Plain(_) | Self::Record(_) => 0,
        };
        u32::try_from(size).expect("no state has 2^32 parts").into()
    }

    /// Whether a list or set holds the value, or a map has the key.
    pub fn contains(&self, value: &Value) -> bool {
        match self {
            Self::List(items) => items.contains(value),
            Self::Set(members) => members.contains_key(&json::canonical(value)),
            Self::Map(entries) => value.as_str().is_some_and(|key| entries.by_key.contains_key(key)),
            Self::Plain(_) | Self::Record(_) => false,
        }
    }

    /// Whether it is none.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Plain(Value::Null))
    }
}

fn record_value(workspace: &Workspace, record: &Record, fields: &BTreeMap<String, Cell>) -> Value {
    let mut members = BTreeMap::new();
    for field in &record.fields {
        let cell = fields.get(&field.meta.name).unwrap_or(&NONE);
        if !cell.is_none() || field.presence == Presence::Nullable {
            members.insert(field.meta.name.clone(), cell.value(workspace, &field.ty));
        }
    }
    Value::Object(members)
}

impl Items {
    fn contains(&self, value: &Value) -> bool {
        match &self.counts {
            Some(counts) => counts.contains_key(&json::canonical(value)),
            None => self.items.contains(value),
        }
    }

    /// Adds an item behind the others.
    pub fn push(&mut self, item: Value) {
        if let Some(counts) = &mut self.counts {
            *counts.entry(json::canonical(&item)).or_default() += 1;
        }
        self.items.push(item);
    }

    /// Adds an item behind the others unless it is among them; from then on an index is kept.
    pub fn push_unique(&mut self, item: Value) -> bool {
        let items = &self.items;
        let counts = self.counts.get_or_insert_with(|| count(items));
        if counts.contains_key(&json::canonical(&item)) {
            return false;
        }
        self.push(item);
        true
    }

    /// Takes the last item away.
    pub fn pop(&mut self) {
        if let Some(item) = self.items.pop() {
            self.forget(&item);
        }
    }

    /// Takes the first equal item away; where it was.
    pub fn remove(&mut self, item: &Value) -> Option<usize> {
        let at = self.items.iter().position(|other| other == item)?;
        self.items.remove(at);
        self.forget(item);
        Some(at)
    }

    /// Puts an item back where it was.
    pub fn insert(&mut self, at: usize, item: Value) {
        if let Some(counts) = &mut self.counts {
            *counts.entry(json::canonical(&item)).or_default() += 1;
        }
        self.items.insert(at, item);
    }

    fn forget(&mut self, item: &Value) {
        let Some(counts) = &mut self.counts else { return };
        let key = json::canonical(item);
        if let Some(count) = counts.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&key);
            }
        }
    }
}

fn count(items: &[Value]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(json::canonical(item)).or_default() += 1;
    }
    counts
}

impl Entries {
    /// Puts a value under a key, which keeps its place if it is there; what was there before.
    pub fn put(&mut self, key: String, cell: Cell) -> Option<Cell> {
        if let Some((_, old)) = self.by_key.get_mut(&key) {
            return Some(std::mem::replace(old, cell));
        }
        self.by_key.insert(key, (self.next, cell));
        self.next += 1;
        None
    }

    /// Values in the order in which their keys came in.
    pub fn by_arrival(&self) -> Vec<&Cell> {
        let mut entries: Vec<&(u64, Cell)> = self.by_key.values().collect();
        entries.sort_by_key(|(arrival, _)| *arrival);
        entries.into_iter().map(|(_, cell)| cell).collect()
    }
}
