//! A step from one version to the next enters as written; a value for each field of the next leaves, each typed.

use std::collections::{BTreeMap, BTreeSet};

use super::reducers::{Names, Place, Scope};
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::expr::{self, Binding, is_assignable};
use crate::load::raw::{RawText, RawUpcast};
use crate::model::{
    Assignment, Expr, ExprKind, ExprType, Field, Presence, Record, RecordId, Type, Variable, Workspace,
};
use crate::source::Span;

impl<'a> Resolver<'a> {
    /// The fields of `next` that a value of `shape` gives values to.
    pub(super) fn upcast_fields(
        &mut self,
        id: RecordId,
        step: &'a RawUpcast,
        shape: RecordId,
        next: RecordId,
    ) -> Option<Vec<(String, Assignment)>> {
        let (old, new) = (self.workspace.records[shape].clone(), self.workspace.records[next].clone());
        let marker = if next == id { self.records[usize::from(id)].versions.as_ref() } else { None };
        let marker = marker.map(|versions| versions.member.value.as_str());
        let before = self.out.error_count();
        let mut given: BTreeMap<usize, Assignment> = BTreeMap::new();
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        for (from, to) in &step.rename {
            let source = self.field_index(shape, from, self.records[usize::from(shape)]);
            let target = self.next_field(next, to, marker, &given);
            if let (Some(source), Some(target)) = (source, target) {
                let value = self.taken_over(&old.fields[source], shape, &new.fields[target], from.span);
                gone.insert(source);
                given.insert(target, value);
            }
        }
        for (name, value) in &step.set {
            let Some(target) = self.next_field(next, name, marker, &given) else { continue };
            let names = Names { family: self.workspace.records[id].family, lets: &[] };
            let scope = Scope { bindings: vec![Binding::payload(Type::Record(shape))] };
            let place = Place { scope: &scope, given: &[] };
            let span = value.span();
            let value = self.assignment(names, value, &new.fields[target].ty, &place);
            if value.as_ref().is_some_and(|value| lists_a_set(&self.workspace, value)) {
                let message = "of the values of a set, two could be one";
                let finding = Diagnostic::new(&rules::UPCAST_SOURCE, span, message);
                self.out.push(finding.help("give a set of one value, or make the whole by a hook"));
            }
            // What could not be typed was told of.
            let value = value.map(|value| spoken(&self.workspace, value, span));
            given.insert(target, value.unwrap_or_else(|| read(&new.fields[target], next, name.span)));
        }
        let dropped = self.dropped(step, shape, &gone);
        for (target, field) in new.fields.iter().enumerate() {
            let same = old.field(&field.meta.name).filter(|at| !gone.contains(at) && !dropped.contains(at));
            if !given.contains_key(&target)
                && marker != Some(field.meta.name.as_str())
                && let Some(source) = same
            {
                let value = self.taken_over(&old.fields[source], shape, field, step.from.span);
                gone.insert(source);
                given.insert(target, value);
            }
        }
        self.check_given(step, &new, marker, &given);
        let read = given.values().flat_map(Assignment::expressions).flat_map(|value| expr::reads(value, &old));
        gone.extend(read.chain(dropped));
        if self.out.error_count() == before {
            self.check_lost(step, &old, &gone);
        }
        (self.out.error_count() == before)
            .then(|| given.into_iter().map(|(at, value)| (new.fields[at].meta.name.clone(), value)).collect())
    }

    /// A field of the next version that nothing gives a value to yet.
    fn next_field(
        &mut self,
        next: RecordId,
        name: &RawText,
        marker: Option<&str>,
        given: &BTreeMap<usize, Assignment>,
    ) -> Option<usize> {
        let at = self.field_index(next, name, self.records[usize::from(next)])?;
        let (message, help) = if marker == Some(name.value.as_str()) {
            (format!("`{}` holds the version, which the step itself gives", name.value), "remove it")
        } else if given.contains_key(&at) {
            (format!("`{}` is given twice", name.value), "remove one of the two")
        } else {
            return Some(at);
        };
        self.out.push(Diagnostic::new(&rules::UPCAST_SOURCE, name.span, message).help(help));
        None
    }

    /// A field as it was, if it can be what the next version has.
    fn taken_over(&mut self, old: &Field, shape: RecordId, new: &Field, span: Span) -> Assignment {
        let value = read(old, shape, span);
        if !is_assignable(&self.workspace, &value.expressions()[0].ty, &new.ty)
            && !super::wider::is_wider(&self.workspace, &new.ty, &old.ty)
        {
            let message = format!("`{}` of the next version cannot hold every `{}`", new.meta.name, old.meta.name);
            self.out.push(
                Diagnostic::new(&rules::UPCAST_SOURCE, span, message)
                    .related(old.meta.span, "as it was")
                    .related(new.meta.span, "as it is in the next version")
                    .help("give it a value by `set`, or make the whole by a hook"),
            );
        }
        value
    }

    fn dropped(&mut self, step: &'a RawUpcast, shape: RecordId, renamed: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut dropped = BTreeSet::new();
        for name in &step.drop {
            let Some(at) = self.field_index(shape, name, self.records[usize::from(shape)]) else { continue };
            if renamed.contains(&at) || !dropped.insert(at) {
                let message = format!("`{}` is dropped, and has a way on or was dropped before", name.value);
                let finding = Diagnostic::new(&rules::UPCAST_UNUSED, name.span, message);
                self.out.push(finding.help("rename it or drop it, once"));
            }
        }
        dropped
    }

    /// What the next version cannot do without has to come from somewhere.
    fn check_given(
        &mut self,
        step: &RawUpcast,
        new: &Record,
        marker: Option<&str>,
        given: &BTreeMap<usize, Assignment>,
    ) {
        for (at, field) in new.fields.iter().enumerate() {
            let is_needed = matches!(field.presence, Presence::Required | Presence::Nullable);
            if is_needed && !given.contains_key(&at) && marker != Some(field.meta.name.as_str()) {
                let message = format!("`{}` of the next version comes from nowhere", field.meta.name);
                self.out.push(
                    Diagnostic::new(&rules::UPCAST_SOURCE, step.from.span, message)
                        .related(field.meta.span, "the field")
                        .help("`rename` an older field to it, or `set` it"),
                );
            }
        }
    }

    /// What was recorded is not lost in silence.
    fn check_lost(&mut self, step: &RawUpcast, old: &Record, gone: &BTreeSet<usize>) {
        for (_, field) in old.fields.iter().enumerate().filter(|(at, _)| !gone.contains(at)) {
            let message = format!("`{}` of version {} goes nowhere", field.meta.name, step.from.value);
            self.out.push(
                Diagnostic::new(&rules::UPCAST_UNUSED, step.from.span, message)
                    .related(field.meta.span, "the field")
                    .help("`rename` it, read it in `set`, or say that it is dropped: `drop`"),
            );
        }
    }
}

/// The value with null for members of records that have to be there and may be null.
fn spoken(workspace: &Workspace, value: Assignment, span: Span) -> Assignment {
    let inner = |value| spoken(workspace, value, span);
    match value {
        Assignment::Value(_) => value,
        Assignment::List(items, ty) => Assignment::List(items.into_iter().map(inner).collect(), ty),
        Assignment::Record(members, ty) => {
            let Type::Record(id) = workspace.unwrapped(&ty) else { unreachable!("a mapping was checked") };
            let fields = workspace.records[*id].fields.iter().filter(|field| field.presence == Presence::Nullable);
            let missing = fields.filter(|field| members.iter().all(|(name, _)| *name != field.meta.name));
            let null = || Assignment::Value(Expr { kind: ExprKind::Null, ty: ExprType::Null, span });
            let missing: Vec<_> = missing.map(|field| (field.meta.name.clone(), null())).collect();
            let members = members.into_iter().map(|(name, value)| (name, inner(value))).chain(missing).collect();
            Assignment::Record(members, ty)
        }
    }
}

/// Whether several values are given for a set: nobody knows before whether they differ.
fn lists_a_set(workspace: &Workspace, value: &Assignment) -> bool {
    match value {
        Assignment::Value(_) => false,
        Assignment::List(items, ty) => {
            let is_set = matches!(workspace.unwrapped(ty), Type::Set(..));
            is_set && items.len() > 1 || items.iter().any(|item| lists_a_set(workspace, item))
        }
        Assignment::Record(members, _) => members.iter().any(|(_, value)| lists_a_set(workspace, value)),
    }
}

/// `p.field`
fn read(field: &Field, shape: RecordId, span: Span) -> Assignment {
    let ty = ExprType::Of(Type::Record(shape));
    let payload = Expr { kind: ExprKind::Variable(Variable::Payload), ty, span };
    let kind = ExprKind::Field(Box::new(payload), field.meta.name.clone());
    Assignment::Value(Expr { kind, ty: ExprType::Of(field.ty.clone()), span })
}
