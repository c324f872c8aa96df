//! References from one module to declarations enter; the names they have there leave, and what must be imported for them.

use std::collections::{BTreeMap, BTreeSet};

use super::identifiers::Identifiers;
use super::names::member;
use super::reducers::FoldScope;
use crate::model::{
    EnumId, EventId, FamilyId, MachineId, MixinId, NamedTypeId, ProfileId, RecordId, ReducerId, ScalarId, UnionId,
    Workspace,
};

/// A module that is being written.
pub struct Module<'a> {
    /// All contracts.
    pub workspace: &'a Workspace,
    /// The names of everything in its own module.
    pub names: &'a Identifiers,
    /// The family that the module is of.
    pub family: FamilyId,
    /// Whether it calls a hook.
    pub calls_hooks: bool,
    /// Imports from the standard library, as written.
    standard: BTreeSet<&'static str>,
    /// Imports from other families: module, name there, name here.
    imported: BTreeMap<&'a str, BTreeMap<&'a str, String>>,
    /// Identifiers that are taken.
    taken: BTreeSet<String>,
    /// Attributes of the class that is being written that hide a built-in.
    hidden: BTreeSet<String>,
    /// What the names of a reducer's expressions stand for, while one is written.
    pub fold: Option<FoldScope>,
    /// Whether something asks which event types there are.
    pub asks_for_events: bool,
}

impl<'a> Module<'a> {
    /// An empty module.
    pub fn new(workspace: &'a Workspace, names: &'a Identifiers, family: FamilyId) -> Self {
        let taken = names.families.get(usize::from(family)).map(|family| family.taken.clone()).unwrap_or_default();
        Self {
            workspace,
            names,
            family,
            calls_hooks: false,
            standard: BTreeSet::new(),
            imported: BTreeMap::new(),
            taken,
            hidden: BTreeSet::new(),
            fold: None,
            asks_for_events: false,
        }
    }

    /// A module of no family.
    pub fn outside(workspace: &'a Workspace, names: &'a Identifiers) -> Self {
        Self::new(workspace, names, FamilyId::from(workspace.families.len()))
    }

    /// A scalar's alias.
    pub fn scalar(&mut self, id: ScalarId) -> String {
        self.reference(self.workspace.scalars[id].family, &self.names.scalars[usize::from(id)].class)
    }

    /// A scalar's kind.
    pub fn scalar_kind(&mut self, id: ScalarId) -> String {
        self.reference(self.workspace.scalars[id].family, &self.names.scalars[usize::from(id)].kind)
    }

    /// A named type's alias.
    pub fn named(&mut self, id: NamedTypeId) -> String {
        self.reference(self.workspace.types[id].family, &self.names.types[usize::from(id)].class)
    }

    /// A named type's kind.
    pub fn named_kind(&mut self, id: NamedTypeId) -> String {
        self.reference(self.workspace.types[id].family, &self.names.types[usize::from(id)].kind)
    }

    /// An enum's class.
    pub fn enumeration(&mut self, id: EnumId) -> String {
        self.reference(self.workspace.enums[id].family, &self.names.enums[usize::from(id)].of.class)
    }

    /// An enum's kind.
    pub fn enum_kind(&mut self, id: EnumId) -> String {
        self.reference(self.workspace.enums[id].family, &self.names.enums[usize::from(id)].of.kind)
    }

    /// The texts that an enum accepts beside its members'.
    pub fn enum_aliases(&mut self, id: EnumId) -> String {
        self.reference(self.workspace.enums[id].family, &self.names.enums[usize::from(id)].aliases)
    }

    /// A set of an enum.
    pub fn enum_set(&mut self, id: EnumId, set: usize) -> String {
        self.reference(self.workspace.enums[id].family, &self.names.enums[usize::from(id)].sets[set])
    }

    /// A map of an enum.
    pub fn enum_map(&mut self, id: EnumId, map: usize) -> String {
        self.reference(self.workspace.enums[id].family, &self.names.enums[usize::from(id)].maps[map])
    }

    /// A member of an enum.
    pub fn member(&mut self, id: EnumId, index: usize) -> String {
        format!("{}.{}", self.enumeration(id), member(&self.workspace.enums[id].values[index].name))
    }

    /// A record's class.
    pub fn record(&mut self, id: RecordId) -> String {
        self.reference(self.workspace.records[id].family, &self.names.records[usize::from(id)])
    }

    /// A mixin's class.
    pub fn mixin(&mut self, id: MixinId) -> String {
        self.reference(self.workspace.mixins[id].family, &self.names.mixins[usize::from(id)])
    }

    /// A union's alias.
    pub fn union(&mut self, id: UnionId) -> String {
        self.reference(self.workspace.unions[id].family, &self.names.unions[usize::from(id)].of.class)
    }

    /// A union's kind.
    pub fn union_kind(&mut self, id: UnionId) -> String {
        self.reference(self.workspace.unions[id].family, &self.names.unions[usize::from(id)].of.kind)
    }

    /// The constant of an event's type.
    pub fn event(&mut self, id: EventId) -> String {
        self.reference(self.workspace.events[id].family, &self.names.events[usize::from(id)].constant)
    }

    /// The payload of an event.
    pub fn payload(&mut self, id: EventId) -> String {
        self.reference(self.workspace.events[id].family, &self.names.events[usize::from(id)].payload)
    }

    /// The class of a tagged union's variant.
    pub fn variant(&mut self, id: UnionId, value: usize) -> String {
        self.reference(self.workspace.unions[id].family, &self.names.unions[usize::from(id)].variants[value])
    }

    /// The constant of a profile.
    pub fn profile(&mut self, id: ProfileId) -> String {
        self.reference(self.workspace.profiles[id].family, &self.names.profiles[usize::from(id)])
    }

    /// The class of a machine.
    pub fn machine(&mut self, id: MachineId) -> String {
        self.reference(self.workspace.machines[id].family, &self.names.machines[usize::from(id)])
    }

    /// The class that says what each event does to a reducer's state.
    pub fn reducer_fold(&mut self, id: ReducerId) -> String {
        self.reference(self.workspace.reducers[id].family, &self.names.reducers[usize::from(id)].fold)
    }

    /// The class of a record that changes as part of a state of this family.
    pub fn draft(&self, id: RecordId) -> &'a str {
        &self.names.drafts[&(self.family, id)]
    }

    /// `Iterable`.
    pub fn iterable(&mut self) -> &'static str {
        self.standard.insert("from collections.abc import Iterable as _Iterable");
        "_Iterable"
    }

    /// The function that knows all event types.
    pub fn is_known(&mut self) -> &'static str {
        self.asks_for_events = true;
        "_is_known"
    }

    /// `_t.Final` and its like.
    pub fn typing(&mut self, name: &str) -> String {
        self.standard.insert("import typing as _t");
        format!("_t.{name}")
    }

    /// `StrEnum`.
    pub fn str_enum(&mut self) -> &'static str {
        self.standard.insert("from enum import StrEnum as _StrEnum");
        "_StrEnum"
    }

    /// `Mapping`.
    pub fn mapping(&mut self) -> &'static str {
        self.standard.insert("from collections.abc import Mapping as _Mapping");
        "_Mapping"
    }

    /// `@dataclass`.
    pub fn dataclass(&mut self) -> &'static str {
        self.standard.insert("from dataclasses import dataclass as _dataclass");
        "_dataclass"
    }

    /// A built-in type, by a way round an attribute that hides it.
    pub fn builtin(&mut self, name: &str) -> String {
        if self.hidden.contains(name) {
            self.standard.insert("import builtins as _builtins");
            return format!("_builtins.{name}");
        }
        name.to_owned()
    }

    /// What a class that is written now hides; nothing after it.
    pub fn hide(&mut self, attributes: impl IntoIterator<Item = String>) {
        self.hidden = attributes.into_iter().collect();
    }

    /// The lines that import from the standard library, as `ruff` sorts them.
    pub fn standard_imports(&self) -> Vec<&'static str> {
        let mut lines: Vec<&str> = self.standard.iter().copied().collect();
        lines.sort_by_key(|line| (line.starts_with("from"), *line));
        lines
    }

    /// What is imported from other families: module, name there, name here.
    pub fn imported(&self) -> &BTreeMap<&'a str, BTreeMap<&'a str, String>> {
        &self.imported
    }

    /// The name here of what is named so in the module of a family.
    fn reference(&mut self, family: FamilyId, name: &'a str) -> String {
        if family == self.family {
            return name.to_owned();
        }
        let imports = self.imported.entry(&self.names.families[usize::from(family)].module).or_default();
        if let Some(here) = imports.get(name) {
            return here.clone();
        }
        let mut here = name.to_owned();
        while !self.taken.insert(here.clone()) {
            here.push('_');
        }
        imports.insert(name, here.clone());
        here
    }
}
