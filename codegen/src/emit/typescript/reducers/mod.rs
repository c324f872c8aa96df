//! Profiles and reducers enter; the order of logs leaves, and for each reducer its types, its steps and its functions.

mod cells;
mod code;
mod definition;
mod effects;
mod events;
mod groups;
mod public;
mod reads;
mod steps;
mod values;

pub(super) use public::top_names;

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::layout::{Doc, array, arrow, assigned_member, call, member, object, row, text};
use super::module::Module;
use super::names::{self, Derived};
use super::types::without_opt;
use crate::emit::casing::pascal;
use crate::expr::{Kind, kind};
use crate::model::{Expr, ExprKind, Profile, Reducer, Type, Workspace};

/// What the steps of a reducer see, and which of it they read.
pub(super) struct Scope<'m> {
    pub(super) reducer: &'m Reducer,
    /// Variables that were read: `e`, `p`, `s`, `snap`, `error`.
    reads: RefCell<BTreeSet<&'static str>>,
    /// Whether the state has names of its own, as in the function that folds.
    binds_state: bool,
    /// Expressions whose values stand in variables, the latest last.
    named: RefCell<Vec<(Expr, String)>>,
}

impl<'m> Scope<'m> {
    fn new(reducer: &'m Reducer) -> Self {
        Self { reducer, reads: RefCell::default(), binds_state: true, named: RefCell::default() }
    }

    /// Where only the fold itself is known.
    fn outside(reducer: &'m Reducer) -> Self {
        Self { binds_state: false, ..Self::new(reducer) }
    }

    /// A slot of the state (`s`) or of that at the start of the group (`snap`).
    fn slot(&self, variable: &'static str, at: usize) -> String {
        self.note(variable);
        let owner = match (self.binds_state, variable) {
            (true, _) => variable,
            (false, "s") => "f.slots",
            (false, _) => "f.snapshot",
        };
        format!("{owner}.{}", self.reducer.slots[at].name)
    }

    fn note(&self, variable: &'static str) {
        self.reads.borrow_mut().insert(variable);
    }

    fn has_read(&self, variable: &str) -> bool {
        self.reads.borrow().contains(variable)
    }

    /// Says that the value of an expression stands in a variable, where it is worth one.
    fn name(&self, expr: &Expr, variable: &str) {
        if matches!(expr.kind, ExprKind::Conditional(..)) {
            self.named.borrow_mut().push((expr.clone(), variable.to_owned()));
        }
    }

    fn count_names(&self) -> usize {
        self.named.borrow().len()
    }

    /// Names that were given since then hold no longer.
    fn forget_names(&self, count: usize) {
        self.named.borrow_mut().truncate(count);
    }

    /// The variable in which the value of an expression stands.
    fn variable_of(&self, expr: &Expr) -> Option<String> {
        let is_named = matches!(expr.kind, ExprKind::Conditional(..));
        let named = self.named.borrow();
        named.iter().rev().find(|(known, _)| is_named && known.says_as(expr)).map(|(_, variable)| variable.clone())
    }

    /// The name of a parameter, marked where nothing reads it.
    fn parameter(&self, name: &str) -> String {
        if self.has_read(name) { name.to_owned() } else { format!("_{name}") }
    }

    /// Whether changes have to be taken back where an override fails.
    fn is_journaled(&self) -> bool {
        self.reducer.concurrent.as_ref().is_some_and(|concurrent| concurrent.override_rule.is_some())
    }

    /// Whether guards read the state at the start of the group.
    fn reads_start(&self) -> bool {
        self.reducer.concurrent.as_ref().is_some_and(|concurrent| concurrent.reads_group_start)
    }
}

/// Names that are made of the name of a reducer.
pub(super) struct Names {
    pub(super) state: String,
    pub(super) anomaly: String,
    pub(super) kind: String,
    pub(super) incremental: String,
    /// The function that reduces a log, where all families stand side by side.
    pub(super) top: String,
    /// The same in its module.
    whole: String,
    slots: String,
    fold: String,
}

impl Names {
    pub(super) fn new(workspace: &Workspace, reducer: &Reducer) -> Self {
        let name = pascal(&reducer.meta.name);
        let is_only = workspace.reducers.iter().filter(|other| other.family == reducer.family).count() == 1;
        let family = pascal(&workspace.families[reducer.family].meta.name);
        let top = format!("reduce{}Events", if is_only { &family } else { &name });
        Self {
            whole: if is_only { "reduce".into() } else { top.clone() },
            top,
            state: format!("Reduced{name}State"),
            anomaly: format!("{name}Anomaly"),
            kind: format!("{name}AnomalyKind"),
            incremental: format!("{name}Reducer"),
            // Nothing of a contract has a `$`: these stay in the module.
            slots: format!("${name}Slots"),
            fold: format!("${name}Fold"),
        }
    }
}

impl<'a> Module<'a> {
    /// How the events of a log are read and ordered.
    pub(super) fn profile(&mut self, profile: &Profile) {
        let workspace = self.workspace;
        let record = &workspace.records[profile.envelope];
        let field = |at: usize| format!("e.{}", record.fields[at].meta.name);
        let key = profile.order_by.iter().map(|&at| key_part(kind(workspace, &record.fields[at].ty), text(field(at))));
        let key = array(key.collect());
        let (envelope, schema) = (self.record_type(profile.envelope), self.record_value(profile.envelope));
        self.begin_with(&profile.meta, format!("How logs of the profile {} are read and ordered.", profile.meta.name));
        let value = call(
            "$.profile",
            vec![object(vec![
                member("envelope", text(schema)),
                member("id", arrow("e", text(field(profile.dedup_by)))),
                member("key", arrow("e", key)),
            ])],
        );
        let name = Derived::Profile.of(&profile.meta.name);
        self.constant(&name, text(format!("$.Profile<{envelope}>")), value);
    }

    /// A reducer: what is public of it, and how it folds.
    pub(super) fn reducer(&mut self, reducer: &'a Reducer) {
        let names = Names::new(self.workspace, reducer);
        self.public_types(reducer, &names);
        self.slots_interface(reducer, &names);
        self.definition(reducer, &names);
        self.fold_function(reducer, &names);
        self.turn_function(reducer, &names);
        self.state_function(reducer, &names);
        self.public_functions(reducer, &names);
    }

    /// The type of the envelope that a reducer reads.
    fn envelope_type(&mut self, reducer: &Reducer) -> String {
        self.record_type(self.workspace.profiles[reducer.profile].envelope)
    }

    /// The type of a value that may be none in one way only: as null.
    fn nullable(&mut self, ty: &Type) -> Doc {
        let inner = self.ty(without_opt(self.workspace, ty));
        if self.workspace.is_optional(ty) { row(vec![inner, text(" | null")]) } else { inner }
    }
}

/// A part of a sort key.
fn key_part(kind: Kind<'_>, value: Doc) -> Doc {
    if kind == Kind::Instant { call("$.instant", vec![value]) } else { value }
}

/// The constant of a reducer that is ready for use.
fn rules_name(reducer: &Reducer) -> String {
    Derived::Rules.of(&reducer.meta.name)
}

/// `{ name: value }`, where the same name stands on both sides as `{ name }`.
fn entry(name: &str, value: Doc) -> Doc {
    let key = names::key(name);
    if value.is_text(&key) { text(key) } else { assigned_member(&key, value) }
}
