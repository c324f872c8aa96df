//! Records and mixins of both versions enter; members that code reads or builds otherwise leave.

use std::collections::BTreeSet;

use super::super::pair::{Pair, Place, by_name};
use super::super::report::Report;
use super::super::{rules, written};
use crate::model::{Field, Meta, MixinId, Presence, Primitive, Record, Text, Type, Workspace};

pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    for old in &pair.old.records {
        if let Some(new) = by_name(&pair.new.records, &old.meta.name, |record| &record.meta) {
            mixins(pair, old, new, report);
            members(pair, (&old.meta, &own(old)), (&new.meta, &own(new)), &new.fields, report);
        }
    }
    for old in &pair.old.mixins {
        if let Some(new) = by_name(&pair.new.mixins, &old.meta.name, |mixin| &mixin.meta) {
            let (before, after): (Vec<&Field>, Vec<&Field>) =
                (old.fields.iter().collect(), new.fields.iter().collect());
            members(pair, (&old.meta, &before), (&new.meta, &after), &new.fields, report);
        }
    }
}

/// Fields that stand in the record itself: those of a mixin are judged where they are declared.
/// Code that builds a record does not choose its version.
fn own(record: &Record) -> Vec<&Field> {
    record.fields.iter().filter(|field| field.mixin.is_none() && !record.is_version(field)).collect()
}

/// A record holds what its mixins bring as one part of their type.
fn mixins(pair: &Pair<'_>, old: &Record, new: &Record, report: &mut Report<'_>) {
    let names = |workspace: &Workspace, mixins: &[MixinId]| {
        mixins.iter().map(|id| workspace.mixins[*id].meta.name.clone()).collect::<BTreeSet<_>>()
    };
    let (was, is) = (names(pair.old, &old.mixins), names(pair.new, &new.mixins));
    let place = || Place::of(new.meta.name.clone(), &old.meta, &new.meta);
    for name in was.symmetric_difference(&is) {
        let (message, help) = if is.contains(name) {
            let help = format!("declare its fields in `{}` itself", new.meta.name);
            (format!("`{}` has the mixin `{name}` now", new.meta.name), help)
        } else {
            (format!("`{}` has the mixin `{name}` no more", new.meta.name), format!("keep `mixins: [{name}]`"))
        };
        report.change(
            &rules::SOURCE_RECORD_SAME_MIXINS,
            place(),
            format!("{message}: it is a part of the Rust type"),
            help,
        );
    }
}

fn members(
    pair: &Pair<'_>,
    (old, before): (&Meta, &[&Field]),
    (new, after): (&Meta, &[&Field]),
    all: &[Field],
    report: &mut Report<'_>,
) {
    let whole = Place::of(new.name.clone(), old, new);
    for field in before {
        match after.iter().find(|other| other.meta.name == field.meta.name) {
            Some(other) => same(pair, &whole, field, other, report),
            // It came from a mixin instead; that is told once, about the mixin.
            None if all.iter().any(|other| other.meta.name == field.meta.name) => {}
            None => gone(&whole, field, report),
        }
    }
    for field in after.iter().filter(|field| before.iter().all(|other| other.meta.name != field.meta.name)) {
        let place = whole.come(&field.meta.name, field.meta.span);
        if matches!(field.presence, Presence::Required | Presence::Nullable) {
            let message = format!("the new field `{}` must be given wherever `{}` is built", place.name, whole.name);
            let help = format!("make it `opt<{}>`, or give it a default", written::ty(pair.new, &field.ty));
            report.change(&rules::SOURCE_NEW_FIELD_OPTIONAL, place, message, help);
        } else {
            let message =
                format!("`{}` has the new field `{}`: struct literals in Rust lack it", whole.name, field.meta.name);
            let help = "nothing to do where values are built in Python or TypeScript, or only read";
            report.change(&rules::SOURCE_RECORD_SAME_FIELDS, place, message, help);
        }
    }
}

fn gone(whole: &Place, old: &Field, report: &mut Report<'_>) {
    let place = whole.gone(&old.meta.name, old.meta.span);
    let was = old.meta.deprecated.as_ref().map_or_else(String::new, |old| format!(", deprecated in {},", old.since));
    let message = format!("the field `{}`{was} is gone: code that names it does not compile", place.name);
    let help = match &old.meta.deprecated {
        Some(_) => "remove it in a release that may break code, such as the next major version",
        None => "keep it with `deprecated: {since: ..., reason: ...}` for a release",
    };
    report.change(&rules::SOURCE_FIELD_KEPT, place, message, help);
}

fn same(pair: &Pair<'_>, whole: &Place, old: &Field, new: &Field, report: &mut Report<'_>) {
    let place = whole.member(&new.meta.name, old.meta.span, new.meta.span);
    let (was, is) = (generated(pair.old, &old.ty), generated(pair.new, &new.ty));
    if was != is {
        let message = format!("`{}` has the type `{is}` now, and had `{was}`", place.name);
        let help = format!("keep `{was}`, and declare a new field for `{is}`");
        report.change(&rules::SOURCE_FIELD_SAME_TYPE, place, message, help);
    }
}

/// The type as code sees it: a narrowed enum is the enum, a built-in with bounds has a name of its own in Rust.
fn generated(workspace: &Workspace, ty: &Type) -> String {
    let part = |ty: &Type| generated(workspace, ty);
    match ty {
        Type::Enum(of) => workspace.enums[of.id].meta.name.clone(),
        Type::Primitive(primitive) if is_bounded(primitive) => format!("{} with bounds", primitive.as_str()),
        Type::Opt(of) => format!("opt<{}>", part(of)),
        Type::List(of, _) => format!("list<{}>", part(of)),
        Type::Set(of, _) => format!("set<{}>", part(of)),
        Type::Map(key, of, _) => format!("map<{} {}>", part(key), part(of)),
        Type::Tuple(parts) => format!("tuple<{}>", parts.iter().map(part).collect::<Vec<_>>().join(" ")),
        _ => written::ty(workspace, ty),
    }
}

fn is_bounded(primitive: &Primitive) -> bool {
    match primitive {
        Primitive::String(text) => *text != Text::default(),
        Primitive::Int(bounds) => bounds.min.is_some() || bounds.max.is_some(),
        Primitive::Int64(bounds) => bounds.min.is_some() || bounds.max.is_some(),
        Primitive::Uint64(bounds) => bounds.min.is_some() || bounds.max.is_some(),
        Primitive::Float(bounds) => bounds.min.is_some() || bounds.max.is_some(),
        Primitive::Bool | Primitive::Json | Primitive::Object => false,
    }
}
