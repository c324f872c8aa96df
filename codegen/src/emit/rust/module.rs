//! What a family declares enters piece by piece; the text of its module leaves, headed by the imports it turned out to need.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::fitted;
use super::names::{self, Taken};
use super::text::put;
use crate::model::{FamilyId, Workspace};

/// The module of a family while it is written.
#[derive(Debug)]
pub(super) struct Module<'w> {
    workspace: &'w Workspace,
    taken: &'w mut Taken,
    pub(super) family: FamilyId,
    /// What was written so far.
    pub(super) out: String,
    /// Types that fields needed and no contract names; they follow the type that they were made for.
    pub(super) behind: Vec<String>,
    imports: BTreeMap<String, BTreeSet<String>>,
    /// What else is imported from this crate.
    also: Option<&'static str>,
    /// It is a module beside that of the family, whose types it imports as others do.
    is_apart: bool,
}

impl<'w> Module<'w> {
    pub(super) fn new(workspace: &'w Workspace, taken: &'w mut Taken, family: FamilyId) -> Self {
        Self {
            workspace,
            taken,
            family,
            out: String::new(),
            behind: Vec::new(),
            imports: BTreeMap::new(),
            also: None,
            is_apart: false,
        }
    }

    /// A module beside that of the family.
    pub(super) fn apart(workspace: &'w Workspace, taken: &'w mut Taken, family: FamilyId) -> Self {
        Self { is_apart: true, ..Self::new(workspace, taken, family) }
    }

    /// A module of no family.
    pub(super) fn outside(workspace: &'w Workspace, taken: &'w mut Taken) -> Self {
        Self::new(workspace, taken, FamilyId::from(workspace.families.len()))
    }

    pub(super) fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// The name of a type as it is written here; imports it where it can.
    pub(super) fn refer(&mut self, family: FamilyId, name: &str) -> String {
        if family == self.family && !self.is_apart {
            return name.to_owned();
        }
        let home = names::module(&self.workspace.families[family].meta.name);
        let is_taken = family != self.family && self.taken.has(self.family, name)
            || self.imports.iter().any(|(other, names)| *other != home && names.contains(name));
        if is_taken {
            return names::path(self.workspace, family, name);
        }
        self.imports.entry(home).or_default().insert(name.to_owned());
        name.to_owned()
    }

    /// Imports something more of this crate, behind all else.
    pub(super) fn also_imports(&mut self, path: &'static str) {
        self.also = Some(path);
    }

    /// A type of the prelude.
    pub(super) fn prelude(&self, name: &'static str) -> &'static str {
        self.taken.prelude(name)
    }

    /// A name for a type that no contract names.
    pub(super) fn fresh(&mut self, name: &str) -> String {
        self.taken.fresh(self.family, name.to_owned())
    }

    /// Lets `write` write a type that follows the one being written.
    pub(super) fn write_behind(&mut self, write: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.out);
        write(self);
        let made = std::mem::replace(&mut self.out, before);
        self.behind.push(made);
    }

    /// Writes the types that were made meanwhile.
    pub(super) fn write_made(&mut self) {
        for made in std::mem::take(&mut self.behind) {
            self.out.push_str(&made);
        }
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        let mut out = String::new();
        for (home, names) in &self.imports {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            out.push_str(&import(&names::in_crate(home), &names));
        }
        if self.out.contains("support::") {
            put!(out, "use {};\n", names::in_crate("support"));
        }
        if let Some(path) = self.also {
            put!(out, "use {};\n", names::in_crate(path));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out + &fitted(self.out.trim_end())
    }
}

/// A `use` of one or several names, filled where it is too long for a line.
fn import(home: &str, names: &[&str]) -> String {
    if let [only] = names {
        return format!("use {home}::{only};\n");
    }
    let line = format!("use {home}::{{{}}};\n", names.join(", "));
    if line.len() <= 90 {
        return line;
    }
    let mut out = format!("use {home}::{{");
    let mut column = usize::MAX;
    for name in names {
        if column.saturating_add(name.len() + 2) > 89 {
            out.push_str("\n    ");
            column = 4;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(name);
        out.push(',');
        column += name.len() + 1;
    }
    out.push_str("\n};\n");
    out
}
