//! Versions as written enter; a chain of steps from version 1 to the current one leaves, or what breaks it.

use std::collections::BTreeMap;

use super::symbols::Declared;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::load::raw::{RawText, RawUpcast, RawVersions};
use crate::model::{
    Assignment, Bound, Change, Expr, ExprKind, ExprType, Field, HookId, HookKind, IntBounds, Meta, PartitionKey,
    Payload, Presence, Primitive, RecordId, Type, UnionForm, Upcast, Variable, Versions, Workspace,
};
use crate::source::Span;

/// More versions of one payload are a sign of a new event.
const MOST: u32 = 100;

/// The field that holds the version of a value, of which the current one is the only one left when it was read.
pub fn version_field(raw: &RawVersions) -> Field {
    let current = Some(Bound { limit: raw.current.value.into(), exclusive: false });
    let ty = Type::Primitive(Primitive::Int(IntBounds { min: current, max: current }));
    let doc = format!("The version of this shape: {}.", raw.current.value);
    let meta = Meta { doc: Some(doc), ..Meta::bare(raw.member.value.clone(), raw.member.span) };
    let presence = match &raw.absent {
        Some(absent) if absent.value == raw.current.value => Presence::Default(f64::from(raw.current.value).into()),
        _ => Presence::Required,
    };
    Field { meta, ty, presence, mixin: None }
}

impl<'a> Resolver<'a> {
    /// Links the versions of every record, when all fields are known.
    pub(super) fn resolve_versions(&mut self) {
        for at in 0..self.records.len() {
            if let Some(raw) = &self.records[at].versions {
                let id = RecordId::from(at);
                let versions = self.versions(id, raw);
                self.workspace.records.get_mut(id).versions = versions;
            }
        }
    }

    fn versions(&mut self, id: RecordId, raw: &'a RawVersions) -> Option<Versions> {
        let steps = self.chain(raw)?;
        let shapes: Vec<Option<RecordId>> = steps.iter().map(|step| self.older_shape(id, raw, &step.shape)).collect();
        let shapes: Vec<RecordId> = shapes.into_iter().collect::<Option<_>>()?;
        let next = shapes.iter().copied().skip(1).chain([id]);
        let mut upcasts = Vec::new();
        for ((step, &shape), next) in steps.iter().zip(&shapes).zip(next) {
            let change = match &step.hook {
                Some(hook) => self.upcast_hook(id, hook).map(Change::Hook),
                None => self.upcast_fields(id, step, shape, next).map(Change::Fields),
            };
            upcasts.push(change.map(|change| Upcast { span: step.span, shape, change }));
        }
        Some(Versions {
            member: raw.member.value.clone(),
            current: raw.current.value,
            absent: raw.absent.map(|absent| absent.value),
            upcasts: upcasts.into_iter().collect::<Option<_>>()?,
        })
    }

    /// The step of each older version, from version 1.
    fn chain(&mut self, raw: &'a RawVersions) -> Option<Vec<&'a RawUpcast>> {
        let current = raw.current.value;
        let mut whole = true;
        if !(1..=MOST).contains(&current) {
            let message = format!("{current} is no version");
            self.broken_chain(raw.current.span, message, None, "versions are counted from 1, to 100 at most");
            return None;
        }
        if let Some(absent) = raw.absent.filter(|absent| !(1..=current).contains(&absent.value)) {
            let message = format!("there is no version {}", absent.value);
            self.broken_chain(absent.span, message, None, "name the version of values that do not say one");
            whole = false;
        }
        let mut steps: BTreeMap<u32, &RawUpcast> = BTreeMap::new();
        for step in &raw.upcasts {
            let from = step.from;
            if !(1..current).contains(&from.value) {
                let message = format!("version {} does not stand before the current one, {current}", from.value);
                self.broken_chain(from.span, message, None, "an upcast leads from an older version to the next");
                whole = false;
            } else if let Some(first) = steps.get(&from.value) {
                let message = format!("two upcasts lead from version {}", from.value);
                let first = first.from.span;
                self.broken_chain(from.span, message, Some((first, "the first")), "each version has one way on");
                whole = false;
            } else {
                steps.insert(from.value, step);
            }
        }
        for missing in (1..current).filter(|version| !steps.contains_key(version)) {
            let message = format!("no upcast leads from version {missing} to version {}", missing + 1);
            let help = "add `{from: .., shape: ..}` to `upcast`: stored values keep the version that they have";
            self.broken_chain(raw.current.span, message, None, help);
            whole = false;
        }
        whole.then(|| steps.into_values().collect())
    }

    fn broken_chain(&mut self, span: Span, message: String, related: Option<(Span, &str)>, help: &str) {
        let mut finding = Diagnostic::new(&rules::VERSION_CHAIN, span, message);
        if let Some((place, label)) = related {
            finding = finding.related(place, label);
        }
        self.out.push(finding.help(help));
    }

    /// The record that an older version was: it knows of no version.
    fn older_shape(&mut self, id: RecordId, raw: &RawVersions, name: &RawText) -> Option<RecordId> {
        let family = self.workspace.records[id].family;
        let shape = match self.symbols.lookup(family, name, self.out)? {
            Declared::Record(shape) => shape,
            other => {
                self.wrong_declaration(name, "a record", other);
                return None;
            }
        };
        let help = "keep the shape of an older version as a record of its own, without the member of the version";
        if shape == id || self.records[usize::from(shape)].versions.is_some() {
            let message = format!("`{}` has versions itself, so it cannot be an older one", name.value);
            self.broken_chain(name.span, message, None, help);
            return None;
        }
        let record = &self.workspace.records[shape];
        if let Some(at) = record.field(&raw.member.value) {
            let field = record.fields[at].meta.span;
            let message = format!("`{}` declares `{}`, which holds the version", name.value, raw.member.value);
            self.broken_chain(name.span, message, Some((field, "the field")), help);
            return None;
        }
        Some(shape)
    }

    fn upcast_hook(&mut self, id: RecordId, name: &RawText) -> Option<HookId> {
        let family = self.workspace.records[id].family;
        let hooks = self.hooks_of(family);
        let found = hooks.into_iter().find(|&hook| self.workspace.hooks[hook].meta.name == name.value);
        let message = match found.map(|hook| self.workspace.hooks[hook].kind) {
            Some(HookKind::Upcast) => {
                self.use_hooks(family, &found.into_iter().collect::<Vec<_>>());
                return found;
            }
            Some(_) => format!("the hook `{}` is no `upcast`", name.value),
            None => format!("there is no hook `{}` here", name.value),
        };
        let help = "declare it under `hooks`: `kind: upcast`, `args: {payload: object}`, `returns: object`";
        self.out.push(Diagnostic::new(&rules::UPCAST_HOOK, name.span, message).help(help));
        None
    }

    /// Refuses versions where values are told apart or sorted out before anybody knows their version.
    pub(super) fn check_versions(&mut self) {
        let mut findings = Vec::new();
        let workspace = &self.workspace;
        let is_versioned = |id: RecordId| workspace.records[id].versions.is_some();
        for union in &workspace.unions {
            let variants = match &union.form {
                UnionForm::Tagged { variants, .. } => variants.iter().map(|variant| variant.record).collect(),
                UnionForm::Untagged(types) => {
                    types.iter().filter_map(|ty| record_of(workspace, ty)).collect::<Vec<_>>()
                }
            };
            for id in variants.into_iter().filter(|&id| is_versioned(id)) {
                let name = &workspace.records[id].meta.name;
                let message = format!("`{name}` has versions, so it cannot be a variant of `{}`", union.meta.name);
                let help = "let the variant hold a record that has the versions";
                findings.push(Diagnostic::new(&rules::VERSION_PLACE, union.meta.span, message).help(help));
            }
        }
        for profile in workspace.profiles.iter().filter(|profile| is_versioned(profile.envelope)) {
            let message = format!("the envelope of `{}` has versions", profile.meta.name);
            let help = "an envelope is read before anything is known: give versions to payloads";
            findings.push(Diagnostic::new(&rules::VERSION_PLACE, profile.meta.span, message).help(help));
        }
        for reducer in &workspace.reducers {
            let Some(PartitionKey::Payload(key, ty)) = &reducer.partition_by else { continue };
            for event in &reducer.consumes {
                let Payload::Record(id) = workspace.events[*event].payload else { continue };
                let upcasts = workspace.records[id].versions.iter().flat_map(|versions| &versions.upcasts);
                for upcast in upcasts.filter(|upcast| !keeps(workspace, upcast, key, ty)) {
                    let message = format!("`{key}` partitions `{}`, and this step may change it", reducer.meta.name);
                    findings.push(
                        Diagnostic::new(&rules::VERSION_PLACE, upcast.span, message)
                            .related(reducer.meta.span, "the reducer")
                            .help("the key is read as received: keep its name and type in every version"),
                    );
                }
            }
        }
        self.out.extend(findings);
    }
}

/// Whether a field is taken over as it was, under its name.
fn keeps(workspace: &Workspace, upcast: &Upcast, name: &str, ty: &Type) -> bool {
    let Change::Fields(values) = &upcast.change else { return false };
    values.iter().any(|(field, value)| {
        let is_read = |value: &Assignment| {
            matches!(value, Assignment::Value(Expr { kind: ExprKind::Field(of, read), ty: ExprType::Of(was), .. })
                if read == name
                    && matches!(of.kind, ExprKind::Variable(Variable::Payload))
                    && workspace.plain(was) == workspace.plain(ty))
        };
        field == name && is_read(value)
    })
}

fn record_of(workspace: &Workspace, ty: &Type) -> Option<RecordId> {
    match workspace.plain(ty) {
        Type::Record(id) => Some(*id),
        Type::Opt(of) => record_of(workspace, of),
        _ => None,
    }
}
