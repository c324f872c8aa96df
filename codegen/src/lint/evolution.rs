//! Versions, deprecations and presence enter; what breaks older or newer readers, or never ends, leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::visit::{declarations, fields};
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::Value;
use crate::model::{Field, Meta, Presence, RecordKind, Type, Version, Workspace};

pub(super) const CHECKS: &[Check] = &[
    late_required_field,
    version_ahead,
    deprecated_required,
    deprecated_use,
    default_deprecated,
    replacement_deprecated,
    deprecated_overdue,
    closed_event,
];

/// The numbers of a version, without what stands behind `-` and `+`.
fn numbers(version: &Version) -> Vec<u64> {
    let core = version.0.split(['-', '+']).next().unwrap_or_default();
    core.split('.').filter_map(|number| number.parse().ok()).collect()
}

fn has_to_be_there(field: &Field) -> bool {
    matches!(field.presence, Presence::Required | Presence::Nullable)
}

/// Logs hold events that were written before the field was there.
fn late_required_field(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace).iter().filter(|one| has_to_be_there(one.field)) {
        let Some(since) = &one.field.meta.since else { continue };
        let owner = one.owner.since.as_ref().map_or(vec![1, 0, 0], numbers);
        if numbers(since) > owner {
            let name = &one.field.meta.name;
            let message = format!("`{name}` came with {since} and is required: older `{}` lack it", one.owner.name);
            let finding = Diagnostic::new(&rules::LATE_REQUIRED_FIELD, one.field.meta.span, message);
            out.push(finding.help("make it an `opt`, or give it a `default`"));
        }
    }
}

/// Everything that has texts, with the family that it stands in.
fn metas(workspace: &Workspace) -> Vec<&Meta> {
    let declared = declarations(workspace).into_iter().map(|one| one.meta);
    declared.chain(fields(workspace).into_iter().map(|one| &one.field.meta)).collect()
}

/// The version of the family that a name stands in.
fn version_at<'w>(workspace: &'w Workspace, meta: &Meta) -> Option<&'w Version> {
    let family = workspace.families.iter().find(|family| family.meta.span.file == meta.span.file);
    family.map(|family| &family.version)
}

fn version_ahead(workspace: &Workspace, out: &mut Diagnostics) {
    for meta in metas(workspace) {
        let Some(version) = version_at(workspace, meta) else { continue };
        let said = meta.since.iter().chain(meta.deprecated.iter().map(|deprecated| &deprecated.since));
        if let Some(ahead) = said.filter(|said| numbers(said) > numbers(version)).max_by_key(|said| numbers(said)) {
            let message = format!("`{}` speaks of {ahead}, and its contract is at {version}", meta.name);
            let finding = Diagnostic::new(&rules::VERSION_AHEAD, meta.span, message);
            out.push(finding.help("raise `version`, or name the version that brings it"));
        }
    }
}

fn deprecated_required(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace).iter().filter(|one| has_to_be_there(one.field)) {
        if one.field.meta.deprecated.is_some() {
            let message = format!("`{}` is deprecated, and every producer has to send it", one.field.meta.name);
            let finding = Diagnostic::new(&rules::DEPRECATED_REQUIRED, one.field.meta.span, message);
            out.push(finding.help("make it an `opt`, or give it a `default`, so that producers can leave it out"));
        }
    }
}

/// The deprecated declaration that a type names, if it names one.
fn deprecated_in<'w>(workspace: &'w Workspace, ty: &'w Type) -> Option<&'w Meta> {
    let meta = match ty {
        Type::Scalar(id) => &workspace.scalars[*id].meta,
        Type::Enum(ty) => &workspace.enums[ty.id].meta,
        Type::Record(id) => &workspace.records[*id].meta,
        Type::Union(id) => &workspace.unions[*id].meta,
        Type::Named(id) => &workspace.types[*id].meta,
        Type::Primitive(_) | Type::External(_) => return None,
        Type::Opt(of) | Type::List(of, _) | Type::Set(of, _) => return deprecated_in(workspace, of),
        Type::Map(key, of, _) => return deprecated_in(workspace, key).or_else(|| deprecated_in(workspace, of)),
        Type::Tuple(types) => return types.iter().find_map(|ty| deprecated_in(workspace, ty)),
    };
    meta.deprecated.is_some().then_some(meta)
}

fn deprecated_use(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        if one.owner.deprecated.is_some() || one.field.meta.deprecated.is_some() {
            continue;
        }
        if let Some(used) = deprecated_in(workspace, &one.field.ty) {
            let message = format!("`{}` uses `{}`, which is deprecated", one.field.meta.name, used.name);
            let finding = Diagnostic::new(&rules::DEPRECATED_USE, one.field.meta.span, message);
            let finding = finding.related(used.span, "deprecated here");
            let instead = used.deprecated.as_ref().and_then(|deprecated| deprecated.replacement.as_ref());
            out.push(match instead {
                Some(instead) => finding.help(format!("use `{instead}`, or deprecate the field too")),
                None => finding.help("use something else, or deprecate the field too"),
            });
        }
    }
}

fn default_deprecated(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let Presence::Default(Value::String(text)) = &one.field.presence else { continue };
        let Type::Enum(ty) = workspace.plain(&one.field.ty) else { continue };
        let values = &workspace.enums[ty.id].values;
        if values.iter().any(|value| value.text == *text && value.deprecated.is_some()) {
            let message = format!("the default of `{}` is `{text}`, which is deprecated", one.field.meta.name);
            let finding = Diagnostic::new(&rules::DEFAULT_DEPRECATED, one.field.meta.span, message);
            out.push(finding.help("producers that say nothing keep it alive: choose another default"));
        }
    }
}

fn replacement_deprecated(workspace: &Workspace, out: &mut Diagnostics) {
    let names: BTreeSet<&str> = declarations(workspace)
        .into_iter()
        .filter(|one| one.meta.deprecated.is_some())
        .map(|one| one.meta.name.as_str())
        .collect();
    let mut by_owner: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for one in fields(workspace).into_iter().filter(|one| one.field.meta.deprecated.is_some()) {
        by_owner.entry(one.owner.span).or_default().insert(&one.field.meta.name);
    }
    let mut check = |meta: &Meta, beside: Option<&BTreeSet<&str>>| {
        let Some(instead) = meta.deprecated.as_ref().and_then(|deprecated| deprecated.replacement.as_deref()) else {
            return;
        };
        if names.contains(instead) || beside.is_some_and(|beside| beside.contains(instead)) {
            let message = format!("`{}` is replaced by `{instead}`, which is deprecated too", meta.name);
            let finding = Diagnostic::new(&rules::REPLACEMENT_DEPRECATED, meta.span, message);
            out.push(finding.help("name what stays in `use`"));
        }
    };
    for one in declarations(workspace) {
        check(one.meta, None);
    }
    for one in fields(workspace) {
        check(&one.field.meta, by_owner.get(&one.owner.span));
    }
}

fn deprecated_overdue(workspace: &Workspace, out: &mut Diagnostics) {
    for meta in metas(workspace) {
        let (Some(deprecated), Some(version)) = (&meta.deprecated, version_at(workspace, meta)) else { continue };
        if numbers(&deprecated.since).first() < numbers(version).first() {
            let message = format!("`{}` is deprecated since {}, a major version ago", meta.name, deprecated.since);
            let finding = Diagnostic::new(&rules::DEPRECATED_OVERDUE, meta.span, message);
            out.push(finding.help("remove it and name it under `reserved`, if nothing needs it any more"));
        }
    }
}

fn closed_event(workspace: &Workspace, out: &mut Diagnostics) {
    for record in workspace.records.iter().filter(|record| record.closed) {
        if matches!(record.kind, RecordKind::Payload(_)) {
            let message = format!("readers of this `{}` refuse fields that later versions add", record.meta.name);
            out.push(Diagnostic::new(&rules::CLOSED_EVENT, record.meta.span, message));
        }
    }
}
