//! The steps of a reducer enter; what holds each part of its state leaves: a value that is replaced, or a list, set, map
//! or record of parts that are changed in place.

use std::collections::BTreeMap;

use super::super::module::Module;
use super::super::types::{is_newtype, spell};
use crate::model::{
    Access, Action, AssignmentKind, Expr, ExprKind, Items, Primitive, RecordId, Reducer, ReducerSlot, SlotKind, Step,
    Target, Type, Variable, Workspace,
};

/// What holds a part of the state.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// A value that is only replaced.
    Plain(Type),
    /// Items in order; indexed where it is asked whether one is among them.
    List(Type, bool),
    /// Members of a set.
    Members(Type),
    /// Parts by key.
    Map(Type, Box<Cell>),
    /// A record whose fields are parts.
    Record(RecordId),
    /// None, or such a part.
    Maybe(Box<Cell>),
}

/// What steps do inside a part.
#[derive(Debug, Default, Clone)]
struct Use {
    is_searched: bool,
    /// What it was when the group began is read under a key.
    is_start_looked_up: bool,
    /// What it was when the group began is read otherwise.
    is_start_read: bool,
    fields: BTreeMap<String, Use>,
    values: Option<Box<Use>>,
}

impl Use {
    fn merge(&mut self, other: &Use) {
        self.is_searched |= other.is_searched;
        self.is_start_looked_up |= other.is_start_looked_up;
        self.is_start_read |= other.is_start_read;
        for (name, inner) in &other.fields {
            self.fields.entry(name.clone()).or_default().merge(inner);
        }
        if let Some(values) = &other.values {
            self.values.get_or_insert_default().merge(values);
        }
    }
}

/// What holds the parts of the state of one reducer.
#[derive(Debug)]
pub(super) struct Cells<'w> {
    workspace: &'w Workspace,
    slots: BTreeMap<usize, Use>,
    records: BTreeMap<RecordId, Use>,
    /// Whether fields of the envelope stand in a struct of their own.
    pub(super) has_head: bool,
}

impl<'w> Cells<'w> {
    pub(super) fn new(workspace: &'w Workspace, reducer: &Reducer) -> Self {
        let mut slots = BTreeMap::new();
        for reaction in &reducer.reactions {
            for steps in [&reaction.before_parse, &reaction.before, &reaction.handle, &reaction.after] {
                walk(steps, &mut slots);
            }
            let repeated = reaction.idempotent.iter().map(|(_, report)| report);
            for report in repeated.chain(&reaction.overridden) {
                report.params.iter().for_each(|param| search(param, &mut slots));
            }
        }
        if let Some(idempotent) = &reducer.idempotent {
            slots.entry(idempotent.seen).or_insert_with(Use::default).is_searched = true;
        }
        let has_head = super::reads::fields(workspace, reducer).is_some();
        let mut cells = Self { workspace, slots, records: BTreeMap::new(), has_head };
        for (at, slot) in reducer.slots.iter().enumerate() {
            let used = cells.slots.get(&at).cloned().unwrap_or_default();
            cells.collect(&slot.ty, &used);
        }
        cells
    }

    /// Notes what is done to the fields of each record, wherever in the state it stands.
    fn collect(&mut self, ty: &Type, used: &Use) {
        match self.workspace.plain(ty) {
            Type::Record(id) if !used.fields.is_empty() => {
                self.records.entry(*id).or_default().merge(used);
                let fields = &self.workspace.records[*id].fields;
                for (name, inner) in &used.fields {
                    if let Some(field) = fields.iter().find(|field| field.meta.name == *name) {
                        self.collect(&field.ty, inner);
                    }
                }
            }
            Type::Map(_, value, _) => {
                if let Some(values) = &used.values {
                    self.collect(value, values);
                }
            }
            Type::Opt(of) => self.collect(of, used),
            _ => {}
        }
    }

    /// Records whose fields are parts.
    pub(super) fn records(&self) -> impl Iterator<Item = RecordId> {
        self.records.keys().copied()
    }

    /// What holds a slot.
    pub(super) fn slot(&self, at: usize, slot: &ReducerSlot) -> Cell {
        match slot.kind {
            SlotKind::Value(_) => self.cell(&slot.ty, self.slots.get(&at)),
            _ => Cell::Plain(loose(self.workspace, &slot.ty)),
        }
    }

    /// Whether each part still knows what of its start is read: else the start is kept as a copy of all of them.
    pub(super) fn know_start(&self, reducer: &Reducer) -> bool {
        reducer.slots.iter().enumerate().all(|(at, slot)| {
            let used = self.slots.get(&at).cloned().unwrap_or_default();
            match self.slot(at, slot) {
                Cell::Plain(_) => true,
                Cell::Map(_, value) if matches!(*value, Cell::Plain(_)) => !used.is_start_read,
                _ => !used.is_start_read && !used.is_start_looked_up,
            }
        })
    }

    /// What holds a field of a record whose fields are parts.
    pub(super) fn field(&self, record: RecordId, name: &str) -> Cell {
        let declared = &self.workspace.records[record];
        let field = &declared.fields[declared.field(name).expect("a field that was checked")];
        self.cell(&field.ty, self.records.get(&record).and_then(|used| used.fields.get(name)))
    }

    fn cell(&self, ty: &Type, used: Option<&Use>) -> Cell {
        let loosely = |ty: &Type| loose(self.workspace, ty);
        match self.workspace.plain(ty) {
            Type::List(item, _) => Cell::List(loosely(item), used.is_some_and(|used| used.is_searched)),
            Type::Set(item, _) => Cell::Members(loosely(item)),
            Type::Map(key, value, _) => {
                let values = used.and_then(|used| used.values.as_deref());
                Cell::Map(loosely(key), Box::new(self.cell(value, values)))
            }
            Type::Record(id) if self.records.contains_key(id) && used.is_some_and(|it| !it.fields.is_empty()) => {
                Cell::Record(*id)
            }
            Type::Opt(of) if used.is_some_and(|it| !it.fields.is_empty() || it.values.is_some()) => {
                Cell::Maybe(Box::new(self.cell(of, used)))
            }
            _ => Cell::Plain(loosely(ty)),
        }
    }

    /// The Rust type that holds a part; `name` gives that of a record.
    pub(super) fn spelled(module: &mut Module<'_>, cell: &Cell, name: &dyn Fn(RecordId) -> String) -> String {
        match cell {
            Cell::Plain(ty) => format!("fold::Plain<{}>", spell(module, ty, "").ty),
            Cell::List(item, false) => format!("fold::List<{}>", spell(module, item, "").ty),
            Cell::List(item, true) => format!("fold::List<{}, true>", spell(module, item, "").ty),
            Cell::Members(item) => format!("fold::Members<{}>", spell(module, item, "").ty),
            Cell::Map(key, value) => {
                let value = Self::spelled(module, value, name);
                format!("fold::Map<{}, {value}>", spell(module, key, "").ty)
            }
            Cell::Record(id) => name(*id),
            Cell::Maybe(part) => format!("fold::Maybe<{}>", Self::spelled(module, part, name)),
        }
    }
}

/// The type without bounds that only its place gives it: no type of that name has to be known here.
pub(super) fn loose(workspace: &Workspace, ty: &Type) -> Type {
    let inner = |ty: &Type| Box::new(loose(workspace, ty));
    match ty {
        Type::Primitive(primitive) => Type::Primitive(match primitive {
            Primitive::String(_) => Primitive::String(crate::model::Text::default()),
            Primitive::Int(_) => Primitive::Int(crate::model::IntBounds::default()),
            Primitive::Int64(_) => Primitive::Int64(crate::model::Int64Bounds::default()),
            Primitive::Uint64(_) => Primitive::Uint64(crate::model::Uint64Bounds::default()),
            Primitive::Float(_) => Primitive::Float(crate::model::FloatBounds::default()),
            other => other.clone(),
        }),
        Type::Named(id) if !is_newtype(&workspace.types[*id].ty) => loose(workspace, &workspace.types[*id].ty),
        Type::External(id) => loose(workspace, &workspace.externals[*id].shape),
        Type::Opt(of) => Type::Opt(inner(of)),
        Type::List(of, _) => Type::List(inner(of), Items::default()),
        Type::Set(of, _) => Type::Set(inner(of), Items::default()),
        Type::Map(key, value, _) => Type::Map(inner(key), inner(value), Items::default()),
        Type::Tuple(parts) => Type::Tuple(parts.iter().map(|part| loose(workspace, part)).collect()),
        other => other.clone(),
    }
}

fn walk(steps: &[Step], slots: &mut BTreeMap<usize, Use>) {
    for step in steps {
        step.when.iter().for_each(|when| search(when, slots));
        for action in &step.actions {
            match action {
                Action::Effect(kind, target, value) => {
                    let used = target_use(target, slots);
                    used.is_searched |= matches!(kind, AssignmentKind::AppendUnique | AssignmentKind::Drop);
                    for access in &target.path {
                        if let Access::Key { key, .. } = access {
                            search(key, slots);
                        }
                    }
                    if let Some(value) = value {
                        super::values::expressions(value, &mut |expr| search(expr, slots));
                    }
                }
                Action::Reject(report) | Action::Warn(report) => {
                    report.params.iter().for_each(|param| search(param, slots));
                }
                Action::Move { to, otherwise, .. } => {
                    search(to, slots);
                    otherwise.params.iter().for_each(|param| search(param, slots));
                }
                Action::Check { from, to, otherwise, .. } => {
                    [from, to].into_iter().chain(&otherwise.params).for_each(|expr| search(expr, slots));
                }
                Action::Steps(inner) => walk(inner, slots),
                Action::Skip => {}
            }
        }
    }
}

/// What is done at a target. A field on the way makes a record one of parts.
fn target_use<'u>(target: &Target, slots: &'u mut BTreeMap<usize, Use>) -> &'u mut Use {
    let mut used = slots.entry(target.slot).or_default();
    for access in &target.path {
        used = match access {
            Access::Field(name) => used.fields.entry(name.clone()).or_default(),
            Access::Key { .. } => used.values.get_or_insert_default(),
        };
    }
    used
}

/// Notes the parts of the state in which an expression looks something up, and those of which it reads the start.
fn search(expr: &Expr, slots: &mut BTreeMap<usize, Use>) {
    let of_start = |expr: &Expr| match expr.kind {
        ExprKind::Variable(Variable::Snapshot(slot)) => Some(slot),
        _ => None,
    };
    if let Some(slot) = of_start(expr) {
        slots.entry(slot).or_default().is_start_read = true;
    }
    if let ExprKind::In(key, map) | ExprKind::Index(map, key) = &expr.kind
        && let Some(slot) = of_start(map)
    {
        let used = slots.entry(slot).or_default();
        used.is_start_looked_up = true;
        used.is_searched |= matches!(expr.kind, ExprKind::In(..));
        return search(key, slots);
    }
    if let ExprKind::In(_, container) = &expr.kind
        && let Some(used) = place_use(container, slots)
    {
        used.is_searched = true;
    }
    expr.parts().into_iter().for_each(|part| search(part, slots));
}

fn place_use<'u>(expr: &Expr, slots: &'u mut BTreeMap<usize, Use>) -> Option<&'u mut Use> {
    match &expr.kind {
        ExprKind::Variable(Variable::Slot(slot) | Variable::Snapshot(slot)) => Some(slots.entry(*slot).or_default()),
        ExprKind::Known(inner) => place_use(inner, slots),
        ExprKind::Field(owner, name) => {
            let used = place_use(owner, slots)?;
            used.fields.contains_key(name).then(|| used.fields.entry(name.clone()).or_default())
        }
        ExprKind::Index(map, _) => Some(place_use(map, slots)?.values.get_or_insert_default()),
        _ => None,
    }
}
