//! Names that were removed or set free enter; those that could come back with another meaning leave.

use super::super::pair::{Pair, Place, by_name};
use super::super::report::Report;
use super::super::rules;
use crate::model::{Family, FamilyId, Record};
use crate::source::Span;

pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    for old in &pair.old.families {
        if let Some(new) = by_name(&pair.new.families, &old.meta.name, |family| &family.meta) {
            freed(old, new, report);
        }
    }
    for event in pair.old.events.iter().filter(|event| pair.new.event_named(&event.wire).is_none()) {
        removed(pair, report, event.family, "events", &event.meta.name, &event.wire, event.meta.span);
    }
    for old in &pair.old.records {
        if let Some(new) = by_name(&pair.new.records, &old.meta.name, |record| &record.meta) {
            fields(pair, report, old, new);
        }
    }
    for old in pair.old.enums.iter().filter(|def| def.made_for.is_none()) {
        let Some(new) = by_name(&pair.new.enums, &old.meta.name, |def| &def.meta) else { continue };
        for value in old.values.iter().filter(|value| new.accepts(&value.text).is_none()) {
            let name = format!("{}.{}", old.meta.name, value.text);
            removed(pair, report, old.family, "values", &name, &value.text, value.span);
        }
    }
}

fn fields(pair: &Pair<'_>, report: &mut Report<'_>, old: &Record, new: &Record) {
    // Of what had a version, the name keeps its meaning in that version.
    if new.versions.as_ref().is_some_and(|versions| !versions.upcasts.is_empty()) {
        return;
    }
    // A closed record refuses the name as long as it is not declared, but nothing keeps it from being declared.
    for field in old.fields.iter().filter(|field| new.field(&field.meta.name).is_none()) {
        let owner = field.mixin.map_or(&old.meta.name, |id| &pair.old.mixins[id].meta.name);
        let name = format!("{owner}.{}", field.meta.name);
        removed(pair, report, old.family, "fields", &name, &field.meta.name, field.meta.span);
    }
}

/// A name that is declared no more, and could be declared again.
fn removed(
    pair: &Pair<'_>,
    report: &mut Report<'_>,
    family: FamilyId,
    kind: &'static str,
    full: &str,
    name: &str,
    old: Span,
) {
    let Some(family) = pair.new_family(family) else { return };
    let listed = match kind {
        "events" => &family.reserved.events,
        "fields" => &family.reserved.fields,
        _ => &family.reserved.values,
    };
    if listed.iter().any(|other| other == name) {
        return;
    }
    let place = Place { name: full.to_owned(), old: Some(old), new: Some(family.meta.span) };
    let message = format!("`{full}` is gone, and its name is free to come back with another meaning");
    let help = format!("write `reserved: {{{kind}: [{name}]}}` in the contract `{}`", family.meta.name);
    report.change(&rules::WIRE_NAME_RESERVED, place, message, help);
}

/// Names that were reserved and are not any more.
fn freed(old: &Family, new: &Family, report: &mut Report<'_>) {
    let lists = [
        ("events", &old.reserved.events, &new.reserved.events),
        ("fields", &old.reserved.fields, &new.reserved.fields),
        ("values", &old.reserved.values, &new.reserved.values),
    ];
    for (kind, before, after) in lists {
        for name in before.iter().filter(|name| !after.contains(name)) {
            let place = Place::of(format!("{}.{name}", new.meta.name), &old.meta, &new.meta);
            let message = format!("`{name}` is not reserved any more: old JSON may hold it with another meaning");
            let help =
                format!("keep `reserved: {{{kind}: [{name}]}}`, or accept this where the name was only announced");
            report.change(&rules::WIRE_RESERVED_NAME_KEPT, place, message, help);
        }
    }
}
